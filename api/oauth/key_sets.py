"""Key sets that clients publish: fetched from addresses that customers typed in, and kept in memory.

They are looked for again when an assertion names a key that is not there, but only now and then: who makes up key ids
causes no traffic. A set whose server is away counts as it was for a day.
"""

from __future__ import annotations

import asyncio
import ssl
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache

from api.net.client import Client, Unreachable
from api.provisioning import clock
from api.provisioning.errors import BadSetting
from api.settings import Settings

from . import trust
from .trust import VerifyingKey

AGAIN_AFTER = timedelta(minutes=5)
"""So soon at most is a set fetched again for the sake of a key that it did not have."""

AFTER_TROUBLE = timedelta(seconds=30)
FRESH_FOR = timedelta(hours=1)
GOOD_FOR = timedelta(days=1)
_SECONDS = 5.0
_MOST = 1000


class NoKey(Exception):
    """The key that is named is not in the set, or nobody can tell; the text is for people."""


@dataclass
class _KeySet:
    keys: Sequence[VerifyingKey] = ()
    fetched_at: datetime | None = None
    tried_at: datetime | None = None
    trouble: str | None = None
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    def usable(self, kid: str, at: datetime) -> list[VerifyingKey]:
        """The keys of an id, as long as it is not too long ago that they were seen."""
        is_good = self.fetched_at is not None and at - self.fetched_at <= GOOD_FOR
        return trust.with_id(self.keys, kid) if is_good else []

    def is_enough(self, kid: str, at: datetime) -> bool:
        """Whether there is nothing to be fetched for a key."""
        is_fresh = self.fetched_at is not None and at - self.fetched_at <= FRESH_FOR
        if is_fresh and trust.with_id(self.keys, kid):
            return True
        pause = AFTER_TROUBLE if self.trouble else AGAIN_AFTER
        return self.tried_at is not None and at - self.tried_at < pause


class KeySets:
    """The sets that this process knows, by their URLs."""

    def __init__(self, settings: Settings, *, trusted: ssl.SSLContext | None = None) -> None:
        self._allowed, self._own_port, self._trusted = settings.allow_networks, settings.port, trusted
        self._known: OrderedDict[str, _KeySet] = OrderedDict()

    async def find(self, url: str, kid: str) -> list[VerifyingKey]:
        """The keys of an id in the set at a URL; raises NoKey."""
        known = self._of(url)
        if not known.is_enough(kid, clock.now()):
            async with known.lock:
                if not known.is_enough(kid, clock.now()):
                    await self._fetch(url, known)
        found = known.usable(kid, clock.now())
        if not found:
            because = known.trouble or "It has no such key."
            raise NoKey(f"The assertion is signed by the key {kid[:100]}, which was looked for at {url}. {because}")
        return found

    def _of(self, url: str) -> _KeySet:
        known = self._known.setdefault(url, _KeySet())
        self._known.move_to_end(url)
        if len(self._known) > _MOST:
            self._known.popitem(last=False)
        return known

    async def _fetch(self, url: str, known: _KeySet) -> None:
        asked_at = clock.now()
        try:
            keys = await self._fetched(url)
        except (Unreachable, BadSetting) as problem:
            known.tried_at, known.trouble = asked_at, str(problem)
            return
        known.keys, known.fetched_at, known.tried_at, known.trouble = keys, asked_at, asked_at, None

    async def _fetched(self, url: str) -> list[VerifyingKey]:
        tls = self._trusted or _tls()
        async with Client(self._allowed, trusted=tls, seconds=_SECONDS, own_port=self._own_port) as client:
            answer = await client.send("GET", url, {"accept": "application/jwk-set+json, application/json"})
        if answer.status != 200:
            raise Unreachable(f"It answered {answer.status}.")
        if answer.is_cut:
            raise Unreachable("It is too long.")
        keys = trust.keys_of(answer.body)
        if not keys:
            raise Unreachable(f"It has no key for {', '.join(trust.ALGORITHMS)}.")
        return keys


@cache
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()
