"""Whom traffic may be sent to: a mock on this machine, and never the platform."""

import re
from ipaddress import ip_address
from urllib.parse import urlsplit

from offhook.domain.errors import OffhookError

PLATFORM = re.compile(
    r"(^|\.)(mypurecloud\.(com|ie|de|jp|com\.au)|[a-z0-9-]+\.pure\.cloud|pure\.cloud"
    r"|inindca\.com|inintca\.com|genesys\.cloud|genesyscloud\.com|genesys\.com)$"
)
"""Domains of the real platform, in all of its regions."""


class TargetError(OffhookError):
    """Traffic must not go there. The message says why, and where it may go."""


def checked_url(url: str) -> str:
    """The origin of a mock on this machine, without a slash at the end. Raises `TargetError`."""
    if url.isdecimal():
        raise TargetError(f"{url} is a port only: a mock there is http://127.0.0.1:{url}.")
    try:
        parts = urlsplit(url if "://" in url else f"http://{url}")
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise TargetError(f"{url} is no URL: {error}.") from error
    check_host(host or "", url)
    if parts.scheme != "http":
        raise TargetError(f"{url}: a mock is spoken to by http://, not by {parts.scheme}://.")
    if parts.path.strip("/") or parts.query:
        raise TargetError(f"{url}: give the mock's origin only, like http://127.0.0.1:8089.")
    if port is None:
        raise TargetError(f"{url}: the port is missing, like http://127.0.0.1:8089.")
    assert host is not None, "an empty host is refused above"
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"


def check_host(host: str, shown: str) -> None:
    """Raise `TargetError` unless only this machine can be reached by that name."""
    name = host.rstrip(".").lower()
    if PLATFORM.search(name):
        raise TargetError(f"{shown} is the real platform: it is never sent load, by no flag.")
    if name == "localhost":
        return
    try:
        loopback = ip_address(name).is_loopback
    except ValueError:
        loopback = False
    if not loopback:
        raise TargetError(f"{shown} is not this machine: load goes to 127.0.0.1, ::1 or localhost.")
