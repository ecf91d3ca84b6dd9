"""Secrets of providers that charge for seats: the installation's, kept sealed, set by the operator and shown never."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from api.secrets.sealing import Place
from db.ids import new_id
from db.queries import platform
from db.transaction import transaction

from . import clock, sealed
from .caller import Caller
from .errors import BadSetting

_LONGEST = 500

_logger = logging.getLogger("rollcall.billing")


class Name(StrEnum):
    """Which secret: Stripe's API key, or that of its events."""

    STRIPE_KEY = "stripe-key"
    STRIPE_EVENTS = "stripe-events"


_PREFIXES: Mapping[Name, tuple[str, ...]] = {
    Name.STRIPE_KEY: ("sk_", "rk_"),
    Name.STRIPE_EVENTS: ("whsec_",),
}


async def keep(caller: Caller, name: Name, secret: str) -> None:
    """Keep a secret in place of the one before; raises BadSetting for what cannot be one, and CannotSeal."""
    caller.must_run_platform()
    prefixes = _PREFIXES[name]
    if not secret.startswith(prefixes) or not secret.isascii() or not secret.isprintable() or len(secret) > _LONGEST:
        raise BadSetting(f"That is no secret of the kind {name}; those begin with {' or '.join(prefixes)}.")

    async def work() -> None:
        stored = await platform.lock_billing_secret(name)
        id = stored[0] if stored else new_id()
        await platform.keep_billing_secret(id, name, sealed.seal(secret.encode(), _place(id)), clock.now())

    await transaction(work)
    _logger.info("The billing secret %s was replaced by %s", name, caller.who)


async def reveal(name: Name) -> str | None:
    """A secret in the clear, None if nobody has set it; raises CannotSeal."""
    stored = await platform.billing_secret(name)
    return sealed.unseal(stored[1], _place(stored[0])).decode() if stored else None


async def known(caller: Caller) -> Mapping[Name, datetime]:
    """When each secret that there is was set."""
    caller.must_run_platform()
    return {Name(name): at for name, at in (await platform.billing_secrets()).items()}


def _place(id: UUID) -> Place:
    return Place(None, "billing_secret", id, "secret")
