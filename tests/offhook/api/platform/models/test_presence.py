"""Messages about presence, in the platform's spelling."""

import msgspec
import pytest

from offhook.api.platform.models.presence import MutableUserPresence, RoutingStatus

IGNORED = '"source": "PURECLOUD", "primary": true, "modifiedDate": null, "selfUri": null'


def test_what_the_sdks_send_besides_is_ignored() -> None:
    sent = f'{{"presenceDefinition": {{"id": "d", "selfUri": null}}, {IGNORED}}}'
    wish = msgspec.json.decode(sent, type=MutableUserPresence)
    assert wish.presence_definition is not None
    assert (wish.presence_definition.id, wish.presence_definition.system_presence) == ("d", None)
    assert wish.message is None


@pytest.mark.parametrize("rest", ["", ', "userId": null, "startTime": null'])
def test_a_routing_status_needs_its_status_alone(rest: str) -> None:
    sent = f'{{"status": "IDLE"{rest}}}'
    assert msgspec.json.decode(sent, type=RoutingStatus).status == "IDLE"
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode('{"status": "idle"}', type=RoutingStatus)
