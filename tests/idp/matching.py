"""Compares an answer with what a recording expects, and says where they differ.

Objects are compared as subsets, lists entry by entry, everything else by type and value (`true` is not `"true"`, `1`
is not `1.0`). Where that is not what is meant, an expectation is a word or a one-key object that starts with `@`; the
README of this package lists them.
"""

import json
import re
from collections.abc import Callable
from typing import Final


class Absent:
    """What a pointer finds where there is nothing."""

    def __repr__(self) -> str:
        return "nothing"


ABSENT: Final = Absent()


class BadExpectation(Exception):
    """An expectation uses a word this module does not know."""


def at(document: object, pointer: str) -> object:
    """The value an RFC 6901 pointer leads to, or `ABSENT`."""
    for token in pointer.split("/")[1:]:
        key = token.replace("~1", "/").replace("~0", "~")
        if isinstance(document, dict) and key in document:
            document = document[key]
        elif isinstance(document, list) and key.isdigit() and int(key) < len(document):
            document = document[int(key)]
        else:
            return ABSENT
    return document


def differences(found: object, wanted: object, where: str = "") -> list[str]:
    """One line for each place where `found` is not what is wanted; empty when all is well."""
    if isinstance(wanted, str) and wanted.startswith("@"):
        return _unless(_word(wanted)(found), found, wanted, where)
    if isinstance(wanted, dict) and any(key.startswith("@") for key in wanted):
        return _unless(_rule(wanted)(found), found, wanted, where)
    if isinstance(wanted, dict) and isinstance(found, dict):
        parts = (differences(found.get(key, ABSENT), part, f"{where}/{key}") for key, part in wanted.items())
        return [line for lines in parts for line in lines]
    if isinstance(wanted, list) and isinstance(found, list) and len(found) == len(wanted):
        entries = enumerate(zip(found, wanted, strict=True))
        return [line for index, (got, want) in entries for line in differences(got, want, f"{where}/{index}")]
    return _unless(type(found) is type(wanted) and found == wanted, found, wanted, where)


def matches(found: object, wanted: object) -> bool:
    """Whether `found` is what is wanted."""
    return not differences(found, wanted)


def check(wanted: object) -> None:
    """Raises `BadExpectation` when an expectation could not be compared with anything."""
    if isinstance(wanted, str) and wanted.startswith("@"):
        _word(wanted)
    elif isinstance(wanted, list):
        for entry in wanted:
            check(entry)
    elif isinstance(wanted, dict):
        if any(key.startswith("@") for key in wanted):
            _rule(wanted)
        for part in wanted.values():
            check(part)


def _unless(fine: bool, found: object, wanted: object, where: str) -> list[str]:
    return [] if fine else [f"{where or 'the whole'}: wanted {_shown(wanted)}, found {_shown(found)}"]


def _shown(value: object) -> str:
    text = repr(value) if isinstance(value, Absent) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 400 else text[:400] + "…"


def _has(found: object, wanted: object) -> bool:
    return isinstance(found, list) and any(matches(entry, wanted) for entry in found)


def _same(found: object, wanted: object) -> bool:
    """The same entries in any order, each entry used once."""
    if not (isinstance(found, list) and isinstance(wanted, list) and len(found) == len(wanted)):
        return False
    if not wanted:
        return True
    head, *rest = wanted
    picks = [index for index, entry in enumerate(found) if matches(entry, head)]
    return any(_same(found[:index] + found[index + 1 :], rest) for index in picks)


def _counted(found: object, wanted: object) -> bool:
    assert isinstance(wanted, dict)
    return isinstance(found, list) and sum(matches(entry, wanted["of"]) for entry in found) == wanted["is"]


def _anywhere(found: object, wanted: object) -> bool:
    """Whether a value occurs at any depth; names of attributes do not count."""
    if matches(found, wanted):
        return True
    inside = found.values() if isinstance(found, dict) else found if isinstance(found, list) else ()
    return any(_anywhere(part, wanted) for part in inside)


_WORDS: Final[dict[str, Callable[[object], bool]]] = {
    "@present": lambda found: found is not ABSENT and found is not None,
    "@absent": lambda found: found is ABSENT,
    # RFC 7643 section 2.5: null and an empty array are the same as no value
    "@unset": lambda found: found is ABSENT or found is None or found in ([], {}),
    "@integer": lambda found: type(found) is int,
    "@text": lambda found: isinstance(found, str) and found != "",
    "@boolean": lambda found: isinstance(found, bool),
    "@list": lambda found: isinstance(found, list),
    "@object": lambda found: isinstance(found, dict),
}

_RULES: Final[dict[str, Callable[[object, object], bool]]] = {
    "@has": _has,
    "@lacks": lambda found, wanted: found is ABSENT or found is None or not _has(found, wanted),
    "@size": lambda found, wanted: isinstance(found, list) and len(found) == wanted,
    "@same": _same,
    "@either": lambda found, wanted: isinstance(wanted, list) and any(matches(found, one) for one in wanted),
    "@not": lambda found, wanted: not matches(found, wanted),
    "@like": lambda found, wanted: isinstance(found, str) and re.search(str(wanted), found) is not None,
    "@least": lambda found, wanted: type(found) is int and type(wanted) is int and found >= wanted,
    "@most": lambda found, wanted: type(found) is int and type(wanted) is int and found <= wanted,
    "@count": _counted,
    "@nowhere": lambda found, wanted: not _anywhere(found, wanted),
}


def _word(word: str) -> Callable[[object], bool]:
    if word not in _WORDS:
        raise BadExpectation(f"no such word: {word}")
    return _WORDS[word]


def _rule(wanted: dict[str, object]) -> Callable[[object], bool]:
    (name, operand), *others = wanted.items()
    if others or name not in _RULES:
        raise BadExpectation(f"no such rule: {sorted(wanted)}")
    rule = _RULES[name]
    return lambda found: rule(found, operand)
