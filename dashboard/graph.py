"""The dashboard's way to everything: GraphQL documents by name, run in this process for whoever is signed in.

    graph = Graph.load(Path("dashboard/documents"), settings)     # raises BrokenDocuments: a page would fail later
    data = await graph.ask("people", caller, organization=…, first=50)

Pages read and write nothing in any other way, so whatever a page can do a program with a token can do, too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from graphql import GraphQLError, OperationDefinitionNode, OperationType, parse, validate

from api.graphql import schema
from api.graphql.context import Context
from api.graphql.edge import Asked, execute
from api.graphql.limits import Cost
from api.provisioning.caller import Caller
from api.settings import Settings
from db.ids import RequestId, new_id

_SHARED = ".fragment"


class BrokenDocuments(Exception):
    """Documents that do not fit the schema; the text names each and says why."""


class Failed(Exception):
    """A document that could not be run; `code` and `trace` are those of the first error, the text is for people."""

    def __init__(self, text: str, code: str, trace: str) -> None:
        super().__init__(text)
        self.code = code
        self.trace = trace


@dataclass(frozen=True, slots=True)
class Graph:
    """The documents by the names of their files, each with one operation, and the fragments that it spreads."""

    documents: Mapping[str, str]
    settings: Settings
    mutations: frozenset[str]

    @classmethod
    def load(cls, folder: Path, settings: Settings) -> Graph:
        """The documents of a folder; raises BrokenDocuments for those that do not fit the schema.

        A file `x.fragment.graphql` has the fragment X, for every document that spreads it.
        """
        files = {file.name.removesuffix(".graphql"): file.read_text() for file in sorted(folder.glob("*.graphql"))}
        shared = {name.removesuffix(_SHARED): text for name, text in files.items() if name.endswith(_SHARED)}
        documents = {name: _whole(text, shared) for name, text in files.items() if not name.endswith(_SHARED)}
        read = {name: _read(text) for name, text in documents.items()}
        if trouble := [f"{name}: {text}" for name, found in read.items() for text in found.trouble]:
            raise BrokenDocuments("\n".join(trouble))
        return cls(documents, settings, frozenset(name for name, found in read.items() if found.is_mutation))

    async def ask(self, name: str, caller: Caller, /, **variables: Any) -> dict[str, Any]:
        """What a document answers, as JSON has it; raises Failed. Nothing is charged: pages are ours."""
        trace = RequestId(new_id())
        context = Context(caller, self.settings, trace, Cost())
        answer = await execute(Asked(self.documents[name], variables), context)
        for error in answer.get("errors", ()):
            raise Failed(error["message"], error["extensions"]["code"], str(trace))
        found: dict[str, Any] = answer["data"]
        return found

    def changes(self, name: str) -> bool:
        """Whether a document changes something."""
        return name in self.mutations


def errors_of(payload: Mapping[str, Any]) -> list[str]:
    """What was in the way of a mutation, for people; nothing where it was carried out."""
    return [each["message"] for each in payload["userErrors"]]


def _whole(text: str, shared: Mapping[str, str]) -> str:
    """A document with the shared fragments that it spreads."""
    return text + "".join(each for name, each in shared.items() if f"...{name.title()}" in text)


@dataclass(frozen=True, slots=True)
class _Read:
    """What a document is, and why it could not be run."""

    is_mutation: bool = False
    trouble: Sequence[str] = ()


def _read(text: str) -> _Read:
    try:
        document = parse(text)
    except GraphQLError as error:
        return _Read(trouble=[error.message])
    operations = [each for each in document.definitions if isinstance(each, OperationDefinitionNode)]
    if len(operations) != 1:
        return _Read(trouble=["There must be one operation."])
    trouble = [error.message for error in validate(schema.core(), document)]
    return _Read(operations[0].operation is OperationType.MUTATION, trouble)
