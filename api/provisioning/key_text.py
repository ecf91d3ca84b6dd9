"""The text of keys: a prefix, 32 random characters, and a checksum that lets junk be refused unseen."""

from __future__ import annotations

import hashlib
import secrets
import string
import zlib
from functools import lru_cache

PREFIX = "rc_scim_"
"""Keys of directories begin so."""

API_PREFIX = "rc_api_"
"""Tokens for GraphQL begin so."""

SECRET_PREFIX = "rc_secret_"
"""Secrets of OAuth clients begin so."""

ACCESS_PREFIX = "rc_at_"
"""Access tokens for SCIM begin so."""

_ALPHABET = string.digits + string.ascii_uppercase + string.ascii_lowercase
_RANDOM, _CHECKSUM = 32, 6


def new_key(prefix: str = PREFIX) -> str:
    """The text of a new key; 190 bits of randomness."""
    random = "".join(secrets.choice(_ALPHABET) for _ in range(_RANDOM))
    return prefix + random + _checksum(prefix + random)


def digest(key: str) -> bytes:
    """What is stored of a key: its SHA-256. Random keys of that length need no slow hash."""
    return hashlib.sha256(key.encode()).digest()


@lru_cache(maxsize=4096)
def digest_of_well_formed(key: str, prefix: str = PREFIX) -> bytes | None:
    """The digest of a key that can be one of ours, else None; remembered, because clients send one key each time."""
    return digest(key) if is_well_formed(key, prefix) else None


def is_well_formed(key: str, prefix: str = PREFIX) -> bool:
    """Whether prefix, length and checksum fit."""
    if len(key) != len(prefix) + _RANDOM + _CHECKSUM or not key.startswith(prefix) or not key.isascii():
        return False
    return secrets.compare_digest(_checksum(key[:-_CHECKSUM]), key[-_CHECKSUM:])


def _checksum(text: str) -> str:
    number, letters = zlib.crc32(text.encode()), []
    for _ in range(_CHECKSUM):
        number, rest = divmod(number, len(_ALPHABET))
        letters.append(_ALPHABET[rest])
    return "".join(reversed(letters))
