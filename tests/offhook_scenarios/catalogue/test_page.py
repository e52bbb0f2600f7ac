"""The page of the named sessions is what playing them gives."""

from pathlib import Path

from offhook_scenarios.catalogue.named import catalogue
from offhook_scenarios.catalogue.page import page

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "sessions.md"


def test_the_page_is_what_the_sessions_give() -> None:
    assert page() == PAGE.read_text(encoding="utf-8"), (
        "python -m offhook_scenarios.catalogue.page > docs/reference/sessions.md"
    )


def test_every_session_has_its_row_and_its_section() -> None:
    text = PAGE.read_text(encoding="utf-8")
    for name, session in catalogue().items():
        assert f"| [{name}](#{name})" in text
        assert f"## {name}\n" in text
        assert f"]({session.incident}) |" in text
