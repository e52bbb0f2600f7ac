"""The journal through control: filters, limits, what was dropped, and no secrets."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from offhook.domain.views import DeviceView
from offhook.tenancy import Tenancy

Ask = Callable[..., Any]


def test_entries_come_oldest_first_with_what_was_dropped(ask: Ask, device: DeviceView) -> None:
    journal = ask("GET", "/journal")
    seqs = [entry["seq"] for entry in journal["entries"]]
    assert seqs == sorted(seqs)
    assert seqs
    assert journal["dropped"] == {"entries": 0, "bytes": 0}


def test_entries_are_filtered(ask: Ask, device: DeviceView) -> None:
    body = {"clientId": device.id, "muted": True}
    ask("POST", "/actors/headset", body, status=204)
    exchanges = ask("GET", "/journal?kind=exchange&operation=actHeadset")["entries"]
    assert [entry["facts"]["operation"] for entry in exchanges] == ["actHeadset"]
    inputs = ask("GET", f"/journal?kind=input&clientId={device.id}")["entries"]
    assert [entry["facts"]["input"] for entry in inputs] == ["LocalMute"]
    assert ask("GET", "/journal?clientId=nobody")["entries"] == []


def test_reading_goes_on_after_the_last_entry(ask: Ask) -> None:
    for _ in range(4):
        ask("GET", "/clock")
    first = ask("GET", "/journal?limit=2")["entries"]
    rest = ask("GET", f"/journal?after={first[-1]['seq']}&limit=2")["entries"]
    assert [entry["seq"] for entry in first + rest] == [1, 2, 3, 4]


@pytest.mark.parametrize(
    "query", ["kind=gossip", "after=-1", "limit=0", "limit=10001", "limit=many"]
)
def test_a_wrong_filter_is_refused_by_name(ask: Ask, query: str) -> None:
    assert query.partition("=")[0] in ask("GET", f"/journal?{query}", status=400)["message"]


def test_the_journal_holds_no_secret(ask: Ask, tenancy: Tenancy) -> None:
    secret = ask("POST", "/tokens", {"user": "agent"}, status=201)["accessToken"]
    assert tenancy.org.oauth.token(secret) is not None
    shown = json.dumps(ask("GET", "/journal"))
    assert secret not in shown
    assert "agent-password" not in shown
