"""The rows of the platform dialect, joined."""

from offhook.api.operation import Operation
from offhook.api.platform import notifications

OPERATIONS: tuple[Operation, ...] = (*notifications.OPERATIONS,)
