"""How often something may be tried, across all processes: a leaking bucket for each key."""

from __future__ import annotations

import math
from datetime import timedelta
from ipaddress import IPv6Network

from api.net.addresses import parse
from api.net.proxies import plain
from api.provisioning import clock
from api.provisioning.errors import TooOften
from db.queries import rates

_FORGOTTEN_AFTER = timedelta(days=2)


async def spend(key: str, *, per_minute: float, burst: int) -> float | None:
    """Use up one try of a key, of which `burst` are saved and `per_minute` come back; None, or how long to wait (s)."""
    return await rates.spend(key, per_second=per_minute / 60, most=burst)


async def must_spend(key: str, *, per_minute: float, burst: int, what: str) -> None:
    """Use up one try of a key; raises TooOften, which names what was tried, when there is none left."""
    if waits := await spend(key, per_minute=per_minute, burst=burst):
        raise TooOften(f"{what}: there were too many tries. Wait {_in_words(waits)}.", waits)


def place(ip: str | None) -> str:
    """Where somebody comes from, as tries are counted: of IPv6 the network, since everybody has a whole one (/64)."""
    if ip is None:
        return "nowhere"
    try:
        address = plain(parse(ip))
    except ValueError:
        return ip
    return str(address) if address.version == 4 else str(IPv6Network((address, 64), strict=False))


async def forget() -> int:
    """Delete what nobody tried for days; how many. For the clock."""
    return await rates.forget(clock.now() - _FORGOTTEN_AFTER)


def _in_words(seconds: float) -> str:
    for unit, length in (("hour", 3600), ("minute", 60)):
        if seconds > 1.5 * length:
            return f"{math.ceil(seconds / length)} {unit}s"
    return f"{math.ceil(seconds)} seconds"
