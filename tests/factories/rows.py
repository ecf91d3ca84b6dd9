"""What all factories share: a row is built with its parents unsaved, and saved behind them."""

from __future__ import annotations

from typing import Any, TypeVar

import factory
from piccolo.table import Table

T = TypeVar("T", bound=Table)

_PARENTS = "_built_parents"


class RowFactory(factory.Factory[T]):
    """Makes rows of one table.

    What a row belongs to is named without `_id`, as in `organization`, and given as a row or as its id; left out, a
    row is made for it.
    """

    class Meta:
        abstract = True

    @classmethod
    async def make(cls, **values: object) -> T:
        """A row that is in the database, with every parent that was not."""
        built = cls.build(**values)
        await save(built)
        return built

    @classmethod
    def _build(cls, model_class: type[T], *args: Any, **values: Any) -> T:
        columns = {column._meta.name for column in model_class._meta.columns}
        named = {name if name in columns else f"{name}_id": value for name, value in values.items()}
        ids: dict[str, Any] = {name: _id(value) for name, value in named.items()}
        row = model_class(**ids)
        setattr(row, _PARENTS, [value for value in values.values() if isinstance(value, Table)])
        return row


def _id(value: Any) -> object:
    """The id of a row; any other value as it is."""
    return value.to_dict()["id"] if isinstance(value, Table) else value


async def save(row: Table) -> None:
    for parent in getattr(row, _PARENTS, []):
        await save(parent)
    if not row._exists_in_db:
        await row.save()
