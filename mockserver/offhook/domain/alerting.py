"""Which of a user's connections alerts, when there are several (wire contract §5.1)."""

from offhook.domain.directory_inputs import LeadAlerting, LeaderView, SetAlertable
from offhook.domain.errors import DomainError


class Alerting:
    """The connections of every user that can alert, and the one that does."""

    def __init__(self) -> None:
        self._alertable: dict[str, dict[str, None]] = {}
        self._leaders: dict[str, LeaderView] = {}

    def leader(self, user_id: str) -> LeaderView:
        """The connection that alerts for a user. Raises `DomainError` (404)."""
        leader = self._leaders.get(user_id)
        if leader is None:
            raise DomainError("not.found", "No connection of the user alerts.")
        return leader

    def set_alertable(self, item: SetAlertable) -> None:
        """A connection can alert, or can no longer; the first one that can, leads."""
        connections = self._alertable.setdefault(item.user_id, {})
        leader = self._leaders.get(item.user_id)
        if item.alertable:
            connections[item.connection_id] = None
        else:
            connections.pop(item.connection_id, None)
            if leader is not None and leader.connection_id == item.connection_id:
                del self._leaders[item.user_id]
        if item.user_id not in self._leaders and connections:
            first = next(iter(connections))
            self._leaders[item.user_id] = LeaderView(connection_id=first, client_type=None)

    def lead(self, item: LeadAlerting) -> None:
        """A connection alerts from now on. Raises `DomainError` (404) when none is there."""
        known = self._alertable.get(item.user_id, {})
        connection_id = item.connection_id or next(reversed(known), None)
        if connection_id is None:
            raise DomainError(
                "not.found", "The user has no connection that can alert, and the body names none."
            )
        self._leaders[item.user_id] = LeaderView(
            connection_id=connection_id, client_type=item.client_type
        )
