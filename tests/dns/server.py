"""An authoritative DNS server on loopback, by UDP and TCP, with what tests put into its zone."""

from __future__ import annotations

import asyncio
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import cast

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import dns.rrset

_LONGEST_UDP = 512
_HOPS = 4


@dataclass
class Zone:
    """TXT records and CNAMEs by name; `trouble` is the answer to everything, `is_silent` gives none."""

    texts: dict[str, list[str]] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)
    trouble: dns.rcode.Rcode | None = None
    is_silent: bool = False
    asked: list[str] = field(default_factory=list)
    port: int = 0

    @property
    def resolver(self) -> tuple[str, int]:
        """Where to ask."""
        return "127.0.0.1", self.port

    def answer(self, wire: bytes, *, is_udp: bool) -> bytes | None:
        """The answer to a question; long ones are cut by UDP, and then asked for by TCP."""
        query = dns.message.from_wire(wire)
        [question] = query.question
        self.asked.append(f"{'udp' if is_udp else 'tcp'} {question.name}")
        if self.is_silent:
            return None
        response = dns.message.make_response(query)
        response.flags |= dns.flags.AA | dns.flags.RA
        if self.trouble is not None:
            response.set_rcode(self.trouble)
            return response.to_wire()
        self._fill(response, question.name)
        made = response.to_wire()
        if is_udp and len(made) > _LONGEST_UDP:
            cut = dns.message.make_response(query)
            cut.flags |= dns.flags.TC
            return cut.to_wire()
        return made

    def _fill(self, response: dns.message.Message, name: dns.name.Name) -> None:
        for _ in range(_HOPS):
            text = name.to_text(omit_final_dot=True).lower()
            if text in self.texts:
                rdata = [" ".join(f'"{part}"' for part in record.split("|")) for record in self.texts[text]]
                response.answer.append(dns.rrset.from_text(name, 60, "IN", "TXT", *rdata))
                return
            if text not in self.aliases:
                break
            target = dns.name.from_text(self.aliases[text])
            response.answer.append(dns.rrset.from_text(name, 60, "IN", "CNAME", target.to_text()))
            name = target
        if not response.answer:
            response.set_rcode(dns.rcode.NXDOMAIN)
        soa = "ns.example.com. admin.example.com. 1 3600 600 86400 900"
        response.authority.append(dns.rrset.from_text("example.com.", 3600, "IN", "SOA", soa))


class _Udp(asyncio.DatagramProtocol):
    def __init__(self, zone: Zone) -> None:
        self._zone = zone

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, address: tuple[str, int]) -> None:
        if (answer := self._zone.answer(data, is_udp=True)) is not None:
            self._transport.sendto(answer, address)


@asynccontextmanager
async def serving() -> AsyncIterator[Zone]:
    """An empty zone on loopback."""
    zone = Zone()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            (length,) = struct.unpack("!H", await reader.readexactly(2))
            answer = zone.answer(await reader.readexactly(length), is_udp=False)
            if answer is not None:
                writer.write(struct.pack("!H", len(answer)) + answer)
                await writer.drain()
        except asyncio.IncompleteReadError:
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    zone.port = server.sockets[0].getsockname()[1]
    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_datagram_endpoint(lambda: _Udp(zone), local_addr=("127.0.0.1", zone.port))
    try:
        yield zone
    finally:
        transport.close()
        server.close()
