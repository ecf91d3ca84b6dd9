"""The receiver of docs/examples takes what is ours once, in whatever order it comes, and nothing else."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from api.net import signing
from db.enums import WebhookSigning

from .consumer import Application, application

KEY = signing.new_key(WebhookSigning.HMAC)
ANN = "TWVtYmVyOmFubg=="
NOW = int(datetime.now(UTC).timestamp())


@pytest.fixture(autouse=True)
def _now() -> None:
    """A suite takes longer than a signature is good for."""
    global NOW
    NOW = int(datetime.now(UTC).timestamp())


@pytest.fixture
def host() -> Application:
    """A host application."""
    return application(KEY.shared or "")


def event(type: str, sequence: int, at: int | None = None, **state: Any) -> bytes:
    """What Rollcall would say of Ann."""
    data = {"memberId": ANN, "sequence": sequence, "member": state or None, "revocationId": f"receipt {sequence}"}
    return msgspec.json.encode(
        {"type": type, "timestamp": datetime.fromtimestamp(NOW if at is None else at, UTC), "data": data}
    )


def send(host: Application, body: bytes, *, id: uuid.UUID | None = None, at: int | None = None) -> int:
    """Send a message as Rollcall does."""
    headers = signing.headers(signing.message_id(id or uuid.uuid4()), NOW if at is None else at, body, [KEY])
    status = host.consumer.receive(headers, body)
    assert isinstance(status, int)
    return status


@pytest.mark.parametrize("what", ["body", "old", "early", "key", "id", "signature", "nothing"])
def test_nothing_is_taken_that_was_not_signed_just_now(host: Application, what: str) -> None:
    """Black box attack 24: changed body, old timestamp, other key."""
    body = event("member.created", 1, name="Ann")
    key = signing.new_key(WebhookSigning.HMAC) if what == "key" else KEY
    at = NOW + {"old": -330, "early": 600}.get(what, 0)
    headers = signing.headers(signing.message_id(uuid.uuid4()), at, body, [key])
    if what == "id":
        headers["webhook-id"] = "msg_other"
    if what == "signature":
        headers["webhook-signature"] = "v1,bm90aGluZw== v2,x"
    if what == "nothing":
        headers = {}
    assert host.consumer.receive(headers, body + (b" " if what == "body" else b"")) == 401
    assert host.messages() == 0
    assert host.member(ANN) is None


def test_a_message_is_taken_once(host: Application) -> None:
    id, body = uuid.uuid4(), event("member.access_revoked", 5, canUse=False)
    assert [send(host, body, id=id), send(host, body, id=id, at=NOW - 60)] == [204, 204]
    assert (host.messages(), host.confirmed) == (1, ["receipt 5"])


def test_what_is_older_is_ignored(host: Application) -> None:
    for sequence, name in ((7, "Anna"), (5, "Ann"), (7, "Annie"), (6, "An")):
        assert send(host, event("member.updated", sequence, name=name)) == 204
    assert host.member(ANN) == (7, '{"name": "Annie"}')


def test_sessions_end_that_began_before_access_did(host: Application) -> None:
    for seconds in (-100, -10, 10):
        host.begin_session(ANN, NOW + seconds)
    host.begin_session("TWVtYmVyOmJvYg==", NOW - 100)
    send(host, event("member.access_revoked", 5, canUse=False))
    assert len(host.sessions()) == 2
    assert host.confirmed == ["receipt 5"]


def test_access_that_was_given_back_meanwhile_is_kept_and_the_end_of_the_first_confirmed(host: Application) -> None:
    """Messages may overtake each other."""
    host.begin_session(ANN, NOW - 100)
    send(host, event("member.access_restored", 6, at=NOW, canUse=True))
    host.begin_session(ANN, NOW + 5)
    send(host, event("member.access_revoked", 5, at=NOW - 50, canUse=False))
    assert host.member(ANN) == (6, '{"canUse": true}')
    assert len(host.sessions()) == 1
    assert host.confirmed == ["receipt 5"]


def test_nothing_is_left_of_whoever_was_erased(host: Application) -> None:
    send(host, event("member.created", 1, name="Ann"))
    host.begin_session(ANN, NOW - 100)
    send(host, event("member.erased", 9))
    assert host.member(ANN) == (9, None)
    assert host.sessions() == []


def test_a_confirmation_that_fails_is_tried_again_with_the_message() -> None:
    confirmed: list[str] = []

    def confirm(revocation: str) -> None:
        confirmed.append(revocation)
        if len(confirmed) == 1:
            raise ConnectionError

    host = application(KEY.shared or "", confirm=confirm)
    id, body = uuid.uuid4(), event("member.access_revoked", 5, canUse=False)
    with pytest.raises(ConnectionError):
        send(host, body, id=id)
    assert host.messages() == 0
    assert send(host, body, id=id) == 204
    assert confirmed == ["receipt 5"] * 2


def test_either_of_two_secrets_is_good_while_one_replaces_the_other() -> None:
    old, new = signing.new_key(WebhookSigning.HMAC), signing.new_key(WebhookSigning.HMAC)
    body = event("member.created", 1, name="Ann")
    for known, signed in (([old], [new, old]), ([new], [new, old]), ([old, new], [new])):
        host = application(*(key.shared or "" for key in known))
        assert host.consumer.receive(signing.headers(signing.message_id(uuid.uuid4()), NOW, body, signed), body) == 204
