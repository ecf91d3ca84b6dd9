"""The one question that single sign-on asks: whether somebody wants to sign in who did not say so here.

Without it, any site could have a browser sign in as a stranger, whose account its person would then work in.
"""

from __future__ import annotations

from html import escape

from litestar import MediaType, Response

from api.identity.saml_flow import Question

_HEADERS = {
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}
_PAGE = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Sign in?</title></head>
<body>
<main>
<h1>Sign in as {who}?</h1>
<p>{connection} has sent you here. If you did not just choose this application there, close this page.</p>
<form method="post" action="{action}">
<input type="hidden" name="ticket" value="{token}">
<button type="submit">Sign in as {who}</button>
</form>
</main>
</body>
</html>
"""


def ask(question: Question, action: str, connection: str) -> Response[str]:
    """A page that asks, and sends the yes to `action`."""
    who = escape(question.email or "the person that it named")
    text = _PAGE.format(who=who, connection=escape(connection), action=escape(action), token=escape(question.token))
    return Response(text, status_code=200, media_type=MediaType.HTML, headers=_HEADERS)
