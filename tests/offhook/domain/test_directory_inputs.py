"""Inputs of the directory: what the journal may keep of them."""

import msgspec
import pytest

from offhook.domain.directory_inputs import (
    AssociateStation,
    DirectoryInput,
    DisassociateStation,
    JoinQueue,
    LeadAlerting,
    RoutingStatus,
    SetAlertable,
    SetPresence,
    SetRoutingStatus,
)

ALL: tuple[DirectoryInput, ...] = (
    SetPresence(user_id="u", system_presence="Busy"),
    SetRoutingStatus(user_id="u", status=RoutingStatus.IDLE),
    AssociateStation(user_id="u", station_id="s"),
    DisassociateStation(user_id="u"),
    JoinQueue(user_id="u", queue_id="q", joined=True),
    SetAlertable(user_id="u", connection_id="c", alertable=True),
    LeadAlerting(user_id="u", connection_id=None, client_type=None),
)


@pytest.mark.parametrize("item", ALL, ids=lambda item: type(item).__name__)
def test_an_input_names_its_user_and_can_be_kept_as_json(item: DirectoryInput) -> None:
    facts = msgspec.to_builtins(item.facts())
    assert facts["user_id"] == "u"
    assert msgspec.json.decode(msgspec.json.encode(item), type=type(item)) == item


def test_every_input_is_tried() -> None:
    assert {type(item) for item in ALL} == set(DirectoryInput.__subclasses__())
