"""Drift is found, told and put right; what was done on purpose is told only (R121, R145, R162)."""

from __future__ import annotations

import json

import pytest

from api.provisioning import clock, drift, local_edits, request_log, strays
from api.provisioning.deletion_choices import Choice
from api.provisioning.drift import Report
from db import sql
from db.queries import log

from .conversation import Json, Scim, document
from .deleting import delete, later, seats, statuses
from .governing import active, choose, everybody, governor, member_of, override, person, role_of, team


async def report(scim: Scim) -> Report:
    """What differs."""
    return await drift.report(governor(scim))


async def differing(scim: Scim) -> dict[str, tuple[object, ...]]:
    """Who differs: status and role as they are and as they should be, by the name before the address' host."""
    found = await report(scim)
    return {
        str(found.emails[each.member]).partition("@")[0]: (each.status, each.status_due, each.role, each.role_due)
        for each in found.differing
    }


@pytest.fixture
async def crew(scim: Scim, sibling: Scim, stranger: Scim, ann: Json) -> None:
    """Ann in a mapped group, Bob inactive, Cleo gone, Dan with an override; everybody also in another organization."""
    await team(scim, "account-manager", ann["id"])
    made = {name: document(await scim.post("/Users", person(name)))["id"] for name in ("bob", "cleo", "dan")}
    await scim.patch(f"/Users/{made['bob']}", active(False))
    await scim.delete(f"/Users/{made['cleo']}")
    await override(scim, "admin", "dan@example.com")
    for name in ("ann", "bob"):
        await stranger.post("/Users", person(name))


async def force(scim: Scim, name: str, assignment: str) -> None:
    """Change a member behind Rollcall's back."""
    done = await sql.rows(
        f"UPDATE member SET {assignment} WHERE organization_id = $1 AND email = $2 RETURNING 1",
        scim.access.organization_id,
        f"{name}@example.com",
    )
    assert len(done) == 1


async def test_after_ordinary_requests_nothing_differs(scim: Scim, crew: None) -> None:
    found = await report(scim)
    assert found.is_sound
    assert (found.differing_in_all, found.edited_in_all, found.unmanaged_in_all) == (0, 0, 0)
    assert [(each.seat_type, each.counted, each.entered, each.held) for each in found.seats] == [
        ("full", 2, 2, 2),
        ("lite", 0, 0, 0),
        ("free", 0, 0, 0),
    ]


@pytest.mark.parametrize(
    ("name", "forced", "told"),
    [
        ("ann", "role_id = NULL", ("ACTIVE", "ACTIVE", None, "account-manager")),
        ("ann", "status = 'DEACTIVATED'", ("DEACTIVATED", "ACTIVE", "account-manager", "account-manager")),
        ("ann", "status = 'SUSPENDED'", ("SUSPENDED", "ACTIVE", "account-manager", "account-manager")),
        ("ann", "status = 'HELD', role_id = NULL", ("HELD", "ACTIVE", None, "account-manager")),
        ("ann", "status = 'DEPROVISIONED'", ("DEPROVISIONED", "ACTIVE", "account-manager", "account-manager")),
        ("ann", "seat = NULL", ("ACTIVE", "ACTIVE", "account-manager", "account-manager")),
        ("bob", "status = 'ACTIVE'", ("ACTIVE", "DEACTIVATED", "viewer", "viewer")),
        ("bob", "status = 'ACTIVE', hold = 'REMOVAL', held_role_id = role_id", ("ACTIVE", "HELD", "viewer", "viewer")),
        ("cleo", "status = 'ACTIVE', seat = 'full'", ("ACTIVE", "DEPROVISIONED", "viewer", "viewer")),
    ],
)
async def test_what_was_forced_into_the_database_is_listed_and_put_right(
    scim: Scim, crew: None, name: str, forced: str, told: tuple[object, ...]
) -> None:
    """R121: status and role, whatever they were forced to be."""
    before = {each["email"]: (each["status"], each["role"], each["seat"]) for each in await everybody(scim)}
    await force(scim, name, forced)
    assert await differing(scim) == {name: told}
    assert not (await report(scim)).is_sound
    done = await drift.fix(governor(scim))
    assert (done.members, done.problems) == (1, ())
    assert (await report(scim)).is_sound
    after = {each["email"]: (each["status"], each["role"], each["seat"]) for each in await everybody(scim)}
    if "REMOVAL" not in forced:
        assert after == before
    assert await role_of(scim) == "account-manager"


