"""Many changes in one go, each with its result (R160)."""

from __future__ import annotations

import asyncio
import uuid
from collections import Counter
from collections.abc import Sequence

import pytest

from api.provisioning import bulk_updates, jobs
from api.provisioning.actor import Actor, Right, integration
from api.provisioning.errors import BadSetting, Forbidden, NotFound
from api.provisioning.jobs import Kind
from db import sql
from db.enums import RowOutcome
from db.ids import new_id
from db.job_rows import Job, Line, LineResult
from tests.factories import SeatPoolFactory
from tests.scim.conversation import Json, Scim, document
from tests.scim.governing import active, choose, everybody, governor, member_of, override, person, role_of, team

from .acting import an_admin, history_of
from .test_sign_ins import sign_in

ANN = "ann@example.com"


async def prepared(scim: Scim, *wanted: Json) -> uuid.UUID:
    """A job that an admin asked for."""
    return await jobs.prepare(an_admin(scim), bulk_updates.KIND, wanted)


async def results(scim: Scim, *wanted: Json) -> list[tuple[str, str | None]]:
    """What became of rows: outcome and text of each."""
    job = await prepared(scim, *wanted)
    await jobs.run(an_admin(scim), job)
    return [(each.outcome, each.text) for each in await jobs.results(an_admin(scim), job)]


async def test_a_row_changes_what_it_names_and_says_what_that_did(scim: Scim, ann: Json) -> None:
    wanted = {"member": ANN, "seat_type": "lite", "role": "admin", "display_name": "Annie", "reason": "spring"}
    [(outcome, text)] = await results(scim, wanted)
    assert (outcome, text) == (
        "APPLIED",
        "seat: full → lite; role: viewer → admin; seat type: none → lite; name: none → Annie",
    )
    member = await member_of(scim)
    assert (member["seat"], member["role"], member["display_name"]) == ("lite", "admin", "Annie")
    assert await role_of(scim) == "admin"
    [kept] = await sql.rows("SELECT reason, set_by FROM role_override")
    assert tuple(kept) == ("spring", "dana@example.com")
    assert [each["action"] for each in await history_of(member["id"])][1:] == [
        "bulk_updated",
        "override_set",
        "role_changed",
    ]


async def test_of_a_thousand_rows_three_are_bad_and_the_rest_is_done_once(scim: Scim) -> None:
    """R160: 997 applied, 3 reported; the same file again changes nothing."""
    await choose(scim, jit_enabled=True)
    people = [f"p{number}@example.com" for number in range(1000)]
    imported = await jobs.prepare(governor(scim), "members.import", [{"email": email} for email in people])
    await jobs.run(governor(scim), imported)
    wanted: list[Json] = [{"member": email, "seat_type": "lite"} for email in people]
    wanted[10] = {"member": "nobody@example.com", "seat_type": "lite"}
    wanted[500] = {"member": people[500], "seat_type": "guest"}
    wanted[999] = {"member": people[999], "role": "boss"}
    for applied, unchanged in ((997, 0), (0, 997)):
        job = await jobs.prepare(an_admin(scim), bulk_updates.KIND, wanted)
        done = await jobs.run(an_admin(scim), job)
        assert (done.state, done.applied, done.unchanged, done.refused) == ("DONE", applied, unchanged, 3)
        refused = await jobs.results(an_admin(scim), job, outcome=RowOutcome.REFUSED)
        assert [each.number for each in refused] == [11, 501, 1000]
        texts = [str(each.text) for each in refused]
        assert "no member with the address nobody@example.com" in texts[0]
        assert "This row cannot be read" in texts[1]
        assert "There is no role 'boss'" in texts[2]
    assert await sql.value("SELECT count(*) FROM member WHERE seat = 'lite'") == 997


async def test_a_preview_says_the_same_and_changes_nothing(scim: Scim, ann: Json) -> None:
    wanted: list[Json] = [
        {"member": ANN, "seat_type": "lite"},
        {"member": ANN, "active": False},
        {"member": "bob@example.com"},
    ]
    job = await prepared(scim, *wanted)
    before, changes = await everybody(scim), await sql.value("SELECT count(*) FROM change")
    previewed = await jobs.preview(an_admin(scim), job)
    assert await everybody(scim) == before
    assert await sql.value("SELECT count(*) FROM change") == changes
    await jobs.run(an_admin(scim), job)
    assert await jobs.results(an_admin(scim), job) == previewed
    assert [each.outcome for each in previewed] == ["APPLIED", "APPLIED", "REFUSED"]


async def test_people_are_named_by_id_as_well(scim: Scim, ann: Json) -> None:
    member = str((await member_of(scim))["id"])
    found = await results(scim, {"member": member, "active": False}, {"member": str(new_id()), "active": True})
    assert [outcome for outcome, _ in found] == ["APPLIED", "REFUSED"]
    assert (await member_of(scim))["status"] == "DEACTIVATED"


