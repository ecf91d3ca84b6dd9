"""Placeholders in a recording: `<user>` stands for what an earlier step kept under that name."""

import re
from collections.abc import Mapping
from typing import Final

PLACEHOLDER: Final = re.compile(r"<([a-z][a-z0-9_]*)>")
_FOR_EACH: Final = {"$for_each", "$give"}


class UnknownVariable(Exception):
    """A recording names something no earlier step has kept."""


def fill(value: object, variables: Mapping[str, object]) -> object:
    """`value` with every placeholder replaced; a text that is nothing but a placeholder becomes the kept value itself.

    `{"$for_each": "ids", "$give": {"value": "<item>"}}` becomes a list, one entry for each kept id.
    """
    if isinstance(value, str):
        return _fill_text(value, variables)
    if isinstance(value, list):
        return [fill(entry, variables) for entry in value]
    if isinstance(value, dict):
        if set(value) == _FOR_EACH:
            items = _known(value["$for_each"], variables)
            assert isinstance(items, list), f"{value['$for_each']} is not a list"
            return [fill(value["$give"], {**variables, "item": item}) for item in items]
        return {str(fill(name, variables)): fill(part, variables) for name, part in value.items()}
    return value


def fill_text(text: str, variables: Mapping[str, object]) -> str:
    """`text` with every placeholder replaced by the text of what was kept."""
    return PLACEHOLDER.sub(lambda found: str(_known(found[1], variables)), text)


def used_in(value: object) -> set[str]:
    """The names a value refers to, `item` of a `$for_each` left out."""
    if isinstance(value, str):
        return set(PLACEHOLDER.findall(value))
    if isinstance(value, list):
        return set().union(*map(used_in, value))
    if isinstance(value, dict):
        if set(value) == _FOR_EACH:
            return {str(value["$for_each"])} | (used_in(value["$give"]) - {"item"})
        return set().union(*(used_in(name) | used_in(part) for name, part in value.items()))
    return set()


def _fill_text(text: str, variables: Mapping[str, object]) -> object:
    whole = PLACEHOLDER.fullmatch(text)
    return _known(whole[1], variables) if whole else fill_text(text, variables)


def _known(name: str, variables: Mapping[str, object]) -> object:
    if name not in variables:
        raise UnknownVariable(f"<{name}> has not been kept by an earlier step")
    return variables[name]
