"""Seals on the history of an organization, by which later changes to it are noticed."""

from piccolo.columns import UUID, Bytea, Integer, Timestamptz
from piccolo.table import Table


class AuditSeal(Table):
    """A link of an organization's chain: the digests of some changes, one after the other, and what sums them up."""

    organization_id = UUID(default=None)
    number = Integer(primary_key=True, default=None, help_text="From 1, without gaps.")
    through = UUID(default=None, help_text="The id of the last change that it covers.")
    digests = Bytea(default=None, help_text="Of each change in the order of their ids, 64 bytes each.")
    hash = Bytea(default=None, help_text="SHA-256 over the hash of the seal before it and all of this one.")
    sealed_at = Timestamptz()
