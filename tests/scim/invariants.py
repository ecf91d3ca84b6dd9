"""What is true of an organization at every moment, whatever was done to it and by whom."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import asyncpg

from api.provisioning import clock, members, request_log
from api.provisioning.actor import operator
from api.provisioning.lifecycle import HOLDS_SEAT
from db import sql
from db.ids import OrganizationId
from db.tables import TABLES

EXPLAINED = 50
"""The roles of so many members are compared with their explanations."""

REMEMBERS_REFUSALS = frozenset({"request", "link_request", "mail_message"})
"""Tables to which a refused act may write."""

_SHOWN = {"directory_key": "to_jsonb(t) - 'last_used_at'", "api_token": "to_jsonb(t) - 'last_used_at'"}
_OWN = [
    table._meta.tablename
    for table in TABLES
    if "organization_id" in [column._meta.name for column in table._meta.columns]
]
_DIGEST = " UNION ALL ".join(
    [
        *(
            f"SELECT '{name}', md5(string_agg(row, '' ORDER BY row)) FROM"
            f" (SELECT ({_SHOWN.get(name, 't')})::text AS row FROM {name} t WHERE organization_id = $1) {name}_rows"
            for name in _OWN
        ),
        "SELECT 'organization', md5(t::text) FROM organization t WHERE id = $1",
    ]
)
_MEMBERS = """
SELECT m.id, m.email, m.status, m.seat, m.awaits_seat, m.hold, m.managed_by, m.locked_out_at, m.role_id,
       coalesce(r.is_admin, false) AS is_admin,
       (SELECT count(u.lets_in) FROM directory_user u WHERE u.organization_id = $1 AND u.member_id = m.id) AS known,
       (SELECT count(*) FROM directory_user u
         WHERE u.organization_id = $1 AND u.member_id = m.id AND u.lets_in) AS letting_in,
       (SELECT count(*) FROM removal h
         WHERE h.organization_id = $1 AND h.member_id = m.id AND h.state = 'HELD') AS removals,
       EXISTS (SELECT FROM role_override o
         WHERE o.organization_id = $1 AND o.member_id = m.id AND o.expires_at <= $2) AS is_overdue,
       (SELECT json_object_agg(e.seat_type, e.total) FROM (
           SELECT seat_type, sum(delta) AS total FROM seat_entry
           WHERE organization_id = $1 AND member_id = m.id GROUP BY 1 HAVING sum(delta) <> 0) e)::text AS ledger
FROM member m LEFT JOIN role r ON r.organization_id = $1 AND r.id = m.role_id
WHERE m.organization_id = $1 ORDER BY m.id
"""
_SEATS = """
SELECT t.seat_type, p.seat_limit, (SELECT coalesce(sum(c.used), 0)::bigint FROM seat_count c
    WHERE c.organization_id = $1 AND c.seat_type = t.seat_type) AS used
FROM unnest(ARRAY['full', 'lite', 'free']) AS t (seat_type)
LEFT JOIN seat_pool p ON p.organization_id = $1 AND p.seat_type = t.seat_type
"""
_MONEY = """
SELECT o.policies ->> 'seat_limit' AS policy, coalesce(t.is_enrolled, false) AS is_enrolled,
       coalesce(t.monthly_cap_minor, -1) AS cap,
       (SELECT coalesce(sum(amount_minor), 0)::bigint FROM seat_purchase p WHERE p.organization_id = $1) AS ever,
       (SELECT coalesce(sum(amount_minor), 0)::bigint FROM seat_purchase p
         WHERE p.organization_id = $1 AND p.purchased_at >= date_trunc('month', $2::timestamptz, 'UTC')) AS this_month
FROM organization o LEFT JOIN billing_terms t ON t.organization_id = $1 WHERE o.id = $1
"""
_MISCOUNTED = """
SELECT c.directory_id, c.resource_type, sum(c.total), CASE c.resource_type
    WHEN 'User' THEN (SELECT count(*) FROM directory_user u
                       WHERE u.organization_id = $1 AND u.directory_id = c.directory_id)
    ELSE (SELECT count(*) FROM directory_group g WHERE g.organization_id = $1 AND g.directory_id = c.directory_id) END
FROM directory_count c WHERE c.organization_id = $1 GROUP BY 1, 2
"""
_MISREMEMBERED = """
SELECT directory_id, minute, counted.people, there.people
FROM (SELECT directory_id, minute, sum(people) AS people FROM removal_count
      WHERE organization_id = $1 GROUP BY 1, 2) counted
FULL JOIN (SELECT directory_id, date_trunc('minute', removed_at) AS minute, count(*) AS people FROM removal
           WHERE organization_id = $1 AND state = 'APPLIED' GROUP BY 1, 2) there USING (directory_id, minute)
