"""A stranger's HTTP server on loopback, with TLS by an authority of the tests' own, that counts who connected."""

from __future__ import annotations

import asyncio
import datetime
import ipaddress
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from api.net.guard import Resolver

HOST = "hooks.example.com"
LOOPBACK = (ipaddress.ip_network("127.0.0.0/8"),)
Reply = Callable[[bytes, asyncio.StreamWriter], Awaitable[None]]


@dataclass
class Stranger:
    """What it is, and what it was sent."""

    port: int
    connections: int = 0
    requests: list[bytes] = field(default_factory=list)


@dataclass(frozen=True)
class Authority:
    """Who is trusted, and a certificate of theirs for `HOST`."""

    trusted: ssl.SSLContext
    own: ssl.SSLContext


def authority(folder: Path, host: str = HOST) -> Authority:
    """A new authority, with a certificate for a host."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    now = datetime.datetime.now(datetime.UTC)
    names = [x509.DNSName(host), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    chain, secret = folder / "chain.pem", folder / "key.pem"
    chain.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    own = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    own.load_cert_chain(chain, secret)
    return Authority(ssl.create_default_context(cafile=str(chain)), own)


@asynccontextmanager
async def listening(reply: Reply, tls: ssl.SSLContext | None = None) -> AsyncIterator[Stranger]:
    """A server that reads one request after another and has `reply` answer."""
    stranger = Stranger(0)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        stranger.connections += 1
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                length = next(
                    (line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")), b""
                )
                body = await reader.readexactly(int(length.partition(b":")[2] or 0))
                stranger.requests.append(head + body)
                await reply(head, writer)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=tls)
    stranger.port = server.sockets[0].getsockname()[1]
    try:
        yield stranger
    finally:
        server.close()


def saying(body: bytes, *headers: str, status: str = "200 OK") -> Reply:
    """Answers every request alike."""

    async def reply(_: bytes, writer: asyncio.StreamWriter) -> None:
        lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers, "", ""]
        writer.write("\r\n".join(lines).encode() + body)

    return reply


def leading_to(*addresses: str) -> Resolver:
    """A resolver for which every name leads there."""

    async def resolve(_: str, __: int) -> Sequence[str]:
        return addresses

    return resolve
