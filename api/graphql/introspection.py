"""What may be asked of the schema itself: what tools ask, and not the same again in circles."""

from __future__ import annotations

from collections.abc import Mapping

from graphql import FieldNode, FragmentDefinitionNode, FragmentSpreadNode, InlineFragmentNode, SelectionSetNode

from .errors import too_deep

DEEPEST = 20
_LISTS_IN_LISTS = 3
_LISTS = frozenset(
    {"types", "directives", "fields", "inputFields", "args", "interfaces", "possibleTypes", "enumValues"}
)


def check(selections: SelectionSetNode, fragments: Mapping[str, FragmentDefinitionNode]) -> None:
    """Raise Problem for what is below `__schema` or `__type` and goes deeper than fields with their arguments."""
    _Walk(fragments).go(selections, 1, 0)


class _Walk:
    """Goes through fragments once for each depth in which they are spread."""

    def __init__(self, fragments: Mapping[str, FragmentDefinitionNode]) -> None:
        self._fragments = fragments
        self._seen: set[tuple[str, int, int]] = set()

    def go(self, node: SelectionSetNode, depth: int, lists: int) -> None:
        """Look at a selection within so many lists."""
        if depth > DEEPEST or lists > _LISTS_IN_LISTS:
            raise too_deep(DEEPEST)
        for each in node.selections:
            if isinstance(each, FieldNode) and each.selection_set:
                self.go(each.selection_set, depth + 1, lists + (each.name.value in _LISTS))
            elif isinstance(each, InlineFragmentNode):
                self.go(each.selection_set, depth + 1, lists)
            elif isinstance(each, FragmentSpreadNode):
                self._spread(each.name.value, depth, lists)

    def _spread(self, name: str, depth: int, lists: int) -> None:
        fragment = self._fragments.get(name)
        if fragment is None or (name, depth, lists) in self._seen:
            return
        self._seen.add((name, depth, lists))
        self.go(fragment.selection_set, depth + 1, lists)
