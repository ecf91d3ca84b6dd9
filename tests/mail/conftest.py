"""A mail server, and an environment that names it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from urllib.parse import quote

import pytest

from tests.mail import servers
from tests.mail.servers import PASSWORD, USER, Authority, Office
from tests.scim.conftest import ann, scim, sibling, stranger

__all__ = ["ann", "scim", "sibling", "stranger"]

URL = "https://rollcall.example.com"


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """An authority that nobody knows."""
    return servers.authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def trusted(authority: Authority, monkeypatch: pytest.MonkeyPatch) -> Authority:
    """The authority, trusted by this process as an operator would trust their own."""
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.certificate))
    return authority


@pytest.fixture
def settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything but the mail server."""
    monkeypatch.setenv("ROLLCALL_PUBLIC_URL", URL)
    monkeypatch.setenv("ROLLCALL_MAIL_FROM", "Rollcall <rollcall@example.com>")
    monkeypatch.setenv("ROLLCALL_OPERATOR_MAIL", "operator@example.com")
    monkeypatch.delenv("ROLLCALL_SMTP_URL", raising=False)


@pytest.fixture
async def office(
    trusted: Authority, settled: None, monkeypatch: pytest.MonkeyPatch, database: None
) -> AsyncIterator[Office]:
    """A mail server that wants STARTTLS and a password, as the environment says."""
    made = Office()
    options = {"require_starttls": True, "auth_required": True, "authenticator": servers.Authenticator(made)}
    async with servers.serving(made, trusted, options=options):
        use(monkeypatch, made)
        yield made


def use(monkeypatch: pytest.MonkeyPatch, office: Office, scheme: str = "smtp", user: str = USER) -> None:
    """Send mails to that office from now on."""
    password = quote(PASSWORD, safe="")
    monkeypatch.setenv("ROLLCALL_SMTP_URL", f"{scheme}://{user}:{password}@127.0.0.1:{office.port}")
