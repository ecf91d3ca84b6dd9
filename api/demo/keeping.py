"""What the demo keeps in files that only you can read: key, token, and what it has begun."""

from __future__ import annotations

import os
import uuid
from pathlib import Path

from api.settings import Settings
from db.ids import OrganizationId


def key_file(chosen: Settings) -> Path:
    """Where the demo's key is kept: beside the data of the embedded PostgreSQL, also when that is not used."""
    return _beside_data(chosen, "demo-key")


def token_file(chosen: Settings) -> Path:
    """Where its API token is kept."""
    return _beside_data(chosen, "demo-token")


def begun_file(chosen: Settings) -> Path:
    """Where the organizations stand that are being filled; there is no such file once they are."""
    return _beside_data(chosen, "demo-begun")


def read(file: Path) -> str | None:
    """What is kept in a file; None for nothing."""
    try:
        return file.read_text().strip()
    except FileNotFoundError:
        return None


def keep(file: Path, text: str) -> None:
    """Keep a text in a file."""
    file.parent.mkdir(parents=True, exist_ok=True)
    # The mode counts for new files only, and through a link we might write into somebody's file.
    file.unlink(missing_ok=True)
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(descriptor, "w") as opened:
        opened.write(f"{text}\n")


def begun(chosen: Settings) -> list[OrganizationId]:
    """The organizations that were begun and not finished."""
    return [OrganizationId(uuid.UUID(line)) for line in (read(begun_file(chosen)) or "").split()]


def note_begun(chosen: Settings, organization: OrganizationId) -> None:
    """Note that an organization is being filled."""
    keep(begun_file(chosen), "\n".join(map(str, [*begun(chosen), organization])))


def note_finished(chosen: Settings) -> None:
    """Note that all are filled."""
    begun_file(chosen).unlink(missing_ok=True)


def _beside_data(chosen: Settings, name: str) -> Path:
    data = Path(chosen.data).expanduser()
    return data.with_name(f"{data.name}.{name}")
