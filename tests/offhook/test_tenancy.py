"""A tenancy: an org, what stands round it, and how it begins again."""

import msgspec
import pytest

from offhook.api import tutorial
from offhook.api.exchange import Response
from offhook.api.idempotency import Key
from offhook.api.operation import Dialect
from offhook.api.platform import users
from offhook.domain.errors import DomainError
from offhook.domain.inputs import OpenDevice, PatchPolicies
from offhook.faults.kinds import DelayFault
from offhook.faults.rule import Match, RuleSpec
from offhook.faults.verdicts import When
from offhook.settings import DEFAULT, OrgSettings
from offhook.stubs import Stub, StubError
from offhook.tenancy import ClockControl, Tenancy

OPERATIONS = (*tutorial.OPERATIONS, *users.OPERATIONS)


class StillClock:
    """A clock that nobody turns."""

    mode = "manual"
    speed = 1.0
    paused = False

    def now(self) -> float:
        return 5.0

    def pause(self) -> None:
        return

    def resume(self) -> None:
        return


def make(*dialects: Dialect, settings: OrgSettings = DEFAULT) -> Tenancy:
    clock: ClockControl = StillClock()
    return Tenancy(
        settings,
        seed=7,
        now=5.0,
        operations=OPERATIONS,
        dialects=frozenset(dialects or {Dialect.TUTORIAL}),
        clock=clock,
    )


def open_device(tenancy: Tenancy, *, now: float = 5.0) -> str:
    user = tenancy.org.users()[0]
    return tenancy.org.receive(OpenDevice(user_id=user.id, name="default"), now=now).id


def test_it_serves_the_operations_of_its_dialects() -> None:
    own = {row.id for row in tutorial.OPERATIONS}
    assert {row.id for row in make().operations} == own | {"getUsersMe"}
    assert {row.id for row in make(Dialect.PLATFORM).operations} == {
        row.id for row in users.OPERATIONS
    }


def test_a_fault_is_laid_behind_the_others_and_never_on_what_cannot_come() -> None:
    tenancy = make()
    laid = [tenancy.add_fault(RuleSpec(fault=DelayFault(delay_s=1.0))) for _ in range(2)]
    wrong = RuleSpec(match=Match(operation="getNothing"), fault=DelayFault(delay_s=1.0))
    with pytest.raises(DomainError, match="there is no operation 'getNothing'"):
        tenancy.add_fault(wrong)
    assert list(tenancy.faults.rules()) == laid


def test_it_asks_for_no_control_key_unless_told() -> None:
    assert make().control_key is None


def test_its_deadlines_are_the_orgs() -> None:
    tenancy = make()
    assert tenancy.next_deadline() is None
    device_id = open_device(tenancy)
    due = tenancy.next_deadline()
    assert due is not None
    assert due == pytest.approx(5.0 + DEFAULT.policies.connect_delay_s)
    tenancy.handle_timer(now=due)
    device = tenancy.org.device(device_id)
    assert device is not None
    assert device.status == "connected"
    assert tenancy.next_deadline() != due


def test_a_reset_forgets_everything_and_draws_the_same_ids_again() -> None:
    tenancy = make()
    first = open_device(tenancy)
    tenancy.org.receive(PatchPolicies(changes={"heartbeat_s": 9.0}), now=5.0)
    tenancy.faults.add(RuleSpec(fault=DelayFault(delay_s=1.0, when=When.BEFORE)), id="rule-1")
    tenancy.whys.put("c-1", {})
    key = Key("t-1", "op", "/", "k")
    tenancy.idempotency.keep(key, b"", Response(status=204), now=5.0, window_s=600.0)
    old = tenancy.org

    tenancy.reset(now=9.0)

    assert tenancy.org is not old
    assert tenancy.org.devices() == ()
    assert tenancy.org.policies == DEFAULT.policies
    assert tenancy.faults.rules() == ()
    assert tenancy.whys.get("c-1") is None
    assert tenancy.idempotency.find(key, b"", now=9.0) is None
    assert open_device(tenancy, now=9.0) == first


def test_two_tenancies_of_one_seed_know_the_same_users() -> None:
    assert make().org.users() == make().org.users()
    assert msgspec.json.encode(make().org.users()) == msgspec.json.encode(make().org.users())


def test_declared_stubs_come_back_with_a_reset_and_the_others_go() -> None:
    declared = Stub(request="GET /api/v2/a")
    tenancy = make(settings=msgspec.structs.replace(DEFAULT, stubs=(declared,)))
    (first,) = tenancy.stubs.stubs()
    tenancy.add_stub(Stub(request="GET /api/v2/b"))
    tenancy.stubs.remove(first.id)
    tenancy.reset(now=9.0)
    assert tenancy.stubs.stubs() == (first,)
    assert first.declared


def test_a_declared_stub_of_what_is_modelled_is_refused() -> None:
    settings = msgspec.structs.replace(DEFAULT, stubs=(Stub(request="GET /api/v2/users/me"),))
    with pytest.raises(StubError, match="is modelled, as getUsersMe"):
        make(settings=settings)


def test_a_table_made_before_may_be_shared() -> None:
    first = make()
    second = Tenancy(
        DEFAULT,
        seed=8,
        now=5.0,
        operations=OPERATIONS,
        dialects=frozenset({Dialect.TUTORIAL}),
        clock=StillClock(),
        table=first.table,
    )
    assert second.table is first.table
    assert second.operations == first.operations


def test_a_restart_forgets_what_was_sent_twice_and_keeps_what_a_test_laid_out() -> None:
    tenancy = make()
    tenancy.faults.add(RuleSpec(fault=DelayFault(delay_s=1)), id="rule-1")
    journal, idempotency = tenancy.org.journal, tenancy.idempotency
    device_id = open_device(tenancy)
    tenancy.restart(now=9.0)
    assert tenancy.org.device(device_id) is None
    assert open_device(tenancy, now=9.0) != device_id
    assert tenancy.org.journal is journal
    assert tenancy.idempotency is not idempotency
    assert tenancy.faults.rule("rule-1") is not None
