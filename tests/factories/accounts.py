"""Accounts."""

from __future__ import annotations

from factory import LazyAttribute, LazyFunction, Sequence

from api.scim.language.folding import fold_text
from db.ids import new_id
from db.tables import Account

from .rows import RowFactory


class AccountFactory(RowFactory[Account]):
    """A person's login, known by an e-mail address."""

    class Meta:
        model = Account

    id = LazyFunction(new_id)
    email = Sequence("Person{}@example.com".format)
    email_key = LazyAttribute(lambda made: made.email and fold_text(made.email))
