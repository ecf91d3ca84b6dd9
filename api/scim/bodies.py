"""Bodies of writes, with what real clients do differently put right where the directory is tolerant."""

from __future__ import annotations

from collections.abc import Sequence

from . import quirks
from .exchange import Exchange
from .language.schemas import ResourceType


def resource(exchange: Exchange, type: ResourceType) -> tuple[object, Sequence[str]]:
    """The representation in a POST or PUT, and what was put right in it."""
    body = exchange.json()
    return quirks.normalise_resource(body, type) if exchange.settings.is_tolerant else (body, ())


def modification(exchange: Exchange, type: ResourceType) -> tuple[object, Sequence[str]]:
    """The operations in a PATCH, and what was put right in them."""
    body = exchange.json()
    return quirks.normalise_patch(body, type) if exchange.settings.is_tolerant else (body, ())
