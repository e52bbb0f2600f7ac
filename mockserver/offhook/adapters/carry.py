"""Carries out what the faults decided about an HTTP exchange, and counts what was really done.

A fault before the effect happens to the request on its way in, one after it to the answer on
its way out: events of the effect have then been sent already.
"""

from aiohttp import web

from offhook.adapters.cut import reset
from offhook.adapters.pump import Pump
from offhook.adapters.reply import written, written_in_part
from offhook.api.apply import faulted
from offhook.api.exchange import Response
from offhook.api.resolve import Resolved
from offhook.faults.verdicts import Abort, Delay, HttpVerdict, Reply, Truncate, When
from offhook.tenancy import Tenancy


class Carrier:
    """Carries out verdicts for the exchanges of one org."""

    def __init__(self, tenancy: Tenancy, pump: Pump) -> None:
        self._tenancy = tenancy
        self._pump = pump

    async def before(
        self, verdict: HttpVerdict | None, request: web.BaseRequest, resolved: Resolved
    ) -> web.StreamResponse | None:
        """What befalls the request. An answer means: the exchange is over, without an effect."""
        match verdict:
            case Delay(when=When.BEFORE, delay_s=delay_s):
                await self._pump.sleep_until(self._pump.now() + delay_s)
                self._bit(verdict, resolved)
            case Abort(when=When.BEFORE):
                return self._abort(verdict, request, resolved)
            case Reply():
                now = self._pump.now()
                answer = faulted(self._tenancy, resolved, verdict, now=now)
                self._bit(verdict, resolved)
                return await written(request, answer, now=now)
        return None

    async def after(
        self,
        verdict: HttpVerdict | None,
        request: web.BaseRequest,
        resolved: Resolved,
        answer: Response | None,
    ) -> web.StreamResponse | None:
        """What befalls the answer (None for an upgrade). An answer means: it has been written."""
        match verdict:
            case Delay(when=When.AFTER, delay_s=delay_s):
                self._pump.flush()
                await self._pump.sleep_until(self._pump.now() + delay_s)
                self._bit(verdict, resolved)
            case Abort(when=When.AFTER):
                self._pump.flush()
                return self._abort(verdict, request, resolved)
            case Truncate(bytes=size) if answer is not None:
                self._pump.flush()
                self._bit(verdict, resolved)
                return await written_in_part(request, answer, size=size, now=self._pump.now())
        return None

    def _abort(
        self, verdict: HttpVerdict, request: web.BaseRequest, resolved: Resolved
    ) -> web.StreamResponse:
        reset(request.transport)
        self._bit(verdict, resolved)
        return web.Response()

    def _bit(self, verdict: HttpVerdict, resolved: Resolved) -> None:
        self._tenancy.faults.bit(verdict.rule_id)
        self._tenancy.org.journal.record(
            "fault",
            at=self._pump.now(),
            rule_id=verdict.rule_id,
            verdict=type(verdict).__name__,
            operation=resolved.target,
            client_id=resolved.device_id,
            token_id=resolved.token_id,
            correlation_id=resolved.correlation_id,
        )
