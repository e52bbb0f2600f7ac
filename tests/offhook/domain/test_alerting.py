"""Which connection alerts."""

import pytest

from offhook.domain.alerting import Alerting
from offhook.domain.directory_inputs import LeadAlerting, LeaderView, SetAlertable
from offhook.domain.errors import DomainError


@pytest.fixture
def alerting() -> Alerting:
    return Alerting()


def can(alerting: Alerting, connection_id: str, *, alertable: bool = True) -> None:
    item = SetAlertable(user_id="u", connection_id=connection_id, alertable=alertable)
    alerting.set_alertable(item)


def lead(alerting: Alerting, connection_id: str | None, client_type: str | None = None) -> None:
    item = LeadAlerting(user_id="u", connection_id=connection_id, client_type=client_type)
    alerting.lead(item)


def test_without_a_connection_nobody_leads(alerting: Alerting) -> None:
    with pytest.raises(DomainError) as refused:
        alerting.leader("u")
    assert refused.value.code == "not.found"
    with pytest.raises(DomainError) as refused:
        lead(alerting, None)
    assert refused.value.code == "not.found"


def test_the_first_that_can_leads_until_it_cannot(alerting: Alerting) -> None:
    can(alerting, "one")
    can(alerting, "two")
    assert alerting.leader("u").connection_id == "one"
    can(alerting, "one", alertable=False)
    assert alerting.leader("u").connection_id == "two"
    can(alerting, "two", alertable=False)
    with pytest.raises(DomainError):
        alerting.leader("u")


def test_whoever_claims_it_leads(alerting: Alerting) -> None:
    can(alerting, "one")
    can(alerting, "two")
    lead(alerting, None)
    assert alerting.leader("u") == LeaderView(connection_id="two", client_type=None)
    lead(alerting, "three", "webrtc")
    assert alerting.leader("u") == LeaderView(connection_id="three", client_type="webrtc")


def test_that_another_cannot_changes_no_leader(alerting: Alerting) -> None:
    can(alerting, "one")
    can(alerting, "two", alertable=False)
    assert alerting.leader("u").connection_id == "one"
