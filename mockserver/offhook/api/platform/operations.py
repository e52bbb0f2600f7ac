"""The rows of the platform dialect, joined."""

from offhook.api.operation import Operation
from offhook.api.platform import conversations, notifications

OPERATIONS: tuple[Operation, ...] = (*conversations.OPERATIONS, *notifications.OPERATIONS)
