"""Which of a user's connections alerts (wire contract §5.1). No SDK has methods for it."""

from offhook.api.answer import json_answer
from offhook.api.exchange import Answer
from offhook.api.operation import Call, Operation, Outcome
from offhook.api.platform.models.users import AlertingLeader, Connection
from offhook.api.platform.rows import (
    ANOTHER_USER,
    NO_SUCH_USER,
    USER_ID,
    own_user_in_path,
    path_id,
    refused,
    row,
    user_of,
)
from offhook.domain.directory_inputs import LeadAlerting, SetAlertable
from offhook.domain.evidence import Evidence

_LEADER = "/api/v2/users/alertingleader"


def get_leader(call: Call) -> Answer:
    """The connection that alerts for the token's user."""
    leader = call.tenancy.org.directory.alerting.leader(user_of(call))
    return json_answer(
        200, AlertingLeader(connection_id=leader.connection_id, client_type=leader.client_type)
    )


def put_leader(call: Call) -> Answer:
    """Claim to be the one that alerts; the last alertable connection when none is named."""
    claim: AlertingLeader = call.body or AlertingLeader()
    call.tenancy.org.receive(
        LeadAlerting(
            user_id=user_of(call),
            connection_id=claim.connection_id,
            client_type=claim.client_type,
        ),
        now=call.now,
    )
    return get_leader(call)


def patch_connection(call: Call) -> Answer:
    """Say whether a connection can alert; the first one that can, leads."""
    user = own_user_in_path(call)
    call.tenancy.org.receive(
        SetAlertable(
            user_id=user.id,
            connection_id=call.path["connectionId"],
            alertable=call.body.alertable,
        ),
        now=call.now,
    )
    return json_answer(200, call.body)


_NOBODY = refused("No connection of the user can alert.")
_THE_LEADER = Outcome(meaning="The connection that alerts.", body=AlertingLeader)

OPERATIONS: tuple[Operation, ...] = (
    row(
        "getUsersAlertingleader",
        f"GET {_LEADER}",
        "The connection that alerts for the token's user.",
        get_leader,
        outcomes={200: _THE_LEADER, 404: _NOBODY},
        user=True,
    ),
    row(
        "putUsersAlertingleader",
        f"PUT {_LEADER}",
        "Claim to be the connection that alerts.",
        put_leader,
        outcomes={200: _THE_LEADER, 404: _NOBODY},
        body=AlertingLeader | None,
        user=True,
        evidence=Evidence.ASSUMED,
    ),
    row(
        "patchAppsUserConnection",
        "PATCH /api/v2/apps/users/{userId}/connections/{connectionId}",
        "Say whether a connection can alert.",
        patch_connection,
        outcomes={
            200: Outcome(meaning="It is known now.", body=Connection),
            403: ANOTHER_USER,
            404: NO_SUCH_USER,
        },
        params=(
            USER_ID,
            path_id("connectionId", "The id of the streaming connection."),
        ),
        body=Connection,
    ),
)
