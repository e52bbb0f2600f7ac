"""Explanations are kept for the last refusals, no more."""

from offhook.why import Whys


def test_an_explanation_is_found_by_its_context_id() -> None:
    whys = Whys()
    whys.put("c-1", {"step": "token"})
    assert whys.get("c-1") == {"step": "token"}
    assert whys.get("c-2") is None


def test_the_oldest_is_forgotten_when_there_are_too_many() -> None:
    whys = Whys(capacity=2)
    for name in ("c-1", "c-2", "c-3"):
        whys.put(name, {"name": name})
    assert len(whys) == 2
    assert whys.get("c-1") is None
    assert whys.get("c-3") == {"name": "c-3"}


def test_the_same_id_again_is_the_newest() -> None:
    whys = Whys(capacity=2)
    for name in ("c-1", "c-2", "c-1", "c-3"):
        whys.put(name, {})
    assert whys.get("c-1") is not None
    assert whys.get("c-2") is None
