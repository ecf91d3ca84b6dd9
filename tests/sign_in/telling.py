"""A host application that tells of sign-ins, by hand: its signatures are made by the package of Standard Webhooks."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import httpx
import jsonschema
from standardwebhooks import Webhook

from api.provisioning import clock, tokens
from api.provisioning.actor import Right
from api.provisioning.caller import the_operator
from tests.scim.conversation import Scim

from .papers import ANSWER, CALL, PROBLEM

EMAIL = "ann@example.com"


@dataclass(frozen=True, slots=True)
class Host:
    """An application with its token and signing secret, or with wrong ones."""

    http: httpx.AsyncClient
    token: str
    secret: str

    async def send(
        self,
        body: bytes,
        *,
        id: str | None = None,
        at: datetime | None = None,
        headers: Mapping[str, str | None] | None = None,
        signed: bytes | None = None,
    ) -> httpx.Response:
        """The answer to a call; a header that is None is left out, and `signed` is signed instead of the body."""
        call, now = id or uuid.uuid4().hex, at or clock.now()
        signature = self.signature(call, now, body if signed is None else signed)
        sent: dict[str, str | None] = {
            "authorization": f"Bearer {self.token}",
            "content-type": "application/json",
            "webhook-id": call,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": signature,
            **(headers or {}),
        }
        present = {name.encode(): value.encode() for name, value in sent.items() if value is not None}
        return await self.http.post("/jit/sign-ins", content=body, headers=present)

    def signature(self, call: str, at: datetime, body: bytes) -> str:
        """By the package, or by hand for what is no text."""
        try:
            return Webhook(self.secret).sign(call, at, body.decode())
        except UnicodeDecodeError:
            key = base64.b64decode(self.secret.removeprefix("whsec_"))
            content = f"{call}.{int(at.timestamp())}.".encode() + body
            return f"v1,{base64.b64encode(hmac.digest(key, content, hashlib.sha256)).decode()}"

    async def tell(self, email: str | None = EMAIL, *, id: str | None = None, **said: Any) -> httpx.Response:
        """The answer to a successful sign-in, as far as nothing else is said."""
        given = {"outcome": "success", "email": email, **said}
        jsonschema.validate(given, CALL)
        return await self.send(json.dumps(given).encode(), id=id)

    def having(self, *, token: str | None = None, secret: str | None = None) -> Host:
        """The same with another token or secret."""
        return replace(self, token=token or self.token, secret=secret or self.secret)


async def host(scim: Scim, *rights: Right) -> Host:
    """A new application of a directory's organization."""
    made = await tokens.create(
        the_operator(),
        scim.access.organization_id,
        name="The app",
        rights=rights or (Right.SIGN_IN,),
        expires_in_days=None,
    )
    secret = made.signing.shared if made.signing else None
    return Host(scim.http, made.text, secret or "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")


def told(answer: httpx.Response) -> dict[str, Any]:
    """What is answered to a call that was carried out."""
    assert answer.status_code == 200, answer.text
    _kept_by_nobody(answer, "application/json")
    found: dict[str, Any] = answer.json()
    jsonschema.validate(found, ANSWER, format_checker=jsonschema.FormatChecker())
    return found


def refused(answer: httpx.Response, status: int, code: str) -> str:
    """What a refusal says, after a look whether it is as documented."""
    found = answer.json()
    assert (answer.status_code, found["status"], found["code"]) == (status, status, code), answer.text
    _kept_by_nobody(answer, "application/problem+json")
    jsonschema.validate(found, PROBLEM, format_checker=jsonschema.FormatChecker())
    assert found["trace"] == answer.headers["x-trace-id"]
    if status == 401:
        assert answer.headers["www-authenticate"].startswith("Bearer ")
    return str(found["detail"])


def _kept_by_nobody(answer: httpx.Response, media_type: str) -> None:
    assert answer.headers["content-type"] == media_type
    assert answer.headers["cache-control"] == "no-store"


def texts(found: dict[str, Any]) -> list[str]:
    """Why it came so, in words."""
    return [each["text"] for each in found["decisions"]]


def ago(**passed: float) -> datetime:
    """A time before now."""
    return clock.now() - timedelta(**passed)
