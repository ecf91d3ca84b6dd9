"""Identifiers: their version, their order, and how they are read."""

import uuid

from db.ids import new_id, parse_id


def test_ids_are_of_version_7_and_variant_rfc() -> None:
    made = new_id()
    assert (made.version, made.variant) == (7, uuid.RFC_4122)


def test_later_ids_sort_behind_earlier_ones() -> None:
    earlier = [new_id() for _ in range(200)]
    assert [id.int >> 64 for id in earlier] == sorted(id.int >> 64 for id in earlier)


def test_only_the_canonical_text_is_an_id() -> None:
    made = new_id()
    assert parse_id(str(made)) == made
    assert [parse_id(text) for text in (str(made).upper(), made.hex, f"{{{made}}}", "", "nobody")] == [None] * 5
