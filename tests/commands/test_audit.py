"""Sealing and verifying the history, with real tampering; and its export."""

from __future__ import annotations

import asyncio
import io
import json
import os
import sys
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from api.commands import audit as commands
from api.provisioning import chain, clock, erasures, maintenance, organizations, seals
from api.provisioning.actor import Actor, Right, operator
from api.provisioning.errors import BadSetting, Forbidden
from api.provisioning.grounds import Grounds
from db import sql
from db.audit_rows import SealedChange
from db.enums import MemberStatus
from db.ids import OrganizationId, new_id
from tests.factories import ChangeFactory, MemberFactory

from .conftest import Ask, read

LATER = timedelta(hours=1)


@pytest.fixture
async def organization(database: None) -> OrganizationId:
    """An organization with a history of nothing but what tests write."""
    made = await organizations.create("Acme")
    await sql.rows("DELETE FROM change WHERE organization_id = $1", made)
    return made


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything that was done is old enough to be sealed."""
    monkeypatch.setattr(clock, "now", lambda: datetime.now(UTC) + LATER)


async def history(organization: OrganizationId, count: int = 6) -> list[Any]:
    """Changes, oldest first."""
    return [
        await ChangeFactory.make(organization=organization, after=f'{{"n": {n}}}', subject_id=new_id())
        for n in range(count)
    ]


async def sealed(organization: OrganizationId, count: int = 6) -> list[Any]:
    """The same, sealed in two links or more."""
    made = await history(organization, count)
    assert await seals.seal(organization, at_once=4) == count
    return made


async def found(organization: OrganizationId, head: seals.Head | None = None) -> list[tuple[str, object]]:
    """What verifying finds: what is wrong, with which change."""
    done = await seals.verify(operator(organization), head)
    return [(each.what.value, each.change) for each in done.findings]


async def test_what_is_young_is_not_sealed(organization: OrganizationId) -> None:
    await history(organization)
    assert await seals.seal(organization) == 0
    done = await seals.verify(operator(organization))
    assert (done.head, done.unsealed, done.findings) == (None, 6, [])


@pytest.mark.usefixtures("later")
async def test_an_untouched_history_verifies_and_says_its_head(organization: OrganizationId) -> None:
    await sealed(organization)
    done = await seals.verify(operator(organization))
    assert (done.links, done.changes, done.erased, done.unsealed, done.findings) == (2, 6, 0, 0, [])
    assert done.head is not None
    assert await found(organization, done.head) == []
    assert await seals.seal(organization) == 0


@pytest.mark.usefixtures("later")
@pytest.mark.parametrize(
    "tampering",
    [
        "after = '{\"n\": 99}'",
        "before = '{}'",
        "after = NULL",
        "after = NULL, before = NULL",
        "actor_kind = 'OPERATOR'",
        "actor_id = gen_random_uuid()",
        "action = 'created'",
        "subject_type = 'role'",
        "subject_id = gen_random_uuid()",
        "member_id = gen_random_uuid()",
        "request_id = gen_random_uuid()",
        "changed_at = changed_at + interval '1 microsecond'",
    ],
)
async def test_an_altered_field_is_found(organization: OrganizationId, tampering: str) -> None:
    made = await sealed(organization)
    await sql.rows(f"UPDATE change SET {tampering} WHERE id = $1", made[2].id)
    assert await found(organization) == [("ALTERED", made[2].id)]


@pytest.mark.usefixtures("later")
@pytest.mark.parametrize("gone", [0, 2, 3, 4, 5])
async def test_a_deleted_change_is_found(organization: OrganizationId, gone: int) -> None:
    made = await sealed(organization)
    await sql.rows("DELETE FROM change WHERE id = $1", made[gone].id)
    assert await found(organization) == [("MISSING", None)]


@pytest.mark.usefixtures("later")
async def test_an_inserted_change_is_found(organization: OrganizationId) -> None:
    made = await sealed(organization)
    id = uuid.UUID(int=made[1].id.int + 1)
    await ChangeFactory.make(organization=organization, id=id)
    assert await found(organization) == [("ADDED", id)]


@pytest.mark.usefixtures("later")
async def test_changes_that_swap_what_they_say_are_found(organization: OrganizationId) -> None:
    made = await sealed(organization)
    await sql.rows(
        "UPDATE change a SET after = b.after FROM change b WHERE a.id = ANY($1) AND b.id = ANY($1) AND a.id <> b.id",
        [made[0].id, made[5].id],
    )
    assert await found(organization) == [("ALTERED", made[0].id), ("ALTERED", made[5].id)]


@pytest.mark.usefixtures("later")
@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE audit_seal SET hash = digests WHERE number = 1",
        "UPDATE audit_seal SET sealed_at = sealed_at - interval '1 day' WHERE number = 1",
        "DELETE FROM audit_seal WHERE number = 1",
        "UPDATE audit_seal SET number = 9 - number",
    ],
)
async def test_a_broken_link_is_found(organization: OrganizationId, tampering: str) -> None:
    await sealed(organization)
    await sql.rows(tampering)
    assert (await found(organization))[0] == ("BROKEN", None)


@pytest.mark.usefixtures("later")
async def test_an_end_that_was_cut_off_is_found_with_the_head_only(organization: OrganizationId) -> None:
    made = await sealed(organization)
    head = (await seals.verify(operator(organization))).head
    await sql.rows("DELETE FROM audit_seal WHERE number = 2")
    await sql.rows("DELETE FROM change WHERE id = ANY($1)", [each.id for each in made[4:]])
    assert await found(organization) == []
    assert await found(organization, head) == [("MISSING", None)]


@pytest.mark.usefixtures("later")
async def test_a_chain_that_was_made_anew_is_found_with_the_head_only(organization: OrganizationId) -> None:
    made = await sealed(organization)
    head = (await seals.verify(operator(organization))).head
    await sql.rows("DELETE FROM audit_seal")
    await sql.rows("UPDATE change SET action = 'created' WHERE id = $1", made[0].id)
    await seals.seal(organization, at_once=4)
    assert await found(organization) == []
    assert await found(organization, head) == [("BROKEN", None)]


@pytest.mark.usefixtures("later")
async def test_an_erasure_is_no_finding_but_counted(organization: OrganizationId) -> None:
    member = await MemberFactory.make(organization=organization, status=MemberStatus.DEACTIVATED, seat=None)
    await history(organization, 2)
    await ChangeFactory.make(organization=organization, subject_id=member.id, after='{"email": "ann@example.com"}')
    await ChangeFactory.make(organization=organization, member_id=member.id, before='{"userName": "ann"}')
    await history(organization, 2)
    await seals.seal(organization)
    await erasures.erase_now(operator(organization), member.id, Grounds("Asked for it"))
    done = await seals.verify(operator(organization))
    assert (done.erased, done.findings) == (2, [])
    assert done.unsealed == 1
    await sql.rows("UPDATE member SET status = 'DEACTIVATED' WHERE id = $1", member.id)
    assert len(await found(organization)) == 2


@pytest.mark.usefixtures("later")
async def test_a_blank_in_front_of_an_erased_members_change_hides_nothing(organization: OrganizationId) -> None:
    """One change of somebody erased says something again: no erasure does that."""
    member = await MemberFactory.make(organization=organization, status=MemberStatus.DEACTIVATED, seat=None)
    change = await ChangeFactory.make(organization=organization, subject_id=member.id, after='{"email": "a@b.example"}')
    await seals.seal(organization)
    await erasures.erase_now(operator(organization), member.id, Grounds("Asked for it"))
    await sql.rows("UPDATE change SET after = '{}' WHERE id = $1", change.id)
    assert await found(organization) == [("ALTERED", change.id)]


@pytest.mark.usefixtures("later")
async def test_a_change_cannot_be_hidden_as_that_of_somebody_erased(organization: OrganizationId) -> None:
    member = await MemberFactory.make(organization=organization, status=MemberStatus.DEACTIVATED, seat=None)
    made = await history(organization, 3)
    await seals.seal(organization)
    await erasures.erase_now(operator(organization), member.id, Grounds("Asked for it"))
    await sql.rows("UPDATE change SET before = NULL, after = NULL, member_id = $2 WHERE id = $1", made[1].id, member.id)
    assert await found(organization) == [("ALTERED", made[1].id)]


@pytest.mark.usefixtures("later")
async def test_two_who_seal_at_once_make_one_chain(organization: OrganizationId) -> None:
    await history(organization, 9)
    done = await asyncio.gather(*(seals.seal(organization, at_once=2) for _ in range(3)))
    assert sum(done) == 9
    checked = await seals.verify(operator(organization))
    assert (checked.links, checked.changes, checked.findings) == (5, 9, [])


@pytest.mark.usefixtures("later")
async def test_the_maintenance_seals_each_organization_for_itself(organization: OrganizationId) -> None:
    other = await organizations.create("Other")
    await history(organization, 3)
    await history(other, 2)
    [done] = [each for each in await maintenance.run() if each.task == "seals"]
    assert (done.organizations, done.failed) == (2, ())
    for each in (organization, other):
        assert await found(each) == []
    assert (await seals.verify(operator(other))).changes >= 2


@pytest.mark.usefixtures("later")
async def test_the_commands_tell_the_head_and_exit_with_one_when_something_is_wrong(
    ask: Ask, organization: OrganizationId
) -> None:
    made = await history(organization)
    assert read(await ask("audit", "seal", "--organization", organization))["sealed"] == 6
    good = await ask("audit", "verify", "--organization", organization)
    head = msgspec.convert(read(good)["head"], seals.Head)
    assert good.exit_code == 0
    assert str(head) in good.text
    again = await ask("audit", "verify", "--organization", organization, "--head", head)
    assert again.exit_code == 0
    await sql.rows("UPDATE change SET action = 'x' WHERE id = $1", made[0].id)
    bad = await ask("audit", "verify", "--organization", organization)
    assert bad.exit_code == 1
    assert bad.text.startswith(f"ALTERED: The change {made[0].id}")


@pytest.mark.parametrize("text", ["", "1", "x:" + "0" * 64, "1:" + "g" * 64, "1:00", "٣:" + "0" * 64])
def test_a_head_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(BadSetting, match="no head"):
        seals.parse_head(text)


async def test_who_may_not_read_the_audit_verifies_nothing(organization: OrganizationId) -> None:
    somebody = Actor(operator(organization).kind, organization, None, frozenset({Right.ORGANIZATION_READ}))
    with pytest.raises(Forbidden):
        await seals.verify(somebody)


async def test_the_export_has_every_change_of_the_time_once_and_in_order(
    organization: OrganizationId, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.provisioning.audit._AT_ONCE", 2)
    made = await history(organization, 5)
    await ChangeFactory.make()  # somebody else's
    out = io.StringIO()
    await commands.write(organization, None, None, out)
    lines = [json.loads(line) for line in out.getvalue().splitlines()]
    assert [line["id"] for line in lines] == [str(each.id) for each in made]
    assert [line["after"] for line in lines] == [{"n": n} for n in range(5)]
    out = io.StringIO()
    await commands.write(organization, made[1].changed_at, made[4].changed_at, out)
    assert [json.loads(line)["id"] for line in out.getvalue().splitlines()] == [str(each.id) for each in made[1:4]]


async def test_the_export_as_it_is_called(organization: OrganizationId, database_url: str) -> None:
    [made] = await history(organization, 1)
    for id, code in ((organization, 0), (new_id(), 1)):
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "api", "audit", "export", "--organization", str(id), "--from", "2020-01-01"),
            env=os.environ | {"DATABASE_URL": database_url},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        told, _ = await process.communicate()
        assert process.returncode == code
        assert [json.loads(line)["id"] for line in told.splitlines()] == ([str(made.id)] if code == 0 else [])


def test_the_digest_of_a_change_is_the_same_for_ever() -> None:
    """Whoever alters the form makes every chain that there is look tampered with."""
    id = uuid.UUID(int=1)
    at = datetime(2026, 11, 25, 12, tzinfo=UTC)
    row = SealedChange(id, id, None, "SYSTEM", None, "member", id, None, "updated", None, '{"n": 1}', at)
    assert chain.digest(row).hex() == (
        "b1ec08c53a3e05b3bc640977fddb94609042b76c2ed3b4526b5bf6b4fc7c4397"
        "ea17515b490ec9535ee65a0e5273e72f9ae2c2bfb3c87600d0b994a54b380f51"
    )
