"""The settings' table and the order in which their sources count."""

import itertools

import pytest

from offhook.testing.options import (
    MARKER,
    SETTINGS,
    Given,
    OptionError,
    Setting,
    check_marker,
    chosen,
)

SOURCES = ("marker", "command_line", "environment", "ini")


def ask(setting: Setting, given: dict[str, object]) -> Given | None:
    name = setting.name
    return chosen(
        setting,
        marker={name: given["marker"]} if "marker" in given else {},
        command_line=given.get("command_line"),
        environment={setting.variable: str(given["environment"])} if "environment" in given else {},
        ini=given.get("ini", ""),
    )


def test_of_any_set_of_sources_the_nearest_counts() -> None:
    for count in range(1, 5):
        for some in itertools.combinations(SOURCES, count):
            found = ask(
                SETTINGS["seed"], {name: at for at, name in enumerate(SOURCES) if name in some}
            )
            assert found is not None
            assert found.value == SOURCES.index(some[0]), some
    assert ask(SETTINGS["seed"], {}) is None
    assert ask(SETTINGS["seed"], {"environment": "", "ini": ""}) is None


@pytest.mark.parametrize("setting", SETTINGS.values(), ids=lambda s: s.name)
def test_every_setting_has_one_stem_everywhere(setting: Setting) -> None:
    assert setting.ini == f"offhook_{setting.name}"
    assert setting.flag == f"--offhook-{setting.name.replace('_', '-')}"
    assert setting.variable == f"OFFHOOK_{setting.name.upper()}"
    for choice in setting.choices:
        found = ask(setting, {"ini": choice})
        assert found == Given(value=choice, source=f"the ini key {setting.ini}")


@pytest.mark.parametrize("setting", SETTINGS.values(), ids=lambda s: s.name)
def test_what_cannot_be_is_refused_with_its_source(setting: Setting) -> None:
    if not (setting.choices or setting.number):
        return
    for source, told in (
        ("marker", "@pytest.mark.offhook"),
        ("command_line", setting.flag),
        ("environment", setting.variable),
        ("ini", f"the ini key {setting.ini}"),
    ):
        with pytest.raises(OptionError, match="is 'wrong'; it must be") as refused:
            ask(setting, {source: "wrong"})
        assert str(refused.value).startswith(told)


def test_a_seed_below_zero_is_refused_and_the_marker_may_set_the_hour() -> None:
    with pytest.raises(OptionError, match="0 or more"):
        ask(SETTINGS["seed"], {"marker": -1})
    found = ask(SETTINGS["clock"], {"marker": 1000})
    assert found is not None
    assert found.value == 1000.0


def test_the_marker_knows_the_settings_and_policies_and_nothing_else() -> None:
    check_marker(dict.fromkeys(MARKER))
    with pytest.raises(OptionError, match="knows no 'report'"):
        check_marker({"report": "out"})  # Of the whole run, not of a test.
    with pytest.raises(OptionError, match="knows no 'policy'; there are seed, clock"):
        check_marker({"policy": {}})
