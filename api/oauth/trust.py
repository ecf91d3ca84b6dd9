"""By which keys a client signs its assertions, and what these have to say. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey
from joserfc.util import base64_to_int

from api.net.client import Unreachable, checked
from api.provisioning.errors import BadSetting

ALGORITHMS = ("RS256", "PS256", "ES256")
"""By which assertions may be signed: with a private key, so that whoever checks one cannot make one."""

MOST_KEYS = 20
_LONGEST = 500
_BITS = (2048, 8192)
_EXPONENTS = (3, 2**32)
_SAME_ID = 3
_ANY = {"RSA": ("RS256", "PS256"), "EC": ("ES256",)}
_PUBLIC = {"RSA": ("n", "e"), "EC": ("crv", "x", "y")}
_PRIVATE = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})
_SCOPE_OF_ENTRA = "/.default"


@dataclass(frozen=True, slots=True)
class Trust:
    """What a client's assertions are checked by: a set of public keys (a JWK Set as JSON), or where it is fetched.

    The client signs itself, and says that it is itself, unless another issues assertions with another `subject` about
    it, as Microsoft Entra ID does (workload identity federation). `audience` is for whom they are, if not for us.
    """

    jwks: str | None = None
    jwks_uri: str | None = None
    issuer: str | None = None
    subject: str | None = None
    audience: str | None = None


@dataclass(frozen=True, slots=True)
class VerifyingKey:
    """A public key with its id and the algorithms that it is for."""

    kid: str
    algorithms: Sequence[str]
    key: RSAKey | ECKey


def wanted(trust: Trust) -> Trust:
    """A trust as it is kept, with nothing of the keys but what is needed; raises BadSetting."""
    given = {name: _text(name, getattr(trust, name)) for name in ("issuer", "subject", "audience")}
    if (given["issuer"] is None) != (given["subject"] is None):
        raise BadSetting("Give issuer and subject together, or neither where the client signs its assertions itself.")
    if (trust.jwks is None) == (trust.jwks_uri is None):
        raise BadSetting("Give the public keys (jwks), or the URL where they are (jwks_uri), and not both.")
    if trust.jwks_uri is not None:
        try:
            checked(trust.jwks_uri)
        except Unreachable as problem:
            raise BadSetting(f"jwks_uri cannot be used. {problem}") from None
    audience = given["audience"]
    return Trust(
        jwks=None if trust.jwks is None else _given(trust.jwks),
        jwks_uri=trust.jwks_uri,
        issuer=given["issuer"],
        subject=given["subject"],
        # What Entra shows to be copied is the scope that it asks for; what its assertions say is the part before.
        audience=audience.removesuffix(_SCOPE_OF_ENTRA) if audience else None,
    )


def keys_of(jwks: str | bytes) -> list[VerifyingKey]:
    """The keys in a JWK Set that can be used; the others are left out (RFC 7517 §5). Raises BadSetting for no set."""
    found = list[VerifyingKey]()
    for each in _set(jwks):
        try:
            found.append(_key(each))
        except BadSetting:
            continue
    return found


def are_same_keys(one: str | None, other: str | None) -> bool:
    """Whether two JWK Sets are the same, however they are written."""
    return one is not None and other is not None and bool(msgspec.json.decode(one) == msgspec.json.decode(other))


def _given(jwks: str) -> str:
    """A JWK Set of an admin's, each key of which has to be good."""
    listed = _set(jwks)
    if not 1 <= len(listed) <= MOST_KEYS:
        raise BadSetting(f"A set has from 1 to {MOST_KEYS} keys.")
    kept = []
    for each in listed:
        key = _key(each)
        kept.append(
            {"kty": each["kty"], "kid": key.kid, **{name: each[name] for name in _PUBLIC[each["kty"]]}}
            | ({"alg": each["alg"]} if "alg" in each else {})
        )
    if len({each["kid"] for each in kept}) != len(kept):
        raise BadSetting("Two keys have the same kid. Give each one of its own.")
    return msgspec.json.encode({"keys": kept}).decode()


def _set(jwks: str | bytes) -> Sequence[Mapping[str, Any]]:
    try:
        found = msgspec.json.decode(jwks)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise BadSetting("This is no JSON; a JWK Set is an object with a list of keys.") from None
    listed = found.get("keys") if isinstance(found, dict) else None
    if not isinstance(listed, list) or not all(isinstance(each, dict) for each in listed):
        raise BadSetting(
            'This is no JWK Set; it looks like {"keys": [{"kty": "RSA", "kid": "…", "n": "…", "e": "AQAB"}]}.'
        )
    return listed


def _key(jwk: Mapping[str, Any]) -> VerifyingKey:
    kty, kid, alg = jwk.get("kty"), jwk.get("kid"), jwk.get("alg")
    if kty not in ("RSA", "EC"):
        raise BadSetting("Keys are of the kty RSA or EC.")
    if any(name in jwk for name in _PRIVATE):
        raise BadSetting("This is a private key, which nobody else should have. Replace it, and give the public one.")
    if not isinstance(kid, str) or not 0 < len(kid) <= _LONGEST:
        raise BadSetting("Each key needs a kid, by which assertions name it.")
    if jwk.get("use") not in (None, "sig") or alg not in (None, *_ANY[kty]):
        raise BadSetting(f"Keys are for signatures (use: sig) by {', '.join(ALGORITHMS)}.")
    public = {"kty": kty, **{name: jwk.get(name) for name in _PUBLIC[kty]}}
    try:
        if kty == "RSA" and not _BITS[0] <= base64_to_int(public["n"]).bit_length() <= _BITS[1]:
            raise BadSetting(f"RSA keys have from {_BITS[0]} to {_BITS[1]} bits.")
        if kty == "RSA" and not _EXPONENTS[0] <= base64_to_int(public["e"]) <= _EXPONENTS[1]:
            raise BadSetting("The exponent (e) of RSA keys is from 3 to 4,294,967,296; AQAB is usual.")
        key = RSAKey.import_key(public) if kty == "RSA" else ECKey.import_key(public)
    except (JoseError, ValueError, TypeError, KeyError):
        raise BadSetting(f"The key {kid} cannot be read.") from None
    if isinstance(key, ECKey) and key.curve_name != "P-256":
        raise BadSetting("EC keys are on the curve P-256.")
    return VerifyingKey(kid, (alg,) if alg else _ANY[kty], key)


def with_id(keys: Iterable[VerifyingKey], kid: str) -> list[VerifyingKey]:
    """The keys of an id: a few at most, because each costs time and a published set may be full of them."""
    return [each for each in keys if each.kid == kid][:_SAME_ID]


def _text(name: str, text: str | None) -> str | None:
    found = (text or "").strip()
    if len(found) > _LONGEST or not found.isprintable():
        raise BadSetting(f"{name} is a text of at most {_LONGEST} characters, without line breaks and such.")
    return found or None
