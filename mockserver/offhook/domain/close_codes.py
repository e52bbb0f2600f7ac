"""Why an event socket is closed, in numbers (RFC 6455 §7.4).

Codes from 4000 on are ours to give (§7.4.2): they end as the HTTP status does that says the same.
"""

from typing import Final

NORMAL: Final = 1000
CUT: Final = 1006
"""Stands for a connection that ends without a close frame; never on the wire (§7.4.1)."""
POLICY: Final = 1008
"""The token of a channel is no longer good; the platform's own code is unknown (assumed)."""
RESTART: Final = 1012
UNREADABLE: Final = 4400
TOKEN: Final = 4401
GONE: Final = 4404
REPLACED: Final = 4409
SLOW_READER: Final = 4413
