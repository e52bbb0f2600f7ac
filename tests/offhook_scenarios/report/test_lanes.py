"""Lanes: what a picture is made of, second by second."""

from offhook_scenarios.demo import Demo
from offhook_scenarios.history import History
from offhook_scenarios.report.lanes import Lane, Mark, Segment, lanes


def lane_of(demo: Demo, row: int, name: str) -> Lane:
    history = demo.outcomes[row].history
    assert history is not None
    (found,) = [lane for lane in lanes(history) if lane.name == name]
    return found


def spans(lane: Lane) -> list[tuple[float, float, str]]:
    return [(round(s.start, 1), round(s.end, 1), s.label) for s in lane.segments]


def test_lanes_go_from_the_person_down_to_the_network(small_demo: Demo) -> None:
    history = small_demo.outcomes[0].history
    assert history is not None
    assert [lane.name for lane in lanes(history)] == [
        "agent at the desk",
        "other hands",
        "screen says",
        "microphone gate",
        "caller",
        "server",
        "event socket",
        "requests",
        "fault",
        "fault",
    ]


def test_the_screen_is_unknown_until_it_says_something(small_demo: Demo) -> None:
    assert spans(lane_of(small_demo, 0, "screen says")) == [
        (0, 0.5, "unknown"),
        (0.5, 2, "live"),
        (2, 30, "muted"),
    ]


def test_the_caller_hears_what_server_and_gate_let_through(small_demo: Demo) -> None:
    assert spans(lane_of(small_demo, 0, "caller")) == [
        (0, 0.3, "hears nothing"),
        (0.3, 2, "hears the agent"),
        (2, 10, "hears nothing"),
        (10, 30, "hears the agent"),
    ]
    assert spans(lane_of(small_demo, 1, "caller"))[-1] == (2, 30, "hears nothing")


def test_a_device_shows_its_status_until_it_carries_media(small_demo: Demo) -> None:
    assert spans(lane_of(small_demo, 0, "server")) == [
        (0.1, 0.3, "initializing"),
        (0.3, 2, "unmuted"),
        (2, 10, "muted"),
        (10, 30, "unmuted"),
    ]


def test_the_socket_is_open_and_in_part_dead(small_demo: Demo) -> None:
    assert spans(lane_of(small_demo, 0, "event socket")) == [
        (0.2, 25, "open"),
        (5, 20, "open, but dead"),
    ]


def test_requests_differ_by_their_answer(small_demo: Demo) -> None:
    marks = lane_of(small_demo, 0, "requests").marks
    assert [mark.kind for mark in marks] == ["answered", "unanswered", "refused"]
    assert [mark.label for mark in marks] == [
        "getWebrtcClientsMe: 200",
        "postWebrtcClientMute: no answer",
        "postWebrtcClientMute: 429",
    ]


def test_the_agent_has_a_lane_and_everybody_else_another(small_demo: Demo) -> None:
    assert [mark.label for mark in lane_of(small_demo, 0, "agent at the desk").marks] == [
        "presses mute"
    ]
    assert [mark.label for mark in lane_of(small_demo, 0, "other hands").marks] == [
        "<u>supervisor</u> unmutes"
    ]


def test_who_does_nothing_has_no_lane() -> None:
    assert [lane.name for lane in lanes(History(session="s", desk="d", began=0, ended=9))] == [
        "screen says",
        "caller",
        "requests",
    ]


def test_a_fault_lies_in_wait_until_its_last_bite(small_demo: Demo) -> None:
    history = small_demo.outcomes[0].history
    assert history is not None
    bitten, waiting = [lane for lane in lanes(history) if lane.name == "fault"]
    assert bitten == Lane(
        name="fault",
        segments=(Segment(start=1, end=10, kind="armed", label="event <lost>, laid out"),),
        marks=(Mark(at=10, kind="bite", label="event <lost>", written=True),),
    )
    assert spans(waiting) == [(1, 30, "never, laid out")]
    assert waiting.marks == ()
