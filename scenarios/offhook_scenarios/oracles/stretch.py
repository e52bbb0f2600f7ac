"""I2 and I3 are two sides of one thing: the screen says what is not so, for too long."""

from typing import ClassVar

from offhook_scenarios.oracles.case import Case
from offhook_scenarios.oracles.finding import Finding
from offhook_scenarios.oracles.oracle import Oracle
from offhook_scenarios.verdict import Lie


class TooLong(Oracle):
    """Every stretch of one lie must end within the exposure bound."""

    lie: ClassVar[Lie]
    bound = (
        "exposure_s = max(I + T + close, H·(1 + events lost), silence where a socket may fall "
        "silent) + lag + round trip + time asleep + slack"
    )

    def judge(self, case: Case) -> list[Finding]:
        """Every stretch that is longer."""
        limit_s = case.limits.exposure_s
        return [
            case.found(
                self.id,
                history,
                stretch.start + limit_s,
                f"{stretch.lie.meaning} for {stretch.duration_s:.3f} s from "
                f"{stretch.start - history.began:.3f} s on; at most {limit_s:.3f} s can be excused",
                since=stretch.start,
            )
            for history, wrong in zip(case.histories, case.wrong, strict=True)
            for stretch in wrong
            if stretch.lie is self.lie and stretch.duration_s > limit_s
        ]
