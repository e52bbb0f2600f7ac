"""What an invariant asks for, and what is probably wrong in a client that breaks it.

Two literal tables. A cause is looked for by invariant and trouble (`step_words.trouble`), the
trouble's first word next, the invariant alone at last. What the findings themselves tell goes
first: `real` is an escape, `down` an event socket, `broke` a press that raises, `untrue` one
whose end is told otherwise than it was, `switch` the client's own; the rest are ways to storm.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum

from offhook_scenarios.check.step_words import troubles
from offhook_scenarios.oracles.command_liveness import HEALTHY
from offhook_scenarios.oracles.honest_doubt import SOCKET_DOWN
from offhook_scenarios.oracles.hygiene import BROKE
from offhook_scenarios.oracles.screen import DISCONNECTED
from offhook_scenarios.plan.judgement import Finding
from offhook_scenarios.plan.plan import Plan
from offhook_scenarios.sim.errors import NOT_SIMULATED

RULES: dict[str, str] = {
    "I0": "The client neither hangs nor runs in a circle, and reaches for nothing real.",
    "I1": "Once all is quiet the screen becomes right, and says so.",
    "I2": "The screen does not say muted while the caller can hear.",
    "I3": "The screen does not say live while the caller cannot hear.",
    "I4": "What the screen rests on never goes back to something older.",
    "I5": "One press has one effect, however often it is sent.",
    "I6": "After a 429 nothing is sent before its Retry-After is over; nobody dials in a storm.",
    "I7": "No unmute that was asked for before another hand's mute takes effect after it.",
    "I8": "Presses take effect in the order in which they were made.",
    "I9": "Every press comes to an end in time, and the end is told.",
    "I10": "The client does not break, and leaves nothing behind.",
    "I11": "News of one device changes no other device's screen.",
    "I12": "A client that was healthy is right again soon after one clean cut.",
    "I13": "While it cannot know, the screen says unknown.",
    "I14": "In the end the last press holds, unless somebody else acted after it.",
}
"""What each invariant asks for, in a sentence."""


class Cause(StrEnum):
    """What is probably wrong, and what to do about it."""

    WAITS_FOR_EVER = (
        "Something waits for what never comes, or tries again without a pause: give every "
        "wait a deadline, and every retry a backoff."
    )
    REAL = (
        "It blocks, or reaches for a thread, a file or a socket of the machine: use what asyncio "
        "has for it; a client that cannot is played with --on wire."
    )
    STORMS = "It reconnects in a fixed, short rhythm: back off, with jitter, up to a cap."
    PARTED = (
        "The screen and the server part, and nothing brings them together again: read the "
        "state after every gap."
    )
    NO_SNAPSHOT = (
        "Once it is connected again the client asks nobody for the state: read it, after "
        "the socket is open."
    )
    NOT_BACK = (
        "Once its connection is lost the client opens no event socket again, or never gets so "
        "far: dial after every loss, with a backoff, until it is open, and read the state then."
    )
    BREAKS = (
        "The client raises when it is pressed, and the press comes to nothing: whatever may "
        "fail in set_mute() has to be caught there, and tried again or told."
    )
    DEAF = (
        "While the event socket is down nobody would tell of a change, and a value is shown all "
        "the same: show unknown until it is open again and the state has been read."
    )
    NO_WAY_BACK = (
        "A press that fails leaves the screen where it was: take the wish back, or send it again."
    )
    NO_PING = (
        "A dead link is not noticed: send pings, expect pongs, and hold the link for dead without."
    )
    TIMEOUT_IS_NO = (
        "What timed out or was lost is taken for a no, though it may have been applied: "
        "send it again under the same key, or read the state."
    )
    ONE_TRY = "One refusal ends the trying for good: try again after a backoff, up to a cap."
    EPOCH = (
        "The server came back as another: a new epoch makes void all that is known, also "
        "where its revisions look older."
    )
    REFRESH = (
        "A 401 is not followed by one refresh of the token, shared by all who wait for it, "
        "and the request once more."
    )
    TRUSTS_MEMORY = "After its own restart the client trusts what it had: read the state first."
    NO_TIMEOUT = (
        "Bytes that never come are waited for: give every request a deadline, and read the "
        "state after it."
    )
    OLD_NEWS = "Old news overwrites newer: compare versions before anything is shown."
    GAP = (
        "An event that is missing is not missed: compare revisions, and read the state after a gap."
    )
    READER_DIES = "One unreadable event ends the listening: throw it away, and read the state."
    GARBLED_SKIPPED = (
        "An unreadable event is skipped, and the value before it still shown: show unknown, "
        "and read the state."
    )
    SHOWS_WISH = "The screen shows what was asked for, and not what the server has confirmed."
    STALE = (
        "What is known is old, and is still shown as certain: show unknown until it has "
        "been read again."
    )
    SILENT_SOCKET = (
        "The socket of an expired token is silent, and its silence is taken for no news: "
        "ask, now and then."
    )
    HAMMERS = (
        "What is refused or fails is sent again at once: back off, longer each time, also where "
        "no Retry-After asks for it, and give up when a token just granted is refused."
    )
    SWITCH = (
        "The own switch lets sound through though mute was pressed: cut it with the press, and "
        "open it only when live is wanted and confirmed, in doubt least of all."
    )
    UNTRUE_END = (
        "How a press ended is told otherwise than it did: ok when the server has confirmed it, "
        "failed when it has not, overtaken only when somebody else has set mute."
    )
    PRESS_STUCK = (
        "A press no longer has its effect though nothing is wrong: look at what each answer "
        "says, and where it says that what you know is old, read the state and send it anew."
    )
    RETRY_AFTER = (
        "The wait that the server asked for is not kept: wait for Retry-After, in all "
        "requests of the client together."
    )
    ANEW = (
        "A request whose answer was lost is sent anew as another: keep its Idempotency-Key, "
        "and set a value instead of toggling."
    )
    NO_PRECONDITION = (
        "An unmute is sent without what it was based on: send If-Match with the version "
        "that was on the screen when it was pressed, and give up on 412."
    )
    TWO_AT_ONCE = (
        "Two requests of one desk are under way at once: send one, wait for its end, then "
        "send the next."
    )
    NO_DEADLINE = (
        "A press waits for an answer that does not come: give it a deadline, and tell its end."
    )
    LEFT_BEHIND = (
        "An exception goes where nobody looks, or a task or a connection is left: end them "
        "all in stop()."
    )
    OTHER_DEVICE = "Events are not sorted by the device that they are about."
    BACKOFF_KEPT = (
        "The reconnect backoff never begins anew: reset it after a link that was healthy "
        "for a while."
    )
    OWN_IS_FOREIGN = (
        "Of two quick presses the older one comes last, or the client takes its own write "
        "for somebody else's: send in turn, and know your own by the intent."
    )


_WRONG_SCREEN: dict[str, Cause] = {
    "": Cause.STALE,
    "nothing": Cause.NO_SNAPSHOT,
    "press": Cause.NO_SNAPSHOT,
    "partition": Cause.NO_PING,
    "halfOpen": Cause.NO_PING,
    "push-stall": Cause.NO_PING,
    "wire": Cause.NO_PING,
    "reply": Cause.SHOWS_WISH,
    "abort": Cause.SHOWS_WISH,
    "delay": Cause.SHOWS_WISH,
    "slow": Cause.SHOWS_WISH,
    "push-drop": Cause.GAP,
    "push-garble": Cause.GARBLED_SKIPPED,
    "expire": Cause.SILENT_SOCKET,
}
"""Why a screen says muted or live, and it is not so."""

CAUSES: dict[str, dict[str, Cause]] = {
    "I0": {
        "": Cause.WAITS_FOR_EVER,
        "real": Cause.REAL,
        "restart": Cause.STORMS,
        "refuse": Cause.STORMS,
    },
    "I1": {
        "": Cause.PARTED,
        "nothing": Cause.NO_SNAPSHOT,
        "press": Cause.NO_WAY_BACK,
        "cut": Cause.NO_SNAPSHOT,
        "partition": Cause.NO_PING,
        "halfOpen": Cause.NO_PING,
        "slow": Cause.TIMEOUT_IS_NO,
        "refuse": Cause.ONE_TRY,
        "restart": Cause.EPOCH,
        "expire": Cause.REFRESH,
        "client": Cause.TRUSTS_MEMORY,
        "wire": Cause.NO_TIMEOUT,
        "delay": Cause.OLD_NEWS,
        "reply 401": Cause.REFRESH,
        "reply": Cause.ONE_TRY,
        "abort": Cause.TIMEOUT_IS_NO,
        "truncate": Cause.ONE_TRY,
        "push-drop": Cause.GAP,
        "push-delay": Cause.OLD_NEWS,
        "push-duplicate": Cause.OLD_NEWS,
        "push-hold": Cause.OLD_NEWS,
        "push-close": Cause.NO_SNAPSHOT,
        "push-stall": Cause.NO_PING,
        "push-garble": Cause.READER_DIES,
    },
    "I2": {
        **_WRONG_SCREEN,
        "switch": Cause.SWITCH,
        "push-delay": Cause.OLD_NEWS,
        "push-hold": Cause.OLD_NEWS,
    },
    "I3": _WRONG_SCREEN,
    "I4": {
        "": Cause.OLD_NEWS,
        "restart": Cause.EPOCH,
    },
    "I5": {
        "": Cause.ANEW,
    },
    "I6": {
        "": Cause.RETRY_AFTER,
        "requests": Cause.HAMMERS,
        "dials": Cause.STORMS,
        "sockets": Cause.STORMS,
        "jitter": Cause.STORMS,
        "cut": Cause.STORMS,
        "refuse": Cause.STORMS,
        "restart": Cause.STORMS,
    },
    "I7": {
        "": Cause.NO_PRECONDITION,
    },
    "I8": {
        "": Cause.TWO_AT_ONCE,
    },
    "I9": {
        "": Cause.NO_DEADLINE,
        "broke": Cause.BREAKS,
        "untrue": Cause.UNTRUE_END,
        "expire": Cause.REFRESH,
        "reply 401": Cause.REFRESH,
    },
    "I10": {
        "": Cause.LEFT_BEHIND,
    },
    "I11": {
        "": Cause.OTHER_DEVICE,
    },
    "I12": {
        "": Cause.BACKOFF_KEPT,
        "nothing": Cause.NO_SNAPSHOT,
        "expire": Cause.REFRESH,
    },
    "I13": {
        "": Cause.STALE,
        "down": Cause.DEAF,
        "push-garble": Cause.GARBLED_SKIPPED,
    },
    "I14": {
        "": Cause.OWN_IS_FOREIGN,
    },
}
"""Invariant → trouble → cause. `nothing` is a plan without steps, the empty trouble any other."""

_HANDS = frozenset({"press", "headset", "force"})


_SAID = {
    "real": NOT_SIMULATED,
    "down": SOCKET_DOWN,
    "broke": f"{BROKE}set_mute()",
    "switch": " switch",
    "requests": " requests of one client in ",
    "dials": " dials in ",
    "sockets": " sockets in a row",
    "jitter": "no jitter",
    "untrue": " ended as ",
}
"""What findings say that tells more than the plan."""

_WHILE_AWAY = frozenset({"I1", "I2", "I3", "I9", "I12"})
_OF_WHO_IS_BACK = frozenset({Cause.NO_SNAPSHOT, Cause.NO_WAY_BACK, Cause.PARTED, Cause.STALE}) | {
    Cause.BACKOFF_KEPT,
    Cause.NO_DEADLINE,
}
"""Causes that are none, where the device was still disconnected at the end of a quiet."""


def likely_cause(finding: Finding, plan: Plan, others: Sequence[Finding] = ()) -> Cause:
    """The best guess for a shrunk plan, and for what else was found in it.

    By what the findings say, else by the last of its troubles that the table knows.
    """
    name, of_desk = finding.invariant.value, [each for each in others if each.desk == finding.desk]
    known = CAUSES[name]
    for key, said in _SAID.items():
        if key in known and any(said in each.words for each in (finding, *of_desk)):
            return known[key]
    cause = _by_trouble(known, plan)
    if cause is Cause.NO_DEADLINE and HEALTHY in finding.words:
        return Cause.PRESS_STUCK
    away = any(DISCONNECTED in each.words for each in (finding, *of_desk))
    return Cause.NOT_BACK if away and name in _WHILE_AWAY and cause in _OF_WHO_IS_BACK else cause


def _by_trouble(known: Mapping[str, Cause], plan: Plan) -> Cause:
    # What was pressed is seldom what is wrong.
    last_first = sorted(troubles(plan)[::-1] or ["nothing"], key=_HANDS.__contains__)
    for trouble in last_first:
        for name in (trouble, trouble.split()[0]):
            if name in known:
                return known[name]
    return known[""]
