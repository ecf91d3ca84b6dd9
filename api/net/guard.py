"""Connecting only where it is allowed: the check is made on the very address that is connected to.

A check before that could be fooled: a name may lead elsewhere the next time that it is looked up (DNS rebinding).
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from httpcore import AnyIOBackend, AsyncNetworkBackend, AsyncNetworkStream, ConnectError, ConnectTimeout

from .addresses import Address, Network, is_allowed, parse, refusal

Resolver = Callable[[str, int], Awaitable[Sequence[str]]]
"""Finds the addresses of a host name; raises OSError."""


# Threads of its own: strangers' name servers that never answer keep nobody else's look-ups waiting.
_RESOLVING = ThreadPoolExecutor(32, "resolve")


class Refused(ConnectError):
    """Nobody was connected to; the text is for people."""


async def resolve(host: str, port: int) -> Sequence[str]:
    """The addresses of a host by the system's resolver, which also reads the odd spellings of IPv4."""
    look_up = partial(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM)
    found = await asyncio.get_running_loop().run_in_executor(_RESOLVING, look_up)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


class Guard(AsyncNetworkBackend):
    """Connects to hosts of which every address is allowed; with `only_allowed`, by the operator.

    Never to this machine's `own_port`, where Rollcall itself listens.
    """

    def __init__(
        self, allowed: Sequence[Network], resolver: Resolver, *, only_allowed: bool, own_port: int | None = None
    ) -> None:
        self._allowed, self._resolve = allowed, resolver
        self._only_allowed, self._own_port = only_allowed, own_port
        self._real = AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> AsyncNetworkStream:
        """Connect to the first address that answers; raises Refused, ConnectError and ConnectTimeout."""
        problem: Exception = ConnectError(f"{host} has no address.")
        for address in await self._checked(host, port, timeout):
            try:
                return await self._real.connect_tcp(str(address), port, timeout, local_address, socket_options)
            except (ConnectError, ConnectTimeout) as error:
                problem = error
        raise problem

    async def connect_unix_socket(
        self, path: str, timeout: float | None = None, socket_options: Iterable[Any] | None = None
    ) -> AsyncNetworkStream:
        """Nothing is reached this way."""
        raise Refused("Files are not talked to.")

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await asyncio.sleep(seconds)

    async def _checked(self, host: str, port: int, timeout: float | None) -> list[Address]:
        try:
            found = [parse(each) for each in await asyncio.wait_for(self._resolve(host, port), timeout)]
        except TimeoutError:
            raise ConnectTimeout(f"Nobody says in time where {host} is.") from None
        except (OSError, UnicodeError, ValueError):
            raise ConnectError(f"Nobody knows where {host} is.") from None
        for address in found:
            if (what := refusal(address, self._allowed)) is not None:
                raise Refused(
                    f"{host} leads to {address}, {what}. If that is meant, the operator allows its network by"
                    " ROLLCALL_ALLOW_NETWORKS."
                )
            if port == self._own_port and _is_ours(address):
                raise Refused(f"{host} leads to Rollcall itself.")
            if self._only_allowed and not is_allowed(address, self._allowed):
                raise Refused(f"{host} is reached by https only.")
        return found


def _is_ours(address: Address) -> bool:
    """Whether it is one of this machine's addresses: nothing can listen on any other."""
    family = socket.AF_INET if address.version == 4 else socket.AF_INET6
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        try:
            probe.bind((str(address), 0))
        except OSError:
            return False
    return True
