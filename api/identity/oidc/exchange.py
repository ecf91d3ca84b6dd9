"""What is asked of a provider after a browser came back: a token for the code, and who that is (Core §3.1.3, §5.3)."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote_plus, urlencode

import msgspec

from api.net.client import Answer

from . import documents
from .documents import BASIC, Provider
from .problems import BadProvider, quoted
from .providers import Providers

_FORM = {"content-type": "application/x-www-form-urlencoded"}
_HINTS = {
    "invalid_client": "The client id or the client secret is not what the provider has. Enter it again.",
    "invalid_grant": "The provider does not take the code, or not with this redirect URI. Compare the redirect URI.",
    "unauthorized_client": "The provider does not let this client use the authorization code flow.",
}


@dataclass(frozen=True, slots=True)
class Client:
    """Who we are to a provider."""

    id: str
    secret: bytes


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a provider gave for a code."""

    id_token: str
    access_token: str


async def redeem(
    providers: Providers, provider: Provider, client: Client, *, code: str, verifier: str, redirect_uri: str
) -> Tokens:
    """The tokens for a code; raises BadProvider, which says what to do where that is known."""
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": redirect_uri,
        "code_verifier": verifier,
    }
    headers = dict(_FORM)
    if provider.authenticates_by == BASIC:
        headers["authorization"] = basic(client)
    else:
        form |= {"client_id": client.id, "client_secret": client.secret.decode()}
    answer = await providers.send("POST", provider.token_endpoint, headers, urlencode(form).encode())
    if answer.status != 200:
        raise BadProvider(_refusal(answer))
    said = documents.json_object(answer, "The provider's answer to the code")
    id_token, access_token, kind = said.get("id_token"), said.get("access_token"), said.get("token_type")
    if not isinstance(id_token, str):
        raise BadProvider("The provider gave no ID token. Let the client have the scope `openid`.")
    if not isinstance(access_token, str) or not isinstance(kind, str) or kind.lower() != "bearer":
        raise BadProvider("The provider gave no access token of the kind Bearer with the ID token.")
    return Tokens(id_token, access_token)


async def userinfo(providers: Providers, provider: Provider, access_token: str, subject: str) -> Mapping[str, Any]:
    """What the provider says of somebody besides the ID token; nothing if it has no such endpoint.

    Raises BadProvider, also when it speaks of somebody else (§5.3.2).
    """
    if provider.userinfo_endpoint is None or not _is_token(access_token):
        return {}
    headers = {"authorization": f"Bearer {access_token}"}
    answer = await providers.send("GET", provider.userinfo_endpoint, headers)
    said = documents.json_object(answer, "The provider's answer about the person (userinfo)")
    if said.get("sub") != subject:
        raise BadProvider("The provider's answer about the person (userinfo) is about somebody else.")
    return said


def basic(client: Client) -> str:
    """Id and secret as a header: each percent-encoded first, or a colon in them would be taken for the one between
    (RFC 6749 §2.3.1)."""
    pair = f"{quote_plus(client.id)}:{quote_plus(client.secret.decode())}"
    return f"Basic {base64.b64encode(pair.encode()).decode()}"


def _refusal(answer: Answer) -> str:
    """Why the provider gave no tokens, as far as it says so (RFC 6749 §5.2)."""
    try:
        said = msgspec.json.decode(answer.body)
    except (msgspec.DecodeError, ValueError, RecursionError):
        said = None
    error = said.get("error") if isinstance(said, dict) else None
    if not isinstance(error, str):
        return f"The provider answered the code with {answer.status}, and no reason."
    description = said.get("error_description")
    words = f"{quoted(error)}: {quoted(description)}" if isinstance(description, str) else quoted(error)
    return " ".join((f"The provider gave no tokens ({words}).", _HINTS.get(error, ""))).strip()


def _is_token(text: str) -> bool:
    """Whether it may stand in a header."""
    return text.isascii() and text.isprintable() and " " not in text
