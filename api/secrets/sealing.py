"""Sealing secrets for one place in the database: AES-256-GCM, with the place as associated data.

A sealed secret that somebody copies into another row, table or organization does not open there. It is a byte for the
format, the id of the key, a nonce of 96 random bits, and what AES-GCM gives.
"""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Callable
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from .ring import ID_BYTES, NoKeys, Ring

_FORMAT = b"\x01"
_NONCE_BYTES = 12
_TAG_BYTES = 16
_HEAD = len(_FORMAT) + ID_BYTES


@dataclass(frozen=True, slots=True)
class Place:
    """Where a secret stands; `organization` is None for what belongs to the operator."""

    organization: uuid.UUID | None
    table: str
    row: uuid.UUID
    column: str

    def __bytes__(self) -> bytes:
        return f"{self.organization}/{self.table}/{self.row}/{self.column}".encode()


_ring: Callable[[], Ring] | Ring | None = None


def use(ring: Callable[[], Ring] | Ring | None) -> None:
    """Seal and open with these keys, which are looked for when they are first needed."""
    global _ring
    _ring = ring


def seal(clear: bytes, place: Place) -> bytes:
    """Seal a secret for a place; raises NoKeys."""
    ring = _keys()
    head, nonce = _FORMAT + ring.first, secrets.token_bytes(_NONCE_BYTES)
    return head + nonce + AESGCM(ring.keys[ring.first]).encrypt(nonce, clear, head + bytes(place))


def unseal(sealed: bytes, place: Place) -> bytes:
    """The secret; raises NoKeys when its key is missing, and also when it was sealed for another place, or altered."""
    head, nonce = sealed[:_HEAD], sealed[_HEAD : _HEAD + _NONCE_BYTES]
    if len(sealed) < _HEAD + _NONCE_BYTES + _TAG_BYTES or head[:1] != _FORMAT:
        raise NoKeys(f"What stands in {place.table}.{place.column} is no sealed secret.")
    key = _keys().keys.get(head[1:])
    if key is None:
        raise NoKeys(
            f"A secret in {place.table}.{place.column} was sealed by the key {head[1:].hex()}, which the file of secret"
            " keys lacks. Put it back; without it, the secret has to be set anew."
        )
    try:
        return AESGCM(key).decrypt(nonce, sealed[_HEAD + _NONCE_BYTES :], head + bytes(place))
    except InvalidTag:
        raise NoKeys(f"A secret in {place.table}.{place.column} was altered, or sealed for another place.") from None


def key_of(sealed: bytes) -> str:
    """The id of the key by which something was sealed."""
    return sealed[1:_HEAD].hex()


def first() -> str:
    """The id of the key that seals; raises NoKeys."""
    return _keys().first.hex()


def _keys() -> Ring:
    global _ring
    if _ring is None:
        raise NoKeys("No file of secret keys was named.")
    if not isinstance(_ring, Ring):
        _ring = _ring()
    return _ring
