"""The access tokens of a desk's user expire."""

from offhook.domain.evidence import Evidence
from offhook.oauth.inputs import ExpireToken
from offhook.oauth.tokens import TokenStatus
from offhook_scenarios.faults.planned import PlannedFault
from offhook_scenarios.plan.plan import Expire


class ExpireFault(PlannedFault[Expire]):
    """Bites once for each token. What an open socket suffers is up to the org's policies."""

    evidence = Evidence.DOCUMENTED

    def _start(self) -> None:
        server, step = self.ground.server, self.step
        self.ground.act("server", "lets the access token expire", step.desk)
        user = server.org.find_user(server.settings.users[step.desk - 1].username)
        assert user is not None, "every desk has a user of its own"
        now = server.clock.now()
        for token in server.org.oauth.tokens():
            if token.user_id == user.id and token.status(now=now) is TokenStatus.ACTIVE:
                server.receive(ExpireToken(token_id=token.id))
                self.bites += 1
