"""ID tokens that must not be taken, by their numbers: how an attacker would make each of honest claims."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any, TypeAlias

from joserfc import jwk

from .provider import CLIENT_ID, CLIENT_SECRET, Claims, Provider, encoded, rsa_key, signed

Forgery: TypeAlias = Callable[[Provider, Claims], str]
"""Makes the token; it may change what else the provider says before."""


def _unsigned(claims: Claims, algorithm: str, signature: str = "") -> str:
    return f"{encoded({'alg': algorithm, 'typ': 'JWT'})}.{encoded(claims)}.{signature}"


def _none(algorithm: str, signature: str = "") -> Forgery:
    return lambda _, claims: _unsigned(claims, algorithm, signature)


def _with(**changed: Any) -> Forgery:
    """Claims of the provider's own, but for some; one of None is left out."""

    def forge(_: Provider, claims: Claims) -> str:
        said = {name: value for name, value in {**claims, **changed}.items() if value is not None}
        return signed(said, rsa_key())

    return forge


def _later(**seconds: float) -> Forgery:
    def forge(_: Provider, claims: Claims) -> str:
        return signed({**claims, **{name: claims["iat"] + value for name, value in seconds.items()}}, rsa_key())

    return forge


def _headed(key: str = "first", algorithm: str = "RS256", **header: Any) -> Forgery:
    return lambda _, claims: signed(claims, rsa_key(key), algorithm, **header)


def _said(claim: str, value: Callable[[Provider], object]) -> Forgery:
    return lambda provider, claims: signed({**claims, claim: value(provider)}, rsa_key())


def _spoilt(spoil: Callable[[str], str]) -> Forgery:
    return lambda _, claims: spoil(signed(claims, rsa_key()))


def _raw(body: bytes) -> Forgery:
    return lambda _, __: signed(body, rsa_key())


def _lists_none(provider: Provider, claims: Claims) -> str:
    provider.document["id_token_signing_alg_values_supported"] = ["none", "RS256"]
    return _unsigned(claims, "none")


def _by_secret(secret: bytes) -> Forgery:
    return lambda _, claims: signed(claims, secret, "HS256")


def _with_secret_in_set(provider: Provider, claims: Claims) -> str:
    key = jwk.OctKey.import_key(b"k" * 32, {"kid": "first"})
    provider.keys = [key.as_dict()]
    return signed(claims, b"k" * 32, "HS256")


def _altered(_: Provider, claims: Claims) -> str:
    header, _body, signature = signed(claims, rsa_key()).split(".")
    return f"{header}.{encoded({**claims, 'sub': 'somebody-else'})}.{signature}"


def _other_signature(_: Provider, claims: Claims) -> str:
    header, body, _signature = signed(claims, rsa_key()).split(".")
    return f"{header}.{body}.{signed({**claims, 'sub': 'x'}, rsa_key()).split('.')[2]}"


def _weak_key(provider: Provider, claims: Claims) -> str:
    key = jwk.RSAKey.generate_key(1024, {"kid": "first"})
    provider.keys = [key.as_dict(private=False)]
    return signed(claims, key)


def _encryption_key(provider: Provider, claims: Claims) -> str:
    provider.keys = [{**rsa_key().as_dict(private=False), "use": "enc"}]
    return signed(claims, rsa_key())


def _nameless(provider: Provider, claims: Claims) -> str:
    provider.keys = [rsa_key(name).as_dict(private=False) for name in ("first", "second")]
    return signed(claims, rsa_key(), kid=None)


def _wrong_curve(provider: Provider, claims: Claims) -> str:
    key = jwk.ECKey.generate_key("secp256k1", {"kid": "first"})
    provider.keys = [key.as_dict(private=False)]
    return signed(claims, key, "ES256K")


def _own_certificate(_: Provider, claims: Claims) -> str:
    certificate = base64.b64encode(b"a certificate of the attacker's").decode()
    return signed(claims, rsa_key("attacker"), x5c=[certificate], x5u="http://127.0.0.1:1/certificate")


_PUBLIC_PEM = rsa_key().as_pem(private=False)
_PUBLIC_JWK = json.dumps(rsa_key().as_dict(private=False)).encode()

