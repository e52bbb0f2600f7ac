"""What is sent again at all."""

import pytest

from offhook_scenarios.score.request_rules import RULES
from offhook_scenarios.score.rule import Verdict
from offhook_scenarios.score.seen import NO_ANSWER, Arrival, Press, Seen

BY_NAME = {rule.name: rule for rule in RULES}


def write(
    at: float, *, status: int = NO_ANSWER, key: str | None = None, method: str = "POST"
) -> Arrival:
    return Arrival(
        at=at,
        answered_at=at,
        operation="postWebrtcClientMute",
        method=method,
        status=status,
        client=0,
        key=key,
        applied=status < 400,
    )


def look(name: str, *arrivals: Arrival, **fields: object) -> tuple[Verdict, str]:
    rule = BY_NAME[name]
    known = {
        "clients": 1,
        "began": 0.0,
        "ended": 60.0,
        "arrivals": arrivals,
        "presses": (Press(at=0.0, client=0), Press(at=7.0, client=0)),
        **fields,
    }
    judged = rule.judge({probe: Seen(probe=probe, **known) for probe in rule.probes})  # type: ignore[arg-type]  # - fields by name.
    return judged.verdict, judged.words


@pytest.mark.parametrize(
    ("writes", "found"),
    [
        ([], "not judged"),
        ([write(0)], "kept"),
        ([write(0, key="a"), write(1, key="a")], "kept"),
        ([write(0, key="a"), write(1, key="b")], "broken"),
        ([write(0), write(1)], "broken"),
        ([write(0), write(1, status=503)], "kept"),
        ([write(0, method="PUT"), write(1, method="PUT")], "kept"),
    ],
)
def test_a_write_that_took_effect_is_repeated_with_its_key(
    writes: list[Arrival], found: str
) -> None:
    assert look("duplicate-writes", *writes)[0].value == found


def test_a_refusal_belongs_to_its_press() -> None:
    assert look("refused", write(0.1, status=400), write(7.1, status=403))[0] is Verdict.KEPT
    found, words = look("refused", write(0.1, status=400), write(1.0, status=400))
    assert (found, words) == (Verdict.BROKEN, "sent again: 1 after 400")
    assert look("refused")[0] is Verdict.NOT_JUDGED


@pytest.mark.parametrize(
    ("believed", "found"), [(None, "not judged"), (3, "kept"), (4, "kept"), (2, "broken")]
)
def test_what_arrives_must_have_been_sent_knowingly(believed: int | None, found: str) -> None:
    assert look("hidden-layers", believed=believed, received=3)[0].value == found


def test_what_broke_is_not_sound() -> None:
    assert look("sound")[0] is Verdict.KEPT
    found, words = look("sound", broken="flooded")
    assert (found, words) == (Verdict.BROKEN, "seconds: flooded")
