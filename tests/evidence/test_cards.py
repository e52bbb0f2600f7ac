"""The page of our own cards is what `offhook score` says today."""

import pytest
from tests.evidence.cards import PAGE, page


@pytest.mark.nightly
def test_the_page_is_what_is_scored() -> None:
    assert page() == PAGE.read_text(encoding="utf-8"), (
        "Look at the differences; `python -m tests.evidence.cards` writes the page anew."
    )