async def test_roles_are_chosen_and_cleared(scim: Scim, ann: Json) -> None:
    await override(scim, "account-manager")
    rows: list[Json] = [{"member": ANN, "role": "account-manager"}, {"member": ANN, "role": None}]
    found = await results(scim, *rows, rows[1])
    assert [outcome for outcome, _ in found] == ["UNCHANGED", "APPLIED", "UNCHANGED"]
    assert await role_of(scim) == "viewer"


async def overridden() -> tuple[str, str | None]:
    """The reason of the only override, and the day on which it ends."""
    [row] = await sql.rows("SELECT reason, expires_at FROM role_override")
    return row[0], row[1].date().isoformat() if row[1] else None


async def test_a_chosen_role_ends_when_the_row_says_and_keeps_what_it_does_not_say(scim: Scim, ann: Json) -> None:
    manager = {"member": ANN, "role": "account-manager"}
    steps: list[tuple[Json, str, tuple[str, str | None]]] = [
        ({"role_expires_at": "2120-01-01T00:00:00Z", "reason": "cover"}, "APPLIED", ("cover", "2120-01-01")),
        ({"role_expires_at": "2120-01-01T01:00:00+01:00"}, "UNCHANGED", ("cover", "2120-01-01")),
        ({}, "UNCHANGED", ("cover", "2120-01-01")),
        ({"role_expires_at": "2121-01-01T00:00:00Z"}, "APPLIED", ("cover", "2121-01-01")),
        ({"role_expires_at": None, "reason": "for good"}, "APPLIED", ("for good", None)),
        ({"role": "knowledge-base-viewer"}, "APPLIED", ("bulk update", None)),
    ]
    for more, outcome, kept in steps:
        assert [each[0] for each in await results(scim, manager | more)] == [outcome], more
        assert await overridden() == kept


async def test_an_end_that_makes_no_sense_is_refused(scim: Scim, ann: Json) -> None:
    rows: list[Json] = [
        {"member": ANN, "role": "admin", "role_expires_at": "2020-01-01T00:00:00Z"},
        {"member": ANN, "role": "admin", "role_expires_at": "2120-01-01T00:00:00"},
        {"member": ANN, "role": None, "role_expires_at": "2120-01-01T00:00:00Z"},
        {"member": ANN, "role_expires_at": None},
    ]
    found = await results(scim, *rows)
    assert {outcome for outcome, _ in found} == {"REFUSED"}
    for (_, text), told in zip(found, ["in the past", "timezone", "Name the role", "Name the role"], strict=True):
        assert told in str(text)
    assert await role_of(scim) == "viewer"


async def test_a_role_that_has_ended_is_chosen_anew(scim: Scim, ann: Json) -> None:
    await results(scim, {"member": ANN, "role": "admin", "role_expires_at": "2120-01-01T00:00:00Z"})
    await sql.rows("UPDATE role_override SET expires_at = now() - interval '1 day'")
    assert [outcome for outcome, _ in await results(scim, {"member": ANN, "role": "admin"})] == ["APPLIED"]
    assert await overridden() == ("bulk update", None)


async def test_an_override_without_effect_is_still_a_change(scim: Scim, ann: Json) -> None:
    assert await results(scim, {"member": ANN, "role": "knowledge-base-viewer"}) == [
        ("APPLIED", "The override of the role.")
    ]


async def test_rows_are_refused_for_the_reasons_for_which_acts_are(scim: Scim, ann: Json) -> None:
    await team(scim, "admin", ann["id"])
    assert "without an admin" in str(await results(scim, {"member": ANN, "active": False}))
    await choose(scim, control_plane="IDP_EXCLUSIVE")
    assert "managed by a directory" in str(await results(scim, {"member": ANN, "display_name": "B"}))
    assert (await results(scim, {"member": ANN, "role": "viewer"}))[0][0] == "APPLIED"
    await choose(scim, control_plane="LAST_WRITE_WINS", override_mode="FORBIDDEN")
    assert "override_mode" in str(await results(scim, {"member": ANN, "role": "admin"}))
    await SeatPoolFactory.make(organization=scim.access.organization_id, seat_type="lite", seat_limit=0)
    assert "no lite seats" in str(await results(scim, {"member": ANN, "seat_type": "lite"}))
    assert "no e-mail address" in str(await results(scim, {"member": "ann"}))
    assert "unknown field" in str(await results(scim, {"member": ANN, "colour": "red"}))


