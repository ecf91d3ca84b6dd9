"""What roles follow from is read fast for any number of members."""

from __future__ import annotations

import pytest

from db import sql
from db.ids import OrganizationId, new_ids
from db.queries import role_facts
from db.transaction import transaction
from tests.factories import OrganizationFactory

_GENERIC = "SELECT sum(generic_plans)::int FROM pg_prepared_statements WHERE statement LIKE $1"
_THIS = "%WITH granted AS%"
UNTIL_PLANS_ARE_KEPT = 8


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize(("count", "is_kept"), [(1, True), (role_facts.MANY + 1, False)])
async def test_a_plan_for_few_members_is_never_used_for_many(count: int, is_kept: bool) -> None:
    organization = OrganizationId((await OrganizationFactory.make()).id)

    async def work() -> tuple[object, object]:
        await role_facts.combinations(organization, new_ids(1))
        before = await sql.value(_GENERIC, _THIS)
        for _ in range(UNTIL_PLANS_ARE_KEPT):
            await role_facts.combinations(organization, new_ids(count))
        return before, await sql.value(_GENERIC, _THIS)

    before, after = await transaction(work)
    assert (before != after) is is_kept
