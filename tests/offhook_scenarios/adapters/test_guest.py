"""Both kinds of guest have the one face."""

from offhook_scenarios.adapters.browser import BrowserPage, Page
from offhook_scenarios.adapters.chromium import Chromium
from offhook_scenarios.adapters.guest import Guest
from offhook_scenarios.adapters.remote import RemoteClient
from offhook_scenarios.adapters.stdio import stdio


async def test_a_guest_has_a_name_a_log_and_no_fault_yet() -> None:
    page = Page(url="http://127.0.0.1:1/desk?api={api}", mute="#m", muted_when="#n")
    guests: list[Guest] = [
        RemoteClient(stdio(["python3"]), name="python3"),
        BrowserPage(page, Chromium()),
    ]
    assert [guest.name for guest in guests] == ["python3", "127.0.0.1:1/desk"]
    for guest in guests:
        assert guest.log.tail() == ()
        assert guest.broke is None
        await guest.stop()
