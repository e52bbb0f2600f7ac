"""The org of the token."""

from offhook.api.answer import json_answer
from offhook.api.exchange import Answer
from offhook.api.operation import Call, Operation, Outcome
from offhook.api.platform.models.organization import Organization
from offhook.api.platform.rows import row
from offhook.domain.directory_inputs import OrganizationView


def get_organization(call: Call) -> Answer:
    """The org of the token."""
    return json_answer(200, organization(call.tenancy.org.directory.organization))


def organization(view: OrganizationView) -> Organization:
    """The org in the platform's shape."""
    return Organization(
        id=view.id, name=view.name, third_party_org_name=view.domain, domain=view.domain
    )


OPERATIONS: tuple[Operation, ...] = (
    row(
        "getOrganizationsMe",
        "GET /api/v2/organizations/me",
        "The org of the token.",
        get_organization,
        outcomes={200: Outcome(meaning="The org.", body=Organization)},
    ),
)
