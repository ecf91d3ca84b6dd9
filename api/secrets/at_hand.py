"""Where this installation's file of secret keys is, and its keys as they are now."""

from __future__ import annotations

import logging
from pathlib import Path

from api.settings import Settings

from . import ring, sealing
from .ring import NoKeys, Ring

_logger = logging.getLogger("rollcall.secrets")


def load(file: str | None) -> None:
    """Seal and open with the keys in a file, which is read when the first secret comes and whenever it was replaced."""
    sealing.use(_none if file is None else _File(Path(file).expanduser()))


def beside(chosen: Settings) -> Path:
    """The file beside the embedded database's data."""
    data = Path(chosen.data).expanduser().absolute()
    return data.with_name(f"{data.name}.secret-keys")


class _File:
    """The keys in a file. One that went away, or has nonsense in it, leaves the keys that are known in use."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen: tuple[int, ...] = ()
        self._known: Ring | None = None

    def __call__(self) -> Ring:
        seen = self._stamp()
        if self._known is not None and seen == self._seen:
            return self._known
        try:
            self._known = ring.read(self._path)
        except NoKeys as error:
            if self._known is None:
                raise
            _logger.error("The secret keys of before stay in use: %s", error)
        self._seen = seen
        return self._known

    def _stamp(self) -> tuple[int, ...]:
        try:
            found = self._path.stat()
        except OSError:
            return ()
        return (found.st_ino, found.st_mtime_ns, found.st_size)


def _none() -> Ring:
    raise NoKeys(
        "Secrets cannot be kept yet: there is no file of secret keys. Make one with `python -m api secrets new-key"
        " FILE`, name it by ROLLCALL_SECRET_KEYS wherever Rollcall runs, and back it up apart from the database."
    )
