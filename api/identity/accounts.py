"""Accounts: whose an address is, once somebody has shown that it is theirs; and who runs this installation."""

from __future__ import annotations

from api.provisioning import addresses, clock
from api.provisioning.addresses import Address
from api.provisioning.caller import NOWHERE, Caller
from api.provisioning.errors import NotFound
from api.provisioning.history import remember
from db.account_rows import AccountRow, MembershipOfAccount
from db.ids import new_id
from db.queries import accounts as rows
from db.queries import sessions
from db.transaction import transaction


async def of_proved_address(address: Address) -> AccountRow | None:
    """The account of whoever has proved that an address is theirs; None for somebody whom nobody has brought.

    Members whom an organization brought by this address without having proved that the domain is its own are put into
    it (R063). In a transaction.
    """
    found = await rows.by_address(address.key)
    if found is None:
        if not await rows.is_member_apart(address.key):
            return None
        found = await rows.make(new_id(), address.email, address.key, clock.now())
    await rows.adopt(found.id, address.key)
    return found


async def is_known(address: Address) -> bool:
    """Whether anybody has brought somebody with this address."""
    return await rows.by_address(address.key) is not None or await rows.is_member_apart(address.key)


async def memberships(caller: Caller) -> list[MembershipOfAccount]:
    """Where whoever has signed in is a member, by the names of the organizations (R064); nowhere for programs.

    Only as far as they have shown who they are: an organization's single sign-on speaks for no other one.
    """
    found = await rows.memberships(caller.account) if caller.account else []
    return [each for each in found if caller.reach is None or each.organization_id in caller.reach]


async def make_operator(caller: Caller, email: str) -> AccountRow:
    """Let somebody run this installation: all organizations, and what belongs to none; raises BadAddress."""
    caller.must_run_platform()
    address, at = addresses.read(email), clock.now()

    async def work() -> AccountRow:
        made = await rows.make(new_id(), address.email, address.key, at)
        if not made.is_operator:
            await rows.set_operator(made.id, is_operator=True)
            after = {"email": address.email}
            await remember(caller.within(NOWHERE), at, "operator_added", "account", made.id, after=after)
        return made

    return await transaction(work)


async def remove_operator(caller: Caller, email: str) -> None:
    """End that somebody runs this installation, and all their sessions; raises NotFound and BadAddress."""
    caller.must_run_platform()
    address, at = addresses.read(email), clock.now()

    async def work() -> None:
        found = await rows.by_address(address.key)
        if found is None or not found.is_operator:
            raise NotFound(f"{address.email} is no operator.")
        await rows.set_operator(found.id, is_operator=False)
        await sessions.end_all(found.id)
        before = {"email": address.email}
        await remember(caller.within(NOWHERE), at, "operator_removed", "account", found.id, before=before)

    await transaction(work)


async def operators(caller: Caller) -> list[AccountRow]:
    """Those who run this installation, by address."""
    caller.must_run_platform()
    return list(await rows.operators())
