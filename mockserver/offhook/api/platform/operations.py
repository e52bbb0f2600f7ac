"""The rows of the platform dialect, joined."""

from offhook.api.operation import Operation
from offhook.api.platform import (
    alerting,
    conversations,
    diagnostics,
    notifications,
    organization,
    presence,
    routing,
    stations,
    tokens,
    users,
    wrapups,
)

OPERATIONS: tuple[Operation, ...] = (
    *users.OPERATIONS,
    *organization.OPERATIONS,
    *tokens.OPERATIONS,
    *stations.OPERATIONS,
    *presence.OPERATIONS,
    *routing.OPERATIONS,
    *conversations.OPERATIONS,
    *wrapups.OPERATIONS,
    *notifications.OPERATIONS,
    *alerting.OPERATIONS,
    *diagnostics.OPERATIONS,
)
