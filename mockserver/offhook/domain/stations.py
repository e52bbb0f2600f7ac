"""Stations: one WebRTC softphone for each user, taken into use or given up."""

import msgspec

from offhook.domain.directory_inputs import (
    AssociateStation,
    DisassociateStation,
    StationAction,
    StationChange,
    StationView,
)
from offhook.domain.entropy import Entropy
from offhook.domain.errors import DomainError
from offhook.domain.users import Users


class Stations:
    """Every station of an org. At the beginning all are in use."""

    def __init__(self, users: Users, *, entropy: Entropy, now: float) -> None:
        self._all: dict[str, StationView] = {}
        self._of_user: dict[str, str] = {}
        self._changed: list[StationChange] = []
        for user in users.all():
            station = StationView(
                id=entropy.id("station"),
                name=f"{user.name}, softphone",
                owner_id=user.id,
                owner_name=user.name,
                associated_at=now,
            )
            self._all[station.id] = station
            self._of_user[user.id] = station.id

    def all(self) -> tuple[StationView, ...]:
        """Every station, in the order of the users."""
        return tuple(self._all.values())

    def need(self, station_id: str) -> StationView:
        """The station of that id. Raises `DomainError` (404)."""
        station = self._all.get(station_id)
        if station is None:
            raise DomainError("not.found", f"There is no station {station_id!r}.")
        return station

    def of(self, user_id: str) -> StationView:
        """The station of a user that there is, in use or not."""
        return self._all[self._of_user[user_id]]

    def associate(self, item: AssociateStation, *, now: float) -> None:
        """Take a station into use. Raises `DomainError` (404, 409)."""
        station = self.need(item.station_id)
        if station.owner_id != item.user_id:
            raise DomainError(
                "general.conflict",
                f"Station {station.id} is the softphone of {station.owner_name}, and of nobody "
                "else.",
            )
        if station.associated_at is None:
            self._set(station, StationAction.ASSOCIATED, associated_at=now)

    def disassociate(self, item: DisassociateStation) -> None:
        """Give up the station in use, if there is one."""
        station = self.of(item.user_id)
        if station.associated_at is not None:
            self._set(station, StationAction.DISASSOCIATED, associated_at=None)

    @property
    def changed(self) -> bool:
        """Whether `take_changed` has anything to tell."""
        return bool(self._changed)

    def take_changed(self) -> list[StationChange]:
        """What has changed since last asked, in order. Asking empties it."""
        changed, self._changed = self._changed, []
        return changed

    def _set(
        self, station: StationView, action: StationAction, *, associated_at: float | None
    ) -> None:
        after = msgspec.structs.replace(station, associated_at=associated_at)
        self._all[station.id] = after
        self._changed.append(StationChange(station=after, action=action))
