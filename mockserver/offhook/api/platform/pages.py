"""Listings in pages, as the platform cuts them."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from offhook.api.operation import Call, Param

T = TypeVar("T")
L = TypeVar("L")

PAGE: tuple[Param, ...] = (
    Param(
        name="pageSize",
        where="query",
        schema={"type": "integer", "minimum": 1, "maximum": 500, "default": 25},
        meaning="How many entities a page has at most.",
    ),
    Param(
        name="pageNumber",
        where="query",
        schema={"type": "integer", "minimum": 1, "maximum": 1_000_000, "default": 1},
        meaning="Which page; beyond the last one there is nothing.",
    ),
)
"""The parameters of every operation that answers with `page`."""


def page(call: Call, listing: Callable[..., L], entities: Sequence[T]) -> L:
    """The page that was asked for, as a message of the type `listing`."""
    size, number = int(call.query["pageSize"]), int(call.query["pageNumber"])
    return listing(
        entities=tuple(entities[(number - 1) * size : number * size]),
        page_size=size,
        page_number=number,
        total=len(entities),
        page_count=max(1, -(-len(entities) // size)),
        self_uri=f"{call.request.path}?pageSize={size}&pageNumber={number}",
    )
