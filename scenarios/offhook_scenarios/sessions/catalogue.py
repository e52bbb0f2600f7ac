"""The twelve, in the order in which they are played."""

from offhook_scenarios.sessions import (
    answer_lost_though_applied,
    conflict_while_initializing,
    half_open_link_while_muting,
    headset_or_native_mute,
    not_found_after_session_ended,
    old_event_after_new_one,
    rate_limit_with_retry_after,
    reconnect_resets_to_unmuted,
    second_tab_unmutes,
    supervisor_mutes_during_gap,
    token_expires_with_socket_open,
    unauthorized_then_success,
)
from offhook_scenarios.sessions.session import Session

CATALOGUE: tuple[Session, ...] = tuple(
    module.SESSION
    for module in (
        half_open_link_while_muting,
        answer_lost_though_applied,
        rate_limit_with_retry_after,
        token_expires_with_socket_open,
        unauthorized_then_success,
        supervisor_mutes_during_gap,
        headset_or_native_mute,
        reconnect_resets_to_unmuted,
        conflict_while_initializing,
        not_found_after_session_ended,
        second_tab_unmutes,
        old_event_after_new_one,
    )
)
"""Each session is one file beside this one."""