WHERE minute > $2::timestamptz - interval '23 hours' AND coalesce(counted.people, 0) <> coalesce(there.people, 0)
"""


Pool = tuple[int | None, int]
"""The limit of the seats of a type, and how many of them are held."""


@dataclass(frozen=True, slots=True)
class State:
    """An organization at one moment: its members, its seats by type, and what it paid and may pay."""

    members: list[asyncpg.Record]
    seats: Mapping[str, Pool]
    money: asyncpg.Record
    counts: list[asyncpg.Record]


async def digest(organization: OrganizationId) -> dict[str, str | None]:
    """A text for each table, which is another one whenever a row of the organization is."""
    await request_log.flush()  # What was recorded behind earlier requests is no change
    return {row[0]: row[1] for row in await sql.rows(_DIGEST, organization)}


async def state(organization: OrganizationId) -> State:
    """The organization as it is now."""
    seats = {row[0]: (row[1], row[2]) for row in await sql.rows(_SEATS, organization)}
    money = await sql.row(_MONEY, organization, clock.now())
    assert money is not None
    everybody = await sql.rows(_MEMBERS, organization, clock.now())
    return State(everybody, seats, money, await sql.rows(_MISCOUNTED, organization))


async def sound(organization: OrganizationId) -> State:
    """The organization as it is now, after a look whether it can be so."""
    found = await state(organization)
    for member in found.members:
        _stands_rightly(member)
    for member in [each for each in found.members if each["status"] != "ERASED"][:EXPLAINED]:
        await _is_explained(organization, member)
    held = Counter(member["seat"] for member in found.members if member["seat"])
    assert held == {seat: used for seat, (_, used) in found.seats.items() if used}, "seats are miscounted"
    waiting = {member["awaits_seat"] for member in found.members}
    idle = {seat for seat, (limit, used) in found.seats.items() if seat in waiting and (limit is None or used < limit)}
    assert not idle, f"somebody waits although there are seats: {idle}"
    assert all(counted == there for _, _, counted, there in found.counts), found.counts
    miscounted = await sql.rows(_MISREMEMBERED, organization, clock.now())
    assert not miscounted, f"the breaker counts other removals than there were: {miscounted}"
    return found


def follows(before: State, after: State) -> None:
    """A look whether one state of an organization can come of the other, by one act."""
    if before.money["policy"] != "ALLOW_OVERAGE":
        for seat in after.seats:
            assert not _is_overbooked(before.seats[seat], after.seats[seat]), (seat, before.seats, after.seats)
    if after.money["ever"] > before.money["ever"]:
        assert before.money["policy"] == "AUTO_PURCHASE", "nobody wanted to buy"
        assert before.money["is_enrolled"], "nobody agreed to buying"
        assert after.money["this_month"] <= before.money["cap"], "more was spent than somebody accepted"
    assert _admins(after) or not _admins(before), "nobody is an admin any more"


def _is_overbooked(before: Pool, after: Pool) -> bool:
    """Whether more seats were taken than there are. Who was there when the limit was lowered keeps theirs."""
    (limit_before, used_before), (limit, used) = before, after
    if limit is None or used <= max(limit, used_before):
        return False
    return limit_before is None or used - limit > used_before - limit_before


def _admins(found: State) -> list[Any]:
    return [member for member in found.members if member["is_admin"] and member["status"] == "ACTIVE"]


def _stands_rightly(member: asyncpg.Record) -> None:
    """Status, seat, ledger, hold and removal agree, and the status is what the directories say."""
    about, status = dict(member), member["status"]
    assert (status in HOLDS_SEAT) == (member["seat"] is not None), about
    assert status != "WAITING_FOR_SEAT" or member["awaits_seat"], about
    assert member["awaits_seat"] is None or member["awaits_seat"] != member["seat"], about
    assert json.loads(member["ledger"] or "{}") == ({member["seat"]: 1} if member["seat"] else {}), about
    assert (status == "HELD") == (member["hold"] in ("REMOVAL", "SUSPENSION")), about
    assert member["removals"] == (status == "HELD"), about
    if member["letting_in"]:
        assert member["locked_out_at"] or status not in ("DEACTIVATED", "DEPROVISIONED"), about
        assert member["hold"] not in ("REMOVAL", "REMOVAL_REJECTED"), about
    elif member["hold"] is None and member["managed_by"] == "DIRECTORY" and status != "ERASED":
        assert status == ("DEACTIVATED" if member["known"] else "DEPROVISIONED"), about


async def _is_explained(organization: OrganizationId, member: asyncpg.Record) -> None:
    """The role is the one that the explanation ends with, and groups suspend whom they have to.

    An admin's override may have outlived its time, as long as nobody else is an admin.
    """
    outcome = await members.explain(operator(organization), member["id"])
    is_right = member["role_id"] == (outcome.role.id if outcome.role else None)
    assert is_right or (member["is_admin"] and member["is_overdue"]), (dict(member), outcome)
    assert outcome.is_suspended or member["status"] != "SUSPENDED", (dict(member), outcome)
    assert not outcome.is_suspended or member["status"] != "ACTIVE", (dict(member), outcome)
