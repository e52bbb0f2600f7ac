"""The numbers of the invariants, and a finding as a value."""

import msgspec

from offhook_scenarios.oracles.finding import Finding, Invariant


def test_the_invariants_are_numbered_from_zero_without_a_gap() -> None:
    assert [each.value for each in Invariant] == [f"I{number}" for number in range(15)]


def test_a_finding_survives_json() -> None:
    finding = Finding(invariant=Invariant.I4, desk="desk 1", words="went back", at_s=1.5)
    assert msgspec.json.decode(msgspec.json.encode(finding), type=Finding) == finding
