"""What answers where the table does not: a stub, else a shape from the user's API definition.

Either becomes an operation for the one request, so that it goes through the same order of
refusal as all others: its token, its rate, then the answer. Its id is the request itself,
`GET /a/path`, under which faults and limits know it.
"""

from collections.abc import Callable, Mapping

from offhook.api.exchange import Answer, Request, Response
from offhook.api.operation import Access, Call, Dialect, Operation, Outcome, Param
from offhook.api.table import Bound, OperationTable, Place, bind
from offhook.domain.evidence import Evidence
from offhook.stubs import CONTROL, Entry, Stub, StubBook, StubError

SHAPED = ("Offhook-Shaped", "true")
"""Marks an answer that was made up from the API definition."""

Shapes = Callable[[str, str], "tuple[str, Mapping[str, str], Response] | None"]
"""Method and path → the template, its parameters and the answer of an API definition."""


def refuse_modelled(stub: Stub, table: OperationTable) -> None:
    """Raise `StubError` for a stub that would stand in the way of what is modelled.

    A stub with `override` may, but never of the control API, by which one gets rid of it.
    """
    if stub.path == CONTROL or stub.path.startswith(f"{CONTROL}/"):
        raise StubError(f"The control API cannot be stubbed: {stub.request}.")
    found = table.find(stub.path)
    bound = None if found is None else found[0].bound.get(_method(stub.method))
    if bound is not None and not stub.override:
        raise StubError(
            f"{stub.request} is modelled, as {bound.operation.id}: say override = true for a "
            "stub to answer in its place."
        )


def stand_in(
    request: Request,
    modelled: Place | None,
    *,
    stubs: StubBook,
    table: OperationTable,
    shapes: Shapes | None,
) -> tuple[Place, Mapping[str, str]] | None:
    """A place and its parameters for this request alone, None where the table decides."""
    if request.path.startswith(f"{CONTROL}/"):
        return None
    bound = None if modelled is None else modelled.bound.get(_method(request.method))
    if bound is None or stubs.overriding:
        for entry, parameters in stubs.find(request.method, request.path):
            if bound is None or _overrides(entry.stub, modelled, table):
                return _stubbed(request, entry, parameters, bound), parameters
    if bound is not None or shapes is None:
        return None
    shaped = shapes(_method(request.method), request.path)
    if shaped is None:
        return None
    template, names, response = shaped
    return _place(request, template, names, response, lambda _: response), names


def _overrides(stub: Stub, modelled: Place | None, table: OperationTable) -> bool:
    """Whether the stub is in the place of exactly that operation, and not of a wider one."""
    found = table.find(stub.path)
    return stub.override and found is not None and found[0] is modelled


def _stubbed(
    request: Request, entry: Entry, parameters: Mapping[str, str], modelled: Bound | None
) -> Place:
    response = Response(status=entry.stub.status, headers=entry.headers, body=entry.body)

    def answer(call: Call) -> Answer:
        call.tenancy.stubs.used(entry)
        return response

    return _place(request, entry.stub.path, parameters, response, answer, modelled=modelled)


def _place(
    request: Request,
    template: str,
    parameters: Mapping[str, str],
    response: Response,
    handler: Callable[[Call], Answer],
    *,
    modelled: Bound | None = None,
) -> Place:
    operation = Operation(
        id=f"{request.method} {request.path}" if modelled is None else modelled.operation.id,
        method=request.method,
        path=template,
        summary="Answered in the place of the platform",
        dialects=frozenset({Dialect.PLATFORM}),
        access=Access() if modelled is None else _access(modelled.operation.access),
        params=tuple(
            Param(name=name, where="path", schema={"type": "string"}, meaning="Any value.")
            for name in parameters
        ),
        outcomes={response.status: Outcome(meaning="As the user says.")},
        handler=handler,
        evidence=Evidence.ASSUMED,
    )
    bound = {request.method: bind(operation, on_device=False)}
    return Place(template=template, parameters=tuple(parameters), bound=bound)


def _access(modelled: Access) -> Access:
    """Who may ask is as modelled; what more is asked of them is the operation's own."""
    return Access(public=modelled.public, counted=modelled.counted)


def _method(method: str) -> str:
    return "GET" if method == "HEAD" else method
