"""The login page: one small HTML document that loads nothing and runs no script."""

import base64
import hashlib
from html import escape

from offhook.api.exchange import Response
from offhook.oauth.errors import Refused
from offhook.oauth.inputs import AskLogin

_STYLE = """
body { font: 1rem/1.5 system-ui, sans-serif; margin: 0; color: #1c2733; background: #eef1f4 }
main { max-width: 22rem; margin: 10vh auto; padding: 2rem; background: #fff; border-radius: .5rem }
h1 { font-size: 1.25rem; margin: 0 0 1rem }
label { display: block; margin: 1rem 0 .25rem }
input { box-sizing: border-box; width: 100%; padding: .5rem; font: inherit; border: 1px solid #667 }
button { margin: 1.5rem .5rem 0 0; padding: .5rem 1rem; font: inherit; border: 1px solid #0b4f8a }
button.primary { color: #fff; background: #0b4f8a }
.problem { padding: .5rem .75rem; color: #8a0b0b; background: #fdecec; border: 1px solid }
small { display: block; margin-top: 1.5rem; color: #4a5560 }
"""

_DIGEST = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode("ascii")

# No `form-action`: Chromium would apply it to the redirect back to the client as well.
_POLICY = (
    f"default-src 'none'; style-src 'sha256-{_DIGEST}'; base-uri 'none'; frame-ancestors 'none'"
)

_HEADERS = (
    ("Content-Type", "text/html; charset=utf-8"),
    ("Cache-Control", "no-store"),
    ("Pragma", "no-cache"),
    ("Content-Security-Policy", _POLICY),
    ("X-Frame-Options", "DENY"),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
)


def login_page(ask: AskLogin) -> Response:
    """Ask for username and password, the authorization request kept in hidden fields.

    200, or 403 when the last try was wrong (RFC 9110 §15.5.4: credentials were insufficient).
    """
    hidden = "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">\n'
        for name, value in ask.parameters.values.items()
    )
    problem, described = "", ""
    if ask.problem is not None:
        problem = f'<p class="problem" role="alert" id="problem">{escape(ask.problem)}</p>'
        described = ' aria-invalid="true" aria-describedby="problem"'
    body = f"""<h1>Log in to continue to {escape(ask.client_name)}</h1>
{problem}
<form method="post" action="/oauth/authorize">
{hidden}<label for="username">Username or email</label>
<input id="username" name="username" value="{escape(ask.username)}" required
 autocomplete="username" autocapitalize="none" spellcheck="false"{described}>
<label for="password">Password</label>
<input id="password" name="password" type="password" required
 autocomplete="current-password"{described}>
<button class="primary" name="decision" value="allow">Log in</button>
<button name="decision" value="deny" formnovalidate>Cancel</button>
</form>"""
    return _page(200 if ask.problem is None else 403, "Log in", body)


def refusal_page(refused: Refused) -> Response:
    """Tell a person that the client's request is wrong, because no redirect would be safe."""
    body = f"""<h1>This login cannot go on</h1>
<p class="problem" role="alert">{escape(refused.description)}</p>
<p>The application that sent you here made a request that is wrong
(<code>{escape(refused.error.value)}</code>). Nobody was logged in.</p>"""
    return _page(refused.status, "Login refused", body)


def _page(status: int, title: str, body: str) -> Response:
    text = f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} - Offhook</title>
<style>{_STYLE}</style>
</head>
<body>
<main>
{body}
<small>Offhook, an unofficial test server. Never type a real password here.</small>
</main>
</body>
</html>
"""
    return Response(status=status, headers=_HEADERS, body=text.encode())
