"""What a token request asks for (RFC 6749 §2.3.1, §4.4.2; RFC 7521 §4.2). Pure."""

from __future__ import annotations

import base64
import binascii
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, unquote_plus

from .problems import InvalidClient, InvalidRequest, InvalidScope, UnsupportedGrantType

SCOPE = "scim"
GRANT = "client_credentials"
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
LONGEST_BODY = 32_768
_FORM = "application/x-www-form-urlencoded"
_MOST_FIELDS = 50

_NO_SECOND_WAY = "Send the client's secret once: by Basic, as client_secret, or an assertion instead of it."
_NOBODY = "Send the client id and secret by Basic, as client_id and client_secret, or a client_assertion."


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asks, and by what they want to be believed: a secret, or an assertion (a JWT); `client` as it was sent."""

    client: str | None
    secret: str | None = field(default=None, repr=False)
    assertion: str | None = field(default=None, repr=False)


def read(content_type: str, authorization: str | None, body: bytes) -> Asked:
    """The token request in a form and perhaps an Authorization header; raises OauthProblem."""
    form = _form(content_type, body)
    grant = form.get("grant_type")
    if grant is None:
        raise InvalidRequest(f"grant_type is missing. Send grant_type={GRANT}.")
    if grant != GRANT:
        raise UnsupportedGrantType(f"The only grant_type here is {GRANT}.")
    asked = _asked(form, authorization)
    if (scope := form.get("scope")) is not None and set(scope.split(" ")) != {SCOPE}:
        raise InvalidScope(f"The only scope is {SCOPE}. Send scope={SCOPE}, or leave it out.")
    return asked


def client_id(text: str | None) -> uuid.UUID:
    """A client id as it was sent; raises InvalidClient for what is none."""
    try:
        return uuid.UUID(text or "")
    except ValueError:
        raise InvalidClient("There is no such client. Copy the client id again.") from None


def _form(content_type: str, body: bytes) -> Mapping[str, str]:
    """The fields of the form; those without a value count as left out (RFC 6749 §3.2)."""
    if content_type.partition(";")[0].strip().lower() != _FORM:
        raise InvalidRequest(f"Send the parameters as a form: Content-Type: {_FORM}.")
    try:
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=_MOST_FIELDS)
    except (UnicodeDecodeError, ValueError):
        raise InvalidRequest("The form cannot be read; send percent-encoded UTF-8.") from None
    form = dict(pairs)
    if len(form) != len(pairs):
        raise InvalidRequest("A parameter comes twice. Send each once.")
    return {name: value for name, value in form.items() if value}


def _asked(form: Mapping[str, str], authorization: str | None) -> Asked:
    sent, secret, assertion = form.get("client_id"), form.get("client_secret"), form.get("client_assertion")
    if sum(way is not None for way in (authorization, secret, assertion)) > 1:
        raise InvalidRequest(_NO_SECOND_WAY)
    if authorization is not None:
        client, basic = _basic(authorization)
        if sent not in (None, client):
            raise InvalidRequest("client_id is another than the one that was sent by Basic. Leave it out.")
        return Asked(client, secret=basic)
    if assertion is not None:
        return Asked(sent, assertion=_assertion(assertion, form.get("client_assertion_type")))
    if secret is None or sent is None:
        raise InvalidClient(_NOBODY)
    return Asked(sent, secret=secret)


def _basic(header: str) -> tuple[str, str]:
    """Client id and secret, each of which was form-encoded before it was put there (RFC 6749 §2.3.1)."""
    scheme, _, text = header.strip().partition(" ")
    if scheme.lower() != "basic":
        raise InvalidClient(_NOBODY)
    try:
        decoded = base64.b64decode(text.strip(), validate=True).decode()
        client, colon, secret = decoded.partition(":")
        parts = unquote_plus(client, errors="strict"), unquote_plus(secret, errors="strict")
    except (binascii.Error, ValueError):
        raise InvalidClient(
            "The Authorization header cannot be read. Send Basic with the client id and secret."
        ) from None
    if not colon or not all(parts):
        raise InvalidClient(_NOBODY)
    return parts


def _assertion(assertion: str, type: str | None) -> str:
    if type is None:
        raise InvalidRequest(f"client_assertion_type is missing. Send {ASSERTION_TYPE}.")
    if type != ASSERTION_TYPE:
        raise InvalidClient(f"The only client_assertion_type here is {ASSERTION_TYPE}.")
    return assertion
