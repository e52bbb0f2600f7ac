"""Bodies: what cannot be read is a 400 that names the place, whatever was sent."""

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.drawn import near, reaches

from offhook.api.decode import MAX_DEPTH, decode_body, decode_text, depth_over, is_json
from offhook.domain.errors import DomainError


class Inner(msgspec.Struct):
    """A part of the probe."""

    count: int = 0


class Probe(msgspec.Struct):
    """A message with every kind of field."""

    muted: bool
    level: float = 0.0
    inner: Inner | None = None
    many: list[Inner] = []
    by_name: dict[str, Any] = {}


class Strict(msgspec.Struct, forbid_unknown_fields=True):
    """A message that refuses what it does not know."""

    muted: bool


def refused(body: bytes, message: Any = Probe) -> DomainError:
    with pytest.raises(DomainError) as caught:
        decode_body(body, message)
    assert caught.value.status == 400
    return caught.value


def test_a_good_body_is_an_instance_and_unknown_fields_are_ignored() -> None:
    assert decode_body(b'{"muted": true, "unknown": [1]}', Probe) == Probe(muted=True)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "needs a JSON object as its body"),
        (b"  \n", "needs a JSON object as its body"),
        (b"null", "needs a JSON object as its body"),
        (b'{"muted": \xff}', "not UTF-8: byte 10"),
        (b'{"muted": true, "x": "\xc3("}', "not UTF-8: byte 22"),
        ('{"muted": true, "x": "é"}'.encode("latin-1"), "not UTF-8"),
        ('{"muted": true}'.encode("utf-16"), "not UTF-8"),
        (b'\xef\xbb\xbf{"muted": true}', "byte order mark"),
        (b"{", "not JSON"),
        (b'{"muted": true} x', "not JSON"),
        (b"{'muted': true}", "not JSON"),
        (b'{"muted": true,}', "not JSON"),
        (b'{"muted": true, "level": NaN}', "not JSON"),
        (b'{"muted": true, "level": Infinity}', "not JSON"),
        (b'{"muted": true, "x": -Infinity}', "not JSON"),
        (b'{"muted": true, "level": 1e999}', "not JSON"),
        (b'{"muted": true, "x": 01}', "not JSON"),
        (b'{"muted": true, "x": "\\ud800"}', "not JSON"),
        (b'{"muted": true, "x": "\x00"}', "not JSON"),
        (b"<muted>true</muted>", "not JSON"),
        (b"muted=true", "not JSON"),
    ],
)
def test_what_is_not_json_is_told_apart(body: bytes, words: str) -> None:
    error = refused(body)
    assert error.code == "bad.request"
    assert words in error.message


@pytest.mark.parametrize(
    ("body", "field", "words"),
    [
        (b"{}", "muted", "lacks the field 'muted'"),
        (b'{"muted": 1}', "muted", "Expected `bool`, got `int`"),
        (b'{"muted": "true"}', "muted", "Expected `bool`, got `str`"),
        (b'{"muted": null}', "muted", "Expected `bool`, got `null`"),
        (b'{"muted": true, "level": "1"}', "level", "Expected `float`"),
        (b'{"muted": true, "inner": {"count": 1.5}}', "inner.count", "Expected `int`"),
        (b'{"muted": true, "many": [{}, {"count": "1"}]}', "many[1].count", "Expected `int`"),
    ],
)
def test_a_wrong_field_is_named_with_what_would_be_right(
    body: bytes, field: str, words: str
) -> None:
    error = refused(body)
    assert error.facts["field"] == field
    assert field in error.message
    assert words in error.message


def test_a_body_of_another_kind_says_which() -> None:
    assert "Expected `object`, got `array`" in refused(b"[]").message


def test_an_unknown_field_is_named_where_it_is_refused() -> None:
    error = refused(b'{"muted": true, "mutde": 1}', Strict)
    assert error.code == "invalid.property"
    assert error.facts == {"field": "mutde"}


def test_a_whole_number_may_be_written_as_a_fraction() -> None:
    """JSON Schema counts 58.0 among the integers (2020-12, §4.2.3), and the document is one."""
    body = b'{"muted": true, "level": 0.5, "inner": {"count": 58.0}}'
    assert decode_body(body, Probe) == Probe(muted=True, level=0.5, inner=Inner(count=58))


def test_floats_stay_what_they_are() -> None:
    probe = decode_body(b'{"muted": true, "level": 1.0, "by_name": {"x": 2.0}}', Probe)
    assert isinstance(probe.level, float)
    assert isinstance(probe.by_name["x"], float)


def test_nothing_and_null_are_good_where_the_type_allows_none() -> None:
    for body in (b"", b" ", b"null"):
        assert decode_body(body, Probe | None) is None


