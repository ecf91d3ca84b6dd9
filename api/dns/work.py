"""What a worker does about domains."""

from __future__ import annotations

from api import settings
from api.outbox.work import Schedule
from api.provisioning import domain_proofs

from .lookup import Lookup


async def look_again() -> None:
    """Look for the records of domains whose time has come."""
    await domain_proofs.recheck_due(Lookup(settings.read().dns_resolvers))


SCHEDULES = (Schedule("domains.check", "17 * * * *", look_again),)
