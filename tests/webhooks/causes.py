"""For each type of event, something that is done in the organization of a directory and becomes one."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta

from api.provisioning import (
    bulk_updates,
    deletions,
    directories,
    domain_proofs,
    domains,
    erasures,
    jobs,
    keys,
    ladder,
    mappings,
    plans,
    purchases,
    removals,
    settlements,
)
from api.provisioning.deletion_choices import Choice
from api.provisioning.directories import ChangeDirectory, Settings
from api.provisioning.grounds import Grounds
from api.provisioning.proofs import Said
from api.provisioning.settlements import Settlement
from api.webhooks import endpoints
from db import sql
from db.enums import Provider
from db.ids import KeyId
from tests.scim.conversation import Json, Scim, document
from tests.scim.governing import (
    active,
    adding,
    choose,
    govern,
    governor,
    map_group,
    member_of,
    new_address,
    override,
    own,
    person,
    removing,
)
from tests.scim.test_breaker import crowd, out, waiting
from tests.scim.test_seats import limit, sold

Cause = Callable[[Scim], Awaitable[object]]


async def _ann(scim: Scim) -> Json:
    return document(await scim.post("/Users", person("ann", displayName="Ann", locale="de")))


async def _patched(scim: Scim, *operations: Json) -> Json:
    ann = await _ann(scim)
    await scim.patch(f"/Users/{ann['id']}", *operations)
    return ann


async def _back(scim: Scim) -> None:
    ann = await _patched(scim, active(False))
    await scim.patch(f"/Users/{ann['id']}", active(True))


async def _promoted(scim: Scim) -> None:
    await _ann(scim)
    await override(scim, "admin")


async def _erased(scim: Scim) -> None:
    ann = await _ann(scim)
    member = await member_of(scim)
    await scim.delete(f"/Users/{ann['id']}")
    await erasures.erase_now(governor(scim), member["id"], Grounds(reason="Asked for it"))


async def _group(scim: Scim) -> Json:
    return await scim.make_group("Sales")


async def _renamed_group(scim: Scim) -> None:
    group = await _group(scim)
    await scim.patch(f"/Groups/{group['id']}", {"op": "replace", "path": "displayName", "value": "Sellers"})


async def _deleted_group(scim: Scim) -> None:
    await scim.delete(f"/Groups/{(await _group(scim))['id']}")


async def _joined(scim: Scim) -> tuple[Json, Json]:
    ann, group = await _ann(scim), await _group(scim)
    await scim.patch(f"/Groups/{group['id']}", adding(ann["id"], (await scim.make_group("Others"))["id"]))
    return ann, group


async def _left(scim: Scim) -> None:
    ann, group = await _joined(scim)
    await scim.patch(f"/Groups/{group['id']}", removing(ann["id"]))


async def _mapped(scim: Scim) -> None:
    await map_group(scim, await _group(scim), "account-manager")


async def _marked(scim: Scim) -> None:
    await mappings.mark_group(governor(scim), uuid.UUID((await _group(scim))["id"]), is_urgent=True)


async def _changed_directory(scim: Scim) -> None:
    await govern(scim, ChangeDirectory(scim.access.directory_id, {"state": "PAUSED"}))


async def _connected(scim: Scim) -> None:
    await directories.connect(governor(scim), name="Okta", provider=Provider.OKTA, settings=Settings())


async def _deleted_directory(scim: Scim) -> None:
    await deletions.delete(governor(scim), scim.access.directory_id, Choice.KEEP_LOCAL)


async def _restored(scim: Scim) -> None:
    await _deleted_directory(scim)
    await deletions.restore(governor(scim), scim.access.directory_id)


async def _rotated(scim: Scim) -> None:
    await keys.rotate(governor(scim), scim.access.directory_id, overlap=timedelta(hours=1))


async def _revoked_key(scim: Scim) -> None:
    [row] = await sql.rows("SELECT id FROM directory_key WHERE directory_id = $1", scim.access.directory_id)
    await keys.revoke(governor(scim), KeyId(row["id"]))


async def _full(scim: Scim) -> Json:
    await limit(scim, full=1)
    return await _ann(scim)


async def _room_again(scim: Scim) -> None:
    await _full(scim)
    await limit(scim, full=10)


async def _bought(scim: Scim) -> None:
    await sold(scim)
    await _full(scim)
    await scim.post("/Users", person("bob"))


async def _settled(scim: Scim) -> None:
    [row] = await sql.rows("SELECT organization_id, id FROM seat_purchase")
    await settlements.settle(Settlement(*row))


async def _confirmed(scim: Scim) -> None:
    await _bought(scim)
    await _settled(scim)


async def _given_up(scim: Scim) -> None:
    await _bought(scim)
    await purchases.cancel(governor(scim), await sql.value("SELECT id FROM seat_purchase"))  # type: ignore[arg-type]  # a UUID
    await _settled(scim)


async def _held(scim: Scim) -> None:
    for each in await crowd(scim, 12):
        await out(scim, each, "PATCH")


async def _decided(scim: Scim) -> None:
    await _held(scim)
    await removals.approve(governor(scim), await waiting(scim))


async def _domain(scim: Scim) -> None:
    await domains.include_subdomains(governor(scim), "example.com", included=True)
    await domains.remove(governor(scim), "example.com")


async def _owned(scim: Scim) -> None:
    await own(scim, "example.com")
    await _domain(scim)


class _Silence:
    """A DNS in which nothing is published."""

    async def texts(self, name: str) -> list[Said]:
        return [Said("192.0.2.53")]


async def _lapsed(scim: Scim) -> None:
    await domains.add(governor(scim), "example.com")
    await domain_proofs.challenge(governor(scim), "example.com")
    long_ago = "now() - interval '1 day'"
    await sql.rows(
        f"UPDATE domain SET state = 'VERIFIED', verified_by = 'DNS', verified_at = {long_ago}, check_next = {long_ago},"
        f" missing_since = {long_ago}, lapses_at = {long_ago}"
    )
    await domain_proofs.recheck_due(_Silence())


async def _roles(scim: Scim) -> None:
    await ladder.add(governor(scim), "Guest")
    await ladder.set_permissions(governor(scim), "guest", ["look"])
    order = tuple(str(each["key"]) for each in await ladder.overview(governor(scim)))
    await govern(scim, ladder.SetOrder((order[-1], order[-2], *order[-3::-1])[::-1]))
    await govern(scim, ladder.SetDefault("guest"), is_sure=True)
    await govern(scim, ladder.SetDefault("viewer"))
    await govern(scim, ladder.ArchiveRole("guest", "viewer"))


async def _plan(scim: Scim) -> None:
    await plans.choose(governor(scim), "GROWTH")


async def _job(scim: Scim) -> None:
    await _ann(scim)
    job = await jobs.prepare(
        governor(scim), bulk_updates.KIND, [{"member": "ann@example.com", "display_name": "Annie"}]
    )
    await jobs.run(governor(scim), job)


async def _test(scim: Scim) -> None:
    [endpoint] = await endpoints.all_of(governor(scim))
    await endpoints.test(governor(scim), endpoint.id)


CAUSES: Mapping[str, Cause] = {
    "member.created": _ann,
    "member.updated": lambda scim: _patched(scim, new_address("anna@example.com")),
    "member.profile_changed": lambda scim: _patched(scim, {"op": "replace", "path": "locale", "value": "fr"}),
    "member.status_changed": lambda scim: _patched(scim, active(False)),
    "member.access_revoked": lambda scim: _patched(scim, active(False)),
    "member.access_restored": _back,
    "member.role_changed": _promoted,
    "member.seat_changed": lambda scim: _patched(scim, active(False)),
    "member.erased": _erased,
    "group.created": _group,
    "group.updated": _renamed_group,
    "group.deleted": _deleted_group,
    "group.members_added": _joined,
    "group.members_removed": _left,
    "group.role_changed": _mapped,
    "group.marked": _marked,
    "directory.created": _connected,
    "directory.updated": _changed_directory,
    "directory.deleted": _deleted_directory,
    "directory.restored": _restored,
    "key.rotated": _rotated,
    "key.revoked": _revoked_key,
    "seat.limit_changed": lambda scim: limit(scim, full=10),
    "seat.limit_reached": _full,
    "seat.alert": _full,
    "seat.alert_cleared": _room_again,
    "seat.purchased": _bought,
    "seat.purchase_confirmed": _confirmed,
    "seat.purchase_failed": _given_up,
    "removal.held": _held,
    "removal.decided": _decided,
    "domain.lapsed": _lapsed,
    **{f"domain.{name}": _owned for name in ("added", "verified", "updated", "removed")},
    **{f"role.{name}": _roles for name in ("added", "archived", "default_changed", "permissions_changed", "reordered")},
    "policy.changed": lambda scim: choose(scim, email_change="IMMUTABLE"),
    "plan.changed": _plan,
    "job.finished": _job,
    "webhook.test": _test,
}
