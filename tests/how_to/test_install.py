"""What is said of installing: the extras there are, and no name on an index that is not ours."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "how-to" / "install.md"
SAID = [
    ROOT / "README.md",
    *(
        path
        for path in (ROOT / "docs").rglob("*")
        if path.is_file() and path.parent.name != "__pycache__"
    ),
]
BARE = re.compile(r"pip install(?: -\S+)* (?:[^\s`]+ )*?[\"']?offhook[\"']?(?=[\s`]|$)(?! @)")


@pytest.mark.parametrize("path", sorted(SAID), ids=lambda path: path.name)
def test_nobody_is_sent_to_an_index_where_offhook_is_not(path: Path) -> None:
    text = path.read_text(encoding="utf-8").replace("`pip install offhook` alone finds nothing", "")
    assert BARE.search(text) is None, (
        f"{path.name} installs offhook by its bare name: say how, as docs/how-to/install.md does."
    )


def test_a_bare_name_is_noticed_and_others_are_not() -> None:
    for bare in ("pip install offhook", "pip install pytest offhook x", "pip install -q 'offhook'"):
        assert BARE.search(bare), bare
    for good in (
        "pip install ./offhook",
        "pip install 'offhook[load]'",
        'pip install "offhook @ https://x/offhook/TAG.tar.gz" pytest',
        "pip install /path/to/offhook pytest",
    ):
        assert BARE.search(good) is None, good


def test_the_extras_are_those_of_the_project() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    shown = re.findall(r"^\| `(\w+)` \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert shown == list(project["optional-dependencies"])
