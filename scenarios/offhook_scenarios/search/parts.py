"""Values under numbers. A world is three of them in one integer, and a step is a look-up.

Most worlds of a search are made of few different parts. So each part is kept once, and what a
step makes of it is worked out once.
"""

from collections.abc import Callable
from typing import Generic, TypeVar

from offhook.domain.errors import OffhookError

Value = TypeVar("Value")
Result = TypeVar("Result")


class TooLargeError(OffhookError):
    """The search has more to tell apart than its numbers can."""


class Parts(Generic[Value]):
    """Different values of one kind, numbered from 0 in the order in which they came."""

    def __init__(
        self, name: str, *, bits: int, mark: Callable[[Value], int] = lambda _value: 0
    ) -> None:
        self.values: list[Value] = []
        self.marks: list[int] = []
        """What `mark` says of each value, by its number."""
        self._mark = mark
        self._name = name
        self._most = 1 << bits
        self._numbers: dict[Value, int] = {}

    def number(self, value: Value) -> int:
        """The number of an equal value, or a new one. Raises `TooLargeError`."""
        found = self._numbers.get(value)
        if found is not None:
            return found
        number = len(self.values)
        if number == self._most:
            raise TooLargeError(
                f"The search met more than {self._most:,} different {self._name}: "
                "choose a smaller budget."
            )
        self.values.append(value)
        self.marks.append(self._mark(value))
        self._numbers[value] = number
        return number


class Memo(dict[int, Result]):
    """What a pure function gives, by an integer that stands for its arguments."""

    __slots__ = ("_work",)

    def __init__(self, work: Callable[[int], Result]) -> None:
        super().__init__()
        self._work = work

    def __missing__(self, key: int) -> Result:
        value = self[key] = self._work(key)
        return value
