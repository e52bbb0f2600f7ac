"""What Hypothesis draws for laws about readers: text near to what is right, and what comes of it.

Of anything at all nearly everything is refused at its first letter, and a law that is only tried
on refusals would hold of a reader that refuses all. So beside such a law stands a test by
`reaches`.
"""

from collections.abc import Callable
from functools import partial
from typing import TypeVar

from hypothesis import HealthCheck, Phase, find, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

T = TypeVar("T")
EXAMPLES = 300
"""Enough that what a law is about comes among them, whatever Python and Hypothesis draw."""
PIECES = (
    '"',
    "\\",
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "null",
    "true",
    "1e9",
    "-1",
    '"a":1',
    "%2F",
    "/",
    "&",
)


def near(*right: str) -> SearchStrategy[str]:
    """One of these as it is, or with pieces of it replaced; or any text."""
    wounds = st.tuples(
        st.integers(0, 200), st.integers(0, 8), st.sampled_from(PIECES) | st.text(max_size=4)
    )
    wounded = st.builds(_wounded, st.sampled_from(right), st.lists(wounds, min_size=1, max_size=2))
    return st.sampled_from(right) | wounded | st.text(max_size=60)


def _wounded(text: str, wounds: list[tuple[int, int, str]]) -> str:
    for place, length, piece in wounds:
        at = place % (len(text) + 1)
        text = text[:at] + piece + text[at + length :]
    return text


def reaches(drawn: SearchStrategy[T], kind_of: Callable[[T], object], *kinds: object) -> None:
    """Fails unless an example of each kind is among a few hundred, the same in every run."""
    tried = settings(
        max_examples=EXAMPLES,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    for kind in kinds:
        find(drawn, partial(_is_of, kind_of, kind), settings=tried)


def _is_of(kind_of: Callable[[T], object], kind: object, value: T) -> bool:
    return kind_of(value) == kind
