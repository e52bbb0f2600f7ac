"""Whom load may be sent to."""

import pytest

from offhook_scenarios.load.target import TargetError, check_host, checked_url


@pytest.mark.parametrize(
    ("given", "url"),
    [
        ("http://127.0.0.1:8089", "http://127.0.0.1:8089"),
        ("http://127.0.0.1:8089/", "http://127.0.0.1:8089"),
        ("127.0.0.1:8089", "http://127.0.0.1:8089"),
        ("http://localhost:1", "http://localhost:1"),
        ("http://[::1]:8089", "http://[::1]:8089"),
        ("http://127.9.9.9:1", "http://127.9.9.9:1"),
    ],
)
def test_a_mock_on_this_machine_is_taken(given: str, url: str) -> None:
    assert checked_url(given) == url


@pytest.mark.parametrize(
    "host",
    [
        "api.mypurecloud.com",
        "api.mypurecloud.de",
        "API.MyPureCloud.IE.",
        "api.mypurecloud.com.au",
        "api.mypurecloud.jp",
        "api.usw2.pure.cloud",
        "api.euw2.pure.cloud",
        "login.cac1.pure.cloud",
        "pure.cloud",
        "webrtc.genesys.cloud",
        "genesys.cloud",
        "apps.inindca.com",
        "www.genesys.com",
    ],
)
def test_the_real_platform_is_refused_by_name(host: str) -> None:
    for url in (f"https://{host}", f"http://{host}:8089", f"http://user:pw@{host}:1"):
        with pytest.raises(TargetError, match="the real platform"):
            checked_url(url)
    with pytest.raises(TargetError, match="the real platform"):
        check_host(host, host)


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("8089", r"8089 is a port only: a mock there is http://127\.0\.0\.1:8089\.$"),
        ("http://example.com:80", "is not this machine"),
        ("http://10.0.0.1:80", "is not this machine"),
        ("http://0.0.0.0:80", "is not this machine"),
        ("http://notmypurecloud.com:80", "is not this machine"),
        ("http://127.0.0.1.evil.example:80", "is not this machine"),
        ("http://127.0.0.1@example.com:80", "is not this machine"),
        ("http://:80", "is not this machine"),
        ("https://127.0.0.1:80", "not by https"),
        ("http://127.0.0.1:80/api", "origin only"),
        ("http://127.0.0.1", "port is missing"),
        ("http://127.0.0.1:abc", "is no URL"),
        ("http://[::1", "is no URL"),
        ("", "is not this machine"),
    ],
)
def test_anybody_else_is_refused_in_a_sentence(url: str, why: str) -> None:
    with pytest.raises(TargetError, match=why):
        checked_url(url)