async def test_a_row_that_is_refused_leaves_nothing_half_done(scim: Scim) -> None:
    """The last admin's row writes before it is found out; its neighbours in the same transaction stay."""
    made = [document(await scim.post("/Users", person(name))) for name in ("ann", "bob")]
    await override(scim, "admin")
    await team(scim, "viewer", *(each["id"] for each in made))
    rows: list[Json] = [
        {"member": "bob@example.com", "display_name": "Bob"},
        {"member": ANN, "display_name": "Annie", "role": None},
        {"member": "bob@example.com", "seat_type": "lite"},
    ]
    assert [outcome for outcome, _ in await results(scim, *rows)] == ["APPLIED", "REFUSED", "APPLIED"]
    assert (await member_of(scim))["display_name"] is None
    assert await role_of(scim) == "admin"
    bob = await member_of(scim, "bob@example.com")
    assert (bob["display_name"], bob["seat"]) == ("Bob", "lite")


async def test_letting_in_by_a_row_lets_in_whom_a_row_locked_out(scim: Scim, ann: Json) -> None:
    rows: list[Json] = [{"member": ANN, "active": value} for value in (False, False, True, True)]
    assert [outcome for outcome, _ in await results(scim, *rows)] == ["APPLIED", "UNCHANGED", "APPLIED", "UNCHANGED"]
    await scim.patch(f"/Users/{ann['id']}", active(False))
    assert "Activate them in the identity provider" in str(await results(scim, rows[-1]))


async def test_a_job_that_is_interrupted_goes_on_where_it_was(scim: Scim, monkeypatch: pytest.MonkeyPatch) -> None:
    """R160: what was done stays, nothing is done twice, nothing is lost."""
    people = [f"p{number}@example.com" for number in range(50)]
    await jobs.run(
        governor(scim), await jobs.prepare(governor(scim), "members.import", [{"email": each} for each in people])
    )
    job = await prepared(scim, *({"member": email, "display_name": email[:3]} for email in people))
    seen: Counter[int] = Counter()

    async def breaking(actor: Actor, lines: Sequence[Line]) -> list[LineResult]:
        done = await bulk_updates.apply(actor, lines)
        if lines[0].number > 20 and not seen[0]:
            seen[0] += 1
            raise asyncio.CancelledError
        return done

    monkeypatch.setattr(jobs, "KINDS", {bulk_updates.KIND: Kind(breaking, 20)})
    with pytest.raises(asyncio.CancelledError):
        await jobs.run(an_admin(scim), job)
    half = await jobs.find(an_admin(scim), job)
    assert (half.state, half.applied, half.waiting) == ("RUNNING", 20, 30)
    done = await jobs.run(an_admin(scim), job)
    assert (done.state, done.applied, done.waiting) == ("DONE", 50, 0)
    assert await sql.value("SELECT count(*) FROM change WHERE action = 'bulk_updated'") == 50
    again = await jobs.run(an_admin(scim), job)
    assert (again.finished_at, again.applied) == (done.finished_at, 50)


async def test_two_who_run_a_job_at_once_share_it(scim: Scim) -> None:
    people = [f"p{number}@example.com" for number in range(100)]
    await jobs.run(
        governor(scim), await jobs.prepare(governor(scim), "members.import", [{"email": each} for each in people])
    )
    job = await prepared(scim, *({"member": email, "display_name": "P"} for email in people))
    await asyncio.gather(*(jobs.run(an_admin(scim), job) for _ in range(4)))
    done = await jobs.find(an_admin(scim), job)
    assert (done.state, done.applied) == ("DONE", 100)
    assert await sql.value("SELECT count(*) FROM change WHERE action = 'bulk_updated'") == 100


async def test_jobs_are_listed_for_their_organization_only(scim: Scim, stranger: Scim, ann: Json) -> None:
    job = await prepared(scim, {"member": ANN})
    [found] = await jobs.newest(an_admin(scim))
    assert isinstance(found, Job)
    assert (found.id, found.asked_by, found.waiting) == (job, "dana@example.com", 1)
    assert await jobs.newest(governor(stranger)) == []
    for ask in (jobs.find, jobs.run, jobs.preview):
        with pytest.raises(NotFound):
            await ask(governor(stranger), job)
    assert await jobs.results(governor(stranger), job) == []


async def test_what_is_no_job_is_refused(scim: Scim) -> None:
    with pytest.raises(BadSetting, match="from 1 to 100000"):
        await prepared(scim)
    reader = integration(scim.access.organization_id, new_id(), "R", frozenset({Right.ORGANIZATION_READ}))
    with pytest.raises(Forbidden):
        await jobs.prepare(reader, bulk_updates.KIND, [{"member": ANN}])


async def test_text_that_no_database_takes_is_kept_without_it(scim: Scim) -> None:
    await choose(scim, jit_enabled=True)
    await sign_in(scim)
    assert (await results(scim, {"member": ANN, "display_name": "a\0b"}))[0][0] == "APPLIED"
