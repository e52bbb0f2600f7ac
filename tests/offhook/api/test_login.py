"""The login page: self-contained, accessible, and everything in it escaped."""

import base64
import hashlib
import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from offhook.api.exchange import Response
from offhook.api.login import login_page, refusal_page
from offhook.oauth.errors import ErrorCode, Refused
from offhook.oauth.inputs import AskLogin
from offhook.oauth.parameters import Parameters

NASTY = "\"><script>alert('x')</script>&amp;"


class Page(HTMLParser):
    """The tags and the text of a page."""

    def __init__(self, body: bytes) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.text = ""
        self.feed(body.decode())
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        self.text += data

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.tags if name == tag]

    def hidden(self) -> dict[str, str]:
        fields = (field for field in self.all("input") if field.get("type") == "hidden")
        return {field["name"]: field["value"] for field in fields}


def ask(problem: str | None = None, **parameters: str) -> AskLogin:
    return AskLogin(
        client_name="A desktop", parameters=Parameters(parameters), username="ada", problem=problem
    )


@given(st.dictionaries(st.text(min_size=1), st.text(min_size=1)))
def test_the_request_survives_the_page_whatever_it_holds(parameters: dict[str, str]) -> None:
    # A browser reads line ends and NUL in its own way; HTMLParser keeps them.
    shown = AskLogin(client_name="x", parameters=Parameters(parameters))
    assert Page(login_page(shown).body).hidden() == parameters


def test_nothing_that_a_stranger_sends_becomes_markup() -> None:
    shown = AskLogin(
        client_name=NASTY, parameters=Parameters({"state": NASTY}), username=NASTY, problem=NASTY
    )
    page = Page(login_page(shown).body)
    assert not page.all("script")
    assert page.hidden() == {"state": NASTY}
    assert NASTY in page.text
    refusal = Page(refusal_page(Refused(error=ErrorCode.INVALID_REQUEST, description=NASTY)).body)
    assert not refusal.all("script")
    assert NASTY in refusal.text


def test_every_visible_field_has_its_label_and_the_page_its_language() -> None:
    page = Page(login_page(ask()).body)
    labels = {label["for"] for label in page.all("label")}
    visible = {field["id"] for field in page.all("input") if field.get("type") != "hidden"}
    assert labels == visible == {"username", "password"}
    assert page.all("html") == [{"lang": "en"}]
    assert page.all("form") == [{"method": "post", "action": "/oauth/authorize"}]
    assert [button["value"] for button in page.all("button")] == ["allow", "deny"]


def test_a_problem_is_announced_and_tied_to_its_fields() -> None:
    assert login_page(ask()).status == 200
    answer = login_page(ask("The password is wrong."))
    assert answer.status == 403
    page = Page(answer.body)
    (alert,) = (each for each in page.all("p") if each.get("role") == "alert")
    fields = [each for each in page.all("input") if each.get("type") != "hidden"]
    assert all(each["aria-describedby"] == alert["id"] for each in fields)
    assert "The password is wrong." in page.text


@pytest.mark.parametrize(
    "answer",
    [
        login_page(ask(state="x")),
        refusal_page(Refused(error=ErrorCode.INVALID_REQUEST, description="no")),
    ],
)
def test_the_page_loads_nothing_and_its_policy_allows_only_its_own_style(answer: Response) -> None:
    page = Page(answer.body)
    assert not {tag for tag, _ in page.tags} & {"script", "link", "img", "iframe"}
    assert not [each for _, each in page.tags if {"src", "onclick", "style"} & each.keys()]
    headers = dict(answer.headers)
    style = re.search(rb"<style>(.*?)</style>", answer.body, re.DOTALL)
    assert style is not None
    digest = base64.b64encode(hashlib.sha256(style[1]).digest()).decode()
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert f"style-src 'sha256-{digest}'" in policy
    assert "form-action" not in policy
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Frame-Options"] == "DENY"


def test_a_refusal_says_what_is_wrong_with_its_status() -> None:
    answer = refusal_page(Refused(error=ErrorCode.INVALID_REQUEST, description="No such client."))
    assert answer.status == 400
    assert "No such client." in Page(answer.body).text
