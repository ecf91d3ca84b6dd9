"""Signatures as Standard Webhooks 1.0 wants them, checked by those who verify."""

from __future__ import annotations

import base64
import uuid
from datetime import UTC, datetime

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from standardwebhooks import Webhook
from standardwebhooks.webhooks import WebhookVerificationError

from api.net import signing
from api.net.signing import SigningKey
from db.enums import WebhookSigning

BODY = b'{"type":"member.created"}'
NOW = int(datetime.now(UTC).timestamp())


@pytest.fixture(autouse=True)
def _now() -> None:
    """A suite takes longer than a signature is good for."""
    global NOW
    NOW = int(datetime.now(UTC).timestamp())


def test_the_example_of_the_specification_is_signed_as_it_says() -> None:
    secret = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    key = SigningKey(WebhookSigning.HMAC, secret)
    content = b'msg_p5jXN8AQM9LWM0D4loKWxJek.1614265330.{"test": 2432232314}'
    assert key.shared == "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    assert key.sign(content) == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_shared_secret_verifies_and_has_the_length_that_is_asked_for() -> None:
    key = signing.new_key(WebhookSigning.HMAC)
    headers = signing.headers(signing.message_id(uuid.uuid4()), NOW, BODY, [key])
    assert key.shared is not None
    assert Webhook(key.shared).verify(BODY, headers) == {"type": "member.created"}
    assert 24 <= len(key.secret) <= 64
    assert key.public is None


def test_a_public_key_verifies() -> None:
    key = signing.new_key(WebhookSigning.ED25519)
    headers = signing.headers(signing.message_id(uuid.uuid4()), NOW, BODY, [key])
    assert key.public is not None
    assert key.shared is None
    prefix, _, encoded = key.public.partition("_")
    version, _, signature = headers["webhook-signature"].partition(",")
    assert (prefix, version) == ("whpk", "v1a")
    verifier = Ed25519PublicKey.from_public_bytes(base64.b64decode(encoded))
    content = f"{headers['webhook-id']}.{NOW}.".encode() + BODY
    verifier.verify(base64.b64decode(signature), content)
    with pytest.raises(InvalidSignature):
        verifier.verify(base64.b64decode(signature), content + b" ")


def test_each_of_several_keys_verifies_alone() -> None:
    keys = [signing.new_key(WebhookSigning.HMAC), signing.new_key(WebhookSigning.ED25519), *[_other()] * 2]
    headers = signing.headers(signing.message_id(uuid.uuid4()), NOW, BODY, keys)
    assert [each.split(",")[0] for each in headers["webhook-signature"].split()] == ["v1", "v1a", "v1", "v1"]
    for key in keys:
        if key.shared is not None:
            Webhook(key.shared).verify(BODY, headers)


@pytest.mark.parametrize("what", ["body", "time", "key", "id"])
def test_nothing_else_verifies(what: str) -> None:
    key = signing.new_key(WebhookSigning.HMAC)
    headers = signing.headers(signing.message_id(uuid.uuid4()), NOW - (301 if what == "time" else 0), BODY, [key])
    body = BODY + b" " if what == "body" else BODY
    if what == "id":
        headers["webhook-id"] = signing.message_id(uuid.uuid4())
    verifier = Webhook((_other() if what == "key" else key).shared or "")
    with pytest.raises(WebhookVerificationError):
        verifier.verify(body, headers)


def _other() -> SigningKey:
    return signing.new_key(WebhookSigning.HMAC)
