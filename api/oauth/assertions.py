"""Whether an assertion says, and proves, that a client is who it says it is (RFC 7523 §3). Pure."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import msgspec
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jws import JWSRegistry
from joserfc.util import urlsafe_b64decode

from .trust import ALGORITHMS, VerifyingKey

LONGEST = 16_384
SKEW_SECONDS = 60
OWN_SECONDS = 3600
"""So long at most lives an assertion that a client makes itself; it makes a new one for each token."""

ISSUED_SECONDS = 86_400
"""So long at most lives one that somebody else issues, which may be used until then."""

_LONGEST_ID = 255
_LAST_TIME = 1e11
_WHAT_IT_SAYS = "What the assertion says"


class BadAssertion(Exception):
    """An assertion that is not believed; the text says what is wrong with it."""


class _Registry(JWSRegistry):
    """With room for a certificate in the header, which is not looked at (joserfc gives headers 512 bytes)."""

    max_header_length = 4096
    max_payload_length = 8192


_REGISTRY = _Registry(algorithms=ALGORITHMS, strict_check_header=False)


@dataclass(frozen=True, slots=True)
class Expected:
    """What an assertion has to say; `is_own` tells that the client makes it itself, for one use each."""

    issuer: str
    subject: str
    audiences: Set[str]
    is_own: bool


@dataclass(frozen=True, slots=True)
class Sent:
    """What an assertion says of itself, while nobody has looked whether it is true: which key, and about whom."""

    algorithm: str
    kid: str
    subject: object


@dataclass(frozen=True, slots=True)
class Believed:
    """What is remembered of an assertion that is believed: its own id, if it has one, and until when it is good."""

    id: str | None
    expires_at: datetime


def read(text: str) -> Sent:
    """What an assertion says of itself; raises BadAssertion for one that can never be believed."""
    if len(text) > LONGEST:
        raise BadAssertion(f"The assertion is longer than {LONGEST} characters.")
    head, payload = _parts(text)
    header = _object(head, "The header of the assertion")
    algorithm, kid = header.get("alg"), header.get("kid")
    if algorithm not in ALGORITHMS:
        raise BadAssertion(f"The assertion has to be signed by {', '.join(ALGORITHMS)}.")
    if "crit" in header or "b64" in header:
        raise BadAssertion("The assertion needs something that is not known here (crit).")
    if not isinstance(kid, str) or not kid:
        raise BadAssertion("The header of the assertion has no kid, which names the key that it is signed by.")
    return Sent(algorithm, kid, _object(payload, _WHAT_IT_SAYS).get("sub"))


def believed(text: str, sent: Sent, keys: Sequence[VerifyingKey], expected: Expected, now: datetime) -> Believed:
    """What is remembered of an assertion that is signed by one of the keys and says what it has to.

    Raises BadAssertion.
    """
    if not any(sent.algorithm in key.algorithms and _is_signed(text, key) for key in keys):
        raise BadAssertion("The signature of the assertion is not by the key that it names.")
    return _judged(_object(_parts(text)[1], _WHAT_IT_SAYS), expected, now.timestamp())


def _is_signed(text: str, key: VerifyingKey) -> bool:
    try:
        jws.deserialize_compact(text.encode(), key.key, registry=_REGISTRY)
    except (JoseError, ValueError):
        return False
    return True


def _judged(claims: dict[str, Any], expected: Expected, now: float) -> Believed:
    if claims.get("iss") != expected.issuer:
        raise BadAssertion(f"The assertion is issued by {_shown(claims.get('iss'))} (iss), not by {expected.issuer}.")
    if claims.get("sub") != expected.subject:
        raise BadAssertion(f"The assertion is about {_shown(claims.get('sub'))} (sub), not about {expected.subject}.")
    _must_be_for(claims.get("aud"), expected.audiences)
    ends = _time(claims, "exp")
    if ends is None:
        raise BadAssertion("The assertion does not say when it ends (exp).")
    if ends <= now - SKEW_SECONDS:
        raise BadAssertion("The assertion has expired (exp). Make a new one, and look whether the clock is right.")
    longest = OWN_SECONDS if expected.is_own else ISSUED_SECONDS
    if ends > now + longest + SKEW_SECONDS:
        raise BadAssertion(f"The assertion lives for too long (exp): {longest} seconds at most.")
    for name in ("nbf", "iat"):
        begins = _time(claims, name)
        if begins is not None and begins > now + SKEW_SECONDS:
            raise BadAssertion(f"The assertion is from the future ({name}). Look whether the clock is right.")
    return Believed(_id(claims, expected), datetime.fromtimestamp(ends + SKEW_SECONDS, UTC))


def _must_be_for(audience: object, ours: Set[str]) -> None:
    """An assertion that is for others as well could be used here by them."""
    listed = audience if isinstance(audience, list) else [audience]
    if not listed or not all(isinstance(each, str) and each in ours for each in listed):
        raise BadAssertion(f"The assertion is for {_shown(audience)} (aud), not for {' or '.join(sorted(ours))}.")


def _id(claims: dict[str, Any], expected: Expected) -> str | None:
    found = claims.get("jti")
    if found is None and not expected.is_own:
        return None
    if not isinstance(found, str) or not 0 < len(found) <= _LONGEST_ID:
        raise BadAssertion(f"The assertion needs an id (jti) of its own, of at most {_LONGEST_ID} characters.")
    return found


def _time(claims: dict[str, Any], name: str) -> float | None:
    """A time in seconds; `true` is no number, although Python takes it for one."""
    found = claims.get(name)
    if found is None and name not in claims:
        return None
    if isinstance(found, bool) or not isinstance(found, int | float) or not abs(found) <= _LAST_TIME:
        raise BadAssertion(f"{name} of the assertion is no time in seconds.")
    return float(found)


def _parts(text: str) -> tuple[bytes, bytes]:
    """Header and payload of a JWS in its compact form (RFC 7515 §7.1)."""
    parts = text.split(".")
    try:
        head, payload, _ = (urlsafe_b64decode(part.encode("ascii")) for part in parts)
    except (ValueError, TypeError):
        raise BadAssertion("The assertion is no signed JWT.") from None
    return head, payload


def _object(text: bytes, what: str) -> dict[str, Any]:
    try:
        return msgspec.json.decode(text, type=dict[str, Any])
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise BadAssertion(f"{what} is no JSON object.") from None


def _shown(found: object) -> str:
    return str(found)[:_LONGEST_ID]
