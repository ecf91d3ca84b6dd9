"""Sign-ins, invitations and acts on members by the command line, as operators and scripts use them."""

from __future__ import annotations

from typing import cast

import pytest

from tests.commands.conftest import Ask, read, read_list


@pytest.fixture
async def where(ask: Ask) -> tuple[str, str]:
    """An organization with a verified domain, as an option."""
    made = read(await ask("organizations", "create", "Acme", "--domain", "example.com"))
    return "--organization", str(made["id"])


async def test_a_sign_in_is_reported(ask: Ask, where: tuple[str, str]) -> None:
    await ask("policies", "set", "jit_enabled=true", *where)
    reported = await ask("sign-ins", "report", "ann@example.com", "--name", "Ann Lee", "--also", "groups", *where)
    found = read(reported)
    assert (found["status"], found["role"], found["may_use"]) == ("ACTIVE", "viewer", True)
    assert reported.text.splitlines()[0].endswith("is active, with viewer and a full seat.")
    assert "  groups was ignored: groups and roles come by other ways than signing in." in reported.text.splitlines()


async def test_somebody_is_invited_accepts_and_is_shown_as_external(ask: Ask, where: tuple[str, str]) -> None:
    """R096."""
    made = await ask("invitations", "create", "gus@example.org", "--role", "admin", "--seat", "lite", *where)
    token = str(read(made)["token"])
    assert made.text.endswith(f"Token, shown only now: {token}")
    [listed] = read_list(await ask("invitations", "list", *where))
    assert (listed["email"], listed["invited_by"], listed["role"]) == ("gus@example.org", "the operator", "admin")
    assert read(await ask("invitations", "accept", token))["status"] == "ACTIVE"
    assert (await ask("invitations", "list", *where)).text == "No invitation is open."
    shown = await ask("members", "list", *where)
    assert read_list(shown)[0]["is_external"] is True
    assert [line.split()[-1] for line in shown.text.splitlines()] == ["EXTERNAL", "yes"]
    other = read(await ask("invitations", "create", "ann@example.com", *where))
    member = cast(dict[str, str], other["member"])["member"]
    assert read(await ask("invitations", "withdraw", member, *where))["status"] == "DEPROVISIONED"


async def test_a_member_is_changed_locked_out_removed_and_erased(ask: Ask, where: tuple[str, str]) -> None:
    await ask("policies", "set", "jit_enabled=true", *where)
    member = str(read(await ask("sign-ins", "report", "ann@example.com", "--name", "Ann", *where))["member"])
    await ask("members", "change", member, "--name", "Annie", "--seat", "lite", "--lock", "display_name", *where)
    written = await ask("members", "writes", member, "display_name", *where)
    assert [(each["value"], each["source"]) for each in read_list(written)] == [("Ann", "JIT"), ("Annie", "OPERATOR")]
    assert "the operator" in written.text
    changed = await ask("members", "change", member, "--clear", "display_name", "--if-version", "2", *where)
    assert changed.text.splitlines()[0].endswith("with viewer and a lite seat.")
    assert read(await ask("members", "show", member, *where))["display_name"] is None
    for verb, status in (("deactivate", "DEACTIVATED"), ("let-in", "ACTIVE"), ("revoke", "DEACTIVATED")):
        assert read(await ask("members", verb, member, "--reason", "why not", *where))["status"] == status
    assert read(await ask("members", "remove", member, *where))["status"] == "DEPROVISIONED"
    erased = await ask("members", "erase", member, "--reason", "asked for it", *where)
    assert read(erased) == {"erased": member}
    assert read(await ask("members", "show", member, *where))["email"] is None


async def test_an_organization_is_shown_with_how_its_people_came(ask: Ask, where: tuple[str, str]) -> None:
    """R163."""
    await ask("invitations", "create", "gus@example.org", *where)
    shown = await ask("organizations", "show", where[1])
    assert cast(dict[str, object], read(shown)["overview"])["invitations_open"] == 1
    assert ["by", "invitation", "1"] in [line.split() for line in shown.text.splitlines()]
    assert read(await ask("organizations", "dismiss", "SCIM", *where)) == {"dismissed": "SCIM"}
