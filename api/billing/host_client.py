"""Requests to the host application: signed by Standard Webhooks, known again by their id, answered at once or not."""

from __future__ import annotations

import ssl
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import TypeVar

import msgspec

from api.net import signing
from api.net.addresses import Network
from api.net.client import Answer, Client, Unreachable
from api.net.signing import SigningKey
from api.provisioning import clock
from api.provisioning.errors import ProviderAway, ProviderRefused

from .answers import again_at
from .host_messages import Refusal

T = TypeVar("T")

SECONDS = 10.0
"""How long an answer may take, in all."""

_AGENT = "Rollcall-Billing/1"
_REFUSES = 402


@dataclass(frozen=True, slots=True)
class Host:
    """Where the host application is asked, by which keys, and which networks are reached besides the internet."""

    url: str
    keys: Sequence[SigningKey] = field(repr=False)
    allowed: Sequence[Network]
    own_port: int

    async def ask(self, type: str, id: str, since: datetime, data: object, answer: type[T]) -> T:
        """Ask something of a type, under an id that is the same whenever the same is asked, since when.

        Raises ProviderRefused where the application says that it will not (402), and ProviderAway in all other cases:
        it may have been set up wrong, and what is bought must not fail by that.
        """
        body = msgspec.json.encode({"type": type, "timestamp": since, "data": data})
        headers = {
            "content-type": "application/json",
            "accept": "application/json",
            "user-agent": _AGENT,
            "idempotency-key": id,
            **signing.headers(id, int(clock.now().timestamp()), body, self.keys),
        }
        try:
            async with Client(self.allowed, trusted=_trusted(), seconds=SECONDS, own_port=self.own_port) as client:
                got = await client.send("POST", self.url, headers, body)
        except Unreachable as error:
            raise ProviderAway(f"The host application cannot be asked: {error}") from None
        if got.status == _REFUSES:
            raise ProviderRefused(f"The host application refuses: {plain(_read(got, Refusal).reason)}")
        if got.status != 200:
            when = again_at(got.headers.get("retry-after"), clock.now())
            raise ProviderAway(f"The host application answers HTTP {got.status}.", again_at=when)
        return _read(got, answer)


def plain(text: str) -> str:
    """A text of somebody else's on one line, without what is no letter or sign."""
    return "".join(letter if letter.isprintable() else " " for letter in text).strip()


def _read(got: Answer, answer: type[T]) -> T:
    """An answer as it should be; raises ProviderAway for any other."""
    if got.is_cut:
        raise ProviderAway("The host application answers more than is read.")
    if got.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise ProviderAway("The host application does not answer with JSON.")
    try:
        return msgspec.json.decode(got.body, type=answer)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ProviderAway(f"The host application answers something else than it should: {error}.") from None


@cache
def _trusted() -> ssl.SSLContext:
    """Whom this machine trusts, read once."""
    return ssl.create_default_context()
