"""Guests by name: each form, and what is said of those that cannot be."""

import asyncio

import pytest

from offhook_scenarios.adapters.browser import BrowserPage, Page
from offhook_scenarios.adapters.link import LinkError
from offhook_scenarios.adapters.remote import RemoteClient
from offhook_scenarios.check.clients import ClientError
from offhook_scenarios.check.guests import guests

PAGE = Page(url="", mute="#mute", muted_when="#muted")


@pytest.mark.parametrize("name", ['stdio:python3 "my desk.py"', "ws:python3 desk.py"])
def test_a_command_is_found_and_split_as_a_shell_does(name: str) -> None:
    with guests(name) as found:
        guest = found.make(1)
        assert isinstance(guest, RemoteClient)
        assert guest.name == "python3"
        assert (found.at_once, found.dial) == (None, None)


def test_whoever_dials_comes_one_by_one() -> None:
    with guests("ws") as found:
        assert found.dial is not None
        assert found.dial.startswith("ws://127.0.0.1:")
        assert found.at_once == 1
        port = found.dial.rpartition(":")[2].rstrip("/")
        with (
            pytest.raises(LinkError, match=f"Cannot listen on 127.0.0.1:{port}"),
            guests(f"ws:{port}"),
        ):
            pass
    with guests(f"ws:{port}") as again:
        assert again.dial == found.dial


def test_pages_share_a_browser() -> None:
    async def make() -> None:
        with guests("browser:http://127.0.0.1:1/?api={api}", PAGE) as found:
            first, second = found.make(1), found.make(2)
            assert isinstance(first, BrowserPage)
            assert isinstance(second, BrowserPage)
            assert first._chromium is second._chromium

    asyncio.run(make())


@pytest.mark.parametrize(
    ("name", "page", "words"),
    [
        ("stdio:", None, "names no command"),
        ('stdio:"', None, "cannot be read: No closing quotation"),
        ("stdio:python3", PAGE, "A client by stdio is no page"),
        ("ws:99999", None, "99999 is no port"),
        ("browser:", PAGE, "A page needs browser:URL"),
        ("browser:http://x/?api={api}", None, "--mute SELECTOR and --muted-when"),
        ("browser:http://x/", PAGE, r"put \{api\} into its URL"),
    ],
)
def test_what_cannot_be_is_told(name: str, page: Page | None, words: str) -> None:
    with pytest.raises(ClientError, match=words), guests(name, page):
        pass


def test_a_page_whose_api_the_mock_stands_in_for_needs_no_address() -> None:
    page = Page(url="", mute="#m", muted_when="#n", instead_of=("https://api.example.com",))
    with guests("browser:http://x/", page) as found:
        assert found.at_once is None
