"""The core alone: a request of bytes to an answer of bytes, without a socket."""

from typing import Any

import msgspec
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from offhook.adapters.clock import ManualClock
from offhook.api.apply import apply
from offhook.api.exchange import Request, Response
from offhook.api.resolve import resolve
from offhook.domain.inputs import OpenDevice
from offhook.oauth.inputs import MintToken
from offhook.policies import Policies
from offhook.server import DIALECTS, OPERATIONS
from offhook.settings import DEFAULT
from offhook.tenancy import Tenancy

NOW = 1_790_000_000.0


@pytest.fixture
def mock() -> dict[str, Any]:
    policies = Policies(rate_per_token=10**9, rate_per_user_and_client=10**9, rate_per_user=10**9)
    tenancy = Tenancy(
        msgspec.structs.replace(DEFAULT, policies=policies),
        seed=1,
        now=NOW,
        operations=OPERATIONS,
        dialects=DIALECTS,
        clock=ManualClock(),
    )
    org = tenancy.org
    minted = org.receive(MintToken(user="agent"), now=NOW)
    assert minted.token.user_id is not None
    device = org.receive(OpenDevice(user_id=minted.token.user_id, name="d"), now=NOW)
    org.handle_timer(now=NOW + 1)
    return {"tenancy": tenancy, "secret": minted.secret, "device": device.id}


def _request(mock: dict[str, Any], method: str, path: str, body: bytes = b"") -> Request:
    headers = {"authorization": f"Bearer {mock['secret']}"}
    if body:
        headers["content-type"] = "application/json"
    return Request(
        method=method, path=path, query="", headers=headers, body=body, origin="http://localhost"
    )


def _answer(mock: dict[str, Any], request: Request) -> int:
    tenancy = mock["tenancy"]
    answer = apply(tenancy, resolve(tenancy, request, now=NOW + 1), now=NOW + 1)
    tenancy.org.take_outbound()
    assert isinstance(answer, Response)
    return answer.status


@pytest.mark.benchmark(group="core")
def test_read_a_client(benchmark: BenchmarkFixture, mock: dict[str, Any]) -> None:
    request = _request(mock, "GET", f"/api/v2/webrtc/clients/{mock['device']}")
    assert benchmark(_answer, mock, request) == 200


@pytest.mark.benchmark(group="core")
def test_mute_a_client(benchmark: BenchmarkFixture, mock: dict[str, Any]) -> None:
    path = f"/api/v2/webrtc/clients/{mock['device']}/mute"
    request = _request(mock, "POST", path, b'{"muted": true}')
    assert benchmark(_answer, mock, request) == 204


@pytest.mark.benchmark(group="core")
def test_refuse_a_stranger(benchmark: BenchmarkFixture, mock: dict[str, Any]) -> None:
    request = _request({**mock, "secret": "nobody"}, "GET", "/api/v2/webrtc/clients/me")
    assert benchmark(_answer, mock, request) == 401
