"""What a provider says of itself (OpenID Connect Discovery 1.0), and whether that can be used. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import msgspec

from api.net.client import Answer, Unreachable, checked

from .problems import BadProvider, quoted

BASIC, POST = "client_secret_basic", "client_secret_post"


@dataclass(frozen=True, slots=True)
class Provider:
    """An identity provider, by its own words; `says_issuer` promises `iss` with each answer (RFC 9207)."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str | None
    authenticates_by: str
    says_issuer: bool
    algorithms: Sequence[str]


def location(issuer: str) -> str:
    """Where an issuer's document is (§4.1); raises BadProvider for what can be no issuer (§3)."""
    try:
        parts = urlsplit(issuer)
        checked(issuer)
    except (Unreachable, ValueError) as problem:
        raise BadProvider(f"The issuer {quoted(issuer)} is no URL that can be used. {problem}") from None
    if parts.query or parts.fragment or "?" in issuer or "#" in issuer:
        raise BadProvider(f"The issuer {quoted(issuer)} must be a URL without ? and #, just as the provider shows it.")
    return f"{issuer.rstrip('/')}/.well-known/openid-configuration"


def read(answer: Answer, issuer: str) -> Provider:
    """The provider whose document this is; raises BadProvider, which says what to do."""
    document = json_object(answer, f"The document at {location(issuer)}")
    _must_be_of(document, issuer)
    is_secure = issuer.startswith("https:")
    found = {name: _endpoint(document, name, is_secure=is_secure) for name in _NEEDED}
    userinfo = (
        _endpoint(document, "userinfo_endpoint", is_secure=is_secure) if "userinfo_endpoint" in document else None
    )
    types = _texts(document, "response_types_supported", ["code"])
    if "code" not in types:
        raise BadProvider("The provider does not offer the authorization code flow (response type `code`).")
    return Provider(
        issuer=issuer,
        **found,
        userinfo_endpoint=userinfo,
        authenticates_by=_way(_texts(document, "token_endpoint_auth_methods_supported", [BASIC])),
        says_issuer=document.get("authorization_response_iss_parameter_supported") is True,
        algorithms=_texts(document, "id_token_signing_alg_values_supported", ["RS256"]),
    )


def json_object(answer: Answer, what: str) -> dict[str, Any]:
    """The JSON object that was answered with 200; raises BadProvider, naming what it was to be."""
    if answer.status != 200:
        raise BadProvider(f"{what} was not there: the provider answered {answer.status}.")
    if answer.is_cut:
        raise BadProvider(f"{what} is longer than {len(answer.body)} bytes.")
    try:
        found = msgspec.json.decode(answer.body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise BadProvider(f"{what} is not JSON.") from None
    if not isinstance(found, dict):
        raise BadProvider(f"{what} is no JSON object.")
    return found


_NEEDED = ("authorization_endpoint", "token_endpoint", "jwks_uri")


def _must_be_of(document: Mapping[str, Any], issuer: str) -> None:
    """Raise BadProvider unless the document names this issuer, to the letter (§4.3)."""
    said = document.get("issuer")
    if said != issuer:
        raise BadProvider(
            f"The provider calls itself {quoted(said)!r}, and not {quoted(issuer)!r}."
            " The issuer has to be the same to the letter, a slash at the end included."
        )


def _endpoint(document: Mapping[str, Any], name: str, *, is_secure: bool) -> str:
    said = document.get(name)
    if not isinstance(said, str) or not said:
        raise BadProvider(f"The provider's document names no {name}.")
    try:
        checked(said)
    except Unreachable as problem:
        raise BadProvider(f"The provider's {name} cannot be used. {problem}") from None
    if "#" in said:
        raise BadProvider(f"The provider's {name} has a # in it, which no endpoint may have.")
    if is_secure and not said.startswith("https:"):
        raise BadProvider(f"The provider's {name} does not begin with https://.")
    return said


def _texts(document: Mapping[str, Any], name: str, otherwise: Sequence[str]) -> Sequence[str]:
    said = document.get(name, otherwise)
    return [each for each in said if isinstance(each, str)] if isinstance(said, list) else otherwise


def _way(offered: Sequence[str]) -> str:
    for way in (BASIC, POST):
        if way in offered:
            return way
    raise BadProvider(
        f"The provider wants to be told who we are by {quoted(', '.join(offered) or 'nothing')};"
        f" only {BASIC} and {POST} are supported."
    )
