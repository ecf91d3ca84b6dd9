"""Making, changing and ending clients: who may, what is remembered, and where the limits are."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from api.oauth import client_views, clients
from api.provisioning.actor import directory_actor, operator
from api.provisioning.errors import BadSetting, Forbidden, InTheWay, NotFound
from db.ids import DirectoryId, new_id
from db.queries import log
from tests.scim.conversation import Scim
from tests.scim.governing import governor

from .asking import Client, with_another_secret
from .signing import known_by_keys


async def test_what_was_done_to_clients_is_remembered(okta: Client) -> None:
    actor = governor(okta.scim)
    await with_another_secret(okta, overlap=timedelta(hours=1))
    assert okta.secret_id is not None
    for _ in range(2):
        await clients.revoke_secret(actor, okta.secret_id)
    await clients.change(actor, okta.id, name="Okta production")
    await clients.change(actor, okta.id, name="Okta production")
    for _ in range(2):
        await clients.revoke(actor, okta.id)
    found = await log.changes_of(okta.scim.access.organization_id, okta.id)
    assert [(each["action"], each["subject_type"]) for each in found] == [
        (action, "oauth_client")
        for action in (
            "oauth_client_created",
            "oauth_secret_added",
            "oauth_secret_revoked",
            "oauth_client_changed",
            "oauth_client_revoked",
        )
    ]
    assert json.loads(str(found[0]["after"]))["last_four"] == okta.secret[-4:]
    assert json.loads(str(found[3]["after"])) == {"name": "Okta production"}


async def test_clients_of_others_cannot_be_touched(okta: Client, stranger: Scim) -> None:
    actor = governor(stranger)
    assert okta.secret_id is not None
    for attempt in (
        clients.create(actor, okta.scim.access.directory_id, name="Mine"),
        clients.change(actor, okta.id, name="Mine"),
        clients.add_secret(actor, okta.id),
        clients.revoke_secret(actor, okta.secret_id),
        clients.revoke(actor, okta.id),
    ):
        with pytest.raises(NotFound):
            await attempt
    assert await client_views.many(actor, [okta.id]) == {}
    assert (await okta.by_basic()).status_code == 200


async def test_a_directory_may_not_make_itself_clients(okta: Client) -> None:
    itself = directory_actor(okta.scim.access.organization_id, okta.scim.access.directory_id)
    for attempt in (
        clients.create(itself, okta.scim.access.directory_id, name="Mine"),
        clients.add_secret(itself, okta.id),
        clients.revoke(itself, okta.id),
    ):
        with pytest.raises(Forbidden):
            await attempt


async def test_clients_have_limits(okta: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    actor, directory = governor(okta.scim), okta.scim.access.directory_id
    for name in ("", "  ", "x" * 101, "a\nb"):
        with pytest.raises(BadSetting, match="needs a name"):
            await clients.create(actor, directory, name=name)
    for days in (0, -1, 1097):
        with pytest.raises(BadSetting, match="from 1 to 1096 days"):
            await clients.create(actor, directory, name="Okta", expires_in_days=days)
        with pytest.raises(BadSetting, match="from 1 to 1096 days"):
            await clients.add_secret(actor, okta.id, expires_in_days=days)
    for overlap in (timedelta(days=7, seconds=1), timedelta(seconds=-1)):
        with pytest.raises(BadSetting, match="seven days"):
            await clients.add_secret(actor, okta.id, overlap=overlap)
    with pytest.raises(NotFound):
        await clients.create(operator(actor.organization), DirectoryId(new_id()), name="Okta")
    for _ in range(9):
        await clients.create(actor, directory, name="Okta")
    with pytest.raises(InTheWay, match="at most 10 clients"):
        await clients.create(actor, directory, name="Okta")
    await clients.revoke(actor, okta.id)
    await clients.create(actor, directory, name="Okta")
    with pytest.raises(InTheWay, match="revoked, which is for good"):
        await clients.add_secret(actor, okta.id)


async def test_a_client_always_has_a_way_in(scim: Scim) -> None:
    signer = await known_by_keys(scim)
    with pytest.raises(BadSetting, match="needs its keys"):
        await clients.change(governor(scim), signer.id, trusts_nobody=True)
    with_secret = await with_another_secret(signer)
    await clients.change(governor(scim), signer.id, trusts_nobody=True)
    assert (await with_secret.by_basic()).status_code == 200
