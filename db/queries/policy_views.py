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


async def chosen(organization: OrganizationId) -> tuple[str, int] | None:
    """The policies, a JSON text, with their version; in one statement, since somebody may change them at any time."""
    found = await sql.row(
        f"SELECT o.policies, (SELECT count(*) FROM change c WHERE {_CHANGES}) FROM organization o WHERE o.id = $1",
        organization,
    )
    return (found[0], found[1]) if found else None


async def version(organization: OrganizationId) -> int:
    """How often they were changed."""
    found = await sql.row(f"SELECT count(*) FROM change c WHERE {_CHANGES}", organization)
    return found[0] if found else 0
