"""Turning templates into pages, or into one block of a page for htmx; and the static files that pages name."""

from __future__ import annotations

import gzip
import hashlib
import io
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from . import words

_HERE = Path(__file__).parent
_HIDING = 64
_MEDIA_TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}


@dataclass(frozen=True, slots=True)
class Asset:
    """A static file; `version` changes when it does, so that browsers may keep it for ever."""

    body: bytes
    zipped: bytes
    media_type: str
    version: str


@cache
def assets() -> Mapping[str, Asset]:
    """The static files by name."""
    return {file.name: _asset(file) for file in sorted((_HERE / "static").iterdir()) if file.suffix in _MEDIA_TYPES}


def _asset(file: Path) -> Asset:
    body = file.read_bytes()
    version = hashlib.sha256(body).hexdigest()[:12]
    return Asset(body, gzip.compress(body, mtime=0), _MEDIA_TYPES[file.suffix], version)


@cache
def environment() -> Environment:
    """Jinja with our words; whatever is put into a page is escaped, and what a page does not know is an error."""
    made = Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(words.FILTERS)
    made.globals.update(words.GLOBALS)
    made.globals["asset"] = lambda name: f"/static/{name}?v={assets()[name].version}"
    return made


def packed(text: str) -> bytes:
    """A page as gzip, whose length says little of what is in it: the file name in it has a random length (BREACH)."""
    buffer = io.BytesIO()
    name = secrets.token_urlsafe(64)[: secrets.randbelow(_HIDING)]
    with gzip.GzipFile(name, "wb", compresslevel=5, fileobj=buffer, mtime=0) as packing:
        packing.write(text.encode())
    return buffer.getvalue()


def page(template: str, values: Mapping[str, Any]) -> str:
    """A whole page."""
    return environment().get_template(template).render(values)


def block(template: str, name: str, values: Mapping[str, Any]) -> str:
    """One block of a page, as it stands in the whole one."""
    found = environment().get_template(template)
    return "".join(found.blocks[name](found.new_context(dict(values))))
