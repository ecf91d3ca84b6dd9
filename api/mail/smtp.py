"""Giving mails to a mail server by SMTP, over connections that are kept for a while."""

from __future__ import annotations

import asyncio
import ipaddress
import time
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import aiosmtplib
import idna
from aiosmtplib import SMTP

from api.settings import SmtpServer

from .letters import line
from .message import Envelope

IDLE_SECONDS = 20.0
"""A connection that was not used for so long is closed; servers close theirs after minutes."""

COMMAND_SECONDS = 30.0
WHOLE_SECONDS = 90.0
"""How long sending one mail may take in all."""


class NotNow(Exception):
    """The mail was not taken, and may be later; the text says why."""


class Never(Exception):
    """The mail will not be taken, however often it is tried; the text says why."""


@dataclass
class Postman:
    """Takes mails to one mail server, by as many connections as mails are on their way."""

    server: SmtpServer
    allow_plain: bool
    name: str
    """What we call ourselves, a host name or an address in brackets."""
    _idle: list[tuple[SMTP, float]] = field(default_factory=list)

    async def send(self, envelope: Envelope) -> None:
        """Give a mail to the server; raises NotNow and Never.

        When it raises NotNow because the connection broke at the very end, the server may have taken the mail.
        """
        try:
            async with asyncio.timeout(WHOLE_SECONDS):
                connection = await self._connected()
                await self._give(connection, envelope)
        except aiosmtplib.SMTPRecipientsRefused as refused:
            raise _refused(refused.recipients[0]) from refused
        except aiosmtplib.SMTPDataError as refused:
            raise _refused(refused) from refused
        except aiosmtplib.SMTPNotSupported as error:
            raise Never(_told(error)) from error
        except (aiosmtplib.SMTPException, OSError, TimeoutError, ValueError) as error:
            # Not what the mail is about, but whether we get through at all: that is for the operator to put right.
            raise NotNow(_told(error)) from error
        self._keep(connection)

    async def close(self) -> None:
        """Close what is idle."""
        while self._idle:
            await _close(self._idle.pop()[0])

    async def _give(self, connection: SMTP, envelope: Envelope) -> None:
        options = ["SMTPUTF8"] if envelope.needs_utf8 else []
        try:
            await connection.sendmail(envelope.sender, [envelope.recipient], envelope.content, mail_options=options)
        except aiosmtplib.SMTPResponseException:
            await _close(connection)
            raise
        except aiosmtplib.SMTPRecipientsRefused:
            self._keep(connection)  # it was about that one address
            raise
        except ValueError as error:
            self._keep(connection)  # nothing was sent
            raise Never(_told(error)) from error
        except BaseException:
            connection.close()
            raise

    async def _connected(self) -> SMTP:
        """A connection that works: one that was kept and still answers, or a new one."""
        while self._idle:
            connection, since = self._idle.pop()
            if time.monotonic() - since < IDLE_SECONDS and await _answers(connection):
                return connection
            await _close(connection)
        connection = SMTP(
            hostname=self.server.host,
            port=self.server.port,
            username=self.server.user,
            password=self.server.password,
            use_tls=self.server.is_tls,
            start_tls=None if self.allow_plain and not self.server.is_tls else not self.server.is_tls,
            local_hostname=self.name,
            timeout=COMMAND_SECONDS,
        )
        await connection.connect()
        return connection

    def _keep(self, connection: SMTP) -> None:
        if not connection.is_connected:
            return
        self._idle.append((connection, time.monotonic()))
        asyncio.get_running_loop().call_later(IDLE_SECONDS, self._let_go)

    def _let_go(self) -> None:
        """Close what has been idle for too long; without a farewell, since nobody waits for it here."""
        now = time.monotonic()
        old = [each for each in self._idle if now - each[1] >= IDLE_SECONDS]
        self._idle = [each for each in self._idle if each not in old]
        for connection, _ in old:
            connection.close()


def own_name(public_url: str) -> str:
    """What a server at this URL calls itself in SMTP (RFC 5321 §4.1.3)."""
    host = urlsplit(public_url).hostname or "localhost"
    try:
        found = ipaddress.ip_address(host)
    except ValueError:
        return host if host.isascii() else idna.encode(host, uts46=True).decode()
    return f"[IPv6:{found}]" if found.version == 6 else f"[{found}]"


async def _answers(connection: SMTP) -> bool:
    try:
        await connection.noop()
    except (aiosmtplib.SMTPException, OSError):
        return False
    return True


async def _close(connection: SMTP) -> None:
    try:
        if connection.is_connected:
            await connection.quit()
    except (aiosmtplib.SMTPException, OSError):
        pass
    finally:
        connection.close()


def _refused(refusal: aiosmtplib.SMTPResponseException) -> NotNow | Never:
    """4xx is for now, 5xx for good (RFC 5321 §4.2.1)."""
    return Never(_told(refusal)) if refusal.code >= 500 else NotNow(_told(refusal))


def _told(error: Exception) -> str:
    """What was said, on one line."""
    if isinstance(error, aiosmtplib.SMTPResponseException):
        return line(f"{error.code} {error.message}", 500)
    return line(str(error) or type(error).__name__, 500)
