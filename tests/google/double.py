"""Google's token endpoint and Directory API on loopback, as developers.google.com documents them.

It is as strict as Google or stricter: parameters that the documentation does not have are refused, and so are page
sizes beyond the limits, tokens that it did not give, and assertions that are not signed, addressed and dated as they
have to be.
"""

from __future__ import annotations

import json
import secrets
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey

from api.google.client import Endpoints

ADMIN = "admin@example.com"
ACCOUNT = "rollcall@project.iam.example.com"
_BEARER_GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_PARAMETERS = {
    "users": {
        "customFieldMask",
        "customer",
        "domain",
        "event",
        "maxResults",
        "orderBy",
        "pageToken",
        "projection",
        "query",
        "showDeleted",
        "sortOrder",
        "viewType",
    },
    "groups": {"customer", "domain", "maxResults", "orderBy", "pageToken", "query", "sortOrder", "userKey"},
    "members": {"includeDerivedMembership", "maxResults", "pageToken", "roles"},
}
_MOST = {"users": 500, "groups": 200, "members": 200}


@dataclass
class Workspace:
    """What is in the directory, and what goes wrong: `failures` are answered first, one a request."""

    users: dict[str, dict[str, Any]] = field(default_factory=dict)
    groups: dict[str, dict[str, Any]] = field(default_factory=dict)
    members: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    failures: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    tokens: set[str] = field(default_factory=set)
    page: int = 500
    is_delegated: bool = True
    url: str = ""
    key: rsa.RSAPrivateKey = field(default_factory=lambda: rsa.generate_private_key(65537, 2048))

    @property
    def places(self) -> Endpoints:
        """Where the double is."""
        return Endpoints(token_url=f"{self.url}/token", api_url=self.url)

    @property
    def key_file(self) -> str:
        """The file that Google gives for a service account."""
        pem = self.key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        return json.dumps(
            {
                "type": "service_account",
                "project_id": "project",
                "private_key_id": "k1",
                "private_key": pem.decode(),
                "client_email": ACCOUNT,
                "client_id": "123",
                "token_uri": "https://oauth2.googleapis.com/token",
            }
        )

    def add_user(self, id: str, email: str, **more: Any) -> None:
        """Somebody with a name made of their address."""
        given = email.partition("@")[0].title()
        self.users[id] = {
            "kind": "admin#directory#user",
            "id": id,
            "etag": secrets.token_hex(4),
            "primaryEmail": email,
            "name": {"givenName": given, "familyName": "Example", "fullName": f"{given} Example"},
            "suspended": False,
            "archived": False,
            "emails": [{"address": email, "primary": True}, {"address": f"{given}@alias.example.com"}],
            **more,
        }

    def add_group(self, id: str, name: str, members: Sequence[str], type: str = "USER") -> None:
        """A group with direct members."""
        self.groups[id] = {"kind": "admin#directory#group", "id": id, "email": f"{id}@example.com", "name": name}
        self.members[id] = [
            {"kind": "admin#directory#member", "id": each, "role": "MEMBER", "type": type} for each in members
        ]

    def answer(self, path: str, query: dict[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        """One GET."""
        if authorization.removeprefix("Bearer ") not in self.tokens:
            return 401, _error(401, "authError", "Invalid Credentials")
        if self.failures:
            return self.failures.pop(0)
        parts = path.removeprefix("/admin/directory/v1/").split("/")
        kind = parts[-1]
        unknown = set(query) - _PARAMETERS.get(kind, set())
        if unknown or int(query.get("maxResults", "100")) > _MOST[kind]:
            return 400, _error(400, "invalid", f"Invalid Input: {unknown or 'maxResults'}")
        if kind in ("users", "groups") and not (query.get("customer") or query.get("domain")):
            return 400, _error(400, "badRequest", "Bad Request")
        self.asked.append(kind)
        if kind == "members":
            if unquote(parts[1]) not in self.groups:
                return 404, _error(404, "notFound", "Resource Not Found: groupKey")
            return 200, self._page("members", self.members[unquote(parts[1])], query)
        return 200, self._page(kind, list(getattr(self, kind).values()), query)

    def token(self, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        """One POST to the token endpoint."""
        if form.get("grant_type") != _BEARER_GRANT:
            return 400, {"error": "unsupported_grant_type"}
        try:
            public = RSAKey.import_key(
                self.key.public_key().public_bytes(
                    serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
                )
            )
            claims = jwt.decode(form["assertion"], public, algorithms=["RS256"]).claims
        except (JoseError, ValueError):
            return 400, {"error": "invalid_grant", "error_description": "Invalid JWT Signature."}
        now = time.time()
        is_right = (
            claims["iss"] == ACCOUNT
            and claims["aud"] == "https://oauth2.googleapis.com/token"
            and now - 60 <= claims["iat"] <= now + 60
            and claims["exp"] - claims["iat"] <= 3600
            and all(scope.startswith("https://www.googleapis.com/auth/") for scope in claims["scope"].split())
        )
        if not is_right:
            return 400, {"error": "invalid_grant", "error_description": "Invalid JWT: check its claims."}
        if not self.is_delegated:
            described = "Client is unauthorized to retrieve access tokens using this method."
            return 401, {"error": "unauthorized_client", "error_description": described}
        if claims["sub"] != ADMIN:
            return 400, {"error": "invalid_grant", "error_description": "Invalid email or User ID"}
        token = secrets.token_urlsafe(16)
        self.tokens.add(token)
        return 200, {"access_token": token, "expires_in": 3599, "token_type": "Bearer"}

    def _page(self, kind: str, everything: list[dict[str, Any]], query: dict[str, str]) -> dict[str, Any]:
        size, start = min(int(query.get("maxResults", "100")), self.page), int(query.get("pageToken", "0"))
        found: dict[str, Any] = {"kind": f"admin#directory#{kind}", "etag": "e"}
        if everything:  # Google leaves an empty list out
            found[kind] = everything[start : start + size]
        if start + size < len(everything):
            found["nextPageToken"] = str(start + size)
        return found


@contextmanager
def serving() -> Iterator[Workspace]:
    """An empty workspace on loopback."""
    workspace = Workspace()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
            self._send(*workspace.answer(parts.path, query, self.headers.get("Authorization", "")))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self._send(*workspace.token({name: values[-1] for name, values in parse_qs(body).items()}))

        def _send(self, status: int, found: dict[str, Any]) -> None:
            body = json.dumps(found).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json; charset=UTF-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    workspace.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield workspace
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _error(code: int, reason: str, message: str) -> dict[str, Any]:
    return {"error": {"code": code, "message": message, "errors": [{"domain": "global", "reason": reason}]}}
