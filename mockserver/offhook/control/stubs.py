"""Stubs: set, list, delete; and what was asked for without one."""

from typing import Annotated

import msgspec
from msgspec import Meta

from offhook.api.answer import empty_answer, json_answer
from offhook.api.exchange import Response
from offhook.api.operation import Call, Outcome
from offhook.control.rows import CONFLICT, NO_SUCH, NOTHING, path_id, row
from offhook.domain.errors import DomainError
from offhook.stubs import Placed, Stub, StubError
from offhook.unmodelled import Asked

StubBody = Annotated[Stub, Meta(extra_json_schema={"not": {"required": ["json", "body"]}})]
"""A stub as it is asked for."""


class StubList(msgspec.Struct, frozen=True, kw_only=True):
    """Stubs in the order in which they were added."""

    entities: tuple[Placed, ...]
    total: int


class UnmodelledList(msgspec.Struct, frozen=True, kw_only=True):
    """What was asked for and is not modelled, in the order in which it first came."""

    entities: tuple[Asked, ...]
    total: int
    others: int
    """How many requests came after there was room for no more names."""


def _post(call: Call) -> Response:
    try:
        return json_answer(201, call.tenancy.add_stub(call.body))
    except StubError as error:
        raise DomainError("general.conflict", str(error)) from error


def _list(call: Call) -> Response:
    entities = call.tenancy.stubs.stubs()
    return json_answer(200, StubList(entities=entities, total=len(entities)))


def _delete(call: Call) -> Response:
    wanted = call.path["stubId"]
    if not call.tenancy.stubs.remove(wanted):
        raise DomainError(
            "not.found", f"There is no stub {wanted!r}; there are {len(call.tenancy.stubs)} stubs."
        )
    return empty_answer(204)


def _delete_all(call: Call) -> Response:
    call.tenancy.stubs.clear()
    return empty_answer(204)


def _unmodelled(call: Call) -> Response:
    record = call.tenancy.unmodelled
    entities = record.asked()
    return json_answer(
        200, UnmodelledList(entities=entities, total=len(entities), others=record.others)
    )


OPERATIONS = (
    row(
        "postStub",
        "POST",
        "/stubs",
        "Let a fixed answer stand where the mock models nothing",
        _post,
        body=StubBody,
        outcomes={
            201: Outcome(meaning="The stub.", body=Placed, identifies={"stubId": "/id"}),
            409: CONFLICT,
        },
    ),
    row(
        "getStubs",
        "GET",
        "/stubs",
        "List the stubs and how often they were used",
        _list,
        outcomes={200: Outcome(meaning="The stubs.", body=StubList)},
    ),
    row(
        "deleteStub",
        "DELETE",
        "/stubs/{stubId}",
        "Delete a stub",
        _delete,
        params=(path_id("stubId", "The id that creating the stub answered."),),
        outcomes={204: NOTHING, 404: NO_SUCH},
    ),
    row(
        "deleteStubs",
        "DELETE",
        "/stubs",
        "Delete all stubs, the declared ones too",
        _delete_all,
        outcomes={204: NOTHING},
    ),
    row(
        "getUnmodelled",
        "GET",
        "/unmodelled",
        "What was asked for and is not modelled, with the stubs for it",
        _unmodelled,
        outcomes={200: Outcome(meaning="The requests of the whole run.", body=UnmodelledList)},
    ),
)
