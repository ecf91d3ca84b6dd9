"""What operator commands do and answer, by way of the parser, on the real database."""

from __future__ import annotations

import uuid
from pathlib import Path

import httpx
import msgspec
import pytest

from api.commands.results import printable, table
from api.provisioning.directories import Settings
from api.provisioning.errors import BadSetting, NotFound
from tests.commands.conftest import Ask, read, read_list
from tests.conftest import BASE_URL, NewDirectory

NOBODY = uuid.UUID(int=0)


async def new_organization(ask: Ask, name: str = "Acme") -> str:
    """The id of a new organization."""
    return str(read(await ask("organizations", "create", name))["id"])


async def status(client: httpx.AsyncClient, key: object) -> int:
    """How a request with this key is answered."""
    return (await client.get("/scim/v2/Users", headers={"Authorization": f"Bearer {key}"})).status_code


async def test_a_new_organization_is_listed_and_shown(ask: Ask) -> None:
    made = read(await ask("organizations", "create", " Acme "))
    assert made["name"] == "Acme"
    assert read_list(await ask("organizations", "list")) == [made]
    shown = read(await ask("organizations", "show", made["id"]))
    assert {name: shown[name] for name in made} == made


async def test_an_organization_without_a_name_is_refused(ask: Ask) -> None:
    with pytest.raises(BadSetting, match="needs a name"):
        await ask("organizations", "create", "  ")


@pytest.mark.parametrize(
    "argv",
    [
        ("organizations", "show", NOBODY),
        ("directories", "list", "--organization", NOBODY),
        ("directories", "create", "--organization", NOBODY, "--provider", "OKTA"),
        ("keys", "list", "--organization", NOBODY),
        ("keys", "rotate", "--organization", NOBODY, "--directory", NOBODY),
        ("keys", "revoke", "--organization", NOBODY, "--key", NOBODY),
        ("extensions", "list", "--organization", NOBODY),
        ("requests", "list", "--organization", NOBODY),
        ("requests", "show", NOBODY, "--organization", NOBODY),
        ("requests", "retain", "--organization", NOBODY, "--days", 10, "--body-days", 1),
    ],
    ids=lambda argv: " ".join(argv[:2]),
)
async def test_an_unknown_organization_is_refused(ask: Ask, argv: tuple[object, ...]) -> None:
    with pytest.raises(NotFound, match="no organization"):
        await ask(*argv)


async def test_connecting_a_directory_answers_what_the_identity_provider_needs(
    ask: Ask, client: httpx.AsyncClient
) -> None:
    organization = await new_organization(ask)
    made = read(await ask("directories", "create", "--organization", organization, "--provider", "okta"))
    assert list(made) == ["organization_id", "directory_id", "scim_url", "key"]
    assert (made["organization_id"], made["scim_url"]) == (organization, f"{BASE_URL}/scim/v2")
    assert await status(client, made["key"]) == 200


async def test_a_directory_has_the_name_of_its_provider_unless_it_is_given_one(ask: Ask) -> None:
    organization = await new_organization(ask)
    await ask("directories", "create", "--organization", organization, "--provider", "entra-id")
    await ask("directories", "create", "--organization", organization, "--provider", "OKTA", "--name", "Staging")
    listed = read_list(await ask("directories", "list", "--organization", organization))
    assert [one["name"] for one in listed] == ["Microsoft Entra ID", "Staging"]


async def test_directories_are_listed_with_their_health(ask: Ask, new_directory: NewDirectory) -> None:
    """R062, R145."""
    made = await new_directory()
    listed = await ask("directories", "list", "--organization", made.organization_id)
    [condition] = [one["condition"] for one in read_list(listed)]
    assert isinstance(condition, dict)
    assert (condition["health"], condition["next_expected_at"]) == ("NEVER_CALLED", None)
    assert "“GENERIC” has never called.\n  → Put the URL and a key" in listed.text


async def test_policies_are_kept(ask: Ask) -> None:
    organization = await new_organization(ask)
    chosen = ("--policy", "profile=STRICT", "repeated_group_names=true", "--policy", "unknown_attributes=REJECT")
    await ask("directories", "create", "--organization", organization, "--provider", "OKTA", *chosen)
    [listed] = read_list(await ask("directories", "list", "--organization", organization))
    settings = listed["settings"]
    assert isinstance(settings, dict)
    assert settings == msgspec.json.decode(msgspec.json.encode(Settings())) | {
        "profile": "STRICT",
        "unknown_attributes": "REJECT",
        "repeated_group_names": True,
    }
    changed = ("directories", "change", listed["id"], "state=PAUSED", "--organization", organization)
    assert read(await ask(*changed)) == {**settings, "state": "PAUSED"}


