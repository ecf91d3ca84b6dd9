"""Organizations, their plans and what they have chosen."""

from __future__ import annotations

from db import sql
from db.ids import OrganizationId
from db.rule_rows import OrganizationRules, OrganizationView, RoleRow
from db.together import Part

from .role_facts import GATES


def add_part(organization: OrganizationId, name: str, *, policies: str, plan: str) -> Part:
    """The write of a new organization; `policies` is a JSON text."""
    return Part(
        "organization_made",
        "INSERT INTO organization (id, name, policies, plan) VALUES ($1, $2, $3, $4)",
        (organization, name, policies, plan),
    )


_ALL = """
SELECT o.id, o.name, o.created_at, o.plan, ARRAY(SELECT jsonb_array_elements_text(o.add_ons)) AS add_ons,
       (SELECT count(*) FROM directory d WHERE d.organization_id = o.id AND d.deleted_at IS NULL) AS directories,
       (SELECT count(*) FROM member m WHERE m.organization_id = o.id) AS members
FROM organization o
"""


async def find(organization: OrganizationId) -> dict[str, object] | None:
    """One organization with how many directories and members it has."""
    found = await sql.row(f"{_ALL} WHERE o.id = $1", organization)
    return dict(found) if found else None


async def view(organization: OrganizationId) -> OrganizationView | None:
    """One organization without its counts."""
    found = await sql.row(
        """SELECT id, name, created_at, plan, ARRAY(SELECT jsonb_array_elements_text(add_ons)),
                  request_retention_days, body_retention_days, support_contact::text, attribute_notes::text
           FROM organization WHERE id = $1""",
        organization,
    )
    return OrganizationView(*found) if found else None


async def lock(organization: OrganizationId) -> bool:
    """Let only one transaction at a time change what was chosen for an organization; whether there is such one."""
    return bool(await sql.rows("SELECT 1 FROM organization WHERE id = $1 FOR NO KEY UPDATE", organization))


async def retention(organization: OrganizationId) -> tuple[int, int] | None:
    """For how many days the headlines and the bodies of requests are kept."""
    found = await sql.row(
        "SELECT request_retention_days, body_retention_days FROM organization WHERE id = $1", organization
    )
    return (found[0], found[1]) if found else None


async def lock_retention(organization: OrganizationId) -> tuple[int, int] | None:
    """The same, locked."""
    found = await sql.row(
        "SELECT request_retention_days, body_retention_days FROM organization WHERE id = $1 FOR NO KEY UPDATE",
        organization,
    )
    return (found[0], found[1]) if found else None


async def set_retention(organization: OrganizationId, *, headline_days: int, body_days: int) -> None:
    """Choose for how many days requests and their bodies are kept."""
    await sql.rows(
        "UPDATE organization SET request_retention_days = $2, body_retention_days = $3 WHERE id = $1",
        organization,
        headline_days,
        body_days,
    )


async def plan(organization: OrganizationId) -> tuple[str, str] | None:
    """The plan, and what was granted besides as a JSON list."""
    found = await sql.row("SELECT plan, add_ons FROM organization WHERE id = $1", organization)
    return (found[0], found[1]) if found else None


async def lock_plan(organization: OrganizationId) -> tuple[str, str] | None:
    """The same, locked."""
    found = await sql.row("SELECT plan, add_ons FROM organization WHERE id = $1 FOR NO KEY UPDATE", organization)
    return (found[0], found[1]) if found else None


async def set_plan(organization: OrganizationId, plan: str, add_ons: str) -> None:
    """Write the plan, and what is granted besides, a JSON list."""
    await sql.rows("UPDATE organization SET plan = $2, add_ons = $3 WHERE id = $1", organization, plan, add_ons)


async def support_contact(organization: OrganizationId) -> str | None:
    """Whom the organization asks instead of its plan's contact, a JSON text; None for nobody."""
    found = await sql.value("SELECT support_contact::text FROM organization WHERE id = $1", organization)
    return None if found is None else str(found)


async def attribute_notes(organization: OrganizationId) -> str:
    """What is noted beside attributes, a JSON text."""
    return str(await sql.value("SELECT attribute_notes::text FROM organization WHERE id = $1", organization))


async def set_attribute_notes(organization: OrganizationId, notes: str) -> None:
    """Write what is noted beside attributes, a JSON text."""
    await sql.rows("UPDATE organization SET attribute_notes = $2 WHERE id = $1", organization, notes)


async def set_support_contact(organization: OrganizationId, contact: str | None) -> None:
    """Write whom the organization asks, a JSON text or None."""
    await sql.rows("UPDATE organization SET support_contact = $2 WHERE id = $1", organization, contact)


_RULES = f"""
SELECT o.name, o.policies,
       (SELECT json_agg(json_build_array(d.id, d.name, d.include_subdomains, d.state, d.verified_by, d.verified_at)
                        ORDER BY d.name)::text
        FROM domain d WHERE d.organization_id = o.id) AS domains,
       ARRAY({GATES}) AS gates,
       (SELECT json_object_agg(p.seat_type, json_build_array(p.seat_limit, p.price_minor))::text
        FROM seat_pool p WHERE p.organization_id = o.id) AS pools,
       (SELECT json_build_array(t.currency, t.interval, t.anchor, t.is_enrolled, t.monthly_cap_minor, t.pack_size,
                                t.accepted_at IS NOT NULL)::text
        FROM billing_terms t WHERE t.organization_id = o.id) AS terms,
       r.id, r.key, r.name AS role_name, r.rank, r.is_admin, r.is_default
FROM organization o LEFT JOIN role r ON r.organization_id = o.id AND r.archived_at IS NULL
WHERE o.id = $1 ORDER BY r.rank
"""


async def rules(organization: OrganizationId, *, hold: bool = False) -> OrganizationRules | None:
    """What the organization has chosen: name, policies, domains, roles; held until the transaction ends if so wished.

    Holding lets others hold, too, and makes those wait who lock the organization to change it. It is a statement of its
    own: one that had to wait for a change would read everything else as it was before.
    """
    if hold:
        await sql.rows("SELECT 1 FROM organization WHERE id = $1 FOR KEY SHARE", organization)
    found = await sql.rows(_RULES, organization)
    if not found:
        return None
    roles = tuple(RoleRow(*row[6:]) for row in found if row["id"] is not None)
    name, policies, domains, gates, pools, terms = found[0][:6]
    return OrganizationRules(name, policies, domains, tuple(gates), pools, terms, roles)


async def set_policies(organization: OrganizationId, policies: str) -> None:
    """Write the policies, a JSON text."""
    await sql.rows("UPDATE organization SET policies = $2 WHERE id = $1", organization, policies)
