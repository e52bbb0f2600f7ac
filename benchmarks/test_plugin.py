"""What a test with the fixture costs beyond an empty one, beside the fixtures of its peers.

The bar is 1 ms a test on a quiet machine. Read each row less the first, divided by the number of
tests: all pay for pytest's own start. The peers answer fixed bytes; responses and respx patch the
client and listen nowhere.
"""

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

import offhook.testing.rig

pytest_plugins = "pytester"

TESTS = 300
QUIET = ("-q", "-p", "no:schemathesis", "-p", "no:hypothesispytest", "-p", "no:cacheprovider")
LOADED = offhook.testing.rig
"""What a first use imports is imported already: it is paid once a run, not once a test."""

PLAIN = """
import pytest

@pytest.mark.parametrize("turn", range({tests}))
def test_it(turn{fixture}): pass
"""
AIOHTTP = """
import pytest
from aiohttp import web

@pytest.mark.asyncio
@pytest.mark.parametrize("turn", range({tests}))
async def test_it(turn, aiohttp_server):
    await aiohttp_server(web.Application())
"""
RESPONSES = """
import pytest, responses

@responses.activate
@pytest.mark.parametrize("turn", range({tests}))
def test_it(turn):
    responses.add(responses.GET, "http://localhost/", json=[])
"""
RESPX = """
import pytest

@pytest.mark.parametrize("turn", range({tests}))
def test_it(turn, respx_mock):
    respx_mock.get("http://localhost/").respond(json=[])
"""
ROWS = {
    "the floor: an empty test": (PLAIN, ""),
    "offhook": (PLAIN, ", offhook"),
    "pytest-httpserver": (PLAIN, ", httpserver"),
    "pytest-aiohttp": (AIOHTTP, ""),
    "responses": (RESPONSES, ""),
    "respx": (RESPX, ""),
}


@pytest.mark.benchmark(group=f"plugin, {TESTS} tests")
@pytest.mark.parametrize("row", ROWS)
def test_with_a_mock_each(pytester: pytest.Pytester, benchmark: BenchmarkFixture, row: str) -> None:
    body, fixture = ROWS[row]
    pytester.makeini("[pytest]\nasyncio_default_fixture_loop_scope = function")
    pytester.makepyfile(body.format(tests=TESTS, fixture=fixture))
    result = benchmark(pytester.runpytest_inprocess, *QUIET)
    result.assert_outcomes(passed=TESTS)
