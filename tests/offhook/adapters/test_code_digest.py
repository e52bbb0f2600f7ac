"""The digest tells any change of the code that an org is made of, and of no other."""

from pathlib import Path

import pytest

from offhook.adapters import code_digest as module
from offhook.adapters.code_digest import code_digest


def test_the_digest_is_of_the_code_that_an_org_is_made_of(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert code_digest() == code_digest()
    for name in ("domain", "api"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "x.py").write_text("1", encoding="utf-8")
    monkeypatch.setattr(module, "_ROOT", tmp_path)
    first = code_digest.__wrapped__()
    (tmp_path / "api" / "x.py").write_text("2", encoding="utf-8")
    assert code_digest.__wrapped__() == first
    (tmp_path / "domain" / "x.py").write_text("2", encoding="utf-8")
    assert code_digest.__wrapped__() != first
