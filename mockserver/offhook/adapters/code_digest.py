"""Which code an org is made of: a frozen org (`domain.frozen`) is good for no other."""

import hashlib
from functools import cache
from pathlib import Path

_ROOT = Path(__file__).parents[1]


@cache
def code_digest() -> str:
    """Of all files of the package whose values an org may hold."""
    digest = hashlib.sha256()
    for path in sorted(_ROOT.rglob("*.py")):
        at = path.relative_to(_ROOT).as_posix()
        if at.startswith(("domain/", "oauth/")) or "/" not in at:
            digest.update(at.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()
