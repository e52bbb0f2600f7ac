"""The tail of a client's log stays small, and fit to print."""

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
