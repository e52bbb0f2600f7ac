"""What a test with the fixture costs beyond an empty one, in whole runs of pytest.

The bar is 1 ms a test on a quiet machine. Read the difference of the two rows, divided by
the number of tests; both pay for pytest's own start.
"""

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

import offhook.testing.rig

pytest_plugins = "pytester"

TESTS = 300
QUIET = ("-q", "-p", "no:schemathesis", "-p", "no:hypothesispytest", "-p", "no:cacheprovider")
LOADED = offhook.testing.rig
"""What a first use imports is imported already: it is paid once a run, not once a test."""

BODY = """
import pytest

@pytest.mark.parametrize("turn", range({tests}))
def test_it(turn{fixture}): pass
"""


def run(pytester: pytest.Pytester, benchmark: BenchmarkFixture, fixture: str) -> None:
    pytester.makeini("[pytest]\nasyncio_default_fixture_loop_scope = function")
    pytester.makepyfile(BODY.format(tests=TESTS, fixture=fixture))
    result = benchmark(pytester.runpytest_inprocess, *QUIET)
    result.assert_outcomes(passed=TESTS)


@pytest.mark.benchmark(group=f"plugin, {TESTS} tests")
def test_the_floor_empty_tests(pytester: pytest.Pytester, benchmark: BenchmarkFixture) -> None:
    run(pytester, benchmark, "")


@pytest.mark.benchmark(group=f"plugin, {TESTS} tests")
def test_with_a_mock_each(pytester: pytest.Pytester, benchmark: BenchmarkFixture) -> None:
    run(pytester, benchmark, ", offhook")
