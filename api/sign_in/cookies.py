"""The cookies: of the session, of the browser before there is one, and of whoever came by a portal link.

Both are `__Host-` cookies, which no other host can set, sent with links from elsewhere (Lax), and never read by
scripts. Only where Rollcall itself is reached without TLS, on this machine, do they lack the prefix and `Secure`.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from litestar import Request
from litestar.datastructures import Cookie

from api.identity import portal
from api.identity.sessions import LONGEST, Browser
from api.settings import Settings

_BROWSER_LIVES = 24 * 3600


@dataclass(frozen=True, slots=True)
class Cookies:
    """Makes and reads the cookies as they have to be for the address at which Rollcall is reached."""

    is_secure: bool

    @classmethod
    def of(cls, settings: Settings) -> Cookies:
        """The cookies for these settings."""
        return cls(urlsplit(settings.public_url).scheme == "https")

    def session_token(self, request: Request[Any, Any, Any]) -> str | None:
        """What a request says is its session's token."""
        return request.cookies.get(self._name("session"))

    def session(self, token: str) -> Cookie:
        """The cookie of a session that has just begun."""
        return self._cookie("session", token, int(LONGEST.total_seconds()))

    def no_session(self) -> Cookie:
        """Takes the session's cookie away."""
        return self._cookie("session", "", 0)

    def browser_secret(self, request: Request[Any, Any, Any]) -> str | None:
        """What a browser has that no other one has."""
        return request.cookies.get(self._name("browser"))

    def browser(self, secret: str) -> Cookie:
        """The cookie by which a browser is known again that asked for a code, or went to an identity provider."""
        return self._cookie("browser", secret, _BROWSER_LIVES)

    def portal_token(self, request: Request[Any, Any, Any]) -> str | None:
        """What a request says is the token of the session that a portal link began."""
        return request.cookies.get(self._name("portal"))

    def portal(self, token: str) -> Cookie:
        """The cookie of a session that a portal link has just begun."""
        return self._cookie("portal", token, int(portal.SESSION_AT_MOST.total_seconds()))

    def _name(self, which: str) -> str:
        return f"__Host-rollcall-{which}" if self.is_secure else f"rollcall-{which}"

    def _cookie(self, which: str, value: str, seconds: int) -> Cookie:
        return Cookie(
            self._name(which),
            value=value,
            max_age=seconds,
            path="/",
            secure=self.is_secure,
            httponly=True,
            samesite="lax",
        )


def new_secret() -> str:
    """A secret for a browser that has none yet."""
    return secrets.token_urlsafe(32)


def browser_of(request: Request[Any, Any, Any]) -> Browser:
    """What is kept of the browser with a session."""
    return Browser(request.headers.get("user-agent"), request.client.host if request.client else None)
