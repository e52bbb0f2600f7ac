"""API definitions from files."""

import json
from pathlib import Path

import pytest

from offhook.adapters.definition_file import load_definition
from offhook.api.definition import DefinitionError


def test_a_definition_is_read_from_its_file(tmp_path: Path) -> None:
    path = tmp_path / "api.json"
    path.write_text(json.dumps({"swagger": "2.0", "paths": {"/a": {"get": {}}}}), encoding="utf-8")
    assert load_definition(path).shape("GET", "/a") is not None


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"swagger: '2.0'", "is not JSON: "),
        (b"", "is not JSON: "),
        (b'"\xff"', "is not JSON: "),
        (b"[" * 5000, "is not JSON: "),
        (b"{}", "is no API definition: "),
    ],
)
def test_what_is_wrong_is_one_sentence_that_names_the_file(
    tmp_path: Path, content: bytes, told: str
) -> None:
    path = tmp_path / "api.json"
    path.write_bytes(content)
    with pytest.raises(DefinitionError) as refused:
        load_definition(path)
    assert str(refused.value).startswith(f"{path}: {told}")
    assert str(refused.value).endswith(".")
    assert "\n" not in str(refused.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(DefinitionError, match=r"none\.json: cannot be read: No such file"):
        load_definition(tmp_path / "none.json")
