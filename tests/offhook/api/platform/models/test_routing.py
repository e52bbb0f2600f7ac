"""Messages about queues and wrap-up codes, in the platform's spelling."""

import msgspec

from offhook.api.platform.models.routing import AssignedWrapupCode, Queue, UserQueue


def test_a_members_queue_is_a_queue_and_more() -> None:
    queue, own = (
        {field.encode_name for field in msgspec.structs.fields(kind)} for kind in (Queue, UserQueue)
    )
    assert own - queue == {"joined"}


def test_a_code_that_was_not_given_is_an_empty_object() -> None:
    assert msgspec.to_builtins(AssignedWrapupCode()) == {}
