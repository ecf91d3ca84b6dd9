"""Policies, domains, roles and members by the command line, as operators and scripts use them."""

from __future__ import annotations

import httpx
import pytest

from api.provisioning.errors import BadSetting, FactsMoved, InTheWay, NotFound
from tests.commands.conftest import Ask, read, read_list

ANN = {
    "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
    "userName": "ann",
    "emails": [{"value": "ann@example.com", "type": "work"}],
}


@pytest.fixture
async def organization(ask: Ask) -> str:
    """An organization with a verified domain."""
    return str(read(await ask("organizations", "create", "Acme", "--domain", "example.com"))["id"])


@pytest.fixture
async def scim(ask: Ask, client: httpx.AsyncClient, organization: str) -> httpx.AsyncClient:
    """A client with the key of a directory."""
    made = read(await ask("directories", "create", "--organization", organization, "--provider", "OKTA"))
    client.headers["Authorization"] = f"Bearer {made['key']}"
    return client


async def test_policies_are_shown_with_what_they_can_be_changed_and_remembered(ask: Ask, organization: str) -> None:
    where = ("--organization", organization)
    shown = await ask("policies", "show", *where)
    assert read(shown)["domain_rule"] == "VERIFIED"
    assert "OFF | REGISTERED | VERIFIED" in shown.text
    changed = read(await ask("policies", "set", "domain_rule=OFF", "require_email=true", *where))
    assert changed["members_changed"] == 0
    [version] = read_list(await ask("policies", "history", *where))
    assert version["before"] == {"domain_rule": "VERIFIED", "require_email": False}
    assert version["after"] == {"domain_rule": "OFF", "require_email": True}
    with pytest.raises(BadSetting, match="OFF, REGISTERED, VERIFIED"):
        await ask("policies", "set", "domain_rule=MAYBE", *where)


async def test_domains_are_registered_attested_and_removed(ask: Ask, organization: str) -> None:
    where = ("--organization", organization)
    await ask("domains", "add", "Example.ORG", "--include-subdomains", *where)
    states = {each["name"]: each["state"] for each in read_list(await ask("domains", "list", *where))}
    assert states == {"example.com": "VERIFIED", "example.org": "REGISTERED"}
    assert read(await ask("domains", "attest", "example.org", *where))["state"] == "VERIFIED"
    await ask("domains", "remove", "example.com", *where)
    assert [each["name"] for each in read_list(await ask("domains", "list", *where))] == ["example.org"]
    with pytest.raises(NotFound, match="Add it first"):
        await ask("domains", "attest", "example.com", *where)


