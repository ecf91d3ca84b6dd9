"""Connections: made, changed, switched and removed by whoever manages the organization, and nobody else."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import msgspec
import pytest

from api.identity import connections, landing, sessions
from api.identity.choices import Choice, OidcSettings, SamlSettings
from api.identity.landing import Word
from api.identity.problems import NoConnection
from api.identity.sessions import Browser as Browsing
from api.identity.sessions import Proof
from api.provisioning import audit, directories, sealed
from api.provisioning.actor import Actor, Right
from api.provisioning.directories import Settings
from api.provisioning.errors import BadSetting, CannotSeal, Forbidden, InTheWay, NotFound, SsoRequired
from db import sql
from db.audit_rows import AuditFilter
from db.enums import Provider, SsoKind, Way
from db.ids import new_id
from db.pages import Span
from db.sso_rows import ConnectionRow
from tests.conftest import NewDirectory
from tests.factories import AccountFactory
from tests.scim.conversation import Scim
from tests.scim.governing import choose, governor

from .provider import CLIENT_SECRET
from .signing_in import Browser, known

SECRET = "a-secret-that-nobody-may-see"
WHOLE = Choice("Okta", OidcSettings("client"), "https://okta.example.com", SECRET.encode())


async def make(scim: Scim, choice: Choice = WHOLE) -> ConnectionRow:
    """A connection that nobody uses yet."""
    made = await connections.create(governor(scim), choice)
    return await connections.find(governor(scim), made.id)


async def edited(scim: Scim, row: ConnectionRow, **chosen: Any) -> ConnectionRow:
    """The connection with something chosen anew; what is no field of the choice is one of its settings."""

    def edit(before: Choice) -> Choice:
        own = {name: chosen[name] for name in chosen if hasattr(before, name)}
        more = {name: value for name, value in chosen.items() if name not in own}
        return replace(before, **own, settings=msgspec.structs.replace(before.settings, **more))

    return await connections.change(governor(scim), row.id, edit)


async def past(scim: Scim) -> list[tuple[str, str | None]]:
    """What history has of connections, oldest first."""
    found = await sql.rows(
        "SELECT action, after::text FROM change WHERE organization_id = $1 AND subject_type = 'sso_connection'"
        " ORDER BY id",
        scim.access.organization_id,
    )
    return [(row[0], row[1]) for row in found]


async def test_a_connection_is_made_changed_switched_and_removed_and_each_is_remembered(scim: Scim) -> None:
    actor, made = governor(scim), await make(scim, Choice("  Okta ", OidcSettings()))
    assert (made.kind, made.name, made.state, made.issuer) == ("OIDC", "Okta", "DRAFT", None)
    made = await edited(scim, made, issuer=" https://okta.example.com ", client_id="client", client_secret=b"one")
    assert (made.issuer, made.state) == ("https://okta.example.com", "DRAFT")
    assert (await connections.activate(actor, made.id)).state == "ACTIVE"
    assert (await connections.activate(actor, made.id)).state == "ACTIVE"
    await edited(scim, made)
    assert (await connections.switch_off(actor, made.id)).state == "OFF"
    assert await connections.all_of_them(actor) == [await connections.find(actor, made.id)]
    await connections.remove(actor, made.id)
    assert await connections.all_of_them(actor) == []
    assert [action.removeprefix("sso_connection_") for action, _ in await past(scim)] == [
        "created",
        "changed",
        "activated",
        "switched_off",
        "removed",
    ]


async def test_the_secret_is_sealed_for_its_place_and_told_nobody(scim: Scim) -> None:
    made = await make(scim)
    await edited(scim, made, client_secret=b"another")
    await edited(scim, made, client_secret=SECRET.encode())
    row = await connections.find(governor(scim), made.id)
    assert row.client_secret is not None
    assert SECRET.encode() not in row.client_secret
    assert connections.choice_of(row).client_secret == SECRET.encode()
    other = await make(scim)
    with pytest.raises(CannotSeal):
        connections.choice_of(replace(other, client_secret=row.client_secret))
    told = await past(scim)
    assert SECRET not in str(told)
    assert [msgspec.json.decode(after or "{}") for action, after in told if action.endswith("changed")] == [
        {"client_secret": "replaced"},
        {"client_secret": "replaced"},
    ]
    assert [each.column.table for each in await sealed.standing() if each.by_key].count("sso_connection") == 1


@pytest.mark.parametrize(
    ("choice", "words"),
    [
        (replace(WHOLE, name="  "), "needs a name"),
        (replace(WHOLE, name="a\nb"), "needs a name"),
        (replace(WHOLE, name="x" * 101), "needs a name"),
        (replace(WHOLE, issuer="https://a.example.com/\n"), None),
        (replace(WHOLE, issuer="https://a\n.example.com"), "The issuer"),
        (replace(WHOLE, issuer="x" * 1025), "The issuer"),
        (replace(WHOLE, settings=OidcSettings("a\0")), "The client id"),
        (replace(WHOLE, client_secret=b""), "The client secret"),
        (replace(WHOLE, client_secret=b"x" * 1001), "The client secret"),
        (Choice("SAML", SamlSettings(), client_secret=b"x"), "SAML knows no client secret"),
    ],
)
async def test_what_makes_no_sense_is_refused_in_words(scim: Scim, choice: Choice, words: str | None) -> None:
    if words is None:
        assert (await make(scim, choice)).issuer == "https://a.example.com/"
        return
    with pytest.raises(BadSetting, match=words):
        await make(scim, choice)
    assert await past(scim) == []


async def test_nobody_signs_in_by_what_is_not_complete(scim: Scim) -> None:
    made = await make(scim, Choice("Okta", OidcSettings()))
    with pytest.raises(InTheWay, match="lacks the issuer, the client id, the client secret"):
        await connections.activate(governor(scim), made.id)
    made = await edited(scim, made, issuer=WHOLE.issuer, client_id="client", client_secret=b"x")
    await connections.activate(governor(scim), made.id)
    with pytest.raises(InTheWay, match="lacks the client secret"):
        await edited(scim, made, client_secret=None)
    saml = await make(scim, Choice("SAML", SamlSettings()))
    with pytest.raises(InTheWay, match="lacks the entity id, the sign-in URL, a certificate"):
        await connections.activate(governor(scim), saml.id)


async def test_a_connection_stays_what_it_is(scim: Scim) -> None:
    made = await make(scim)
    with pytest.raises(BadSetting, match="speaks OIDC"):
        await connections.change(governor(scim), made.id, lambda before: Choice("x", SamlSettings()))


async def test_there_are_only_so_many(scim: Scim) -> None:
    for _ in range(connections.MOST):
        await make(scim)
    with pytest.raises(InTheWay, match="has 20 connections"):
        await make(scim)


@pytest.mark.parametrize("chosen", [{"issuer": "https://other.example.com"}, {"client_id": "other"}])
async def test_another_issuer_or_client_knows_nobody(ann: Browser, acme: Scim, chosen: dict[str, str]) -> None:
    """Its ids may be other people's."""
    await landing.land(ann.connection, Word("ann-1", "ann@example.com", True))
    await edited(acme, ann.connection, name="Renamed", client_secret=b"another")
    assert await known(ann.connection) == {"ann-1": "ann@example.com"}
    await edited(acme, ann.connection, **chosen)
    assert await known(ann.connection) == {}
    after = msgspec.json.decode((await past(acme))[-1][1] or "{}")
    assert after["forgotten_identities"] == 1


