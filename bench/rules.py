"""How long it takes until everybody in the largest group has the role that a changed mapping gives them, or would."""

from __future__ import annotations

import time
from dataclasses import dataclass

from api.provisioning import governance, mappings
from api.provisioning.actor import operator
from api.provisioning.mappings import MapGroups
from db.engine import DB
from db.ids import OrganizationId

from .populations import LARGE, Population

LIMIT_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Ruled:
    """A change of a rule, how many members got another role, and how many seconds that took."""

    change: str
    members: int
    seconds: float


async def measure(url: str, population: Population) -> list[Ruled]:
    """Look what mapping the largest group to a role would do; map it to that, to another, and to none.

    Each is one transaction, with roles, history and all.
    """
    DB.use(url)
    await DB.open(connections=2)
    try:
        seen = await _previewed(population, "account-manager")
        return [seen, *[await _mapped(population, key) for key in ("account-manager", "knowledge-base-viewer", None)]]
    finally:
        await DB.close()


async def _previewed(population: Population, key: str) -> Ruled:
    began = time.perf_counter()
    wish = MapGroups({population.group(LARGE): key})
    seen = await governance.preview(operator(OrganizationId(population.organization)), wish)
    return Ruled(f"preview: map the group of all to {key}", seen.changed, time.perf_counter() - began)


async def _mapped(population: Population, key: str | None) -> Ruled:
    began = time.perf_counter()
    moved = await mappings.map_group(operator(OrganizationId(population.organization)), population.group(LARGE), key)
    change = f"map the group of all to {key or 'no role'}"
    return Ruled(change, moved, time.perf_counter() - began)
