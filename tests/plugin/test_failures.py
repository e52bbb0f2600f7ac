"""What a user reads when a test of theirs fails, and what fails it at its end."""

import pytest

pytest_plugins = "pytester"

CLIENT = """
import urllib.error, urllib.request
import pytest

def get(offhook, path, **token):
    headers = {"Authorization": f"Bearer {offhook.token(**token)}"}
    try:
        with urllib.request.urlopen(urllib.request.Request(offhook.url + path, headers=headers)):
            pass
    except urllib.error.HTTPError as error:
        error.close()
"""


@pytest.fixture(autouse=True)
def asyncio_is_told_its_scope(pytester: pytest.Pytester) -> None:
    pytester.makeini("[pytest]\nasyncio_default_fixture_loop_scope = function")


def run(pytester: pytest.Pytester, body: str, *arguments: str) -> pytest.RunResult:
    pytester.makepyfile(test_user=CLIENT + body)
    return pytester.runpytest(*arguments)


def test_a_missed_call_is_told_with_near_misses_scope_and_remedy(
    pytester: pytest.Pytester,
) -> None:
    result = run(
        pytester,
        """
def test_it(offhook):
    get(offhook, "/api/v2/webrtc/clients/me", scopes=["user:read"])
    offhook.assert_called("getWebrtcClientsMe", status=200)
""",
    )
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "E * The mock saw no getWebrtcClientsMe that was answered 200.",
            "E * Of it the mock saw:",
            "E * GET /api/v2/webrtc/clients/me getWebrtcClientsMe -> 401",
            "E * The scope webrtc:client:read is missing; the token has user:read.",
            "E * Likely remedy: Ask for the scope when the token is issued.",
            "E * The org's clock is system and shows *Z.",
            "*- offhook -*",
            "http://127.0.0.1:*, seed *",
            'Again: pytest "test_user.py::test_it" --offhook-seed *',
        ]
    )
    assert "testing/handle.py" not in result.stdout.str(), "our own frames are hidden"


def test_the_command_that_is_told_runs_the_test_with_its_seed(pytester: pytest.Pytester) -> None:
    result = run(pytester, "\ndef test_it(offhook):\n    assert offhook.seed == 5\n")
    (line,) = [line for line in result.outlines if line.startswith("Again: ")]
    arguments = line.removeprefix("Again: pytest ").replace('"', "").split()
    again = pytester.runpytest(*arguments)
    again.assert_outcomes(failed=1)
    assert line in again.outlines
    pytester.runpytest(*arguments[:-1], "5").assert_outcomes(passed=1)


@pytest.mark.parametrize(
    ("marker", "line", "outcome"),
    [
        ("", 'offhook.faults.add("reply", "getUsersMe", status=503)', {"errors": 1}),
        ("", 'with offhook.faults.add("reply", "getUsersMe", status=503): pass', {"errors": 1}),
        ("", 'offhook.faults.add("delay", delay_s=1, must_bite=False)', {}),
        ("", 'offhook.faults.add("delay", delay_s=1).remove()', {}),
        ("never_bit='allow'", 'offhook.faults.add("delay", delay_s=1)', {}),
        ("", 'offhook.faults.add("delay", delay_s=0); get(offhook, "/api/v2/users/me")', {}),
        ("", 'get(offhook, "/api/v2/teams")', {}),
        ("unmodelled='error'", 'get(offhook, "/api/v2/teams")', {"errors": 1}),
    ],
)
def test_the_end_of_a_test_fails_it_only_for_what_it_left_unproved(
    pytester: pytest.Pytester, marker: str, line: str, outcome: dict[str, int]
) -> None:
    body = f"\n@pytest.mark.offhook({marker})\ndef test_it(offhook):\n    {line}\n"
    run(pytester, body).assert_outcomes(passed=1, **outcome)


def test_a_fault_that_never_bit_says_why(pytester: pytest.Pytester) -> None:
    result = run(
        pytester,
        """
def test_it(offhook):
    offhook.faults.add("reply", "getUsersMe", status=503, skip=5)
    get(offhook, "/api/v2/users/me")
""",
    )
    result.stdout.fnmatch_lines(
        ["The fault 'reply' on getUsersMe never bit: 1 came, and skip=5 let them pass. *"]
    )


def test_in_a_test_that_failed_before_a_fault_that_never_bit_is_no_news(
    pytester: pytest.Pytester,
) -> None:
    result = run(
        pytester,
        '\ndef test_it(offhook):\n    offhook.faults.add("delay", delay_s=1)\n    assert 0\n',
    )
    result.assert_outcomes(failed=1)


def test_an_exception_inside_the_mock_fails_the_test_with_its_traceback(
    pytester: pytest.Pytester,
) -> None:
    result = run(
        pytester,
        """
def test_it(offhook):
    offhook.ask(lambda server: setattr(server.org, "user", None))
    get(offhook, "/api/v2/users/me")
""",
    )
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["Inside the mock something broke: TypeError: *", "Traceback *"])


def test_what_is_not_modelled_is_listed_once_with_its_stub(pytester: pytest.Pytester) -> None:
    body = '\ndef test_{0}(offhook):\n    get(offhook, "/api/v2/teams")\n'
    result = run(pytester, body.format("a") + body.format("b"))
    result.assert_outcomes(passed=2)
    result.stdout.fnmatch_lines(
        [
            "*offhook: asked for, and not modelled*",
            "*2 x GET /api/v2/teams",
            '*offhook.stub("GET /api/v2/teams", json={})',
        ]
    )
    fatal = pytester.runpytest("--offhook-unmodelled=error")
    fatal.assert_outcomes(passed=2, errors=2)


def test_junit_carries_seed_and_url(pytester: pytest.Pytester) -> None:
    run(pytester, "\ndef test_it(offhook): pass\n", "--junitxml=out.xml", "--offhook-seed=7")
    text = (pytester.path / "out.xml").read_text(encoding="utf-8")
    assert '<property name="offhook_seed" value="7" />' in text
    assert '<property name="offhook_url" value="http://127.0.0.1:' in text


def test_a_screen_that_lies_is_told_as_a_story(pytester: pytest.Pytester) -> None:
    result = run(
        pytester,
        """
@pytest.mark.offhook(clock="manual")
def test_it(offhook):
    get(offhook, "/api/v2/webrtc/clients/me")
    offhook.clock.advance(1)
    offhook.believes("muted")
    offhook.clock.advance("5s")
    offhook.believes("live")
    offhook.assert_truthful(within="1s")
""",
    )
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "E * The screen of agent did not tell the truth about the microphone:",
            "E * LIVE 5.0 s: screen muted, caller could hear, from *; 1 s were allowed.",
            "E * server: connected, live: the caller can hear",
            "E * screen: muted",
        ]
    )
