"""Guests by name: each form, and what is said of those that cannot be."""

import asyncio
import shlex
from pathlib import Path

import pytest
from tests.offhook_scenarios.adapters.scripts import script

from offhook_scenarios.adapters.adapter import Config
from offhook_scenarios.adapters.browser import BrowserPage, Page
from offhook_scenarios.adapters.link import LinkError
from offhook_scenarios.adapters.remote import RemoteClient
from offhook_scenarios.check.client_name import NoClientError
from offhook_scenarios.check.clients import find_client
from offhook_scenarios.check.guests import PlanGuest, guests
from offhook_scenarios.check.setup import Network, Setup

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
    with pytest.raises(NoClientError, match=words), guests(name, page):
        pass


def test_a_page_whose_api_the_mock_stands_in_for_needs_no_address() -> None:
    page = Page(url="", mute="#m", muted_when="#n", instead_of=("https://api.example.com",))
    with guests("browser:http://x/", page) as found:
        assert found.at_once is None


@pytest.mark.parametrize("name", ["stdio:python3 desk.py", "ws:python3 desk.py"])
def test_a_guest_for_plans_is_known_by_its_command(name: str) -> None:
    guest = find_client(name)(7)
    assert isinstance(guest, PlanGuest)
    assert guest.name == "python3"
    assert Setup(client=name).played_on is Network.WIRE
    assert Setup(client="reference").played_on is Network.SIM


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("ws", "ws plays the named ones"),
        ("ws:8000", "ws plays the named ones"),
        ("browser:http://x/?api={api}", "browser plays the named ones"),
    ],
)
def test_what_cannot_play_plans_is_told(name: str, words: str) -> None:
    with pytest.raises(NoClientError, match=words):
        find_client(name)


@pytest.mark.parametrize("name", ["stdio:no-such-program", "ws:no-such-program x"])
def test_a_program_that_is_not_there_is_no_mistake_in_its_name(name: str) -> None:
    with pytest.raises(LinkError, match="no program 'no-such-program'"):
        find_client(name)


async def test_plans_are_in_the_words_of_the_tutorials_dialect(tmp_path: Path) -> None:
    text = 'say("hello", protocol=1, name="s", dialect="platform"); sys.stdin.read()'
    guest = find_client(f"stdio:{shlex.join(script(tmp_path, text))}")(1)
    with pytest.raises(LinkError, match="speaks the platform's dialect"):
        await guest.start(Config(api="http://127.0.0.1:1"), lambda _: None)
    await guest.stop()
