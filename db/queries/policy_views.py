"""How an organization's policies changed, for whoever looks at them."""

from __future__ import annotations

from db import pages, sql
from db.audit_rows import AuditRow
from db.ids import OrganizationId
from db.pages import Order, Page, Span

from .audit import READ

_CHANGES = "c.organization_id = $1 AND c.subject_id = $1 AND c.action = 'policies_changed'"


async def history(organization: OrganizationId, span: Span) -> Page[AuditRow]:
    """The changes of the policies, newest first."""
    order = Order("c.id", "c.id", is_descending=True)
    found = await pages.page(READ, [_CHANGES], [organization], order, span)
    return Page([AuditRow(*row[:-2]) for row in found.rows], found.places, found.has_more)


async def version(organization: OrganizationId) -> int:
    """How often they were changed."""
    found = await sql.row(f"SELECT count(*) FROM change c WHERE {_CHANGES}", organization)
    return found[0] if found else 0
