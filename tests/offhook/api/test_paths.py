"""Templates of paths, and what leads to them."""

import pytest

from offhook.api.paths import PathTree, parameter, parameters, segments_of

TEMPLATES = ("/users", "/users/me", "/users/{userId}", "/users/{userId}/station", "/a/{x}/{y}")


@pytest.fixture
def tree() -> PathTree[str]:
    made: PathTree[str] = PathTree()
    for template in TEMPLATES:
        made.at(template).value = template
    return made


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("/users", ("/users", ())),
        ("/users/me", ("/users/me", ())),
        ("/users/7", ("/users/{userId}", ("7",))),
        ("/users/me/station", ("/users/{userId}/station", ("me",))),
        ("/a/1/2", ("/a/{x}/{y}", ("1", "2"))),
        ("/a/b%2Fc/%C3%A9", ("/a/{x}/{y}", ("b/c", "é"))),
        ("/users/", None),
        ("/users/7/", None),
        ("/a/1", None),
        ("/a//2", None),
        ("/Users", None),
        ("", None),
    ],
)
def test_a_path_leads_to_its_template_and_a_literal_wins(
    tree: PathTree[str], path: str, found: object
) -> None:
    assert tree.find(path) == found


def test_templates_that_differ_in_names_only_are_one_place(tree: PathTree[str]) -> None:
    assert tree.at("/users/{id}") is tree.at("/users/{userId}")


def test_the_names_of_a_template_come_in_order() -> None:
    assert parameters("/a/{x}/b/{y}") == ("x", "y")
    assert parameters("/a/b") == ()


@pytest.mark.parametrize("segment", ["x", "{}", "{x", "x}", "a{x}"])
def test_a_segment_that_is_not_wholly_in_braces_is_literal(segment: str) -> None:
    assert parameter(segment) is None


def test_bytes_that_are_no_text_become_what_no_id_contains() -> None:
    assert segments_of("/a/%FF") == ["", "a", "\N{REPLACEMENT CHARACTER}"]
