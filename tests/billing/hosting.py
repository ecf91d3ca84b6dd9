"""An organization that is charged by a host application."""

from __future__ import annotations

from api.billing import host_accounts
from tests.scim.conversation import Scim
from tests.scim.governing import governor

from .host_application import Application

LOOPBACK = "127.0.0.1/32"


async def ask_at(scim: Scim, url: str, there: Application | None = None) -> None:
    """Name where the host application is asked, and let it know the secret that was made for that."""
    secret = await host_accounts.set_url(governor(scim), url)
    if secret and there:
        there.share(secret)
