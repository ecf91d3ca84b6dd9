"""References between the operations of a bulk request, written `bulkId:` and a name (RFC 7644 §3.7.2)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from .errors import HttpError

_REFERENCE = re.compile(r"bulkId:([^\s/\"]+)")


@dataclass(frozen=True, slots=True)
class Node:
    """An operation's own name and the content that may refer to others."""

    bulk_id: str | None
    content: object


def order(nodes: Sequence[Node]) -> Iterator[int]:
    """The numbers of the operations in an order in which each comes behind those it refers to, else as sent.

    Members of a circle come last, in the order sent; their references cannot be resolved.
    """
    made_by = {node.bulk_id: number for number, node in enumerate(nodes) if node.bulk_id is not None}
    waits_for = [
        {made_by[name] for name in _names(node.content) if name in made_by and made_by[name] != number}
        for number, node in enumerate(nodes)
    ]
    done: set[int] = set()
    waiting = list(range(len(nodes)))
    while waiting:
        ready = [number for number in waiting if waits_for[number] <= done]
        if not ready:
            yield from waiting
            return
        for number in ready:
            yield number
            done.add(number)
        waiting = [number for number in waiting if number not in done]


def resolve(content: object, ids: Mapping[str, str]) -> object:
    """The content with ids in place of references; raises HttpError 409 for those that nothing made."""

    def found(reference: re.Match[str]) -> str:
        if reference[1] not in ids:
            name = reference[1][:100]
            text = f"Nothing was made with the bulkId {name!r}: it failed, is missing, or refers in a circle."
            raise HttpError(409, text, scim_type="invalidValue")
        return ids[reference[1]]

    match content:
        case str():
            return _REFERENCE.sub(found, content)
        case dict():
            return {key: resolve(value, ids) for key, value in content.items()}
        case list():
            return [resolve(value, ids) for value in content]
    return content


def _names(content: object) -> Iterator[str]:
    match content:
        case str():
            yield from _REFERENCE.findall(content)
        case dict():
            for value in content.values():
                yield from _names(value)
        case list() | tuple():
            for value in content:
                yield from _names(value)
