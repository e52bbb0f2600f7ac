"""Policies: each with its evidence, and changed whole or not at all."""

import re
from pathlib import Path
from typing import Any

import msgspec
import pytest

from offhook.domain.errors import DomainError
from offhook.domain.evidence import Evidence
from offhook.policies import EVIDENCE, EventTiming, Policies

FIELDS = {field.name: field for field in msgspec.structs.fields(Policies)}
DIALECT = Path(__file__).parents[2] / "docs" / "reference" / "tutorial-dialect.md"


def test_each_policy_has_its_row_of_evidence_and_no_row_is_left_over() -> None:
    assert list(EVIDENCE) == list(FIELDS)


@pytest.mark.parametrize("name", EVIDENCE)
def test_each_row_is_whole(name: str) -> None:
    source = EVIDENCE[name]
    assert source.evidence in Evidence
    assert source.meaning
    assert not source.meaning.endswith(".")


@pytest.mark.parametrize("name", FIELDS)
def test_each_default_would_be_accepted(name: str) -> None:
    default = getattr(Policies(), name)
    assert Policies().changed({name: msgspec.to_builtins(default)}) == Policies()


WRONG: list[tuple[str, Any]] = [
    ("connect_delay_s", -0.1),
    ("connect_delay_s", 31_536_001),
    ("connect_delay_s", "soon"),
    ("heartbeat_s", 0),
    ("heartbeat_s", 0.001),
    ("replay_events", -1),
    ("replay_events", 1.5),
    ("versions", "yes"),
    ("versions", None),
    ("mute_after_reconnect", "forget"),
    ("event_timing", "event-never"),
    ("admin_force", True),
    ("missing_scope_status", 402),
    ("refresh_grace_s", 31),
    ("rate_per_token", 0),
    ("rate_per_operation", {"getUsersMe": 0}),
    ("rate_window_s", 0),
    ("retry_after_constant_s", -1),
    ("max_body_bytes", 0),
]


@pytest.mark.parametrize(("name", "value"), WRONG)
def test_a_wrong_value_is_refused_by_name(name: str, value: object) -> None:
    with pytest.raises(DomainError, match=rf"Policy refused: .*\$\.{name}") as caught:
        Policies().changed({"versions": False, name: value})
    assert caught.value.code == "invalid.value"


def test_an_unknown_policy_is_refused_and_the_known_ones_are_named() -> None:
    with pytest.raises(DomainError, match="There is no policy 'mute_after'") as caught:
        Policies().changed({"mute_after": "reset"})
    assert caught.value.code == "invalid.property"
    assert "mute_after_reconnect" in caught.value.message


def test_changing_makes_another_value_and_keeps_the_rest() -> None:
    before = Policies(drop_grace_s=3.0)
    after = before.changed({"versions": False, "rate_per_operation": {"getUsersMe": 5}})
    assert before == Policies(drop_grace_s=3.0)
    assert after == Policies(drop_grace_s=3.0, versions=False, rate_per_operation={"getUsersMe": 5})


@pytest.mark.parametrize(
    ("timing", "lag_s"),
    [
        (EventTiming.RESPONSE_FIRST, 0.0),
        (EventTiming.EVENT_FIRST, 0.0),
        (EventTiming.EVENT_LATE, 7.0),
    ],
)
def test_events_lag_under_event_late_alone(timing: EventTiming, lag_s: float) -> None:
    assert Policies(event_timing=timing, event_lag_s=7.0).lag_s == lag_s


def test_what_the_dialect_page_says_of_policies_is_true() -> None:
    page = DIALECT.read_text(encoding="utf-8")
    named = re.findall(r"polic(?:y|ies) `(\w+)(?: = \"?([\w.]+)\"?)?", page)
    assert named
    for name, value in named:
        assert name in FIELDS, f"the page names a policy {name}"
        if value:
            Policies().changed(
                {name: msgspec.json.decode(value) if value.isdigit() else _word(value)}
            )


def _word(value: str) -> object:
    return {"true": True, "false": False}.get(value, value)
