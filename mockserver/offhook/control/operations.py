"""The control API: the rows of all its nouns."""

from offhook.api.operation import Operation
from offhook.control import (
    actors,
    calls,
    clock,
    document,
    faults,
    health,
    journal,
    sockets,
    state,
    stubs,
    tokens,
    tutorial,
    why,
)

OPERATIONS: tuple[Operation, ...] = (
    *health.OPERATIONS,
    *clock.OPERATIONS,
    *faults.OPERATIONS,
    *state.OPERATIONS,
    *stubs.OPERATIONS,
    *sockets.OPERATIONS,
    *tokens.OPERATIONS,
    *actors.OPERATIONS,
    *calls.OPERATIONS,
    *journal.OPERATIONS,
    *tutorial.OPERATIONS,
    *why.OPERATIONS,
    *document.OPERATIONS,
)
