"""Sign-ins, invitations and acts on members by the command line, as operators and scripts use them."""

from __future__ import annotations

import pytest

from tests.commands.conftest import Ask, read


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
