"""The last write of a field wins (REQUIREMENTS R158, C5)."""

from __future__ import annotations

from dataclasses import replace

from api.provisioning import local_edits

from .members import AT, member

SAID = member()
EDITED = local_edits.noted(SAID, replace(SAID, display_name="Annie"), "dana@example.com", AT, lock=False)


def test_an_edit_stays_while_the_directory_says_nothing_new() -> None:
    """R158: SCIM sets A, an admin sets B; a write of something else leaves B."""
    after = local_edits.written(EDITED, replace(SAID, email="other@example.com"))
    assert (after.display_name, after.email) == ("Annie", "other@example.com")
    assert after.local == EDITED.local


def test_a_new_value_of_the_directory_replaces_an_edit() -> None:
    """R158: SCIM sends C."""
    after = local_edits.written(EDITED, replace(SAID, display_name="Anna Lee"))
    assert (after.display_name, after.local) == ("Anna Lee", None)


def test_a_locked_field_stays_whatever_the_directory_says() -> None:
    """C5."""
    locked = local_edits.noted(SAID, replace(SAID, display_name="Annie"), "dana@example.com", AT, lock=True)
    after = local_edits.written(locked, replace(SAID, display_name="Anna Lee"))
    assert after.display_name == "Annie"
    assert local_edits.read(after.local)["display_name"].is_locked


def test_what_is_edited_back_is_no_edit() -> None:
    assert local_edits.noted(EDITED, replace(EDITED, display_name="Ann Lee"), "dana", AT, lock=False).local is None


def test_a_second_edit_remembers_what_the_directory_had_said() -> None:
    twice = local_edits.noted(EDITED, replace(EDITED, display_name="Nan"), "eve@example.com", AT, lock=False)
    edit = local_edits.read(twice.local)["display_name"]
    assert (edit.was, edit.by) == ("Ann Lee", "eve@example.com")
