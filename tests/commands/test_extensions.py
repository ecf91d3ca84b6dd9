"""Extensions by the command line: proposed, decided about, listed with their state."""

from __future__ import annotations

from pathlib import Path

import pytest

from api.provisioning.errors import NotFound, Refused
from tests.commands.conftest import Ask, read, read_list

URN = "urn:example:extension:2.0:User"


@pytest.fixture
async def where(ask: Ask) -> tuple[str, ...]:
    """The option that names an organization."""
    return ("--organization", str(read(await ask("organizations", "create", "Acme"))["id"]))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A definition."""
    file = tmp_path / "schema.json"
    file.write_text(f'{{"id": "{URN}", "name": "Badge", "attributes": [{{"name": "badge"}}]}}')
    return file


async def test_a_proposal_waits_is_approved_and_listed_with_its_state(
    ask: Ask, where: tuple[str, ...], file: Path
) -> None:
    """R086."""
    proposed = await ask("extensions", "propose", "--file", file, "--by", "Dana of IT", *where)
    assert "waits for `extensions approve`" in proposed.text
    [listed] = read_list(await ask("extensions", "list", *where))
    assert (listed["id"], listed["state"], listed["proposed_by"]) == (URN, "PENDING", "Dana of IT")
    assert (await ask("extensions", "approve", URN, *where)).text == f"{URN} is in force."
    [line] = (await ask("extensions", "list", *where)).text.splitlines()[1:]
    assert line.split() == [URN, "APPROVED", "Dana", "of", "IT", "Badge", "badge"]


async def test_a_proposal_is_refused(ask: Ask, where: tuple[str, ...], file: Path) -> None:
    await ask("extensions", "propose", "--file", file, *where)
    assert (await ask("extensions", "refuse", URN, *where)).text == f"{URN} is refused."
    [listed] = read_list(await ask("extensions", "list", *where))
    assert (listed["state"], listed["proposed_by"]) == ("REFUSED", "the operator")
    with pytest.raises(NotFound, match="Nobody has proposed"):
        await ask("extensions", "refuse", f"{URN}s", *where)


async def test_the_policy_says_what_becomes_of_a_proposal(ask: Ask, where: tuple[str, ...], file: Path) -> None:
    await ask("policies", "set", "custom_attributes=OFF", *where)
    with pytest.raises(Refused):
        await ask("extensions", "propose", "--file", file, *where)
    await ask("policies", "set", "custom_attributes=SELF_SERVICE", *where)
    assert (await ask("extensions", "propose", "--file", file, *where)).text == f"{URN} is in force."
