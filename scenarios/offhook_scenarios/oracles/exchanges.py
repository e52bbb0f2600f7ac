"""Which answer is of which request, and which request made a set: from the desk's own bytes."""

from collections import deque
from collections.abc import Iterator

from offhook_scenarios.history import Answer, Ask, History, Write


def exchanges(history: History) -> Iterator[tuple[Ask, Answer | None]]:
    """Each request with its answer, if that came, in the order of the requests.

    On a connection answers come in the order of their requests (RFC 9112 §9.3.2).
    """
    answers: dict[int, deque[Answer]] = {}
    for answer in history.answers:
        answers.setdefault(answer.connection, deque()).append(answer)
    for ask in history.asks:
        waiting = answers.get(ask.connection)
        yield ask, waiting.popleft() if waiting else None


def sent_at(history: History, write: Write) -> float:
    """When the desk let go of the request that made a set: later it could change nothing of it.

    That is before the request arrived. Where it may have been one of many, the earliest of them;
    where the bytes were not read, the arrival.
    """
    arrived = write.at if write.asked_at is None else write.asked_at
    may_be = (
        ask.at
        for ask, answer in exchanges(history)
        if ask.muted == write.muted
        and ask.at <= arrived
        and ask.intent in {None, write.intent}
        and (answer is None or answer.at >= write.at)
    )
    return min(may_be, default=arrived)