@pytest.mark.parametrize(
    "body",
    [
        b'{"muted": true, "muted": false}',
        b'{"muted":true,"muted":false}',
        b'{"muted"\t:true,"muted"\r\n: false}',
        b'{"muted": true, "m\\u0075ted": false}',
        b'{"muted": true, "x": {"muted": 1, "muted": 1}}',
        b'{"muted": true, "x": [{"y": {"muted": 1, "muted": 2}}]}',
    ],
)
def test_a_key_that_stands_twice_in_one_object_is_refused(body: bytes) -> None:
    error = refused(body)
    assert error.facts == {"field": "muted"}
    assert "twice" in error.message


def test_equal_keys_of_different_objects_are_good() -> None:
    good = decode_body(b'{"muted": true, "x": [{"muted": 1}, {"muted": 2}]}', Probe)
    assert good == Probe(muted=True)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=3),
        lambda inner: (
            st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3)
        ),
        max_leaves=8,
    )
)
def test_whatever_a_json_writer_writes_is_read_back(value: Any) -> None:
    assert decode_text(json.dumps(value), Any, what="body") == value
    assert decode_text(json.dumps(value, indent=1), Any, what="body") == value


@pytest.mark.parametrize("levels", [MAX_DEPTH, 1_000, 100_000, 250_000])
@pytest.mark.parametrize("pair", [("[", "]"), ('{"a":', "}")], ids=["arrays", "objects"])
def test_deep_bodies_are_refused_by_a_scan(levels: int, pair: tuple[str, str]) -> None:
    opening, closing = pair
    body = b'{"muted": true, "x": ' + (opening * levels + "1" + closing * levels).encode() + b"}"
    assert "deep" in refused(body).message
    assert "deep" in refused(b'{"muted": true, "x": ' + opening.encode() * levels).message


def test_the_deepest_allowed_body_is_read() -> None:
    inner = "[" * (MAX_DEPTH - 1) + "]" * (MAX_DEPTH - 1)
    assert decode_body(f'{{"muted": true, "x": {inner}}}'.encode(), Probe) == Probe(muted=True)


@given(st.text(alphabet='[]{}"\\a,:', max_size=60), st.integers(0, 5))
def test_the_scan_counts_brackets_outside_of_strings(text: str, limit: int) -> None:
    """Against a reader that goes letter by letter."""
    depth = deepest = 0
    in_string = escaped = False
    for letter in text:
        if in_string:
            if escaped:
                escaped = False
            elif letter == "\\":
                escaped = True
            elif letter == '"':
                in_string = False
        elif letter == '"':
            in_string = True
        elif letter in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif letter in "]}":
            depth -= 1
    assert depth_over(text, limit) == (deepest > limit)


@pytest.mark.parametrize("filler", ['"', '\\"', '"\\', "{}", '["', "x"])
def test_half_a_megabyte_is_scanned_whatever_it_holds(filler: str) -> None:
    """A scan that began again at each quote would not come back from these for minutes."""
    brackets = "[]" * (MAX_DEPTH + 1)
    assert not depth_over('"' + filler * (512_000 // len(filler)) + brackets, 600_000)
    assert depth_over("[" * (MAX_DEPTH + 1) + filler * (512_000 // len(filler)), MAX_DEPTH)


BODIES = st.binary(max_size=40) | near(
    '{"muted": true, "unknown": [1]}',
    '{"muted":false,"level":0.5,"inner":{"count":58.0},"many":[{"count":1},{}]}',
    '{"by_name": {"muted": [null, "é"]}, "muted": true, "inner": null}',
).map(lambda text: text.encode(errors="surrogatepass"))


def is_read(body: bytes) -> bool:
    try:
        decode_body(body, Probe)
    except DomainError:
        return False
    return True


@given(BODIES)
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    """What is read is what another reader of JSON reads."""
    if is_read(body):
        probe, said = decode_body(body, Probe), json.loads(body)
        assert (probe.muted, probe.level) == (said["muted"], said.get("level", 0.0))
        assert len(probe.many) == len(said.get("many", []))
        assert probe.by_name == said.get("by_name", {})


def test_some_of_them_are_read() -> None:
    reaches(BODIES, lambda body: (is_read(body), b"count" in body), (True, True), (False, True))


@pytest.mark.parametrize(
    ("content_type", "right"),
    [
        ("application/json", True),
        ("Application/JSON ; charset=utf-8", True),
        ("application/problem+json", True),
        ("application/vnd.x-1.y+json;v=1", True),
        ("application/jsonp", False),
        ("text/json", False),
        ("application/+json", False),
        ("", False),
        ("application/json, text/plain", False),
    ],
)
def test_which_content_types_are_json(content_type: str, right: bool) -> None:  # noqa: FBT001 - a column of the table.
    assert is_json(content_type) is right
