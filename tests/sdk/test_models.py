"""Every difference between our wire models and those of the installed SDKs has a reason."""

from collections.abc import Sequence
from enum import StrEnum
from types import ModuleType

import msgspec
import pytest
from tests.sdk.models import (
    Difference,
    JavascriptModels,
    as_entries,
    compare,
    our_models,
    reasons,
)
from tests.sdk.python_bench import unknown_values

from offhook_scenarios.adapters.node import Node


@pytest.fixture(scope="module")
def javascript(node: Node) -> JavascriptModels:
    """The models of the JavaScript SDK."""
    return JavascriptModels(node.modules / "purecloud-platform-client-v2" / "index.d.ts")


class State(StrEnum):
    """One value that the SDK knows and one that it does not."""

    PERMITTED = "Permitted"
    POSTPONED = "Postponed"


class ChannelTopic(msgspec.Struct, rename="camel"):
    """A model that differs from the SDKs' in every way that is looked for."""

    id: int
    state: State | None
    colour: str
    missing_permissions: list[str]


class NoSuchModel(msgspec.Struct):
    """A model that no SDK has."""


def test_the_comparison_sees_every_kind_of_difference(
    python_sdk: ModuleType, javascript: JavascriptModels
) -> None:
    assert set(compare(ChannelTopic, python_sdk, javascript)) == {
        Difference("type", "ChannelTopic", "id", "ours integer, theirs string"),
        Difference("value", "ChannelTopic", "state", "the SDK does not know 'Postponed'"),
        Difference("extra", "ChannelTopic", "colour"),
        Difference("left out", "ChannelTopic", "rejectionReason"),
        Difference("left out", "ChannelTopic", "selfUri"),
    }
    assert list(compare(NoSuchModel, python_sdk, javascript)) == [
        Difference("model", "NoSuchModel", detail="not in Python and JavaScript")
    ]


def test_a_value_that_the_sdk_does_not_know_is_found_wherever_it_stands(
    python_sdk: ModuleType,
) -> None:
    station = python_sdk.Station()
    station.status = "LOST"
    listing = python_sdk.StationEntityListing()
    listing.entities = [python_sdk.Station(), station]
    assert unknown_values(listing) == [".entities[1].status"]


def test_every_difference_is_listed_with_a_reason_and_nothing_else_is(
    python_sdk: ModuleType, javascript: JavascriptModels
) -> None:
    found = {d for model in our_models() for d in compare(model, python_sdk, javascript)}
    listed = {place for each in reasons() for place in each.places}
    unlisted = {d for d in found if (d.kind, d.model, d.field) not in listed}
    assert not unlisted, f"Give each its reason in differences.toml:\n{as_entries(unlisted)}"
    stale = listed - {(d.kind, d.model, d.field) for d in found}
    assert not stale, f"Take these out of differences.toml, they are no more: {sorted(stale)}"


def test_every_reason_says_something() -> None:
    empty: Sequence[object] = [each for each in reasons() if len(each.because.split()) < 3]
    assert not empty
