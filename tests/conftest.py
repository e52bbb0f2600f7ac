"""The whole suite's: what the mock says is held against its published documents."""

from collections.abc import Iterator

import pytest
from tests.contract.watch import WATCH, install

install()


@pytest.fixture(autouse=True)
def contract() -> Iterator[None]:
    """Fails the test in which an answer or an event was not what its document says."""
    WATCH.complaints.clear()
    yield
    assert not WATCH.complaints, "\n".join(WATCH.complaints[:5])
