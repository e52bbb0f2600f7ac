"""Messages about users, in the platform's spelling."""

import msgspec

from offhook.api.platform.models.users import AlertingLeader, Chat, Division, User, UserMe


def test_the_user_of_a_token_is_a_user_and_more() -> None:
    user, me = (
        {field.encode_name for field in msgspec.structs.fields(kind)} for kind in (User, UserMe)
    )
    assert me - user == {"organization", "token"}
    assert user <= me


def test_what_was_not_asked_for_is_absent() -> None:
    user = User(
        id="u",
        name="U",
        division=Division(id="d", self_uri="/d"),
        chat=Chat(jabber_id="u@o"),
        email="",
        username="u",
        self_uri="/u",
    )
    told = msgspec.to_builtins(user)
    assert told["chat"] == {"jabberId": "u@o"}
    assert not {"presence", "routingStatus", "station", "conversationSummary"} & set(told)


def test_a_claim_may_name_nothing() -> None:
    assert msgspec.json.decode("{}", type=AlertingLeader) == AlertingLeader()
