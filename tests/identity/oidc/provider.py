"""An identity provider on loopback that speaks OpenID Connect: honest, unless a test makes it say something else."""

from __future__ import annotations

import base64
import hmac
import json
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, TypeAlias
from urllib.parse import parse_qs, urlsplit

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from joserfc import jwk, jws

from api.provisioning import clock

CLIENT_ID, CLIENT_SECRET = "rollcall: a client", "s3cret/with:signs+ä"

Claims: TypeAlias = dict[str, Any]
Answer: TypeAlias = tuple[int, Any]


@cache
def rsa_key(name: str = "first") -> jwk.RSAKey:
    """A key by its name; the same one for all tests, since making one takes long."""
    return jwk.RSAKey.generate_key(2048, {"kid": name, "use": "sig", "alg": "RS256"})


def encoded(part: object) -> str:
    """A part of a token: bytes as they are, everything else as JSON."""
    text = part if isinstance(part, bytes) else json.dumps(part).encode()
    return base64.urlsafe_b64encode(text).rstrip(b"=").decode()


def signed(claims: Claims | bytes, key: Any, algorithm: str = "RS256", *, kid: object = "first", **header: Any) -> str:
    """A signed token, made by hand: a library would refuse to make most of those that tests need."""
    protected = {"alg": algorithm, **({"kid": kid} if kid is not None else {}), **header}
    text = f"{encoded(protected)}.{encoded(claims)}"
    return f"{text}.{encoded(_signature(text.encode(), key, algorithm))}"


def _signature(text: bytes, key: Any, algorithm: str) -> bytes:
    if algorithm.startswith("HS"):
        return hmac.new(key, text, f"sha{algorithm[2:]}").digest()
    if algorithm.startswith("RS"):
        digest = {"256": hashes.SHA256(), "384": hashes.SHA384(), "512": hashes.SHA512()}[algorithm[2:]]
        made: bytes = key.private_key.sign(text, padding.PKCS1v15(), digest)
        return made
    return jws.JWSRegistry.algorithms[algorithm].sign(text, key)


@dataclass
class Provider:
    """What it says; `token` makes the ID token of claims, and `answers` stand before everything else."""

    url: str = ""
    nonce: str = ""
    code: str = "the-code"
    claims: Claims = field(default_factory=dict)
    document: Claims = field(default_factory=dict)
    keys: list[Claims] = field(default_factory=lambda: [rsa_key().as_dict(private=False)])
    userinfo: Claims = field(default_factory=dict)
    answers: dict[str, Answer] = field(default_factory=dict)
    token: Callable[[Claims], str] = lambda claims: signed(claims, rsa_key())
    asked: Counter[str] = field(default_factory=Counter)
    forms: list[dict[str, str]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)

    def said(self) -> Claims:
        """What the ID token says of Ann; a claim of None is left out."""
        now = int(clock.now().timestamp())
        claims = {
            "iss": self.url,
            "aud": CLIENT_ID,
            "sub": "ann-1",
            "nonce": self.nonce,
            "iat": now,
            "exp": now + 300,
            "email": "ann@example.com",
            "email_verified": True,
            "given_name": "Ann",
            "family_name": "Lee",
            **self.claims,
        }
        return {name: value for name, value in claims.items() if value is not None}

    def answer(self, path: str, form: dict[str, str]) -> Answer:
        """One request."""
        if path in self.answers:
            return self.answers[path]
        match path:
            case "/.well-known/openid-configuration":
                return 200, self._document()
            case "/keys":
                return 200, {"keys": self.keys}
            case "/token" if form.get("code") == self.code:
                token = self.token(self.said())
                return 200, {"id_token": token, "access_token": "opaque", "token_type": "Bearer", "expires_in": 60}
            case "/token":
                return 400, {"error": "invalid_grant", "error_description": "no such code"}
            case "/userinfo":
                return 200, self.userinfo
        return 404, {}

    def _document(self) -> Claims:
        found = {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize?tenant=1",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/keys",
            "userinfo_endpoint": f"{self.url}/userinfo",
            "response_types_supported": ["code", "id_token"],
            "id_token_signing_alg_values_supported": ["RS256"],
            **self.document,
        }
        return {name: value for name, value in found.items() if value is not None}


@contextmanager
def serving() -> Iterator[Provider]:
    """A provider behind a socket."""
    provider = Provider()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._answer({})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"])).decode()
            form = {name: values[0] for name, values in parse_qs(body, strict_parsing=True).items()}
            provider.forms.append(form)
            self._answer(form)

        def _answer(self, form: dict[str, str]) -> None:
            path = urlsplit(self.path).path
            provider.asked[path] += 1
            provider.headers.append({name.lower(): value for name, value in self.headers.items()})
            status, said = provider.answer(path, form)
            body = said if isinstance(said, bytes) else json.dumps(said).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    provider.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
