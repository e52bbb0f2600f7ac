"""The plugin beside others, in projects of users whose folders are called as ours are."""

import sys
import textwrap

import pytest

pytest_plugins = "pytester"

LIGHT = ("-p", "no:schemathesis", "-p", "no:hypothesispytest", "-p", "no:benchmark")
"""Plugins of our own environment that a user's project need not wait for."""

PROJECT = {
    "client/__init__.py": "",
    "client/desk.py": """
        import json, urllib.request

        def ask(url, token, path, body=None):
            data = None if body is None else json.dumps(body).encode()
            headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
            request = urllib.request.Request(url + path, data=data, headers=headers)
            with urllib.request.urlopen(request) as answer:
                return json.loads(answer.read() or b"null")
        """,
    "mockserver/__init__.py": "MINE = True\n",
    "scenarios/__init__.py": "MINE = True\n",
    "scenarios/test_desk.py": """
        import pytest, mockserver, scenarios
        from client.desk import ask

        ME = "/api/v2/webrtc/clients/me"

        @pytest.mark.offhook(clock="manual")
        @pytest.mark.parametrize("turn", range(6))
        def test_each_test_has_an_org_of_its_own(offhook, turn):
            assert mockserver.MINE and scenarios.MINE
            assert offhook.devices == () and len(offhook.calls) == 0
            token = offhook.token()
            client = ask(offhook.url, token, ME)
            offhook.clock.advance(1)
            ask(offhook.url, token, f"/api/v2/webrtc/clients/{client['id']}/mute", {"muted": True})
            offhook.assert_muted()

        def test_a_token_of_one_mock_is_unknown_to_another(make_offhook):
            import urllib.error
            one, two = make_offhook(), make_offhook()
            with pytest.raises(urllib.error.HTTPError, match="401") as refused:
                ask(two.url, one.token(), "/api/v2/users/me")
            refused.value.close()

        def test_not_modelled(offhook):
            with pytest.raises(Exception, match="501") as refused:
                ask(offhook.url, offhook.token(), "/api/v2/teams")
            refused.value.close()
        """,
}

CLIENTS = """
import subprocess, sys
import pytest

def test_requests(offhook):
    import requests
    answer = requests.get(offhook.url + "/api/v2/users/me",
                          headers={"Authorization": f"Bearer {offhook.token()}"}, timeout=30)
    assert answer.json()["name"] == "Ada Agent"

def test_a_subprocess(offhook):
    lines = (
        "import sys, urllib.request as r; "
        "q = r.Request(sys.argv[1], headers={'Authorization': 'Bearer ' + sys.argv[2]}); "
        "r.urlopen(q).close()"
    )
    url = offhook.url + "/api/v2/users/me"
    subprocess.run([sys.executable, "-c", lines, url, offhook.token()], check=True)
    offhook.assert_called("getUsersMe", status=200, times=1)
"""

ASYNC = """
import pytest
{mark}
async def test_on_the_thread(offhook):
    import httpx
    headers = {{"Authorization": f"Bearer {{offhook.token()}}"}}
    async with httpx.AsyncClient(base_url=offhook.url, headers=headers) as client:
        assert (await client.get("/api/v2/users/me")).status_code == 200
    offhook.assert_called("getUsersMe", times=1)
{mark}
async def test_on_the_loop(offhook_async):
    import aiohttp
    async with offhook_async as offhook:
        headers = {{"Authorization": f"Bearer {{offhook.token()}}"}}
        async with aiohttp.ClientSession(offhook.url, headers=headers) as client:
            async with client.get("/api/v2/webrtc/clients/me") as answer:
                assert answer.status == 200
            await offhook.clock.advance("1s")
            assert offhook.device("agent").status == "connected"
{mark}
async def test_what_is_left_unproved(offhook_async):
    async with offhook_async as offhook:
        offhook.faults.add("delay", delay_s=1)
{mark}
async def test_that_fails(offhook_async):
    async with offhook_async as offhook:
        offhook.assert_called("getUsersMe")
"""


@pytest.fixture(autouse=True)
def asyncio_is_told_its_scope(pytester: pytest.Pytester) -> None:
    pytester.makeini(
        "[pytest]\nasyncio_default_fixture_loop_scope = function\nfilterwarnings = error\n"
        "pythonpath = .\n"
    )


@pytest.mark.parametrize(
    ("mark", "arguments"),
    [
        ("@pytest.mark.asyncio", ["-o", "asyncio_mode=strict"]),
        ("", ["-o", "asyncio_mode=auto"]),
        (
            '@pytest.mark.anyio\n@pytest.mark.parametrize("anyio_backend", ["asyncio"])',
            ["-p", "no:asyncio", "-p", "no:aiohttp", "-o", "asyncio_default_fixture_loop_scope="],
        ),
    ],
    ids=["pytest-asyncio-strict", "pytest-asyncio-auto", "anyio"],
)
def test_async_tests_of_every_kind(
    pytester: pytest.Pytester, mark: str, arguments: list[str]
) -> None:
    pytester.makepyfile(ASYNC.format(mark=mark))
    result = pytester.runpytest("-W", "default::pytest.PytestConfigWarning", *arguments)
    result.assert_outcomes(passed=3, failed=1, errors=1)
    result.stdout.fnmatch_lines(["*never bit*", "*- offhook -*", "Again: pytest *test_that_fails*"])


def test_blocking_and_foreign_clients(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(CLIENTS)
    pytester.runpytest().assert_outcomes(passed=2)


def user_project(pytester: pytest.Pytester) -> None:
    for name, text in PROJECT.items():
        path = pytester.path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(textwrap.dedent(text), encoding="utf-8")


@pytest.mark.parametrize("workers", [["-n", "2"], ["-n", "0"]], ids=["parallel", "alone"])
def test_a_project_whose_folders_are_called_as_ours(
    pytester: pytest.Pytester, workers: list[str]
) -> None:
    user_project(pytester)
    result = pytester.runpytest_subprocess(*LIGHT, *workers, "scenarios", "--dist=load")
    result.assert_outcomes(passed=8)
    result.stdout.fnmatch_lines(["*asked for, and not modelled*", "*1 x GET /api/v2/teams"])


@pytest.mark.nightly
def test_it_passes_in_parallel_twenty_times_in_a_row(pytester: pytest.Pytester) -> None:
    user_project(pytester)
    for _ in range(20):
        result = pytester.runpytest_subprocess("-n", "auto", "--dist", "load", "scenarios")
        result.assert_outcomes(passed=8)


def test_without_a_fixture_of_ours_nothing_of_the_mock_is_imported(
    pytester: pytest.Pytester,
) -> None:
    pytester.makepyfile(
        """
        import sys
        def test_it():
            ours = [name for name in sys.modules if name.startswith("offhook")]
            assert sorted(ours) == [
                "offhook", "offhook.pytest_plugin", "offhook.testing", "offhook.testing.options"
            ]
        """
    )
    pytester.runpytest_subprocess(*LIGHT).assert_outcomes(passed=1)


def test_it_can_be_left_out(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("import sys\ndef test_it(): assert 'offhook' not in sys.modules\n")
    result = pytester.run(sys.executable, "-m", "pytest", *LIGHT, "-p", "no:offhook")
    result.assert_outcomes(passed=1)
