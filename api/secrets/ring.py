"""The keys by which secrets are sealed: a file outside the database, of which the first key seals and all open.

A line is an id of eight hexadecimal digits, a colon, and 32 bytes in base64; what begins with # is a remark.
"""

from __future__ import annotations

import base64
import binascii
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

ID_BYTES, KEY_BYTES = 4, 32


class NoKeys(Exception):
    """Secrets can be neither sealed nor opened; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Ring:
    """Keys by id; `first` is the id of the one that seals."""

    first: bytes
    keys: Mapping[bytes, bytes] = field(repr=False)


def new_key() -> str:
    """A line for the file."""
    return f"{secrets.token_hex(ID_BYTES)}:{base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()}"


def parse(text: str) -> Ring:
    """The keys of a file; raises NoKeys without saying what stands in it."""
    keys: dict[bytes, bytes] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        name, _, encoded = line.strip().partition(":")
        try:
            id, key = bytes.fromhex(name), base64.b64decode(encoded, validate=True)
        except (ValueError, binascii.Error):
            id = key = b""
        if len(id) != ID_BYTES or len(key) != KEY_BYTES or id in keys:
            raise NoKeys(f"Line {number} of the file of secret keys is no key, or one that was there before.")
        keys[id] = key
    if not keys:
        raise NoKeys("The file of secret keys has no key in it. Make one with `python -m api secrets new-key`.")
    return Ring(next(iter(keys)), keys)


def read(path: Path) -> Ring:
    """The keys in a file; raises NoKeys."""
    try:
        return parse(path.read_text())
    except (OSError, UnicodeDecodeError) as error:
        raise NoKeys(f"The file of secret keys, {path}, cannot be read: {error}.") from None


def add(path: Path) -> str:
    """Put a new key before all others, in a file that only its owner may read; the id of the key.

    The file is replaced in one step, so that whoever reads it meanwhile sees it whole.
    """
    line = new_key()
    before = path.read_text() if path.exists() else ""
    if before:
        parse(before)
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.new")
    with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(f"{line}\n{before}")
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
    return line.partition(":")[0]
