"""A sample of each query and mutation, for tests that try them all."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from tests.graphql.conftest import Api
from tests.scim.conversation import Scim


@dataclass(frozen=True, slots=True)
class Sample:
    """An operation that asks for one root field, and what makes its variables for the organization of a directory."""

    document: str
    variables: Callable[[Api, Scim], Awaitable[dict[str, Any]]]
