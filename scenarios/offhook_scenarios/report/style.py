"""The look of the timeline: one sheet, light and dark, with no font or file from elsewhere."""

STYLE = """
:root{color-scheme:light dark;
--paper:#fbfbfa;--card:#fff;--ink:#1d2126;--soft:#626a73;--line:#e4e6e9;--grid:#eceef0;
--off:#4257a6;--on:#2a8f68;--on-bar:#fff;--pale:#dfe3ea;--pale-line:#b9c0ca;
--live:#d3273e;--unheard:#c97a00;--live-wash:rgba(211,39,62,.15);--unheard-wash:rgba(226,150,20,.2);
--good:#1f7a55;--good-wash:#e0f2ea;--bad:#b01e34;--bad-wash:#fbe4e7;--open:#7a5a00;
--open-wash:#f7ecd0}
@media (prefers-color-scheme:dark){:root{
--paper:#15171a;--card:#1c1f23;--ink:#e7e9ec;--soft:#9aa3ad;--line:#2d3238;--grid:#262a2f;
--off:#6f84d6;--on:#3fb389;--on-bar:#0d0f11;--pale:#333941;--pale-line:#4b535d;
--live:#ff5d73;--unheard:#f2a93b;--live-wash:rgba(255,93,115,.2);
--unheard-wash:rgba(242,169,59,.2);--good:#6fd3a9;--good-wash:#17352a;--bad:#ff8e9e;
--bad-wash:#43171f;--open:#f0c869;--open-wash:#3a2f12}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);
font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
header,nav,main,footer{max-width:1160px;margin:0 auto;padding:0 24px}
header{padding-top:40px}
.name{margin:0;color:var(--soft);font-weight:600;letter-spacing:.08em;text-transform:uppercase;
font-size:12px}
h1{margin:4px 0 12px;font-size:34px;line-height:1.15;letter-spacing:-.02em}
h2{margin:0 0 4px;font-size:20px;letter-spacing:-.01em}
h3{margin:0 0 6px;font-size:15px}
.lead{max-width:74ch;margin:0 0 20px}
.scores{display:flex;flex-wrap:wrap;gap:14px;margin:0 0 20px}
.score{padding:12px 20px;border-radius:10px;border:1px solid var(--line);background:var(--card)}
.score b{display:block;font-size:28px;line-height:1.2}
.score span{color:var(--soft)}
.score.good b{color:var(--good)}.score.bad b{color:var(--bad)}
.legend{display:flex;flex-wrap:wrap;gap:6px 22px;list-style:none;margin:0 0 24px;padding:0;
color:var(--soft);font-size:13px}
.legend li{display:flex;align-items:center;gap:8px}
.key{width:26px;height:13px;border-radius:3px;display:inline-block}
.key.off{background:var(--off)}.key.on{background:var(--on)}
.key.unsure{background:
repeating-linear-gradient(135deg,var(--pale-line) 0 2px,var(--pale) 2px 6px)}
.key.stalled{background:
repeating-linear-gradient(135deg,var(--pale-line) 0 3px,var(--card) 3px 7px)}
.key.LIVE{background:var(--live-wash);border-left:3px solid var(--live)}
.key.UNHEARD{background:var(--unheard-wash);border-left:3px solid var(--unheard)}
.key.bite{width:11px;height:11px;border-radius:6px;background:var(--unheard)}
.key.answered,.key.refused,.key.unanswered{width:3px;height:15px}
.key.answered{background:var(--soft)}.key.refused{background:var(--unheard)}
.key.unanswered{background:var(--live)}
nav{overflow-x:auto}
table{border-collapse:collapse;width:100%;background:var(--card);border:1px solid var(--line);
border-radius:10px;font-size:14px}
th,td{text-align:left;padding:7px 12px;border-top:1px solid var(--line);vertical-align:top}
thead th{border-top:0;color:var(--soft);font-weight:600}
a{color:inherit;text-decoration-color:var(--pale-line);text-underline-offset:3px}
.number{color:var(--soft);font-variant-numeric:tabular-nums}
section{margin:28px 0;padding:22px 24px;background:var(--card);border:1px solid var(--line);
border-radius:12px}
.story{max-width:80ch;margin:0 0 4px}
.source{margin:0 0 16px;color:var(--soft);font-size:13px}
.look{margin:0 0 6px;font-size:14px}
article+article{margin-top:22px;padding-top:18px;border-top:1px solid var(--line)}
.badge{display:inline-block;padding:1px 9px;border-radius:9px;font-size:13px;font-weight:600;
text-transform:none}
.badge.good{background:var(--good-wash);color:var(--good)}
.badge.bad{background:var(--bad-wash);color:var(--bad)}
.badge.open,.badge.broken{background:var(--open-wash);color:var(--open)}
.evidence{padding:0 7px;border:1px solid var(--line);border-radius:8px;font-size:12px;
color:var(--soft)}
.picture{overflow-x:auto}
pre{white-space:pre-wrap}
.timeline{display:block;width:100%;min-width:820px;height:auto;
font:11.5px system-ui,-apple-system,"Segoe UI",Roboto,Arial,sans-serif}
.grid{stroke:var(--grid)}
.tick{fill:var(--soft);text-anchor:middle;font-size:11px}
.lane{fill:var(--soft);text-anchor:end}
.in{fill:var(--on-bar);font-weight:600;pointer-events:none}
.by{fill:var(--ink)}
.unsure-ground{fill:var(--pale)}.unsure-line{fill:var(--pale-line)}
.dead-ground{fill:var(--card)}.dead-line{fill:var(--pale-line)}
.bar rect{fill:url(#unsure)}
.bar .in{fill:var(--ink)}
.bar.muted rect,.bar.gate-cut rect,.bar.silent rect,.bar.server-muted rect{fill:var(--off)}
.bar.live rect,.bar.gate-open rect,.bar.heard rect,.bar.server-unmuted rect{fill:var(--on)}
.bar.muted .in,.bar.gate-cut .in,.bar.silent .in,.bar.server-muted .in,.bar.live .in,
.bar.gate-open .in,.bar.heard .in,.bar.server-unmuted .in{fill:var(--on-bar)}
.bar.up rect{fill:var(--pale)}
.bar.stalled rect{fill:url(#dead);stroke:var(--soft)}
.bar.stalled .in{paint-order:stroke;stroke:var(--card);stroke-width:4px}
.bar.armed rect{fill:none;stroke:var(--unheard);stroke-dasharray:3 3}
.mark.press circle{fill:var(--ink)}
.mark.hand circle{fill:var(--card);stroke:var(--ink);stroke-width:2}
.mark.bite circle{fill:var(--unheard)}
.mark.answered rect{fill:var(--soft)}
.mark.refused rect{fill:var(--unheard)}
.mark.unanswered rect{fill:var(--live)}
.wrong.LIVE{fill:var(--live-wash)}.wrong.UNHEARD{fill:var(--unheard-wash)}
footer{padding-top:8px;padding-bottom:48px;color:var(--soft);font-size:13px}
footer p{max-width:90ch}
@media print{section{break-inside:avoid}}
"""
"""CSS. Kinds of lanes, marks and badges are its classes."""
