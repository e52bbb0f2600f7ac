"""The refusal of what the mock does not model: it names the stub that would fix it."""

import difflib
import re
from typing import TYPE_CHECKING

import msgspec

from offhook.api.operation import Dialect
from offhook.api.table import Place
from offhook.domain.errors import DomainError
from offhook.stubs import METHODS
from offhook.unmodelled import stub_for

if TYPE_CHECKING:
    from offhook.api.resolve import Resolved
    from offhook.tenancy import Tenancy

API = "/api/v2/"
TUTORIAL = "/api/v2/webrtc/"
"""The tutorial's own corner, which the platform does not have: there is nothing to be stubbed."""

ROOTS = (API, "/oauth/", "/_offhook/v1/")
GUIDE = (
    "The API is below /api/v2/, logins are below /oauth/, control is below /_offhook/v1/; "
    "GET /_offhook/v1/schema/openapi.json lists what there is."
)
"""For whoever opens the mock in a browser, or leaves the end of a path away."""

_ALIKE = 0.8
_PARAMETER = re.compile(r"\{[^/]*\}")


def no_such_path(tenancy: "Tenancy", resolved: "Resolved") -> DomainError:
    """404, or 501 for a path that the platform may have; it is remembered."""
    request = resolved.request
    if not _of_the_platform(tenancy, request.path):
        root = f"{request.path.rstrip('/')}/"
        guide = f" {GUIDE}" if any(place.startswith(root) for place in ROOTS) else ""
        return DomainError("not.found", f"There is no path {request.path}.{guide}")
    asked = f"{request.method} {request.path}"
    near = _near(tenancy, request.method, request.path)
    return _told(tenancy, resolved, "not.implemented", f"The mock does not model {asked}{near}.")


def no_such_method(tenancy: "Tenancy", resolved: "Resolved", place: Place) -> DomainError:
    """405; of a platform's path it names the stub, for the platform may know the method."""
    method = resolved.request.method
    told = f"{place.template} knows {place.allow}, not {method}."
    headers = (("Allow", place.allow),)
    if method not in METHODS or not _of_the_platform(tenancy, place.template):
        return DomainError("method.not.allowed", told, headers=headers)
    return _told(tenancy, resolved, "method.not.allowed", told, headers=headers)


def _of_the_platform(tenancy: "Tenancy", path: str) -> bool:
    served = Dialect.PLATFORM in tenancy.table.dialects
    return served and path.startswith(API) and not path.startswith(TUTORIAL)


def _told(
    tenancy: "Tenancy",
    resolved: "Resolved",
    code: str,
    told: str,
    *,
    headers: tuple[tuple[str, str], ...] = (),
) -> DomainError:
    request = resolved.request
    forms = stub_for(
        tenancy.unmodelled.record(request.method, tenancy.org.oauth.hide(request.path))
    )
    return DomainError(
        code,
        f"{told} To answer it: {forms.python}",
        facts={"stub": msgspec.structs.asdict(forms)},
        headers=headers,
    )


def _near(tenancy: "Tenancy", method: str, path: str) -> str:
    """A hint at a modelled operation that was perhaps meant, or nothing."""
    known = {
        _PARAMETER.sub("{}", row.path.removeprefix(API)): row.path
        for row in tenancy.operations
        if row.method == method and row.path.startswith(API)
    }
    found = difflib.get_close_matches(path.removeprefix(API), known, n=1, cutoff=_ALIKE)
    return f" (did you mean {method} {known[found[0]]}?)" if found else ""