async def test_where_single_sign_on_is_enforced_the_last_connection_stays(ann: Browser, acme: Scim) -> None:
    actor = governor(acme)
    await sql.rows("UPDATE organization SET policies = policies || '{\"sso_enforced\": true}'")
    for act in (connections.switch_off, connections.remove):
        with pytest.raises(InTheWay, match="nobody could sign in"):
            await act(actor, ann.connection.id)
    draft = await make(acme)
    await connections.remove(actor, draft.id)
    second = await make(acme)
    await connections.activate(actor, second.id)
    await connections.switch_off(actor, ann.connection.id)
    with pytest.raises(InTheWay):
        await connections.remove(actor, second.id)
    await connections.remove(actor, ann.connection.id)


async def test_directories_wait_until_single_sign_on_has_come_as_far_as_it_has_to(scim: Scim) -> None:
    """R021, R022."""
    actor, made = governor(scim), await make(scim)

    async def waits_for(required: str) -> str | None:
        await choose(scim, require_sso=required)
        try:
            await directories.connect(actor, name="Second", provider=Provider.OKTA, settings=Settings())
        except SsoRequired as problem:
            return str(problem)
        return None

    assert "no connection to an identity provider is active" in str(await waits_for("CONFIGURED"))
    await connections.activate(actor, made.id)
    assert await waits_for("CONFIGURED") is None
    assert "it is set up but not enforced" in str(await waits_for("ENFORCED"))
    await sql.rows("UPDATE organization SET policies = policies || '{\"sso_enforced\": true}'")
    assert await waits_for("ENFORCED") is None
    await sql.rows("UPDATE sso_connection SET state = 'OFF'")
    assert "no connection to an identity provider is active" in str(await waits_for("ENFORCED"))


