"""Whatever the world is like and an admin wishes: what the preview says is what happens, or nothing does."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any, NamedTuple

from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from api.provisioning import governance
from api.provisioning.errors import FactsMoved, ProvisioningError
from api.provisioning.governance import Intent
from api.provisioning.moves import Move, Standing
from api.provisioning.previews import Preview
from db import sql
from tests.conftest import NewDirectory

from .conftest import second_directory
from .conversation import Scim
from .conversation_strategies import WITHOUT_SHRINKING
from .governing import everybody, govern, governor
from .rule_steps import NAMES, SENT, WISHED, intent, play

BEGINNING: list[tuple[Any, ...]] = [
    *(("send", name, []) for name in NAMES),
    *(("join", team, name) for team, name in (("One", "ann"), ("One", "bob"), ("Two", "bob"))),
    ("map", {"One": "account-manager"}),
    ("override", ["eve"], "admin"),
]
TABLES = ("organization", "directory", "directory_group", "group_member", "role", "role_override", "member", "change")


class Stood(NamedTuple):
    """What of a member somebody would notice."""

    role: str | None
    status: str
    seat: str | None


Changes = dict[uuid.UUID, tuple[Stood, Stood]]


def foreseen(moves: Iterable[Move]) -> Changes:
    """Who changes by moves, and how."""
    ends = ((move.members, (_stood(move.before), _stood(move.after))) for move in moves)
    return {member: both for members, both in ends for member in members}


def _stood(standing: Standing) -> Stood:
    return Stood(standing.role.key if standing.role else None, standing.status, standing.seat)


async def standings(scim: Scim) -> dict[uuid.UUID, Stood]:
    """How everybody stands."""
    return {each["id"]: Stood(each["role"], each["status"], each["seat"]) for each in await everybody(scim)}


async def everything(scim: Scim) -> list[object]:
    """All rows of the organization that an act could touch."""
    where = {table: "id" if table == "organization" else "organization_id" for table in TABLES}
    read = " UNION ALL ".join(f"SELECT to_jsonb(t)::text FROM {t} t WHERE t.{c} = $1" for t, c in where.items())
    return sorted(row[0] for row in await sql.rows(read, scim.access.organization_id))


async def look(scim: Scim, wish: Intent) -> Preview | ProvisioningError:
    """The preview, or what refuses it; nothing of it is kept."""
    before = await everything(scim)
    try:
        return await governance.preview(governor(scim), wish)
    except ProvisioningError as refused:
        return refused
    finally:
        assert await everything(scim) == before


async def act(scim: Scim, wish: Intent, token: str | None) -> Changes | ProvisioningError:
    """Who really changed, or what refused the act, which then did nothing at all."""
    rows, before = await everything(scim), await standings(scim)
    try:
        changed = await govern(scim, wish, token=token, is_sure=True)
    except ProvisioningError as refused:
        assert await everything(scim) == rows
        return refused
    after = await standings(scim)
    really = {id: (before[id], after[id]) for id in before if before[id] != after[id]}
    assert changed == len(really)
    return really


async def world(scim: Scim, new_directory: NewDirectory, steps: list[tuple[Any, ...]]) -> tuple[Scim, Scim]:
    """Two directories of a new organization, after these steps as far as nothing refused them."""
    here = Scim(scim.http, await new_directory())
    elsewhere = await second_directory(here)
    for step in [*BEGINNING, *steps]:
        await _try(here, elsewhere, step)
    return here, elsewhere


async def _try(here: Scim, elsewhere: Scim, step: tuple[Any, ...]) -> None:
    try:
        await play(here, elsewhere, step)
    except ProvisioningError as refused:
        note(f"{step} refused: {refused}")


WORLDS = st.lists(SENT | WISHED, max_size=4)
WISHES = st.sampled_from(
    [
        ("map", {"One": "viewer"}),
        ("map", {"One": None, "Two": "admin"}),
        ("mark", "Two", True),
        ("switch", "true"),
        ("default", "account-manager"),
        ("order", ("viewer", "account-manager", "knowledge-base-viewer", "admin")),
        ("archive", "account-manager", "knowledge-base-viewer"),
        ("override", ["ann", "bob"], "admin"),
        ("clear", ["ann", "eve"]),
        ("choose", {"on_no_mapped_group": "NO_ROLE"}),
        ("choose", {"override_mode": "CAP", "on_no_mapped_group": "SUSPEND"}),
    ]
)
MEANWHILE = st.sampled_from(
    [
        ("join", "One", "eve"),
        ("join", "Two", "eve"),
        ("leave", "One", "ann"),
        ("leave", "Two", "bob"),
        ("end", "One"),
        ("delete", "ann"),
        ("active", "bob", False),
        ("send elsewhere", "dan"),
        ("send", "dan", ["admin"]),
        ("map", {"Two": "admin"}),
        ("mark", "One", True),
        ("override", ["ann", "bob"], "viewer"),
        ("choose", {"override_mode": "FORBIDDEN"}),
    ]
)
chosen = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), phases=WITHOUT_SHRINKING)


@chosen
@given(WORLDS, WISHES | WISHED)
async def test_an_act_does_what_its_preview_says(
    scim: Scim, new_directory: NewDirectory, steps: list[tuple[Any, ...]], wish: tuple[Any, ...]
) -> None:
    here, _ = await world(scim, new_directory, steps)
    wanted = await intent(here, wish)
    seen = await look(here, wanted)
    done = await act(here, wanted, None if isinstance(seen, ProvisioningError) else seen.token)
    if isinstance(seen, ProvisioningError):
        assert (type(done), str(done)) == (type(seen), str(seen))
    else:
        assert done == foreseen(seen.moves)


@chosen
@given(st.lists(MEANWHILE, max_size=2), WISHES, MEANWHILE)
async def test_an_act_does_nothing_when_facts_moved_since_its_preview(
    scim: Scim,
    new_directory: NewDirectory,
    steps: list[tuple[Any, ...]],
    wish: tuple[Any, ...],
    meanwhile: tuple[Any, ...],
) -> None:
    here, elsewhere = await world(scim, new_directory, steps)
    wanted = await intent(here, wish)
    seen = await look(here, wanted)
    await _try(here, elsewhere, meanwhile)
    now = await look(here, wanted)
    if isinstance(seen, ProvisioningError) or isinstance(now, ProvisioningError):
        return
    done = await act(here, wanted, seen.token)
    is_same = foreseen(seen.moves) == foreseen(now.moves)
    assert isinstance(done, FactsMoved) != is_same
