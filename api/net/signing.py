"""Signatures by Standard Webhooks 1.0: `v1` with a secret that both sides have, `v1a` with a key that only we have."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from db.enums import WebhookSigning

_BYTES = 32


@dataclass(frozen=True, slots=True)
class SigningKey:
    """What an endpoint's messages are signed with: the bytes of a shared secret, or of a private key."""

    signing: WebhookSigning
    secret: bytes

    @property
    def shared(self) -> str | None:
        """The secret as whoever verifies needs it, None where there is none to share."""
        return f"whsec_{_text(self.secret)}" if self.signing is WebhookSigning.HMAC else None

    @property
    def public(self) -> str | None:
        """The public key as whoever verifies needs it, None where there is none."""
        if self.signing is WebhookSigning.HMAC:
            return None
        return f"whpk_{_text(Ed25519PrivateKey.from_private_bytes(self.secret).public_key().public_bytes_raw())}"

    def sign(self, content: bytes) -> str:
        """The signature of a content, with its version."""
        if self.signing is WebhookSigning.HMAC:
            return f"v1,{_text(hmac.digest(self.secret, content, hashlib.sha256))}"
        return f"v1a,{_text(Ed25519PrivateKey.from_private_bytes(self.secret).sign(content))}"


def new_key(signing: WebhookSigning) -> SigningKey:
    """A new one, by chance."""
    return SigningKey(signing, os.urandom(_BYTES))


def message_id(message: uuid.UUID) -> str:
    """What a message is called outside, the same at every attempt: receivers know by it what they have already."""
    return f"msg_{message.hex}"


def headers(id: str, timestamp: int, body: bytes, keys: Sequence[SigningKey]) -> dict[str, str]:
    """The headers of one attempt, at a time in seconds, signed with every key that counts; no id has a full stop."""
    content = f"{id}.{timestamp}.".encode() + body
    return {
        "webhook-id": id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(key.sign(content) for key in keys),
    }


def is_signed(id: str, timestamp: int, body: bytes, signatures: str, key: SigningKey) -> bool:
    """Whether one of some signatures, with blanks between them, is by a shared secret; those of other kinds are not."""
    wanted = key.sign(f"{id}.{timestamp}.".encode() + body).encode()
    return any(hmac.compare_digest(wanted, each.encode()) for each in signatures.split(" "))


def _text(value: bytes) -> str:
    return base64.b64encode(value).decode()