@pytest.mark.parametrize(("policy", "told"), [("profil=STRICT", "profil"), ("profile=strictish", "TOLERANT|STRICT")])
async def test_a_policy_that_does_not_exist_is_refused_with_those_that_do(ask: Ask, policy: str, told: str) -> None:
    organization = await new_organization(ask)
    with pytest.raises(BadSetting) as refusal:
        await ask("directories", "create", "--organization", organization, "--provider", "OKTA", "--policy", policy)
    assert told in str(refusal.value)


async def test_rotation_without_overlap_ends_the_old_key_at_once(
    ask: Ask, client: httpx.AsyncClient, new_directory: NewDirectory
) -> None:
    directory = await new_directory()
    where = ("--organization", directory.organization_id, "--directory", directory.directory_id)
    made = read(await ask("keys", "rotate", *where))
    assert (await status(client, directory.key), await status(client, made["key"])) == (401, 200)


async def test_rotation_with_overlap_lets_both_keys_in_until_then(
    ask: Ask, client: httpx.AsyncClient, new_directory: NewDirectory
) -> None:
    directory = await new_directory()
    where = ("--organization", directory.organization_id, "--directory", directory.directory_id)
    made = read(await ask("keys", "rotate", *where, "--overlap-hours", 2, "--expires-in-days", 30))
    assert (await status(client, directory.key), await status(client, made["key"])) == (200, 200)
    listed = await ask("keys", "list", *where)
    assert [key["state"] for key in read_list(listed)] == ["live", "live"]
    assert [key["last_four"] for key in read_list(listed)] == [directory.key[-4:], str(made["key"])[-4:]]
    assert directory.key not in listed.as_json() + listed.text


async def test_a_revoked_key_is_refused_and_listed_as_such(
    ask: Ask, client: httpx.AsyncClient, new_directory: NewDirectory
) -> None:
    directory = await new_directory()
    where = ("--organization", directory.organization_id)
    [key] = read_list(await ask("keys", "list", *where))
    await ask("keys", "revoke", *where, "--key", key["id"])
    assert await status(client, directory.key) == 401
    assert [key["state"] for key in read_list(await ask("keys", "list", *where))] == ["revoked"]


async def test_keys_of_another_organization_look_like_none(
    ask: Ask, client: httpx.AsyncClient, new_directory: NewDirectory
) -> None:
    ours, theirs = await new_directory(), await new_directory()
    [key] = read_list(await ask("keys", "list", "--organization", theirs.organization_id))
    here = ("--organization", ours.organization_id)
    with pytest.raises(NotFound):
        await ask("keys", "revoke", *here, "--key", key["id"])
    with pytest.raises(NotFound):
        await ask("keys", "rotate", *here, "--directory", theirs.directory_id)
    with pytest.raises(NotFound):
        await ask("keys", "list", *here, "--directory", theirs.directory_id)
    assert await status(client, theirs.key) == 200


async def test_a_registered_extension_can_be_filtered_by(
    ask: Ask, client: httpx.AsyncClient, new_directory: NewDirectory, tmp_path: Path
) -> None:
    urn = "urn:example:extension:2.0:User"
    file = tmp_path / "schema.json"
    file.write_text(f'{{"id": "{urn}", "name": "Badge", "attributes": [{{"name": "badge"}}]}}')
    directory = await new_directory()
    where = ("--organization", directory.organization_id)
    await ask("extensions", "register", *where, "--file", file)
    assert [one["id"] for one in read_list(await ask("extensions", "list", *where))] == [urn]

    headers = {"Authorization": f"Bearer {directory.key}"}
    await client.post("/scim/v2/Users", headers=headers, json={"userName": "mia", urn: {"badge": "B7"}})
    found = await client.get("/scim/v2/Users", headers=headers, params={"filter": f'{urn}:badge eq "b7"'})
    assert found.json()["totalResults"] == 1


def test_tables_are_aligned_and_say_when_they_are_empty() -> None:
    rows: list[list[object]] = [["a", None], ["bcd", True]]
    assert table(rows, head=("NAME", "X"), otherwise="none") == "NAME  X\na     -\nbcd   yes"
    assert table([], head=("NAME", "X"), otherwise="none") == "none"


def test_what_a_terminal_would_obey_is_not_printed() -> None:
    assert printable("Mia\x1b[2J\r\nMüller\u202e") == "Mia�[2J�\nMüller�"
