"""Files of many rows, and the jobs that are made of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from api.commands import row_files
from api.commands.errors import CommandError
from tests.commands.conftest import Ask, read, read_list


def _file(tmp_path: Path, content: str | bytes) -> str:
    file = tmp_path / "rows.csv"
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return str(file)


@pytest.mark.parametrize(
    ("content", "rows"),
    [
        ("member,seat_type\na@b.org,lite\n", [{"member": "a@b.org", "seat_type": "lite"}]),
        ("\ufeffmember;role\r\na@b.org;-\r\n\r\n", [{"member": "a@b.org", "role": None}]),
        ("member\tactive\na@b.org\tNo\nc@d.org\t\n", [{"member": "a@b.org", "active": False}, {"member": "c@d.org"}]),
        ('member,display_name\na,"Lee, Ann\nJr."\n', [{"member": "a", "display_name": "Lee, Ann\nJr."}]),
        ("member,display_name\na,No\n", [{"member": "a", "display_name": "No"}]),
        ('{"member": "a", "role": null}\n\n{"member": "b"}\n', [{"member": "a", "role": None}, {"member": "b"}]),
    ],
)
def test_a_file_is_read_as_it_is_meant(tmp_path: Path, content: str, rows: list[dict[str, object]]) -> None:
    assert row_files.read(_file(tmp_path, content)) == rows


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("", "has no rows"),
        ("member,role\n", "has no rows"),
        ("member,role\na\n", "Line 2 has 1 cells, and the head 2"),
        ('{"member": "a"}\n[1]\n', "Line 2 is no JSON object"),
        ('member\n"a\n', "This is no CSV"),
        (b"member\n\xff\xfe\n", "CSV UTF-8"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_place(tmp_path: Path, content: str | bytes, text: str) -> None:
    with pytest.raises(CommandError, match=text):
        row_files.read(_file(tmp_path, content))


def test_a_file_that_is_not_there_is_told() -> None:
    with pytest.raises(CommandError, match="cannot be read"):
        row_files.read("/nowhere/rows.csv")


async def test_people_are_imported_previewed_and_updated_by_files(ask: Ask, tmp_path: Path) -> None:
    """R160, IDEAS 13."""
    where = ("--organization", str(read(await ask("organizations", "create", "Acme"))["id"]))
    people = _file(tmp_path, "email;display_name\nann@example.com;Ann\nbob@example.com;Bob\nnobody;X\n")
    imported = await ask("members", "import", "--file", people, *where)
    assert (read(imported)["applied"], read(imported)["refused"]) == (2, 1)
    assert "'nobody' is no e-mail address" in imported.text
    changes = _file(
        tmp_path, "member,seat_type,active\nann@example.com,lite,\nbob@example.com,,no\ncy@example.com,lite,\n"
    )
    previewed = await ask("members", "update", "--file", changes, "--preview", *where)
    assert "Would be 2 applied, 1 refused. Nothing was changed yet" in previewed.text
    assert "seat: full → lite" in previewed.text
    assert {each["seat"] for each in read_list(await ask("members", "list", *where))} == {"full"}
    job = str(read(previewed)["job"])
    ran = read(await ask("jobs", "run", job, *where))
    assert (ran["state"], ran["applied"], ran["refused"]) == ("DONE", 2, 1)
    assert {each["seat"] for each in read_list(await ask("members", "list", *where))} == {"lite", None}
    shown = await ask("jobs", "show", job, "--only", "REFUSED", *where)
    assert [line.split()[:2] for line in shown.text.splitlines()[-2:]] == [["ROW", "OUTCOME"], ["3", "REFUSED"]]
    listed = read_list(await ask("jobs", "list", *where))
    assert [each["kind"] for each in listed] == ["members.update", "members.import"]
