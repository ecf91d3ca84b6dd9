"""Members as they were: each as they are, with what was changed since taken back."""

from __future__ import annotations

from datetime import datetime

from db import pages
from db.ids import APART, OrganizationId, first_id
from db.member_rows import MemberThen
from db.pages import Order, Page, Span

# Of all changes since, the first that altered something tells what it was before.
_THEN = """
SELECT m.id, coalesce(since.was, '{}'::jsonb)::text, m.status, m.status_since > $3, m.email, m.display_name,
       m.seat, r.key
FROM member m
LEFT JOIN role r ON r.organization_id = m.organization_id AND r.id = m.role_id
LEFT JOIN LATERAL (
    SELECT jsonb_object_agg(altered.key, altered.value) AS was
    FROM (
        SELECT DISTINCT ON (b.key) b.key, b.value
        FROM change c, jsonb_each(c.before) b
        WHERE c.organization_id = m.organization_id AND c.subject_id = m.id AND c.id >= $2 AND c.changed_at > $3
          AND jsonb_typeof(c.before) = 'object'
        ORDER BY b.key, c.id
    ) altered
) since ON true"""


async def page(organization: OrganizationId, at: datetime, span: Span) -> Page[MemberThen]:
    """Who was a member at a moment, in the order in which they came."""
    found = await pages.page(
        _THEN,
        ["m.organization_id = $1", "m.created_at <= $3"],
        [organization, first_id(at, -APART), at],
        Order("m.id", "m.id"),
        span,
    )
    return Page([MemberThen(*row[:-2]) for row in found.rows], found.places, found.has_more)
