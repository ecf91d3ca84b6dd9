"""A real mail server inside a test: aiosmtpd on loopback, with certificates of an authority made for the test."""

from __future__ import annotations

import asyncio
import contextlib
import datetime
import ipaddress
import ssl
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

USER, PASSWORD = "rollcall", "p@ss/word:1"

NO_OPTIONS: Mapping[str, Any] = {}

Answer = Callable[[int], str | None]
"""What a server answers to the n-th attempt, from 1; None for its usual answer."""


@dataclass(frozen=True, slots=True)
class Authority:
    """Files of an authority's certificate, and of a server's certificate with its key."""

    certificate: Path
    server: Path

    def context(self) -> ssl.SSLContext:
        """What a server needs."""
        made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        made.load_cert_chain(self.server)
        return made


@dataclass
class Office:
    """What a server got, and how it answers. `drops_after_data` breaks the connection instead of the last answer."""

    port: int = 0
    got: list[Envelope] = field(default_factory=list)
    to_recipient: Answer = lambda _: None
    to_data: Answer = lambda _: None
    drops: Callable[[int], bool] = lambda _: False
    connections: int = 0
    recipients_asked: int = 0
    data_asked: int = 0
    logins: list[bytes] = field(default_factory=list)
    _sessions: list[Any] = field(default_factory=list)

    @property
    def mails(self) -> list[EmailMessage]:
        """The mails as their readers get them."""
        return [message_from_bytes(each.content or b"", policy=SMTP_POLICY) for each in self.got]  # type: ignore[arg-type]

    async def handle_EHLO(  # noqa: N802  # aiosmtpd looks for this name
        self, server: SMTP, session: Any, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        if session not in self._sessions:
            self._sessions.append(session)
            self.connections += session.ssl is None
        session.host_name = hostname
        return responses

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Any, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.recipients_asked += 1
        if answer := self.to_recipient(self.recipients_asked):
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Envelope) -> str:  # noqa: N802
        self.data_asked += 1
        if answer := self.to_data(self.data_asked):
            return answer
        self.got.append(envelope)
        if self.drops(self.data_asked):
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()
        return "250 Taken"


class Authenticator:
    """Lets one user in."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def __call__(self, server: SMTP, session: Any, envelope: Envelope, mechanism: str, data: object) -> AuthResult:
        assert isinstance(data, LoginPassword)
        self._office.logins.append(data.password)
        is_known = (data.login, data.password) == (USER.encode(), PASSWORD.encode())
        return AuthResult(success=is_known, handled=False)


@contextlib.asynccontextmanager
async def serving(
    office: Office, authority: Authority | None, *, wrapped: bool = False, options: Mapping[str, Any] = NO_OPTIONS
) -> AsyncIterator[Office]:
    """The office behind a port of loopback for the length of the block: with STARTTLS, in TLS (`wrapped`), or plain."""
    context = authority.context() if authority else None
    loop = asyncio.get_running_loop()

    def protocol() -> SMTP:
        starttls = context if not wrapped else None
        chosen = {"enable_SMTPUTF8": True, **options}
        return SMTP(office, hostname="mail.test", tls_context=starttls, loop=loop, **chosen)

    server = await loop.create_server(protocol, "127.0.0.1", office.port, ssl=context if wrapped else None)
    office.port = server.sockets[0].getsockname()[1]
    try:
        yield office
    finally:
        server.close()
        await server.wait_closed()


def authority(folder: Path) -> Authority:
    """An authority, and a certificate of it for 127.0.0.1."""
    root, root_key = _certificate("Test authority", None, None)
    leaf, leaf_key = _certificate("127.0.0.1", root, root_key)
    made = Authority(folder / "authority.pem", folder / "server.pem")
    made.certificate.write_bytes(root.public_bytes(serialization.Encoding.PEM))
    key = leaf_key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    made.server.write_bytes(key + leaf.public_bytes(serialization.Encoding.PEM))
    return made


def _certificate(
    name: str, issuer: x509.Certificate | None, issuer_key: ec.EllipticCurvePrivateKey | None
) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.datetime.now(datetime.UTC)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), critical=True)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key((issuer_key or key).public_key()), critical=False
        )
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    if issuer is None:
        usage = x509.KeyUsage(
            digital_signature=True,
            content_commitment=False,
            key_encipherment=False,
            data_encipherment=False,
            key_agreement=False,
            key_cert_sign=True,
            crl_sign=True,
            encipher_only=False,
            decipher_only=False,
        )
        builder = builder.add_extension(usage, critical=True)
    else:
        address = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
        builder = builder.add_extension(x509.SubjectAlternativeName([address]), critical=False)
    return builder.sign(issuer_key or key, hashes.SHA256()), key
