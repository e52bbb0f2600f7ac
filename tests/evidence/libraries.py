"""Well-known libraries that retry, as their users set them up, each reduced to one call.

What a library is given is told in its row. A call may raise whatever the library raises.
"""

import asyncio
import atexit
import functools
import json
import random
import tempfile
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import aiohttp
import aiohttp_retry
import botocore.session
import httpx
import httpx_retries
import msgspec
import requests
import requests.adapters
import stamina
import tenacity
import urllib3
from botocore.config import Config
from tests.sdk.node_bench import HERE, PACKAGE, Driver

from offhook_scenarios.adapters.node import DESK, install

PATH = "/probe/x"
"""Two segments, so that it is a bucket and a key too."""
TOTAL = 5
STATUSES = (429, 500, 502, 503, 504)
Call = Callable[[str, str], None]
"""Method, and the mock's origin."""


class Library(msgspec.Struct, frozen=True, kw_only=True):
    """One row: which library, how it was set up, and the call."""

    name: str
    package: str
    setup: str
    call: Call

    @property
    def version(self) -> str:
        """What is installed."""
        return _locked(self.package) if self.package == PACKAGE else version(self.package)


def _locked(package: str) -> str:
    """Of a package of Node, as its lock has it."""
    lock = json.loads((DESK / "package-lock.json").read_text(encoding="utf-8"))
    return str(lock["packages"][f"node_modules/{package}"]["version"])


class RefusedError(Exception):
    """An answer from 400 on, for libraries that retry exceptions."""


def _retry() -> urllib3.Retry:
    return urllib3.Retry(total=TOTAL, backoff_factor=0.5, status_forcelist=STATUSES)


def _urllib3(method: str, url: str) -> None:
    with urllib3.PoolManager(retries=_retry()) as pool:
        pool.request(method, url + PATH)


def _urllib3_bare(method: str, url: str) -> None:
    with urllib3.PoolManager() as pool:
        pool.request(method, url + PATH)


def _requests(method: str, url: str) -> None:
    with requests.Session() as session:
        session.mount("http://", requests.adapters.HTTPAdapter(max_retries=_retry()))
        session.request(method, url + PATH)


def _httpx_retries(method: str, url: str) -> None:
    retry = httpx_retries.Retry(total=TOTAL, backoff_factor=0.5)
    with httpx.Client(transport=httpx_retries.RetryTransport(retry=retry)) as client:
        client.request(method, url + PATH)


def _aiohttp_retry(method: str, url: str) -> None:
    async def send() -> None:
        options = aiohttp_retry.ExponentialRetry(attempts=TOTAL, statuses={429})
        client = aiohttp_retry.RetryClient(retry_options=options)
        async with client, client.request(method, url + PATH):
            pass

    asyncio.run(send())


def _aiohttp(method: str, url: str) -> None:
    async def send() -> None:
        async with aiohttp.ClientSession() as session, session.request(method, url + PATH):
            pass

    asyncio.run(send())


def _raising(method: str, url: str) -> None:
    with httpx.Client() as client:
        if client.request(method, url + PATH).is_error:
            raise RefusedError


def _tenacity(method: str, url: str) -> None:
    for attempt in tenacity.Retrying(
        wait=tenacity.wait_random_exponential(max=20), stop=tenacity.stop_after_attempt(TOTAL)
    ):
        with attempt:
            _raising(method, url)


def _stamina(method: str, url: str) -> None:
    stamina.retry(on=(RefusedError, httpx.HTTPError), attempts=TOTAL)(_raising)(method, url)


def _botocore(method: str, url: str) -> None:
    session: Any = botocore.session.Session()
    session.set_credentials("access", "secret")
    config = Config(retries={"mode": "standard"}, s3={"addressing_style": "path"})
    client = session.create_client("s3", region_name="eu-west-1", endpoint_url=url, config=config)
    if method == "GET":
        client.get_object(Bucket="probe", Key="x")
    else:
        client.create_multipart_upload(Bucket="probe", Key="x")


def _genesys(method: str, url: str) -> None:
    import PureCloudPlatformClientV2  # noqa: PLC0415 - it takes seconds.

    PureCloudPlatformClientV2.configuration.host = url
    client = PureCloudPlatformClientV2.api_client.ApiClient()
    client.call_api(PATH, method, None, None, {}, {}, None, None, None, [], None)


@functools.cache
def _node() -> Driver:
    """One Node for all calls: starting it takes longer than they do."""
    node, home = install(HERE / "installed"), Path(tempfile.mkdtemp())
    driver = Driver([node.node, str(HERE / "driver.js")], env=node.environment(home))
    atexit.register(driver.close)
    return driver


def _javascript(method: str, url: str) -> None:
    host, port = url.removeprefix("http://").split(":")
    _node().get("client.setGateway", {"host": host, "protocol": "http", "port": int(port)})
    nothing: dict[str, str] = {}
    maps = [nothing] * 4  # Of the path, the query, the headers, the form.
    _node().call("client.callApi", PATH, method, *maps, None, [], [JSON], [JSON])


JSON = "application/json"
LIBRARIES = (
    Library(name="urllib3", package="urllib3", setup="as it comes", call=_urllib3_bare),
    Library(
        name="urllib3 Retry",
        package="urllib3",
        setup="`Retry(5, backoff_factor=0.5, status_forcelist=[429, 500, 502, 503, 504])`",
        call=_urllib3,
    ),
    Library(
        name="requests",
        package="requests",
        setup="the same `Retry` in an `HTTPAdapter`",
        call=_requests,
    ),
    Library(
        name="httpx-retries",
        package="httpx-retries",
        setup="`Retry(5, backoff_factor=0.5)`",
        call=_httpx_retries,
    ),
    Library(name="aiohttp", package="aiohttp", setup="as it comes", call=_aiohttp),
    Library(
        name="aiohttp-retry",
        package="aiohttp-retry",
        setup="`ExponentialRetry(5, statuses={429})`",
        call=_aiohttp_retry,
    ),
    Library(
        name="tenacity",
        package="tenacity",
        setup="`wait_random_exponential(max=20)`, `stop_after_attempt(5)`, on every error of httpx",
        call=_tenacity,
    ),
    Library(
        name="stamina",
        package="stamina",
        setup="`retry(attempts=5)` on every error of httpx",
        call=_stamina,
    ),
    Library(
        name="botocore",
        package="botocore",
        setup="S3, `mode: standard`; POST: its one request more after a single 429 is for a 200 "
        "that the mock does not write as S3 does",
        call=_botocore,
    ),
    Library(
        name="official Python SDK",
        package="PureCloudPlatformClientV2",
        setup="as it comes",
        call=_genesys,
    ),
    Library(
        name="official JavaScript SDK",
        package=PACKAGE,
        setup="as it comes, in Node; its waits are not seen, and its promise had settled",
        call=_javascript,
    ),
)
"""Every row of the page, in its order."""


def seed() -> None:
    """Each call draws the same jitter: all of these draw from Python's own generator."""
    random.seed(1)
