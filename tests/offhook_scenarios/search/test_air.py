"""What is under way."""

from offhook_client import signals
from offhook_client.signals import SendMute
from offhook_scenarios.search import air as airs
from offhook_scenarios.search.air import CUT, UP, Air, Outcome

FIRST = SendMute(generation=1, muted=True, if_match=None)
SECOND = SendMute(generation=2, muted=False, if_match=None)
EVENT = signals.MuteEvent(muted=True, version=None, cause="self")
YES = signals.Accepted(generation=1, version=None)


def test_a_second_mute_abandons_the_first_which_may_yet_arrive() -> None:
    air = airs.ordered(Air(socket=UP, post=FIRST, answer=YES), (SECOND,))
    assert (air.post, air.answer, air.late) == (SECOND, None, (FIRST,))


def test_a_new_read_abandons_the_old_one() -> None:
    look = signals.Snapshot(muted=True, version=None, cause=None, status="connected")
    air = airs.ordered(Air(socket=UP, reading=True, read=look), (signals.AskSnapshot(reason="r"),))
    assert (air.reading, air.read) == (True, None)


def test_an_event_goes_to_a_socket_that_is_up_and_an_answer_anywhere() -> None:
    said = Outcome((EVENT,), YES)
    assert airs.told(Air(socket=UP), said) == Air(socket=UP, frames=(EVENT,), answer=YES)
    assert airs.told(Air(socket=CUT), said) == Air(socket=CUT, answer=YES)
    assert airs.told(Air(socket=UP, answer=YES), Outcome((EVENT,))).answer == YES


def test_a_late_mute_arrives_once() -> None:
    air = Air(socket=UP, late=(FIRST, SECOND))
    assert airs.without_late(air, 0).late == (SECOND,)
    assert airs.without_late(air, 1).late == (FIRST,)
