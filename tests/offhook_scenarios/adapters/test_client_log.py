"""The tail of a client's log stays small, and fit to print."""

import pytest

from offhook_scenarios.adapters.client_log import LINES_KEPT, WIDTH, ClientLog


def test_the_last_lines_are_kept_and_all_are_counted() -> None:
    log = ClientLog()
    for number in range(1000):
        log.add(b"line %d" % number)
    assert log.written == 1000
    assert len(log.tail()) == LINES_KEPT
    assert log.tail(2) == ("line 998", "line 999")


def test_what_is_no_text_is_made_fit_to_print() -> None:
    log = ClientLog()
    log.add(b"\xff\x1b[31mred\x00\ttab  \r")
    log.add(b"   ")
    log.add(b"y" * 100_000)
    red, long = log.tail()
    assert red == "��[31mred�\ttab"
    assert len(long) == WIDTH
    assert long.endswith("…")


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ([], None),
        (["one", "two"], "two"),
        (
            [
                "  throw err;",
                "Error: Cannot find module 'ws'",
                "    at Module._load (node:internal/modules/cjs/loader:1038:27) {",
                "  code: 'MODULE_NOT_FOUND',",
                "Node.js v20.20.2",
            ],
            "Error: Cannot find module 'ws'",
        ),
        (
            ["TypeError [ERR_INVALID_ARG_TYPE]: no path", "    at x (y.js:1)"],
            "TypeError [ERR_INVALID_ARG_TYPE]: no path",
        ),
        (
            ["Traceback (most recent call last):", "ModuleNotFoundError: No module named 'x'"],
            "ModuleNotFoundError: No module named 'x'",
        ),
        (
            [
                'Exception in thread "main" java.lang.IllegalStateException: no key',
                "\tat A.b(A.java)",
            ],
            'Exception in thread "main" java.lang.IllegalStateException: no key',
        ),
        (
            ["Unhandled exception. System.IO.IOException: no file", "   at A.Main()"],
            "Unhandled exception. System.IO.IOException: no file",
        ),
    ],
)
def test_the_line_that_says_why_is_found_above_its_trace(
    lines: list[str], told: str | None
) -> None:
    log = ClientLog()
    for line in lines:
        log.add(line.encode())
    assert log.telling() == told