FORGERIES: dict[int, tuple[str, str, Forgery]] = {
    1: ("not signed", "which is not taken", _none("none")),
    2: ("not signed, in capitals", "which is not taken", _none("NONE")),
    3: ("not signed, and the provider's document has `none`", "which is not taken", _lists_none),
    4: (
        "not signed, with something for a signature",
        "which is not taken",
        _none("none", "c2lnbmVk"),
    ),
    5: ("HS256 by the public key as PEM", "which is not taken", _by_secret(_PUBLIC_PEM)),
    6: ("HS256 by the public key as JWK", "which is not taken", _by_secret(_PUBLIC_JWK)),
    7: ("HS256 by the client secret", "which is not taken", _by_secret(CLIENT_SECRET.encode())),
    8: ("HS256 by a secret in the provider's key set", "which is not taken", _with_secret_in_set),
    9: (
        "another's key under the right name",
        "is not the provider's",
        _headed("attacker"),
    ),
    10: (
        "another's key by its own name",
        "have none or several",
        _headed("attacker", kid="attacker"),
    ),
    11: (
        "another's key in the header",
        "is not the provider's",
        _headed("attacker", jwk=rsa_key("attacker").as_dict(private=False)),
    ),
    12: (
        "another's key set in the header",
        "is not the provider's",
        _headed("attacker", jku="http://127.0.0.1:1/keys"),
    ),
    13: ("another's certificate in the header", "is not the provider's", _own_certificate),
    14: ("altered after it was signed", "is not the provider's", _altered),
    15: (
        "without the signature",
        "is not the provider's",
        _spoilt(lambda token: token.rpartition(".")[0] + "."),
    ),
    16: ("with the signature of another token", "is not the provider's", _other_signature),
    17: (
        "by another algorithm than the key is for",
        "have none or several",
        _headed(algorithm="RS512"),
    ),
    18: ("on a curve that is not taken", "which is not taken", _wrong_curve),
    19: ("by a key of 1024 bits", "has no key that ID tokens may be signed by", _weak_key),
    20: ("by a key that is for encryption", "has no key that ID tokens may be signed by", _encryption_key),
    21: ("by one of two keys, not saying which", "have none or several", _nameless),
    22: ("with a header that has to be understood", "(crit)", _headed(crit=["iat"], iat=1)),
    23: ("with a payload that is not encoded", "(crit)", _headed(crit=["b64"], b64=True)),
    24: ("an access token", "another kind", _headed(typ="at+jwt")),
    25: ("a token of a log-out", "another kind", _headed(typ="logout+jwt")),
    26: ("of another issuer", "of another issuer", _with(iss="https://attacker.example.com")),
    27: (
        "of the issuer with a slash",
        "of another issuer",
        _said("iss", lambda p: f"{p.url}/"),
    ),
    28: (
        "of the issuer in capitals",
        "of another issuer",
        _said("iss", lambda p: p.url.upper()),
    ),
    29: ("of no issuer", "of another issuer", _with(iss=None)),
    30: ("of a list of issuers", "of another issuer", _said("iss", lambda p: [p.url])),
    31: ("for another client", "for somebody else", _with(aud="somebody else")),
    32: ("for another client, with us as the party", "for somebody else", _with(aud="somebody else", azp=CLIENT_ID)),
    33: (
        "for us and another, not saying to whom it was given",
        "given to somebody else",
        _with(aud=[CLIENT_ID, "somebody else"]),
    ),
    34: ("for us and another, given to the other", "given to somebody else", _with(aud=[CLIENT_ID, "x"], azp="x")),
    35: ("for us, given to another", "given to somebody else", _with(azp="somebody else")),
    36: ("for nobody", "for whom it is (aud)", _with(aud=None)),
    37: ("for an empty list", "for somebody else", _with(aud=[])),
    38: ("for a number", "for whom it is (aud)", _with(aud=17)),
    39: ("for a client whose name begins like ours", "for somebody else", _with(aud=f"{CLIENT_ID}2")),
    40: ("expired", "has expired", _later(exp=-61)),
    41: ("that never expires", "does not say exp", _with(exp=None)),
    42: ("that expires at true", "does not say exp", _with(exp=True)),
    43: ("that expires at a text", "does not say exp", _with(exp="99999999999")),
    44: ("that expires beyond all numbers", "does not say exp", _with(exp=10**400)),
    45: ("of an unknown time", "does not say iat", _with(iat=None)),
    46: ("of the future", "from the future", _later(iat=120)),
    47: ("of the time true", "does not say iat", _with(iat=True)),
    48: ("not valid yet", "not valid yet", _later(nbf=120)),
    49: ("valid from true", "does not say nbf", _with(nbf=True)),
    50: ("of another sign-in", "(nonce)", _with(nonce="somebody else's")),
    51: ("of no sign-in", "(nonce)", _with(nonce=None)),
    52: ("of a list of sign-ins", "(nonce)", _said("nonce", lambda p: [p.nonce])),
    53: ("about nobody", "names nobody (sub)", _with(sub=None)),
    54: ("about an empty name", "names nobody (sub)", _with(sub="")),
    55: ("about a number", "names nobody (sub)", _with(sub=1)),
    56: ("about a name that is too long", "names nobody (sub)", _with(sub="a" * 256)),
    57: ("about a name with U+0000", "said an id that is", _with(sub="ann\0")),
    58: ("that goes with another access token", "(at_hash)", _with(at_hash="77QmUPtjPfzWtF2AnpK9RQ")),
    59: ("whose at_hash is a number", "(at_hash)", _with(at_hash=1)),
    60: ("encrypted", "compact form, or too long", _spoilt(lambda token: token + ".x.y")),
    61: ("with a huge header", "compact form, or too long", _headed(x5c=["A" * 5000])),
    62: ("huge", "compact form, or too long", _with(more="A" * 40_000)),
    63: (
        "with a header that is nested too deeply",
        "header of the ID token cannot be read",
        _spoilt(lambda _: f"{encoded(b'[' * 2800)}.e30.c2lnbmVk"),
    ),
    64: ("nested too deeply", "claims of the ID token cannot be read", _raw(b'{"a":' * 3000 + b"1" + b"}" * 3000)),
    65: ("that is a list", "claims of the ID token cannot be read", _raw(b"[]")),
    66: ("that is no UTF-8", "claims of the ID token cannot be read", _raw(b'{"sub":"\xff"}')),
    67: ("whose key has a number for a name", "no text", _headed(kid=1)),
    68: ("that is no token", "header of the ID token cannot be read", lambda _, __: "this.is.none"),
    69: (
        "with letters that are not ASCII",
        "compact form, or too long",
        _spoilt(lambda token: token + "ä"),
    ),
}