ACTS: dict[str, Callable[[Actor, ConnectionRow], Awaitable[object]]] = {
    "find": lambda actor, row: connections.find(actor, row.id),
    "change": lambda actor, row: connections.change(actor, row.id, lambda before: before),
    "activate": lambda actor, row: connections.activate(actor, row.id),
    "switch off": lambda actor, row: connections.switch_off(actor, row.id),
    "remove": lambda actor, row: connections.remove(actor, row.id),
}


@pytest.mark.parametrize("act", ACTS)
async def test_another_organization_finds_nothing_and_changes_nothing(
    scim: Scim, new_directory: NewDirectory, act: str
) -> None:
    stranger, made = Scim(scim.http, await new_directory()), await make(scim)
    with pytest.raises(NotFound) as theirs:
        await ACTS[act](governor(stranger), made)
    with pytest.raises(NotFound) as nobodys:
        await ACTS[act](governor(stranger), replace(made, id=new_id()))
    assert str(theirs.value) == str(nobodys.value)
    assert await connections.find(governor(scim), made.id) == made


@pytest.mark.parametrize("act", ACTS)
async def test_whoever_does_not_manage_the_organization_does_nothing(scim: Scim, act: str) -> None:
    made = await make(scim)
    with pytest.raises(Forbidden):
        await ACTS[act](replace(governor(scim), rights=frozenset(Right) - {Right.ORGANIZATION_MANAGE}), made)
    assert await connections.find(governor(scim), made.id) == made


async def test_browsers_find_only_what_people_sign_in_by(ann: Browser, acme: Scim, scim: Scim) -> None:
    draft = await make(acme)
    off = await make(acme)
    await connections.activate(governor(acme), off.id)
    await connections.switch_off(governor(acme), off.id)
    assert (await connections.in_use(ann.connection.id, SsoKind.OIDC)).id == ann.connection.id
    for connection, kind in ((new_id(), "OIDC"), (ann.connection.id, "SAML"), (draft.id, "OIDC"), (off.id, "OIDC")):
        with pytest.raises(NoConnection):
            await connections.in_use(connection, SsoKind(kind))
    for path in (str(draft.id), str(off.id), str(new_id()), "x", "%00", "..%2F.."):
        for way in ("start", "callback?state=x&code=y"):
            answer = await ann.http.get(f"/sso/{path}/{way}")
            assert answer.status_code in (403, 404)
            assert "location" not in answer.headers


async def test_refusals_are_found_in_the_audit_by_the_name_of_the_connection(ann: Browser, acme: Scim) -> None:
    await landing.note_refusal(ann.connection, "The provider was away.")
    found = await audit.page(governor(acme), AuditFilter(actions=["sign_in_refused"]), Span(10, None))
    [row] = found.rows
    assert (row.actor, row.reason, row.subject_id) == ("Okta", "The provider was away.", ann.connection.id)
    assert CLIENT_SECRET not in str(row)


@pytest.mark.parametrize("ending", ["off", "removed", "another issuer", "another name"])
async def test_whoever_came_by_a_connection_is_out_when_it_is_no_more(scim: Scim, ending: str) -> None:
    row, other = await make(scim), await make(scim)
    for each in (row, other):
        await connections.activate(governor(scim), each.id)
    organization = scim.access.organization_id
    account = await AccountFactory.make(email="ann@example.com", email_key="ann@example.com")
    begun = [
        await sessions.begin(account.id, Proof(Way.SSO, organization, each.id, proves_address=True), Browsing("a test"))
        for each in (row, other)
    ]
    match ending:
        case "off":
            await connections.switch_off(governor(scim), row.id)
        case "removed":
            await connections.remove(governor(scim), row.id)
        case "another issuer":
            await edited(scim, row, issuer="https://other.example.com")
        case "another name":
            await edited(scim, row, name="Renamed")
    left = [await sessions.resume(each.token) is not None for each in begun]
    assert left == [ending == "another name", True]
    if ending != "another name":
        assert '"ended_sessions": 1' in str((await past(scim))[-1][1])
