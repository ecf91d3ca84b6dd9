"""Domains of organizations."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime

from db import sql
from db.enums import DomainState
from db.ids import OrganizationId
from db.rule_rows import DomainRow, ProofRow

_COLUMNS = "d.id, d.name, d.include_subdomains, d.state, d.verified_by, d.verified_at"

_PROOF = tuple(field.name for field in fields(ProofRow))
_OF_PROOF = ", ".join(f"d.{name}" for name in _PROOF)


async def all_of_them(organization: OrganizationId) -> list[DomainRow]:
    """The organization's domains by name."""
    found = await sql.rows(
        f"SELECT {_COLUMNS} FROM domain d WHERE d.organization_id = $1 ORDER BY d.name", organization
    )
    return [DomainRow(*row) for row in found]


async def many(organization: OrganizationId, ids: Sequence[uuid.UUID]) -> list[DomainRow]:
    """Domains by id."""
    found = await sql.rows(
        f"SELECT {_COLUMNS} FROM domain d WHERE d.organization_id = $1 AND d.id = ANY($2)", organization, list(ids)
    )
    return [DomainRow(*row) for row in found]


async def named(organization: OrganizationId, name: str, *, lock: bool = False) -> DomainRow | None:
    """The organization's domain of a name; locked if so wished."""
    found = await sql.row(
        f"SELECT {_COLUMNS} FROM domain d WHERE d.organization_id = $1 AND d.name = $2{' FOR UPDATE' if lock else ''}",
        organization,
        name,
    )
    return DomainRow(*found) if found else None


async def add(organization: OrganizationId, domain: DomainRow, at: datetime) -> None:
    """Write a new domain; raises NotUnique through the transaction when it is there."""
    await sql.rows(
        "INSERT INTO domain"
        " (organization_id, id, name, include_subdomains, state, verified_by, verified_at, created_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        organization,
        domain.id,
        domain.name,
        domain.include_subdomains,
        domain.state,
        domain.verified_by,
        domain.verified_at,
        at,
    )


async def verify(organization: OrganizationId, name: str, *, by: str, at: datetime) -> bool:
    """Mark a domain as verified; whether there is such a one."""
    found = await sql.rows(
        "UPDATE domain SET state = $3, verified_by = $4, verified_at = $5,"
        " check_next = NULL, missing_since = NULL, lapses_at = NULL WHERE organization_id = $1 AND name = $2"
        " RETURNING 1",
        organization,
        name,
        DomainState.VERIFIED,
        by,
        at,
    )
    return bool(found)


async def set_subdomains(organization: OrganizationId, name: str, *, included: bool) -> bool:
    """Choose whether addresses below the domain count as its own; whether there is such a domain."""
    found = await sql.rows(
        "UPDATE domain SET include_subdomains = $3 WHERE organization_id = $1 AND name = $2 RETURNING 1",
        organization,
        name,
        included,
    )
    return bool(found)


async def remove(organization: OrganizationId, name: str) -> bool:
    """Delete a domain; whether there was one."""
    found = await sql.rows(
        "DELETE FROM domain WHERE organization_id = $1 AND name = $2 RETURNING 1", organization, name
    )
    return bool(found)


async def proofs(organization: OrganizationId, ids: Sequence[uuid.UUID]) -> list[ProofRow]:
    """How domains are proved, by id."""
    found = await sql.rows(
        f"SELECT {_OF_PROOF} FROM domain d WHERE d.organization_id = $1 AND d.id = ANY($2)", organization, list(ids)
    )
    return [ProofRow(*row) for row in found]


async def proof_named(organization: OrganizationId, name: str, *, lock: bool = False) -> ProofRow | None:
    """How the domain of a name is proved."""
    found = await sql.row(
        f"SELECT {_OF_PROOF} FROM domain d WHERE d.organization_id = $1 AND d.name = $2{' FOR UPDATE' if lock else ''}",
        organization,
        name,
    )
    return ProofRow(*found) if found else None


async def set_proof(organization: OrganizationId, proof: ProofRow) -> None:
    """Write how a domain is proved; raises NotUnique through the transaction when another organization has it."""
    written = _PROOF[3:]
    values = ", ".join(f"{name} = ${number}" for number, name in enumerate(written, 3))
    await sql.rows(
        f"UPDATE domain SET {values} WHERE organization_id = $1 AND id = $2",
        organization,
        proof.id,
        *(getattr(proof, name) for name in written),
    )


async def postpone(organization: OrganizationId, id: uuid.UUID, until: datetime) -> None:
    """Look for a domain no sooner."""
    await sql.rows("UPDATE domain SET check_next = $3 WHERE organization_id = $1 AND id = $2", organization, id, until)
