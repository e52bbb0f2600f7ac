"""How often each kind of trouble may come in a search."""

import msgspec

from offhook.domain.errors import OffhookError

EACH_MAX = 9


class BudgetError(OffhookError):
    """A budget that cannot be read; the message says what one looks like."""


class Budget(msgspec.Struct, frozen=True):
    """What may happen to a desk, and how often at most."""

    toggles: int = 0
    """Presses of the person at the desk."""
    externals: int = 0
    """Sets by somebody else."""
    drops: int = 0
    """Broken links."""
    losses: int = 0
    """Requests that go astray: lost before or after their effect, or late."""
    disorders: int = 0
    """Events lost or overtaken; on the platform dialect only."""

    def __str__(self) -> str:
        counts = msgspec.structs.astuple(self)
        return "/".join(map(str, counts if self.disorders else counts[:-1]))


def read_budget(text: str) -> Budget:
    """A budget from `toggles/externals/drops/losses`, and perhaps `/disorders`.

    Each from 0 to 9. Raises `BudgetError`.
    """
    counts = text.split("/")
    if len(counts) not in {4, 5} or not all(one.isdecimal() and len(one) == 1 for one in counts):
        raise BudgetError(
            f'A budget is toggles/externals/drops/losses, each 0 to {EACH_MAX}, like "2/1/1/1"; '
            f"this is {text!r}."
        )
    return Budget(*map(int, counts))
