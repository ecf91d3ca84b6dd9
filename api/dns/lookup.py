"""TXT records by dnspython, from several resolvers at once."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress

import dns.asyncresolver
import dns.exception
import dns.message
import dns.name
import dns.rdatatype
import dns.resolver

from api.provisioning.proofs import Said

SECONDS = 3.0
_HOPS = 8
_SYSTEM = 2
"""Of the system's resolvers, so many are asked."""


class Lookup:
    """Asks each of some resolvers, given as address and port; without any, those of the system."""

    def __init__(self, resolvers: Sequence[tuple[str, int]] = ()) -> None:
        self._resolvers = list(resolvers) or _of_the_system()

    async def texts(self, name: str) -> Sequence[Said]:
        """What each resolver says about the TXT records at a name, within three seconds; never raises."""
        return await asyncio.gather(*(_ask(address, port, name) for address, port in self._resolvers))


async def _ask(address: str, port: int, name: str) -> Said:
    shown = address if port == 53 else f"{address}:{port}"
    resolver = dns.asyncresolver.Resolver(configure=False)
    resolver.nameservers, resolver.port, resolver.lifetime, resolver.timeout = [address], port, SECONDS, SECONDS / 2
    names: list[str] = []
    try:
        async with asyncio.timeout(SECONDS):
            wanted = dns.name.from_text(name)
            for _ in range(_HOPS):
                try:
                    answer = await resolver.resolve(wanted, "TXT", raise_on_no_answer=False)
                except dns.resolver.NXDOMAIN as error:
                    return Said(shown, names=names, negative_seconds=_negative(_answer_of(error)))
                if answer.rrset is not None:
                    if answer.canonical_name != wanted:
                        names.append(_text(answer.canonical_name))
                    return Said(shown, [b"".join(each.strings).decode("utf-8", "replace") for each in answer], names)
                if answer.canonical_name == wanted:
                    return Said(shown, names=names, negative_seconds=_negative(answer.response))
                wanted = answer.canonical_name
                names.append(_text(wanted))
            return Said(shown, names=names, problem="the name is led around in circles")
    except (TimeoutError, dns.exception.Timeout):
        return Said(shown, problem="it did not answer in time")
    except dns.resolver.NoNameservers:
        return Said(shown, problem="it cannot find out")
    except (dns.exception.DNSException, OSError, ValueError) as error:
        return Said(shown, problem=f"its answer makes no sense ({type(error).__name__})")


def _answer_of(error: dns.resolver.NXDOMAIN) -> dns.message.Message:
    responses: dict[dns.name.Name, dns.message.Message] = error.kwargs["responses"]
    return next(iter(responses.values()))


def _negative(response: dns.message.Message) -> int | None:
    """For how long others may remember that there is nothing (RFC 2308 §5)."""
    for rrset in response.authority:
        if rrset.rdtype == dns.rdatatype.SOA:
            return int(min(rrset.ttl, rrset[0].minimum))
    return None


def _of_the_system() -> list[tuple[str, int]]:
    with suppress(dns.resolver.NoResolverConfiguration):
        found = dns.resolver.Resolver()
        return [(str(address), found.port) for address in found.nameservers[:_SYSTEM]]
    return []


def _text(name: dns.name.Name) -> str:
    return name.to_text(omit_final_dot=True)
