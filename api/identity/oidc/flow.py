"""The way of a browser to an identity provider and back (OpenID Connect Core §3.1, RFC 7636, RFC 9207)."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from api.identity import attempts, choices, connections, landing
from api.identity.landing import Landed
from api.identity.problems import SignInRefused
from api.provisioning import clock
from api.provisioning.errors import CannotSeal
from db.sso_rows import AttemptRow, ConnectionRow

from . import exchange, tokens, words
from .documents import Provider
from .exchange import Client
from .problems import BadProvider, BadToken, quoted
from .providers import Providers
from .tokens import Expected

SCOPE = "openid profile email"

_AGAIN = "Begin anew on the page where you signed in."
_BROKEN = "Your organization's single sign-on does not work now. Ask an admin of your organization."
_LONGEST_STATE, _LONGEST_CODE = 200, 4096


@dataclass(frozen=True, slots=True)
class Site:
    """What one connection needs to be used: how providers are talked to, and where we are reached."""

    providers: Providers
    public_url: str


@dataclass(frozen=True, slots=True)
class Callback:
    """What a browser brought back from a provider; each parameter that came twice is gone."""

    state: str | None = None
    code: str | None = None
    issuer: str | None = None
    error: str | None = None
    error_description: str | None = None

    @classmethod
    def of(cls, query: Sequence[tuple[str, str]]) -> Callback:
        """The parameters of a query; raises SignInRefused for one that says something twice (RFC 6749 §3.1)."""
        said: dict[str, str] = {}
        for name, value in query:
            if name in said:
                raise _refused_quietly()
            said[name] = value
        return cls(
            said.get("state"), said.get("code"), said.get("iss"), said.get("error"), said.get("error_description")
        )


def redirect_uri(public_url: str, connection: object) -> str:
    """Where a provider sends browsers back to: another place for each connection, so that none speaks for another."""
    return f"{public_url}/sso/{connection}/callback"


async def start(
    site: Site, connection: ConnectionRow, *, browser: str, return_to: str, login_hint: str | None = None
) -> str:
    """Where a browser goes to sign in; `browser` is its secret. Raises SignInRefused when the provider is no use."""
    issuer, client = await _client(connection)
    try:
        provider = await site.providers.find(issuer)
    except BadProvider as problem:
        raise await _broken(connection, str(problem)) from None
    begun = await attempts.begin(connection, browser, return_to)
    asked = {
        "response_type": "code",
        "client_id": client.id,
        "redirect_uri": redirect_uri(site.public_url, connection.id),
        "scope": SCOPE,
        "state": begun.state,
        "nonce": begun.nonce,
        "code_challenge": _challenge(begun.verifier),
        "code_challenge_method": "S256",
    }
    if login_hint is not None:
        asked["login_hint"] = login_hint
    joint = "&" if "?" in provider.authorization_endpoint else "?"
    return f"{provider.authorization_endpoint}{joint}{urlencode(asked)}"


async def finish(
    site: Site, connection: ConnectionRow, callback: Callback, *, browser: str | None
) -> tuple[Landed, str]:
    """Who has come back, and where they wanted to go; raises SignInRefused.

    The sign-in is used up by this, whatever comes of it.
    """
    attempt = await _taken(connection, callback.state, browser)
    issuer, client = await _client(connection)
    try:
        provider = await site.providers.find(issuer)
        _must_be_from(provider, callback.issuer)
        if callback.error is not None:
            raise await _told_no(connection, callback.error, callback.error_description)
        claims = await _claims(site, connection, provider, client, attempt, callback.code)
    except (BadProvider, BadToken) as problem:
        raise await _broken(connection, str(problem)) from None
    said = words.word(claims, trusts_address=choices.oidc(connection).trusts_address)
    return await landing.land(connection, said), attempt.return_to


async def _taken(connection: ConnectionRow, state: str | None, browser: str | None) -> AttemptRow:
    """The sign-in that a browser comes back from: begun by itself, here, not long ago, and not come back yet."""
    if not state or len(state) > _LONGEST_STATE or not state.isascii() or not browser:
        raise _refused_quietly()
    attempt = await attempts.take(connection, state, browser)
    if attempt is None:
        raise _refused_quietly()
    return attempt


async def _claims(
    site: Site,
    connection: ConnectionRow,
    provider: Provider,
    client: Client,
    attempt: AttemptRow,
    code: str | None,
) -> Mapping[str, Any]:
    """What the provider says of who has come back, judged; raises BadProvider and BadToken."""
    if not code or len(code) > _LONGEST_CODE:
        raise BadProvider("The provider sent the browser back without a code.")
    given = await exchange.redeem(
        site.providers,
        provider,
        client,
        code=code,
        verifier=attempt.verifier,
        redirect_uri=redirect_uri(site.public_url, connection.id),
    )
    header = tokens.header(given.id_token)
    claims = tokens.verified(given.id_token, header, await site.providers.key(provider, header))
    tokens.judge(claims, Expected(provider.issuer, client.id, attempt.nonce), clock.now().timestamp())
    tokens.must_go_with(claims, header, given.access_token)
    if "email" in claims:
        return claims
    # Whether an address is verified is said where the address is.
    more = await exchange.userinfo(site.providers, provider, given.access_token, claims["sub"])
    return {**more, **{name: value for name, value in claims.items() if name != "email_verified"}}


def _must_be_from(provider: Provider, issuer: str | None) -> None:
    """Raise BadProvider for an answer of another provider, or of one that would say who it is (RFC 9207 §2.4)."""
    if issuer is None and not provider.says_issuer:
        return
    if issuer is None or not hmac.compare_digest(issuer.encode(), provider.issuer.encode()):
        raise BadProvider(
            f"The answer is from {quoted(issuer)!r} (iss), and not from {provider.issuer!r}. It was not used."
        )


async def _client(connection: ConnectionRow) -> tuple[str, Client]:
    try:
        chosen = connections.choice_of(connection)
    except CannotSeal as problem:
        raise await _broken(connection, str(problem)) from None
    client_id = choices.oidc(connection).client_id
    if chosen.issuer is None or client_id is None or chosen.client_secret is None:
        raise await _broken(connection, "The connection is not complete.")
    return chosen.issuer, Client(client_id, chosen.client_secret)


async def _broken(connection: ConnectionRow, reason: str) -> SignInRefused:
    """What somebody is told when it is not their fault; admins find the reason."""
    return SignInRefused(_BROKEN, reason, await landing.note_refusal(connection, reason))


async def _told_no(connection: ConnectionRow, error: str, description: str | None) -> SignInRefused:
    """What a provider answers instead of a code, in words (RFC 6749 §4.1.2.1, Core §3.1.2.6)."""
    words_of = f"{quoted(error)}: {quoted(description)}" if description else quoted(error)
    reason = f"The identity provider let somebody not in ({words_of})."
    return SignInRefused(_in_words(error), reason, await landing.note_refusal(connection, reason))


def _in_words(error: str) -> str:
    """What somebody is told for an error of a provider."""
    if error == "access_denied":
        text = "Your identity provider did not let you in, or you cancelled. If it should, ask an admin there"
        return f"{text} to assign you to this application. {_AGAIN}"
    if error in ("login_required", "interaction_required", "account_selection_required", "consent_required"):
        return f"Your identity provider wants you to do something first. {_AGAIN}"
    if error in ("temporarily_unavailable", "server_error"):
        return f"Your identity provider has a problem of its own. Try again in a while. {_AGAIN}"
    return f"{_BROKEN} Tell them what your identity provider said: {quoted(error)}."


def _refused_quietly() -> SignInRefused:
    """For a browser that comes back from nowhere: anybody could have sent it, so admins are not told."""
    reason = "A browser came back with a state that is not its own, was used, or is older than ten minutes."
    text = "This sign-in has expired, was used already, or began in another browser."
    return SignInRefused(f"{text} {_AGAIN}", reason)


def _challenge(verifier: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
