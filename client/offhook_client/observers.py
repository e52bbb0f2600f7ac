"""Who wants to hear of something, and how they are told."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Generic, TypeVar

T = TypeVar("T")
E = TypeVar("E")


class Observers(Generic[T]):
    """Callables that are told news in the order in which they were added."""

    def __init__(self) -> None:
        self._observers: dict[int, Callable[[T], object]] = {}
        self._next = 0

    def add(self, observer: Callable[[T], object]) -> Callable[[], None]:
        """Tell `observer` from now on. Returns what takes it off again; twice is once."""
        # Each adding is an entry of its own, so that one observer may be added twice.
        number = self._next
        self._next += 1
        self._observers[number] = observer

        def take_off() -> None:
            self._observers.pop(number, None)

        return take_off

    def tell(self, news: T) -> None:
        """Tell everybody. One that raises is reported to the loop and stops nobody."""
        for observer in tuple(self._observers.values()):
            try:
                observer(news)
            except Exception as error:  # noqa: BLE001 - an observer's fault must not stop a desk.
                asyncio.get_running_loop().call_exception_handler(
                    {"message": "what a desk calls raised", "exception": error}
                )


async def follow(
    changes: Observers[T],
    troubles: Observers[E],
    *,
    now: Callable[[], T],
    ended: Callable[[], bool],
) -> AsyncIterator[T]:
    """What is `now`, then each change, the last one too, until a trouble finds all `ended`."""
    queue: asyncio.Queue[tuple[T] | None] = asyncio.Queue()
    unsubscribe = changes.add(lambda news: queue.put_nowait((news,)))
    forget = troubles.add(lambda _: queue.put_nowait(None) if ended() else None)
    try:
        yield now()
        if ended() and queue.empty():
            return
        # What a slow reader has not had yet comes before the end: perhaps that nothing is sure.
        while (news := await queue.get()) is not None:
            yield news[0]
    finally:
        unsubscribe()
        forget()
