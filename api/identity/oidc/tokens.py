"""Judging ID tokens (OpenID Connect Core 1.0 §3.1.3.7, RFC 7519, RFC 8725; ASVS 9 and 10.5). Pure.

What a token says of itself decides nothing: algorithms come from here, keys from the provider's own document.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from joserfc import jwk, jws
from joserfc.errors import JoseError
from joserfc.registry import Header as JoseHeader

from .problems import BadToken, quoted

ALGORITHMS: Mapping[str, tuple[str, str | None]] = {
    **{f"RS{bits}": ("RSA", None) for bits in (256, 384, 512)},
    **{f"PS{bits}": ("RSA", None) for bits in (256, 384, 512)},
    "ES256": ("EC", "P-256"),
    "ES384": ("EC", "P-384"),
    "ES512": ("EC", "P-521"),
    "Ed25519": ("OKP", "Ed25519"),
    "EdDSA": ("OKP", "Ed25519"),
}
"""The algorithms that are taken, all of them asymmetric, with the type and curve of key that each needs."""

LONGEST = 32_768
"""A token has at most so many characters."""

SKEW = 60
"""Clocks may differ by so many seconds."""

_LONGEST_HEADER = 4096  # Certificate chains (x5c) are longer than joserfc's 512 bytes
_LONGEST_SUBJECT = 255  # Core §2
_LEAST_RSA = 2048
_TOO_MANY_KEYS = 100
_PUBLIC = {"RSA": ("n", "e"), "EC": ("crv", "x", "y"), "OKP": ("crv", "x")}


@dataclass(frozen=True, slots=True)
class Header:
    """What a token says of how it is signed; nothing of it is believed."""

    algorithm: str
    key_id: str | None


@dataclass(frozen=True, slots=True)
class Expected:
    """What a token has to say: by whom, for whom, and for which sign-in."""

    issuer: str
    client_id: str
    nonce: str


@dataclass(frozen=True, slots=True)
class Key:
    """A key by which tokens may be signed, and what its provider says of it."""

    type: str
    curve: str | None
    algorithm: object
    id: object
    key: jwk.Key


class _Registry(jws.JWSRegistry):
    max_header_length = _LONGEST_HEADER
    max_payload_length = LONGEST

    def get_alg(self, name: str) -> Any:  # a class for which joserfc exports no name
        """EdDSA by its name of today (RFC 9864); the other curve that it could mean is not taken."""
        return super().get_alg("Ed25519" if name == "EdDSA" else name)


_REGISTRY = _Registry(algorithms=list(ALGORITHMS), strict_check_header=False)


def header(token: str) -> Header:
    """How a token is signed, by its own words; raises BadToken for what no key could make right."""
    parts = token.split(".")
    if len(token) > LONGEST or not token.isascii() or len(parts) != 3 or len(parts[0]) > _LONGEST_HEADER:
        raise BadToken("The ID token is no signed token in the compact form, or too long.")
    said = _object(_decoded(parts[0]), "header")
    algorithm, key_id, kind = said.get("alg"), said.get("kid"), said.get("typ", "JWT")
    if not isinstance(algorithm, str) or algorithm not in ALGORITHMS:
        raise BadToken(
            f"The ID token is signed by {quoted(algorithm)}, which is not taken. Taken are {', '.join(ALGORITHMS)}."
        )
    if "crit" in said or "b64" in said:
        raise BadToken("The ID token wants something unknown to be understood (crit).")
    if not isinstance(kind, str) or kind.upper() not in ("JWT", "APPLICATION/JWT"):
        raise BadToken(f"The token is of another kind than an ID token ({quoted(kind)}).")
    if key_id is not None and not isinstance(key_id, str):
        raise BadToken("The ID token names its key by something that is no text.")
    return Header(algorithm, key_id)


def keys(document: Mapping[str, Any]) -> list[Key]:
    """The keys of a JWK set by which tokens may be signed; those that are not understood are left out (RFC 7517 §5)."""
    said = document.get("keys")
    found = [_key(each) for each in said[:_TOO_MANY_KEYS] if isinstance(each, dict)] if isinstance(said, list) else []
    return [key for key in found if key is not None]


def fitting(known: Sequence[Key], said: Header) -> Key | None:
    """The key by which a token may be signed, None if there is none, or if the token does not say which of several."""
    fit = [
        key
        for key in known
        if (key.type, key.curve) == ALGORITHMS[said.algorithm]
        and key.algorithm in (None, said.algorithm)
        and (said.key_id is None or key.id == said.key_id)
    ]
    return fit[0] if len(fit) == 1 else None


def verified(token: str, said: Header, key: Key) -> dict[str, Any]:
    """The claims of a token that this key has signed; raises BadToken."""
    try:
        found = jws.deserialize_compact(token, key.key, registry=_REGISTRY)
    except (JoseError, ValueError, TypeError):
        raise BadToken("The signature of the ID token is not the provider's.") from None
    protected: JoseHeader = found.protected
    if protected.get("alg") != said.algorithm:
        raise BadToken("The signature of the ID token is not the provider's.")
    return _object(found.payload, "claims")


def judge(claims: Mapping[str, Any], expected: Expected, at: float) -> None:
    """Raise BadToken unless the claims are for us, of now, and for this sign-in."""
    if claims.get("iss") != expected.issuer:
        raise BadToken(f"The ID token is of another issuer ({quoted(claims.get('iss'))}).")
    _must_be_for(claims, expected.client_id)
    if at >= _time(claims, "exp") + SKEW:
        raise BadToken("The ID token has expired. Look whether the clocks are right.")
    if _time(claims, "iat") > at + SKEW:
        raise BadToken("The ID token is from the future. Look whether the clocks are right.")
    if "nbf" in claims and _time(claims, "nbf") > at + SKEW:
        raise BadToken("The ID token is not valid yet. Look whether the clocks are right.")
    nonce = claims.get("nonce")
    if not isinstance(nonce, str) or not hmac.compare_digest(_bytes(nonce), _bytes(expected.nonce)):
        raise BadToken("The ID token belongs to another sign-in (nonce).")
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= _LONGEST_SUBJECT:
        raise BadToken(f"The ID token names nobody (sub): it has to be a text of 1 to {_LONGEST_SUBJECT} characters.")


def must_go_with(claims: Mapping[str, Any], said: Header, access_token: str) -> None:
    """Raise BadToken where the ID token says that another access token was given with it (§3.1.3.6)."""
    if "at_hash" not in claims:
        return
    # On the one curve that is taken EdDSA hashes by SHA-512, by both of its names (RFC 8032).
    bits = "512" if ALGORITHMS[said.algorithm][0] == "OKP" else said.algorithm[2:]
    digest = hashlib.new(f"sha{bits}", _bytes(access_token)).digest()
    wanted = base64.urlsafe_b64encode(digest[: len(digest) // 2]).rstrip(b"=")
    if not isinstance(claims["at_hash"], str) or not hmac.compare_digest(_bytes(claims["at_hash"]), wanted):
        raise BadToken("The ID token does not go with the access token (at_hash).")


def _key(said: Mapping[str, Any]) -> Key | None:
    kind, operations = said.get("kty"), said.get("key_ops", ["verify"])
    if not isinstance(kind, str) or kind not in _PUBLIC or said.get("use", "sig") != "sig" or _is_weak(said):
        return None
    if not isinstance(operations, list) or "verify" not in operations:
        return None
    # Nothing else is given on: joserfc would not know EdDSA's two names for the same, and whether the private part of a
    # huge key fits the public one takes it minutes to find out.
    bare = {"kty": kind, **{name: said[name] for name in _PUBLIC[kind] if name in said}}
    try:
        key = jwk.import_key(bare)
    except (JoseError, ValueError, TypeError, KeyError):
        return None
    curve = said.get("crv") if kind != "RSA" else None
    return Key(kind, curve, said.get("alg"), said.get("kid"), key)


def _is_weak(key: Mapping[str, Any]) -> bool:
    modulus = key.get("n")
    if key["kty"] != "RSA" or not isinstance(modulus, str):
        return False
    return int.from_bytes(_decoded(modulus), "big").bit_length() < _LEAST_RSA


def _must_be_for(claims: Mapping[str, Any], client_id: str) -> None:
    audience = claims.get("aud")
    audiences = [audience] if isinstance(audience, str) else audience
    if not isinstance(audiences, list) or not all(isinstance(each, str) for each in audiences):
        raise BadToken("The ID token does not say for whom it is (aud).")
    if client_id not in audiences:
        raise BadToken(f"The ID token is for somebody else ({quoted(', '.join(audiences))}).")
    party = claims.get("azp")
    if ("azp" in claims or len(audiences) > 1) and party != client_id:
        raise BadToken(f"The ID token was given to somebody else (azp {quoted(party)}).")


def _time(claims: Mapping[str, Any], name: str) -> float:
    """A NumericDate: true and false are none, although they are numbers to Python."""
    said = claims.get(name)
    if isinstance(said, bool) or not isinstance(said, int | float) or not _is_finite(said):
        raise BadToken(f"The ID token does not say {name} as a number of seconds.")
    return said


def _is_finite(number: float) -> bool:
    try:
        return math.isfinite(number)
    except OverflowError:  # a whole number that no float holds
        return False


def _decoded(part: str) -> bytes:
    try:
        return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
    except ValueError:
        return b""


def _object(text: bytes | None, what: str) -> dict[str, Any]:
    try:
        found = msgspec.json.decode(text or b"")
    except (msgspec.DecodeError, ValueError, RecursionError):
        raise BadToken(f"The {what} of the ID token cannot be read.") from None
    if not isinstance(found, dict):
        raise BadToken(f"The {what} of the ID token cannot be read.")
    return found


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
