"""What a test is failed for at its end, though its own assertions passed."""

from collections.abc import Iterator

from offhook.server import MockServer
from offhook.testing.explain import often, rule_line
from offhook.testing.faults import Faults


def complaints(
    server: MockServer, faults: Faults, *, never_bit: bool, unmodelled: bool
) -> Iterator[str]:
    """Each is a paragraph. To be called on the server's loop.

    `never_bit` and `unmodelled` say whether these count as errors.
    """
    for error in server.errors:
        trace = error.facts.get("traceback")
        told = f"Inside the mock something broke: {error.facts['error']}"
        yield f"{told}\n{trace}" if trace else told
    if never_bit:
        for rule in faults.never_bit_on(server):
            yield (
                f"{rule_line(rule)} So the test proved less than it says. "
                "Say must_bite=False where that is meant."
            )
    if unmodelled:
        for asked in server.unmodelled:
            yield (
                f"Not modelled: {asked.request}, asked for {often(asked.count)}. "
                f"A stub for it: {own_words(asked.stub.python)}"
            )


def own_words(stub: str) -> str:
    """The line that sets a stub, as a test writes it."""
    return f"offhook.{stub.removeprefix('server.')}"
