"""Where the host application of an organization is asked, and the secrets of that; chosen by the operator."""

from __future__ import annotations

from datetime import timedelta

from api import settings
from api.net.client import Unreachable, checked
from api.provisioning import billing_accounts, clock
from api.provisioning.actor import Actor, Right
from api.provisioning.errors import BadSetting, InTheWay
from api.provisioning.history import remember
from db.queries import billing as rows
from db.transaction import transaction

from . import host_secrets

OVERLAP_AT_MOST = timedelta(days=7)


async def set_url(actor: Actor, url: str) -> str | None:
    """Name where the host application is asked; the secret that was made for it (`whsec_…`), unless it has one.

    Raises BadSetting, NotFound and CannotSeal.
    """
    actor.must(Right.PLATFORM_MANAGE)
    wanted = _url(url, may_be_plain=bool(settings.read().allow_networks))

    async def work() -> str | None:
        at, organization = clock.now(), actor.organization
        stored = await billing_accounts.lock(organization)
        before = stored.host_url if stored else None
        if before != wanted:
            await rows.set_host(organization, wanted)
            told: dict[str, object] = {"url": wanted}
            await remember(
                actor, at, "billing_host_set", "organization", organization, before={"url": before}, after=told
            )
        if await rows.host_secrets(organization, at):
            return None
        return (await host_secrets.replace(organization, at, at)).shared

    return await transaction(work)


async def rotate(actor: Actor, overlap: timedelta) -> str:
    """A new secret; requests are signed by it and by the others until the overlap is over, so there is no gap.

    Raises BadSetting for an overlap beyond seven days, NotFound, InTheWay where nothing is asked, and CannotSeal.
    """
    actor.must(Right.PLATFORM_MANAGE)
    if not timedelta(0) <= overlap <= OVERLAP_AT_MOST:
        raise BadSetting(f"Both can count for {OVERLAP_AT_MOST.days} days at most.")

    async def work() -> str:
        at, organization = clock.now(), actor.organization
        stored = await billing_accounts.lock(organization)
        if stored is None or stored.host_url is None:
            raise InTheWay("Nobody said where the host application is asked. Name that first.")
        key = await host_secrets.replace(organization, at, at + overlap)
        told = {"others_end_at": at + overlap}
        await remember(actor, at, "billing_host_secret_rotated", "organization", organization, after=told)
        return str(key.shared)

    return await transaction(work)


def _url(given: str, *, may_be_plain: bool) -> str:
    """A URL that can be asked; where it leads is looked at whenever it is. Raises BadSetting."""
    wanted = given.strip()
    try:
        parsed = checked(wanted)
    except Unreachable as error:
        raise BadSetting(str(error)) from None
    if parsed.scheme != "https" and not may_be_plain:
        raise BadSetting("The host application is asked at an https URL, such as https://app.example.com/billing.")
    if parsed.query:
        raise BadSetting("The URL has no query: people see it, and what is asked is signed.")
    return wanted
