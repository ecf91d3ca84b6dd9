"""What all factories share: building is factory-boy's, saving is Piccolo's, parents before children."""

from __future__ import annotations

from typing import Any

import factory
from piccolo.table import Table


class RowFactory(factory.Factory[Any]):
    """Makes unsaved rows; `make` saves the row, and before it the parents that were not given."""

    class Meta:
        abstract = True

    @classmethod
    async def make(cls, **fields: object) -> Any:
        """A saved row."""
        row: Table = cls.build(**await cls.with_parents(dict(fields)))
        await type(row).insert(row)
        return row

    @classmethod
    async def with_parents(cls, fields: dict[str, object]) -> dict[str, object]:
        """The fields with ids of parents, which are saved when they were not given."""
        return fields
