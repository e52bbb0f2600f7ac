"""Whether somebody else's set may have overtaken a press, or a client that knew no better says so.

Who says `overtaken` says that another hand was there. It need not have come after the press: a
set that the client had not heard of when it was pressed has overtaken it as well.
"""

from offhook_scenarios.adapters.adapter import Shown
from offhook_scenarios.history import History, Press
from offhook_scenarios.oracles.case import GRACE_S
from offhook_scenarios.oracles.effects import is_own
from offhook_scenarios.oracles.knowledge import known
from offhook_scenarios.oracles.screen import belief_at


def may_be_overtaken(history: History, press: Press, at: float) -> bool:
    """Whether somebody else's set was news to the client, or a lost answer may have hidden one.

    `at`: when the client said so; what it was answered in that very moment, it knew.
    """
    if not history.watched or belief_at(history, press.at).shown is Shown.UNKNOWN:
        return True
    heard = [each.version for each in known(history) if each.sure and each.at < press.at - GRACE_S]
    newest = max((version for version in heard if version is not None), default=None)
    if any(
        not is_own(write) and (newest is None or write.version > newest)
        for write in history.writes
        if write.at < press.at
    ):
        return True
    asked = [ask for ask in history.asks if ask.path.endswith("/mute") and ask.at < at]
    answered = [each for each in history.answers if each.path.endswith("/mute") and each.at <= at]
    return len(answered) < len(asked)