async def test_a_group_is_mapped_and_the_member_explained(ask: Ask, scim: httpx.AsyncClient, organization: str) -> None:
    where = ("--organization", organization)
    ann = (await scim.post("/scim/v2/Users", json=ANN)).json()
    group = {"displayName": "Key accounts", "members": [{"value": ann["id"]}]}
    await scim.post("/scim/v2/Groups", json=group | {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"]})
    [shown] = read_list(await ask("groups", "list", *where))
    assert (shown["display_name"], shown["members"], shown["role"]) == ("Key accounts", 1, None)
    moved = await ask("groups", "map", str(shown["id"]), "--role", "account-manager", *where)
    assert read(moved) == {"members_changed": 1}
    [member] = read_list(await ask("members", "list", *where))
    assert (member["email"], member["role"]) == ("ann@example.com", "account-manager")
    await ask("members", "override", str(member["id"]), "--role", "viewer", "--reason", "pilot", *where)
    explained = await ask("members", "explain", str(member["id"]), *where)
    assert "3  Override by the operator" in explained.text
    assert explained.text.endswith("group “Key accounts” → Account Manager gives more.")
    assert "Effective role: Account Manager" in str(read(explained)["text"])
    await ask("members", "clear-override", str(member["id"]), *where)
    assert read(await ask("members", "show", str(member["id"]), *where))["role"] == "account-manager"


async def test_the_ladder_is_changed_from_the_command_line(ask: Ask, organization: str) -> None:
    where = ("--organization", organization)
    assert read(await ask("roles", "add", "Auditor", "--above", "viewer", *where)) == {"key": "auditor"}
    await ask("roles", "permit", "auditor", "reports.read", "reports.export", *where)
    with pytest.raises(InTheWay, match="Viewer is safer"):
        await ask("roles", "default", "auditor", *where)
    await ask("roles", "default", "auditor", "--yes", *where)
    keys = ["knowledge-base-viewer", "auditor", "viewer", "account-manager", "admin"]
    await ask("roles", "order", *keys, *where)
    found = read_list(await ask("roles", "list", *where))
    assert [role["key"] for role in reversed(found)] == keys
    [auditor] = [role for role in found if role["is_default"]]
    assert (auditor["key"], auditor["permissions"]) == ("auditor", ["reports.export", "reports.read"])
    await ask("roles", "archive", "viewer", "--replacement", "auditor", *where)
    assert len(read_list(await ask("roles", "list", *where))) == 4


async def test_a_member_is_shown_with_the_profile_that_applications_ask_for(
    ask: Ask, scim: httpx.AsyncClient, organization: str
) -> None:
    """R087."""
    await scim.post("/scim/v2/Users", json={**ANN, "locale": "de", "phoneNumbers": [{"value": "0 55"}]})
    [ann] = read_list(await ask("members", "list", "--organization", organization))
    shown = await ask("members", "show", ann["id"], "--organization", organization)
    told = read(shown)["profile"]
    assert isinstance(told, dict)
    assert (told["email"], told["locale"], told["phone_number"]) == ("ann@example.com", "de", "0 55")
    assert any(line.split() == ["profile.locale", "de"] for line in shown.text.splitlines())


async def test_groups_are_marked_from_the_command_line(ask: Ask, scim: httpx.AsyncClient, organization: str) -> None:
    """R050."""
    where = ("--organization", organization)
    await scim.post("/scim/v2/Users", json=ANN)
    made = {"displayName": "Door", "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"]}
    group = (await scim.post("/scim/v2/Groups", json=made)).json()["id"]
    [directory] = read_list(await ask("directories", "list", *where))
    await ask("directories", "change", str(directory["id"]), "suspend_on_leaving_groups=true", *where)
    marked = await ask("groups", "access", group, "on", *where)
    assert (read(marked), marked.text) == ({"members_changed": 1}, "1 member has another role or status now.")
    assert read(await ask("groups", "urgent", group, "on", *where)) == {"members_changed": 0}
    [shown] = read_list(await ask("groups", "list", *where))
    assert (shown["gives_access"], shown["is_urgent"]) == (True, True)
    assert "Door  0        -     yes     yes" in (await ask("groups", "list", *where)).text
    assert read(await ask("groups", "access", group, "off", *where)) == {"members_changed": 1}
    with pytest.raises(SystemExit):
        await ask("groups", "access", group, "maybe", *where)


async def test_acts_are_previewed_and_done_by_their_token(ask: Ask, scim: httpx.AsyncClient, organization: str) -> None:
    """IDEAS 3, DASHBOARD §4."""
    where = ("--organization", organization)
    ids = [(await scim.post("/scim/v2/Users", json=ANN | person)).json()["id"] for person in PEOPLE]
    group = {"displayName": "Contractors", "members": [{"value": id} for id in ids]}
    await scim.post("/scim/v2/Groups", json=group | {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"]})
    [made] = read_list(await ask("groups", "list", *where))
    mapping = ("groups", "map", str(made["id"]), "--role", "admin", *where)
    seen = await ask(*mapping, "--preview")
    lines = seen.text.splitlines()
    assert lines[0] == "Mapping *Contractors → Admin* changes 3 people: 3 higher (3 to Admin)"
    assert lines[2] == "WHO                  BEFORE  AFTER  BECAUSE"
    assert "person1@example.com  Viewer  Admin  group “Contractors” → Admin" in lines
    token = str(read(seen)["token"])
    assert f"--token {token}" in lines[-2]
    assert (await ask("groups", "list", *where)).text.count("admin") == 0
    assert read(await ask(*mapping, "--token", token)) == {"members_changed": 3}
    with pytest.raises(FactsMoved, match="3 fewer people"):
        await ask(*mapping, "--token", token)


PEOPLE = [
    {"userName": f"person{number}", "emails": [{"value": f"person{number}@example.com", "type": "work"}]}
    for number in range(3)
]


@pytest.mark.parametrize(
    ("act", "summary"),
    [
        (("roles", "default", "account-manager"), "The default role *Account Manager* changes 1 person: 1 higher"),
        (
            ("roles", "order", "viewer", "knowledge-base-viewer", "account-manager", "admin"),
            "The order *Viewer < Knowledge Base Viewer < Account Manager < Admin* changes nobody.",
        ),
        (
            ("roles", "archive", "account-manager", "--replacement", "admin"),
            "Archiving *Account Manager → Admin* changes nobody.",
        ),
        (
            ("policies", "set", "on_no_mapped_group=NO_ROLE"),
            "Choosing *on_no_mapped_group=NO_ROLE* changes 1 person: 1 lower",
        ),
        (
            ("members", "override", "{member}", "--role", "admin", "--reason", "so"),
            "Overriding *ann@example.com → Admin* changes 1 person: 1 higher (1 to Admin)",
        ),
        (
            ("directories", "change", "{directory}", "suspend_on_leaving_groups=true"),
            "Changing *Okta, suspend_on_leaving_groups=true* changes nobody.",
        ),
        (("groups", "access", "{group}", "on"), "Marking *Door* changes nobody."),
    ],
)
async def test_every_act_on_many_can_be_previewed(
    ask: Ask, scim: httpx.AsyncClient, organization: str, act: tuple[str, ...], summary: str
) -> None:
    where = ("--organization", organization)
    await scim.post("/scim/v2/Users", json=ANN)
    made = {"displayName": "Door", "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"]}
    [member], [directory] = [read_list(await ask(noun, "list", *where)) for noun in ("members", "directories")]
    ids = {"group": (await scim.post("/scim/v2/Groups", json=made)).json()["id"]}
    ids |= {"member": member["id"], "directory": directory["id"]}
    words = [word.format(**ids) for word in act]
    seen = await ask(*words, *where, "--preview")
    assert seen.text.splitlines()[0] == read(seen)["summary"] == summary
    assert read(await ask("members", "show", str(member["id"]), *where))["role"] == "viewer"
    sure = ("--yes",) if words[:2] == ["roles", "default"] else ()
    await ask(*words, *where, *sure, "--token", str(read(seen)["token"]))
    with pytest.raises(SystemExit):
        await ask(*words, *where, "--preview", "--token", "x")


async def test_many_are_overridden_at_once(ask: Ask, scim: httpx.AsyncClient, organization: str) -> None:
    where = ("--organization", organization)
    for person in PEOPLE:
        await scim.post("/scim/v2/Users", json=ANN | person)
    ids = [str(each["id"]) for each in read_list(await ask("members", "list", *where))]
    chosen = await ask("members", "override", *ids, "--role", "admin", "--reason", "all hands", *where)
    assert chosen.text == "3 members have another role or status now."
    seen = await ask("members", "clear-override", *ids[1:], "--preview", *where)
    assert read(seen)["summary"] == "Clearing the override of *2 people* changes 2 people: 2 lower"
    assert read(await ask("members", "clear-override", *ids[1:], *where)) == {"members_changed": 2}
