"""Where this installation's file of secret keys is."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from api.settings import Settings

from . import ring, sealing
from .ring import NoKeys, Ring


def load(file: str | None) -> None:
    """Seal and open with the keys in a file, which is read when the first secret comes."""
    sealing.use(partial(_keys, file))


def beside(chosen: Settings) -> Path:
    """The file beside the embedded database's data."""
    data = Path(chosen.data).expanduser().absolute()
    return data.with_name(f"{data.name}.secret-keys")


def _keys(file: str | None) -> Ring:
    if file is None:
        raise NoKeys(
            "Secrets cannot be kept yet: there is no file of secret keys. Make one with `python -m api secrets new-key"
            " FILE`, name it by ROLLCALL_SECRET_KEYS wherever Rollcall runs, and back it up apart from the database."
        )
    return ring.read(Path(file).expanduser())