async def test_what_was_put_right_is_remembered(scim: Scim, crew: None) -> None:
    await force(scim, "ann", "status = 'DEACTIVATED', role_id = NULL")
    await drift.fix(governor(scim))
    changes = await log.changes_of(scim.access.organization_id, (await member_of(scim))["id"])
    assert [(each["action"], each["actor_kind"], each["after"]) for each in changes[-2:]] == [
        ("updated", "OPERATOR", '{"status": "ACTIVE"}'),
        ("role_changed", "OPERATOR", '{"role": "account-manager"}'),
    ]


async def test_looking_changes_nothing(scim: Scim, crew: None) -> None:
    await force(scim, "ann", "role_id = NULL")
    before = await everybody(scim)
    await report(scim)
    assert await everybody(scim) == before


async def test_the_three_sums_of_seats_are_made_one(scim: Scim, crew: None) -> None:
    """The members say what is held; count and ledger follow, with lines that say why."""
    await sql.rows("UPDATE seat_count SET used = used + 3 WHERE organization_id = $1", scim.access.organization_id)
    await sql.rows("DELETE FROM seat_entry WHERE member_id = $1", (await member_of(scim))["id"])
    full = (await report(scim)).seats[0]
    assert (full.counted > 2, full.entered, full.held) == (True, 1, 2)
    assert (await drift.fix(governor(scim))).seat_entries == 1
    assert (await report(scim)).is_sound
    assert await seats(scim) == 2
    [line] = await sql.rows("SELECT delta, cause FROM seat_entry WHERE member_id = $1", (await member_of(scim))["id"])
    assert tuple(line) == (1, "REPAIRED")
    organization = scim.access.organization_id
    changes = await log.changes_of(organization, organization)
    assert changes[-1]["action"] == "seats_recounted"
    assert (await drift.fix(governor(scim))).seat_entries == 0


async def test_records_that_count_wrongly_are_found_and_put_right(scim: Scim, crew: None) -> None:
    await sql.rows("UPDATE directory_user SET lets_in = NOT lets_in WHERE user_name = 'bob'")
    assert (await report(scim)).miscounted_users == 1
    assert await differing(scim) == {"bob": ("DEACTIVATED", "ACTIVE", "viewer", "viewer")}
    done = await drift.fix(governor(scim))
    assert (done.users, done.members) == (1, 0)
    changes = await log.changes_of(scim.access.organization_id, (await member_of(scim, "bob@example.com"))["id"])
    [recounted] = [each for each in changes if each["action"] == "recounted"]
    assert (recounted["subject_type"], recounted["actor_kind"]) == ("directory_user", "OPERATOR")
    assert (recounted["before"], recounted["after"]) == ('{"lets_in": true}', '{"lets_in": false}')
    assert (await statuses(scim))["bob"] == "DEACTIVATED"
    assert (await report(scim)).is_sound


async def test_records_of_a_deleted_directory_and_of_others_are_put_right_with_history(
    scim: Scim, sibling: Scim, stranger: Scim, crew: None
) -> None:
    document(await sibling.post("/Users", person("eve")))
    await delete(sibling, Choice.KEEP_LOCAL)
    await sql.rows("UPDATE directory_user SET lets_in = false")
    theirs = stranger.access.organization_id
    assert (await drift.fix(governor(scim))).users == 3
    assert (await report(scim)).is_sound
    eve = await log.changes_of(scim.access.organization_id, (await member_of(scim, "eve@example.com"))["id"])
    assert [each["after"] for each in eve if each["action"] == "recounted"] == ['{"lets_in": null}']
    assert (await drift.report(governor(stranger))).miscounted_users == 2
    assert (
        await sql.value("SELECT count(*) FROM change WHERE organization_id = $1 AND action = 'recounted'", theirs) == 0
    )


async def test_nothing_is_put_right_that_cannot_be_remembered(
    scim: Scim, crew: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: object) -> None:
        raise RuntimeError

    await sql.rows("UPDATE directory_user SET lets_in = NOT lets_in WHERE user_name = 'bob'")
    monkeypatch.setattr(log, "add_alike", fail)
    with pytest.raises(RuntimeError):
        await drift.fix(governor(scim))
    assert (await report(scim)).miscounted_users == 1


