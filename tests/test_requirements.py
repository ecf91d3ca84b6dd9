"""Every requirement is proved by tests that exist, or listed as open; none is both, none is forgotten."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from .requirements import OPEN, PROVED

TESTS = Path(__file__).parent
LAST = 165


def names_in(file: str) -> set[str]:
    """The tests of a file."""
    tree = ast.parse((TESTS / file).read_text())
    found = (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    return {node.name for node in found if node.name.startswith("test")}


@pytest.mark.parametrize("requirement", PROVED)
def test_the_tests_that_prove_a_requirement_exist(requirement: str) -> None:
    for proof in PROVED[requirement]:
        file, _, name = proof.partition("::")
        assert name in names_in(file), f"{requirement} claims {proof}"


def test_every_requirement_is_in_one_list() -> None:
    listed = [*PROVED, *(each for row in OPEN.values() for each in row.split())]
    assert sorted(listed) == [f"R{number:03}" for number in range(1, LAST + 1)]
