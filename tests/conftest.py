"""The whole suite's: what the mock says is held against its published documents.

And no test leaves another handler of signals behind than it found.
"""

import signal
from collections.abc import Iterator

import pytest
from tests.contract.watch import WATCH, install
from tests.signals import handlers, restored

install()

# A shell without job control lets what it starts in the background ignore Ctrl-C, and Python then
# installs no handler: neither here nor in the processes that tests start.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True)
def contract() -> Iterator[None]:
    """Fails the test in which an answer or an event was not what its document says.

    Or the next one, when it was while no test ran: wider fixtures begin and end there.
    """
    yield
    complaints = WATCH.taken()
    assert not complaints, "\n".join(complaints[:5])


@pytest.fixture(autouse=True)
def signal_handlers() -> Iterator[None]:
    """Fails the test that leaves a handler of SIGINT or SIGTERM behind: others would meet it."""
    before = handlers()
    yield
    left = restored(before)
    assert not left, f"left behind: {', '.join(left)}"
