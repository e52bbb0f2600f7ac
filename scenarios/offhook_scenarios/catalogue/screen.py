"""What the screens of a client said in a named session, until its trouble was over."""

from offhook_scenarios.catalogue.named import Named
from offhook_scenarios.check.report import Shown, show
from offhook_scenarios.check.setup import Setup
from offhook_scenarios.history import History
from offhook_scenarios.oracles.finding import Invariant

LIES = {
    Invariant.I2: "said muted, was heard",
    Invariant.I3: "said live, was not heard",
    Invariant.I1: "never right again",
}
TRUE = "told the truth"
IN_VAIN = "a press came to nothing"
HANDS = frozenset({"agent", "supervisor", "headset"})
"""Who sets mute, as the history calls them."""


def play_named(named: Named, client: str) -> Shown:
    """Play it in virtual time. Raises what `Setup.play` raises."""
    return show(named.plan, Setup(client=client))


def said(shown: Shown) -> tuple[str, ...]:
    """How the screens lied before the epilogue, in which every link is cut once more.

    `TRUE` alone if they did not; that a press came to nothing is no lie, and told beside it.
    """
    if shown.played is None:
        return ("came to no end",)
    over = shown.played.judged[0]
    began = min(history.began for history in shown.played.histories)
    broke = {f.invariant for f in shown.judged.findings if f.at_s <= over - began}
    lies = tuple(words for invariant, words in LIES.items() if invariant in broke) or (TRUE,)
    in_vain = any(_in_vain(history, over) for history in shown.played.histories)
    return (*lies, IN_VAIN) if in_vain else lies


def _in_vain(history: History, at: float) -> bool:
    """Whether the agent was the last to set anything, and it was not so in the end."""
    hands = [act for act in history.acts if act.at < at and act.who in HANDS]
    if not hands or hands[-1].wish is None:
        return False
    devices = {truth.device_id: truth.muted for truth in history.truths if truth.at < at}
    return hands[-1].wish not in devices.values()
