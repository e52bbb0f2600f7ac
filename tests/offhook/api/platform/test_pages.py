"""Pages of listings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.offhook.api.platform.conftest import Platform

PATH = "/api/v2/presencedefinitions"


def test_the_pages_together_are_the_whole(platform: Platform) -> None:
    first = platform.get(PATH)
    assert (first["pageSize"], first["pageNumber"], first["pageCount"]) == (25, 1, 1)
    pages = [platform.get(f"{PATH}?pageSize=4&pageNumber={number}") for number in (1, 2, 3, 4)]
    assert [len(each["entities"]) for each in pages] == [4, 4, 2, 0]
    assert [entity for each in pages for entity in each["entities"]] == first["entities"]
    assert {(each["total"], each["pageCount"]) for each in pages} == {(10, 3)}


@pytest.mark.parametrize("query", ["pageSize=0", "pageSize=501", "pageNumber=0", "pageSize=many"])
def test_a_wrong_page_is_refused_by_name(platform: Platform, query: str) -> None:
    status, refusal = platform.ask(f"GET {PATH}?{query}")
    assert (status, refusal["code"]) == (400, "invalid.query.param.value")
    assert query.partition("=")[0] in refusal["message"]
