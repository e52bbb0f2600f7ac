"""The reference client on the platform dialect under judgement.

The adapter is that of the tutorial dialect: both desks have one face.
"""

from offhook_client.aio import Account
from offhook_client.platform.desk import PlatformDesk
from offhook_scenarios.adapters.adapter import Config
from offhook_scenarios.adapters.reference import ReferenceDesk


class PlatformReferenceDesk(ReferenceDesk):
    """Adapter of `offhook_client.platform`: what it believes is of all calls together."""

    name = "reference (platform)"

    def _make_desk(self, account: Account, config: Config) -> PlatformDesk:  # noqa: ARG002 - the platform knows no device.
        return PlatformDesk(account.caller, microphone=self._move)