async def test_the_last_admin_is_left_alone_and_told_and_all_others_are_put_right(scim: Scim, crew: None) -> None:
    await sql.rows("DELETE FROM role_override")
    await force(scim, "ann", "role_id = NULL")
    await force(scim, "bob", "status = 'ACTIVE'")
    done = await drift.fix(governor(scim))
    assert done.members == 2
    [problem] = done.problems
    assert "without an admin" in problem.text
    assert problem.member_id == (await member_of(scim, "dan@example.com"))["id"]
    assert await statuses(scim) == {"ann": "ACTIVE", "bob": "DEACTIVATED", "cleo": "DEPROVISIONED", "dan": "ACTIVE"}
    assert (await member_of(scim, "dan@example.com"))["role"] == "admin"


async def test_who_waits_for_a_seat_differs_in_nothing(scim: Scim, ann: Json) -> None:
    await sql.rows(
        "INSERT INTO seat_pool (organization_id, seat_type, seat_limit) VALUES ($1, 'full', 1)",
        scim.access.organization_id,
    )
    await choose(scim, seat_limit="HOLD")
    await scim.post("/Users", person("bob"))
    await choose(scim, seat_limit="BLOCK")
    assert (await statuses(scim))["bob"] == "WAITING_FOR_SEAT"
    assert (await report(scim)).is_sound


async def test_everybody_is_looked_at_however_many_there_are(
    scim: Scim, crew: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(strays, "AT_ONCE", 2)
    for name in ("ann", "bob", "cleo", "dan"):
        await force(scim, name, "role_id = NULL")
    assert sorted(await differing(scim)) == ["ann", "bob", "cleo", "dan"]
    assert (await drift.fix(governor(scim))).members == 4
    assert (await report(scim)).is_sound


async def test_fields_that_were_edited_here_are_told_and_stay(scim: Scim, ann: Json) -> None:
    """R158, R162: with what the directory had said, who changed it, and when."""
    found = await member_of(scim)
    at = clock.now()
    edit = local_edits.Edit("Ann", "dana@example.com", at)
    await force(scim, "ann", "display_name = 'Annabel'")
    await sql.rows(
        "UPDATE member SET local = $2 WHERE id = $1", found["id"], local_edits.to_json({"display_name": edit})
    )
    told = await report(scim)
    assert told.is_sound
    [edited] = told.edited
    assert (edited.member_id, edited.fields, edited.now) == (
        found["id"],
        {"display_name": edit},
        {"display_name": "Annabel"},
    )
    await drift.fix(governor(scim))
    assert (await report(scim)).edited_in_all == 1


async def test_people_whom_nobody_manages_are_listed_with_the_reason(
    scim: Scim, sibling: Scim, crew: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R145: whose directory is silent, whose directory was deleted, and whose removal was rejected."""
    await sibling.post("/Users", person("eve"))
    await sibling.post("/Users", person("ann"))
    found = document(await scim.post("/Users", person("finn")))
    await scim.patch(f"/Users/{found['id']}", active(False))
    await force(scim, "finn", "status = 'ACTIVE', seat = 'full', hold = 'REMOVAL_REJECTED'")
    later(monkeypatch, days=4)
    await scim.get("/Users")
    await request_log.flush()
    assert await left_behind(scim) == {"eve": "DIRECTORY_SILENT", "finn": "REMOVAL_REJECTED"}
    await delete(sibling, Choice.KEEP_LOCAL)
    assert await left_behind(scim) == {"eve": "DIRECTORY_DELETED", "finn": "REMOVAL_REJECTED"}
    await sql.rows("DELETE FROM directory_user WHERE lets_in IS NULL")
    assert (await left_behind(scim))["eve"] == "DIRECTORY_DELETED"
    later(monkeypatch, days=4)
    assert (await left_behind(scim)).keys() == {"ann", "dan", "eve", "finn"}


async def left_behind(scim: Scim) -> dict[str, str]:
    """Whom nobody manages, and why."""
    return {str(each.email).partition("@")[0]: each.reason for each in (await report(scim)).unmanaged}


async def test_a_daily_look_is_remembered_with_what_it_found(
    scim: Scim, crew: None, caplog: pytest.LogCaptureFixture
) -> None:
    """R121: nightly."""
    await force(scim, "ann", "role_id = NULL")
    organization = scim.access.organization_id
    assert await drift.check(organization) == 1
    last = (await log.changes_of(organization, organization))[-1]
    assert last["action"] == "drift_checked"
    assert json.loads(str(last["after"])) == {"members": 1, "seats": [], "directory_users": 0}
    assert f"Drift in organization {organization}" in caplog.text
