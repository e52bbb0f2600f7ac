"""I2: the screen does not say muted while the caller can hear, for longer than the bound."""

from offhook_scenarios.oracles.finding import Invariant
from offhook_scenarios.oracles.stretch import TooLong
from offhook_scenarios.verdict import Lie


class Privacy(TooLong):
    """`unknown` is always allowed, and an own gate that is cut makes "muted" true."""

    id = Invariant.I2
    term = "bounded staleness (t-visibility) of one register, one-sided"
    rule = "The screen never says muted while the caller can hear, for longer than the bound."
    lie = Lie.LIVE
