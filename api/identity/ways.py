"""Which ways to sign in there are for an address, as anybody may know it: by its domain.

Never by whether there is an account: that is for nobody to find out.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from api.provisioning import addresses


@dataclass(frozen=True, slots=True)
class Connection:
    """A single sign-on that is there for whoever has an address of a domain."""

    id: uuid.UUID
    organization: str


@dataclass(frozen=True, slots=True)
class Ways:
    """How somebody with an address may sign in; `is_enforced` where only single sign-on is of use."""

    connections: Sequence[Connection]
    is_enforced: bool


async def of_address(email: str) -> Ways:
    """The ways for an address; raises BadAddress."""
    addresses.read(email)
    return Ways((), is_enforced=False)
