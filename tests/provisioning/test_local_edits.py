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


def test_edits_that_stay_are_not_printed_anew() -> None:
    """PostgreSQL prints JSON in its own way, and a member who is as before must not be written."""
    stored = replace(EDITED, local=(EDITED.local or "").replace('":', '": '))
    assert local_edits.written(stored, SAID) == stored
    assert local_edits.noted(stored, stored, "eve@example.com", AT, lock=False) == stored
    assert local_edits.locked(stored, frozenset(), "eve@example.com", AT) == stored


def test_fields_are_locked_and_unlocked() -> None:
    """C5: also one that nobody edited; unlocked, it is a directory's again."""
    both = local_edits.locked(EDITED, frozenset({"display_name", "email"}), "eve@example.com", AT)
    assert local_edits.locks(both) == {"display_name", "email"}
    kept = local_edits.written(both, replace(SAID, email="other@example.com", email_key="other@example.com"))
    assert (kept.email, kept.display_name) == ("ann@example.com", "Annie")
    loose = local_edits.locked(kept, frozenset(), "eve@example.com", AT)
    assert set(local_edits.read(loose.local)) == {"display_name"}
    assert local_edits.written(loose, replace(SAID, display_name="Anna Lee")).display_name == "Anna Lee"


def test_what_was_said_last_is_known_below_an_edit() -> None:
    assert local_edits.as_said(EDITED) == replace(EDITED, display_name="Ann Lee")
