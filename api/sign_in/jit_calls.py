"""What a call says that tells of a sign-in, and whether it is by whom it should be. Pure (Standard Webhooks 1.0)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import msgspec

from api.net import signing
from api.net.signing import SigningKey
from api.provisioning.sign_ins import SignIn

LONGEST_BODY = 65_536
TOLERANCE_SECONDS = 300
_ID = re.compile(r"[A-Za-z0-9_-]{1,128}")
_LONGEST_TEXT, _LONGEST_CLAIM, _MOST_CLAIMS = 500, 100, 100
_MOST_SIGNATURES = 1000
_KNOWN = frozenset({"outcome", "email", "email_verified", "sub", "given_name", "family_name", "name"})


class BadCall(Exception):
    """A call that is not carried out: the status, a code for programs, and what happened and what to do.

    `email` is whom it keeps out, if that is known.
    """

    def __init__(self, status: int, code: str, text: str, email: str | None = None) -> None:
        super().__init__(text)
        self.status, self.code, self.email = status, code, email


class Said(msgspec.Struct, frozen=True):
    """A sign-in as the application tells of it, by the names of OpenID Connect; anything else is named as ignored."""

    outcome: Literal["success", "failure"]
    email: str | None = None
    email_verified: bool | None = None
    sub: str | None = None
    given_name: str | None = None
    family_name: str | None = None
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Read:
    """A call as it was read: whether the sign-in was successful, and what was said of the person."""

    is_success: bool
    email: str | None
    seen: SignIn


def message(headers: Mapping[str, str], body: bytes, key: SigningKey, now: float) -> str:
    """The id of a call, which is signed with the key, just now; raises BadCall.

    Whoever cannot sign learns nothing but that.
    """
    id, sent, signatures = (headers.get(f"webhook-{name}", "") for name in ("id", "timestamp", "signature"))
    if not _ID.fullmatch(id):
        raise BadCall(401, "BAD_SIGNATURE", "webhook-id is missing, or has other characters than A-Z a-z 0-9 _ -.")
    at = int(sent) if sent.isascii() and sent.isdecimal() and len(sent) < 12 else 0
    if not signing.is_signed(id, at, body, signatures[:_MOST_SIGNATURES], key):
        text = (
            "webhook-signature is not by the signing secret of this token. Sign `id.timestamp.body` as Standard"
            " Webhooks has it, with the very bytes that are sent."
        )
        raise BadCall(401, "BAD_SIGNATURE", text)
    if abs(now - at) > TOLERANCE_SECONDS:
        text = "webhook-timestamp is more than five minutes away. Sign each attempt anew, and look at the clock."
        raise BadCall(401, "STALE_TIMESTAMP", text)
    return id


def read(body: bytes) -> Read:
    """What a call says; raises BadCall for what makes no sense."""
    try:
        fields = msgspec.json.decode(body, type=dict[str, Any])
        said = msgspec.convert({name: fields[name] for name in _KNOWN & fields.keys()}, Said)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise BadCall(400, "BAD_REQUEST", f"The body is not what docs/jit.md says: {error}.") from None
    texts = {name: _text(name, getattr(said, name)) for name in ("email", "sub", "given_name", "family_name", "name")}
    is_success = said.outcome == "success"
    if is_success and texts["email"] is None:
        raise BadCall(422, "INVALID", "email is missing: people are recognised by their e-mail address.")
    if is_success and said.email_verified is False:
        text = "The identity provider says that the address is not verified. Let nobody in by it who has not proved it."
        raise BadCall(422, "ADDRESS_NOT_VERIFIED", text, texts["email"])
    seen = SignIn(
        email=texts["email"],
        subject=texts["sub"],
        given_name=texts["given_name"],
        family_name=texts["family_name"],
        display_name=texts["name"],
        besides=_besides(fields),
    )
    return Read(is_success, texts["email"], seen)


def _besides(fields: Mapping[str, Any]) -> tuple[str, ...]:
    """The names of whatever else was said, as they can be kept and shown."""
    names = sorted(fields.keys() - _KNOWN)[:_MOST_CLAIMS]
    return tuple(
        "".join(each if each.isprintable() else "?" for each in name)[:_LONGEST_CLAIM] or "(no name)" for name in names
    )


def _text(name: str, text: str | None) -> str | None:
    found = (text or "").strip()
    if len(found) > _LONGEST_TEXT or not found.isprintable():
        raise BadCall(
            422, "INVALID", f"{name} is a text of at most {_LONGEST_TEXT} characters, without line breaks and such."
        )
    return found or None
