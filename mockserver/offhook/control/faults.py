"""Fault rules: create, read what is left of them, delete."""

from collections.abc import Iterable
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from offhook.api.answer import empty_answer, json_answer
from offhook.api.exchange import Response
from offhook.api.operation import Call, Outcome, Param
from offhook.control.fields import fault_schema, whole_numbers
from offhook.control.rows import CONFLICT, NO_SUCH, NOTHING, path_id, row
from offhook.domain.errors import DomainError
from offhook.faults.catalogue import read_fault
from offhook.faults.rule import MAX_TIMES, Match, Rule, RuleSpec


class RuleBody(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="camel"
):
    """A rule as it is asked for. The fault is read by the catalogue, which knows what exists."""

    match: Match = Match()
    fault: Annotated[dict[str, Any], Meta(extra_json_schema=fault_schema())]
    skip: Annotated[int, Meta(ge=0, le=MAX_TIMES)] = 0
    times: Annotated[int, Meta(ge=1, le=MAX_TIMES)] | None = 1


class RuleList(msgspec.Struct, frozen=True, kw_only=True):
    """Rules in the order in which they are asked."""

    entities: tuple[Rule, ...]
    total: int


def _post(call: Call) -> Response:
    body = call.body
    spec = RuleSpec(
        match=body.match,
        fault=read_fault(whole_numbers(body.fault)),
        skip=body.skip,
        times=body.times,
    )
    return json_answer(201, call.tenancy.add_fault(spec))


def _list(call: Call) -> Response:
    never_bit = call.query.get("neverBit") == "true"
    rules: Iterable[Rule] = (
        call.tenancy.faults.never_bit() if never_bit else call.tenancy.faults.rules()
    )
    entities = tuple(rules)
    return json_answer(200, RuleList(entities=entities, total=len(entities)))


def _get(call: Call) -> Response:
    rule = call.tenancy.faults.rule(call.path["faultId"])
    if rule is None:
        raise _no_such(call)
    return json_answer(200, rule)


def _delete(call: Call) -> Response:
    if not call.tenancy.faults.remove(call.path["faultId"]):
        raise _no_such(call)
    return empty_answer(204)


def _delete_all(call: Call) -> Response:
    call.tenancy.faults.clear()
    return empty_answer(204)


def _no_such(call: Call) -> DomainError:
    known = [rule.id for rule in call.tenancy.faults.rules()]
    wanted = call.path["faultId"]
    return DomainError(
        "not.found", f"There is no fault rule {wanted!r}; there are {len(known)} rules."
    )


_ID = path_id("faultId", "The id that creating the rule answered.")
_NEVER_BIT = Param(
    name="neverBit",
    where="query",
    schema={"type": "boolean", "default": False},
    meaning="Only the rules that nothing came of so far.",
)
_RULE = Outcome(meaning="The rule.", body=Rule, identifies={"faultId": "/id"})

OPERATIONS = (
    row(
        "postFault",
        "POST",
        "/faults",
        "Create a fault rule, behind those that exist",
        _post,
        body=RuleBody,
        outcomes={201: _RULE, 404: NO_SUCH, 409: CONFLICT},
    ),
    row(
        "getFaults",
        "GET",
        "/faults",
        "List the fault rules and their accounts",
        _list,
        params=(_NEVER_BIT,),
        outcomes={200: Outcome(meaning="The rules.", body=RuleList)},
    ),
    row(
        "getFault",
        "GET",
        "/faults/{faultId}",
        "Read a fault rule and its account",
        _get,
        params=(_ID,),
        outcomes={200: _RULE, 404: NO_SUCH},
    ),
    row(
        "deleteFault",
        "DELETE",
        "/faults/{faultId}",
        "Delete a fault rule",
        _delete,
        params=(_ID,),
        outcomes={204: NOTHING, 404: NO_SUCH},
    ),
    row(
        "deleteFaults",
        "DELETE",
        "/faults",
        "Delete all fault rules",
        _delete_all,
        outcomes={204: NOTHING},
    ),
)
