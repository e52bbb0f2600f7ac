"""The report cards of the naive desk and of the reference client, as a page.

`python -m tests.evidence.cards` writes it; a nightly test holds it against the code.
"""

from pathlib import Path

from offhook_scenarios.check.clients import find_client
from offhook_scenarios.check.setup import quiet
from offhook_scenarios.score.card import Card, judge
from offhook_scenarios.score.catalogue import RULES
from offhook_scenarios.score.play import play_simulated
from offhook_scenarios.score.probes import PROBES
from offhook_scenarios.score.words import lines

PAGE = Path(__file__).parents[2] / "docs" / "explanation" / "report-cards.md"
CLIENTS = 8
SEED = 1
_HEAD = """# Two report cards

The cards that `offhook score` writes of our own two desks: the naive one, which does what the
tutorial's code does, and the reference client. Written by `python -m tests.evidence.cards`; in
virtual time the same code gives the same cards. [The rules](../reference/backoff-rules.md).
"""
_TAIL = """
## What the first card of the reference client found

It had two busy loops, which nobody had seen: `Retry-After: 0` closed its cooldown gate for no time
at all, and a 429 without `Retry-After` always counted as the first. A server that kept refusing was
asked a hundred times a second. Refusals in a row are counted for each gate since.

The platform's desk (`offhook_scenarios.adapters.platform`) multiplied: each of its reconnects was a
call of four attempts, 36 requests a minute in an outage where 20 are allowed. One attempt now: the
dialler retries by itself. Its PATCH has no key to be recognised by, so `B41` is broken there: the
dialect has none.
"""


def card(client: str) -> Card:
    """A client's card."""
    with quiet():
        seen = play_simulated(PROBES.values(), find_client(client), clients=CLIENTS, seed=SEED)
        found = {each.probe: each for each in seen}
    return judge(RULES.values(), found, client=client, seed=SEED, on_wire=False)


def page() -> str:
    """The page, scored anew."""
    parts = [_HEAD]
    for client in ("naive", "reference"):
        text = "\n".join(line for line, _ in lines(card(client)))
        parts.append(f"\n## {client}\n\n```\n{text}\n```\n")
    return "".join([*parts, _TAIL])


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
