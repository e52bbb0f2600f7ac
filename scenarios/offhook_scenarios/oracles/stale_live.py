"""I3: the screen does not say live while the caller cannot hear, for longer than the bound."""

from offhook_scenarios.oracles.finding import Invariant
from offhook_scenarios.oracles.stretch import TooLong
from offhook_scenarios.verdict import Lie


class StaleLive(TooLong):
    """As I2 with the roles swapped; nobody is overheard, somebody talks to nobody."""

    id = Invariant.I3
    term = "bounded staleness of one register, the other side"
    rule = "The screen never says live while the caller cannot hear, for longer than the bound."
    lie = Lie.UNHEARD
