"""The classes of evidence."""

from offhook.domain.evidence import Evidence


def test_the_classes_stand_strongest_first() -> None:
    assert [each.value for each in Evidence] == ["observed", "documented", "tutorial", "assumed"]
