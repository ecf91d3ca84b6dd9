"""Talking to identity providers, and remembering what they say of themselves and by which keys they sign.

Documents and keys are fetched once in ten minutes. A token that names an unknown key has them fetched at once, since
keys are replaced; but only once a minute, or strangers could have us ask for ever.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from api.net.client import Answer, Client, Unreachable
from api.provisioning import clock

from . import documents, tokens
from .documents import Provider
from .problems import BadProvider, BadToken, quoted
from .tokens import Header, Key

T = TypeVar("T")

FRESH = 600.0
"""For so many seconds nothing is fetched again."""

REFETCH_AFTER = 60.0
"""So many seconds are between two fetches for an unknown key."""

_FAILED_FRESH = 10.0
_MOST = 1000


@dataclass(slots=True)
class _Slot(Generic[T]):
    """What was fetched of one issuer: something, or why not."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    value: T | None = None
    problem: BadProvider | None = None
    at: float = 0.0
    forced_at: float = 0.0

    async def fill(self, fetch: Callable[[], Awaitable[T]]) -> None:
        """Fetch, and keep what comes of it."""
        self.at = _now()
        try:
            self.value, self.problem = await fetch(), None
        except BadProvider as problem:
            self.value, self.problem = None, problem


class _Cache(Generic[T]):
    """What was fetched, by issuer; whoever wants the same at once waits for one fetch."""

    def __init__(self) -> None:
        self._slots: OrderedDict[str, _Slot[T]] = OrderedDict()

    async def get(self, issuer: str, fetch: Callable[[], Awaitable[T]]) -> T:
        """What is known, fetched if it is old; raises BadProvider."""
        slot = self._slot(issuer)
        async with slot.lock:
            if _now() - slot.at >= (FRESH if slot.problem is None else _FAILED_FRESH):
                await slot.fill(fetch)
            if slot.problem is not None:
                raise slot.problem
            assert slot.value is not None
            return slot.value

    async def anew(self, issuer: str, fetch: Callable[[], Awaitable[T]]) -> T | None:
        """The same fetched at once; None if that was done less than a minute ago.

        Raises BadProvider; what was known is known still then.
        """
        slot = self._slot(issuer)
        async with slot.lock:
            if _now() - slot.forced_at < REFETCH_AFTER:
                return None
            slot.forced_at = _now()
            slot.value, slot.problem, slot.at = await fetch(), None, _now()
            return slot.value

    def _slot(self, issuer: str) -> _Slot[T]:
        slot = self._slots.setdefault(issuer, _Slot())
        self._slots.move_to_end(issuer)
        while len(self._slots) > _MOST:
            self._slots.popitem(last=False)
        return slot


class Providers:
    """The identity providers that this process talks to, through a client that reaches no inner network."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._documents: _Cache[Provider] = _Cache()
        self._keys: _Cache[list[Key]] = _Cache()

    async def find(self, issuer: str) -> Provider:
        """What an issuer says of itself; raises BadProvider."""
        return await self._documents.get(issuer, lambda: self._document(issuer))

    async def key(self, provider: Provider, said: Header) -> Key:
        """The provider's key by which a token says that it is signed; raises BadToken and BadProvider."""
        known = await self.keys(provider)
        found = tokens.fitting(known, said)
        if found is None:
            anew = await self._keys.anew(provider.issuer, lambda: self._key_set(provider))
            found = tokens.fitting(anew, said) if anew is not None else None
        if found is None:
            named = f"the key {quoted(said.key_id)}" if said.key_id else "a key that it does not name"
            raise BadToken(f"The ID token is signed by {named}, of which the provider's keys have none or several.")
        return found

    async def keys(self, provider: Provider) -> list[Key]:
        """The keys by which a provider signs; raises BadProvider."""
        return await self._keys.get(provider.issuer, lambda: self._key_set(provider))

    async def send(self, method: str, url: str, headers: Mapping[str, str], body: bytes = b"") -> Answer:
        """Ask a provider for something; raises BadProvider when there is no answer."""
        try:
            return await self._client.send(method, url, {"accept": "application/json", **headers}, body)
        except Unreachable as problem:
            raise BadProvider(f"The provider was not reached. {problem}") from None

    async def _document(self, issuer: str) -> Provider:
        return documents.read(await self.send("GET", documents.location(issuer), {}), issuer)

    async def _key_set(self, provider: Provider) -> list[Key]:
        answer = await self.send("GET", provider.jwks_uri, {})
        found = tokens.keys(documents.json_object(answer, f"The provider's key set at {provider.jwks_uri}"))
        if not found:
            raise BadProvider(
                f"The provider's key set at {provider.jwks_uri} has no key that ID tokens may be signed by."
            )
        return found


def _now() -> float:
    return clock.now().timestamp()
