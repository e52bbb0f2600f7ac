"""The plugin's settings, in projects of users: help, precedence, and what is refused."""

import pytest

from offhook.testing.options import SETTINGS

pytest_plugins = "pytester"

SEED = """
import pytest

def test_seed(offhook, request):
    print("seed is", offhook.seed)
"""
MARKED = SEED.replace("def ", "@pytest.mark.offhook(seed=1)\ndef ")
OVERRIDDEN = MARKED + "\n@pytest.fixture\ndef offhook_seed():\n    return 0\n"


@pytest.fixture(autouse=True)
def asyncio_is_told_its_scope(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    ini(pytester)
    for setting in SETTINGS.values():
        monkeypatch.delenv(setting.variable, raising=False)


def ini(pytester: pytest.Pytester, *lines: str) -> None:
    own = ("[pytest]", "asyncio_default_fixture_loop_scope = function", *lines)
    pytester.makefile(".ini", pytest="\n".join(own))


def test_help_shows_a_group_of_its_own_with_defaults(pytester: pytest.Pytester) -> None:
    shown = " ".join(pytester.runpytest("--help").outlines).split()
    text = " ".join(shown)
    assert "offhook: a mock of Genesys Cloud voice control:" in text
    for setting in SETTINGS.values():
        assert setting.flag in text
        # argparse breaks lines at spaces only.
        assert f"(default: {setting.default}; {setting.variable}, {setting.ini})" in text


@pytest.mark.parametrize(
    ("body", "arguments", "environment", "lines", "seed"),
    [
        (OVERRIDDEN, ["--offhook-seed=2"], "3", ["offhook_seed = 4"], 0),
        (MARKED, ["--offhook-seed=2"], "3", ["offhook_seed = 4"], 1),
        (SEED, ["--offhook-seed=2"], "3", ["offhook_seed = 4"], 2),
        (SEED, [], "3", ["offhook_seed = 4"], 3),
        (SEED, [], "", ["offhook_seed = 4"], 4),
    ],
    ids=["fixture", "marker", "command-line", "environment", "ini"],
)
def test_the_nearest_source_counts(  # noqa: PLR0917 - pytest gives them by name.
    pytester: pytest.Pytester,
    monkeypatch: pytest.MonkeyPatch,
    body: str,
    arguments: list[str],
    environment: str,
    lines: list[str],
    seed: int,
) -> None:
    monkeypatch.setenv("OFFHOOK_SEED", environment)
    ini(pytester, *lines)
    pytester.makepyfile(body)
    result = pytester.runpytest("-s", *arguments)
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines([f"*seed is {seed}"])


def test_without_any_source_the_seed_is_the_test_s_own_in_every_run(
    pytester: pytest.Pytester,
) -> None:
    pytester.makepyfile(SEED + SEED.replace("test_seed", "test_other"))
    runs = [
        [line for line in pytester.runpytest("-s").outlines if "seed is" in line] for _ in range(2)
    ]
    assert runs[0] == runs[1]
    assert len(set(runs[0])) == 2


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--offhook-seed=x"], "*--offhook-seed is 'x'; it must be a whole number, 0 or more.*"),
        (["--offhook-clock=fast"], "*--offhook-clock is 'fast'; it must be system or manual.*"),
    ],
)
def test_a_wrong_setting_stops_pytest_before_any_test(
    pytester: pytest.Pytester, arguments: list[str], told: str
) -> None:
    pytester.makepyfile(SEED)
    result = pytester.runpytest(*arguments)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([told])


def test_a_wrong_marker_fails_its_test_in_a_sentence(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        SEED.replace("def ", "@pytest.mark.offhook(sead=1)\ndef ")
        + "\n@pytest.mark.offhook(7)\ndef test_position(offhook): pass\n"
    )
    result = pytester.runpytest("--strict-markers")
    result.assert_outcomes(errors=2)
    result.stdout.fnmatch_lines(
        ["*mark.offhook knows no 'sead'; there are seed, clock, *", "*takes names only*"]
    )
    assert "During handling of the above exception" not in result.stdout.str()


def test_configuration_clock_and_policies_reach_the_mock(pytester: pytest.Pytester) -> None:
    ini(pytester, "offhook_config = org/offhook.toml", "offhook_clock = manual")
    pytester.mkdir("org")
    (pytester.path / "org" / "offhook.toml").write_text(
        '[[orgs]]\nname = "Acme"\n[[orgs.users]]\nusername = "zoe"\npassword = "p"\n'
        "[orgs.policies]\nconnect_delay_s = 7\n",
        encoding="utf-8",
    )
    pytester.makepyfile(
        """
        import pytest
        from offhook.domain.inputs import OpenDevice

        pytestmark = pytest.mark.offhook(policies={"heartbeat_s": 2})

        @pytest.mark.offhook(policies={"drop_grace_s": 3}, clock=1000.0)
        def test_it(offhook, offhook_config):
            assert [user.username for user in offhook_config.users] == ["zoe"]
            policies = offhook_config.policies
            assert (policies.connect_delay_s, policies.heartbeat_s) == (7, 2)
            assert policies.drop_grace_s == 3
            assert offhook.clock.now == 1000.0
            assert offhook.token("zoe")

        def test_ini(offhook):
            began = offhook.clock.now
            offhook.clock.advance("1h")
            assert offhook.clock.now == began + 3600
        """
    )
    pytester.runpytest().assert_outcomes(passed=2)


def test_an_org_that_cannot_be_fails_its_test_in_a_sentence(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        SEED.replace("def ", "@pytest.mark.offhook(policies={'heartbeats': 2})\ndef ")
        + "\n@pytest.mark.offhook(config='none.toml')\ndef test_file(offhook): pass\n"
    )
    result = pytester.runpytest()
    result.assert_outcomes(errors=2)
    result.stdout.fnmatch_lines(["offhook: *heartbeats*", "offhook: *none.toml: cannot be read*"])
    assert "Traceback" not in result.stdout.str()


def test_a_mock_can_be_shared_by_a_module_on_the_worker_s_thread(
    pytester: pytest.Pytester,
) -> None:
    pytester.makepyfile(
        """
        import pytest
        from offhook import serve

        @pytest.fixture(scope="module")
        def mock(offhook_server):
            with serve(thread=offhook_server) as server:
                yield server

        def test_one(mock): assert mock.token()
        def test_two(mock): assert mock.token()
        """
    )
    pytester.runpytest().assert_outcomes(passed=2)


def test_the_org_can_be_declared_in_code(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import pytest, offhook as package

        @pytest.fixture
        def offhook_config():
            user = package.UserSettings(username="ana", password="p")
            return package.OrgSettings(users=(user,), clients=package.DEFAULT.clients)

        def test_it(offhook, make_offhook):
            assert offhook.token("ana")
            other = make_offhook(package.DEFAULT)
            assert other.seed == offhook.seed + 1 and other.token("agent")

        def test_either_may_come_first(make_offhook, offhook):
            assert make_offhook().seed == offhook.seed + 1
        """
    )
    pytester.runpytest().assert_outcomes(passed=2)
