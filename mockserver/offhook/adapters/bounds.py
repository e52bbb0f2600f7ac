"""What one peer may cost the listener. docs/reference/bounds.md tells them, and all others."""

LINE_BYTES = 8190
"""The longest request line; a longer one is answered 400."""
FIELD_BYTES = 8190
"""The longest header field; a longer one is answered 400."""
FIELDS = 128
"""The most header fields; more are answered 400."""
HEAD_TIMEOUT_S = 60.0
"""How long a head may take to arrive, from its first byte, in the loop's seconds; then 408."""
BODY_TIMEOUT_S = 120.0
"""How long a body may take to arrive, from the end of its head; then 408."""
IDLE_TIMEOUT_S = 3630.0
"""How long a connection may be idle between requests; then it is closed. Longer than a proxy's."""
CONNECTIONS = 20_000
"""The most connections at a time; one more is answered 503 and closed."""
