"""Assertions made by hand, good and bad ones: only `cryptography` is asked to sign."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import uuid
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa, utils

from api.oauth import clients
from api.oauth.trust import Trust
from api.provisioning import clock
from tests.scim.conversation import Scim
from tests.scim.governing import governor

from .asking import TOKEN_URL, Client

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


def encoded(data: bytes) -> str:
    """base64url without padding (RFC 7515 §2)."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _number(number: int, length: int | None = None) -> str:
    return encoded(number.to_bytes(length or (number.bit_length() + 7) // 8, "big"))


@dataclass(frozen=True)
class Pair:
    """A key pair with an id."""

    private: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
    kid: str

    @cached_property
    def jwk(self) -> dict[str, Any]:
        """The public key."""
        if isinstance(self.private, rsa.RSAPrivateKey):
            of_rsa = self.private.public_key().public_numbers()
            return {"kty": "RSA", "kid": self.kid, "n": _number(of_rsa.n), "e": _number(of_rsa.e)}
        of_ec = self.private.public_key().public_numbers()
        curve = {256: "P-256", 384: "P-384"}[self.private.key_size]
        size = self.private.key_size // 8
        return {"kty": "EC", "kid": self.kid, "crv": curve, "x": _number(of_ec.x, size), "y": _number(of_ec.y, size)}

    @property
    def private_jwk(self) -> dict[str, Any]:
        """The whole pair, which nobody should give away."""
        assert isinstance(self.private, rsa.RSAPrivateKey)
        return {**self.jwk, "d": _number(self.private.private_numbers().d)}

    @property
    def pem(self) -> bytes:
        """The public key as text, which some libraries took for a shared secret."""
        return self.private.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )

    def sign(self, algorithm: str, text: bytes) -> bytes:
        """A signature."""
        if algorithm == "ES256":
            assert isinstance(self.private, ec.EllipticCurvePrivateKey)
            r, s = utils.decode_dss_signature(self.private.sign(text, ec.ECDSA(hashes.SHA256())))
            return r.to_bytes(32, "big") + s.to_bytes(32, "big")
        assert isinstance(self.private, rsa.RSAPrivateKey)
        salted = padding.PSS(padding.MGF1(hashes.SHA256()), hashes.SHA256().digest_size)
        return self.private.sign(text, salted if algorithm == "PS256" else padding.PKCS1v15(), hashes.SHA256())


RSA = Pair(rsa.generate_private_key(65537, 2048), "rsa-1")
EC = Pair(ec.generate_private_key(ec.SECP256R1()), "ec-1")
STRANGE = Pair(rsa.generate_private_key(65537, 2048), "rsa-1")
SHORT = Pair(rsa.generate_private_key(65537, 1024), "short")
WIDE = Pair(ec.generate_private_key(ec.SECP384R1()), "wide")


def jwks(*pairs: Pair | dict[str, Any]) -> str:
    """A JWK Set of public keys."""
    return json.dumps({"keys": [each.jwk if isinstance(each, Pair) else each for each in pairs]})


def claims(client: Client, **more: Any) -> dict[str, Any]:
    """What a client says of itself; None leaves something out."""
    now = int(clock.now().timestamp())
    said = {
        "iss": str(client.id),
        "sub": str(client.id),
        "aud": TOKEN_URL,
        "iat": now,
        "nbf": now,
        "exp": now + 300,
        "jti": uuid.uuid4().hex,
    }
    return {name: value for name, value in {**said, **more}.items() if value is not None}


def signed(said: dict[str, Any] | bytes, pair: Pair = RSA, algorithm: str = "RS256", **header: Any) -> str:
    """A JWT; None leaves something out of its header."""
    head = {name: value for name, value in {"alg": algorithm, "kid": pair.kid, **header}.items() if value is not None}
    payload = said if isinstance(said, bytes) else json.dumps(said).encode()
    text = f"{encoded(json.dumps(head).encode())}.{encoded(payload)}"
    return f"{text}.{encoded(pair.sign(algorithm, text.encode()))}"


def unsigned(said: dict[str, Any], algorithm: str = "none", kid: str = "rsa-1", signature: bytes = b"") -> str:
    """A JWT with a signature that is none."""
    head = json.dumps({"alg": algorithm, "kid": kid}).encode()
    return f"{encoded(head)}.{encoded(json.dumps(said).encode())}.{encoded(signature)}"


def by_shared_key(said: dict[str, Any], key: bytes, kid: str = "rsa-1") -> str:
    """A JWT signed by HMAC, whose key everybody has."""
    text = f"{encoded(json.dumps({'alg': 'HS256', 'kid': kid}).encode())}.{encoded(json.dumps(said).encode())}"
    return f"{text}.{encoded(hmac.digest(key, text.encode(), hashlib.sha256))}"


async def known_by_keys(scim: Scim, **trust: Any) -> Client:
    """A new client of a directory that signs with `RSA` or `EC`, if nothing else is said."""
    given = trust if "jwks_uri" in trust else {"jwks": jwks(RSA, EC), **trust}
    made = await clients.create(governor(scim), scim.access.directory_id, name="Signer", trust=Trust(**given))
    assert (made.secret, made.text) == (None, None)
    return Client(scim, made.client.id)


async def asked(client: Client, assertion: str, **form: str) -> Any:
    """The answer to a token request with an assertion."""
    return await client.post(
        {
            "grant_type": "client_credentials",
            "client_assertion_type": ASSERTION_TYPE,
            "client_assertion": assertion,
            **form,
        }
    )
