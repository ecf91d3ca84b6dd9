"""Proving domains by DNS: giving out what has to be published, looking for it, and looking again every month."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from db.enums import DomainState
from db.errors import UNAVAILABLE, NotUnique
from db.ids import OrganizationId
from db.queries import budgets, platform
from db.queries import domains as rows
from db.rule_rows import ProofRow
from db.transaction import transaction

from . import clock, domain_names, notices, proofs
from .actor import Actor, Right, system
from .caller import NOWHERE
from .errors import BadSetting, DomainClaimed, NotFound, TooOften
from .history import remember
from .proofs import Dns, Verdict

BY_DNS = "DNS"
CHECKS_A_MINUTE = 10
_AT_ONCE = 50
_logger = logging.getLogger("rollcall.domains")


@dataclass(frozen=True, slots=True)
class Checked:
    """A domain after a look, and what was seen."""

    proof: ProofRow
    verdict: Verdict


async def many(actor: Actor, ids: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, ProofRow]:
    """How domains are proved, for whoever may prove them."""
    actor.must(Right.PROVE_DOMAINS)
    return {row.id: row for row in await rows.proofs(actor.organization, ids)}


async def challenge(actor: Actor, name: str) -> ProofRow:
    """The domain with the record that proves it; one that has ended is replaced. Raises NotFound."""
    actor.must(Right.PROVE_DOMAINS)

    async def work() -> ProofRow:
        at, proof = clock.now(), await _found(actor, name, lock=True)
        is_open = proof.challenge is not None and proof.challenge_ends is not None and at < proof.challenge_ends
        if is_open or (proof.challenge is not None and proof.verified_by == BY_DNS):
            return proof
        fresh = replace(proof, challenge=proofs.new_token(), challenge_ends=at + proofs.CHALLENGE_LIVES)
        await rows.set_proof(actor.organization, fresh)
        after = {"name": proof.name, "record": proofs.record_name(proof.name), "ends": fresh.challenge_ends}
        await remember(actor, at, "domain_challenged", "domain", proof.id, after=after)
        return fresh

    return await transaction(work)


async def check(actor: Actor, name: str, dns: Dns) -> Checked:
    """Look whether the record is there, and verify the domain if it is.

    Raises NotFound, BadSetting before there is a challenge or after it has ended, TooOften, and DomainClaimed when
    another organization has it verified.
    """
    actor.must(Right.PROVE_DOMAINS)
    proof, at = await _found(actor, name), clock.now()
    if proof.challenge is None:
        raise BadSetting(f"Ask for the record that proves {proof.name} first, and publish it.")
    is_first = proof.state == DomainState.REGISTERED
    if is_first and proof.challenge_ends is not None and at >= proof.challenge_ends:
        raise BadSetting(f"The record for {proof.name} had to be there by now. Ask for a new one, and publish that.")
    if await budgets.spend(actor.organization, 1, capacity=CHECKS_A_MINUTE, per_second=CHECKS_A_MINUTE / 60) is None:
        raise TooOften(f"DNS is asked {CHECKS_A_MINUTE} times a minute at most. Wait a little.")
    try:
        return await _look(actor, proof, dns)
    except DomainClaimed:
        await _claimed(actor, proof)
        raise


async def due() -> Sequence[tuple[OrganizationId, uuid.UUID]]:
    """Organization and id of domains that are to be looked for again."""
    return await platform.domains_to_check(clock.now(), limit=_AT_ONCE)


async def recheck_due(dns: Dns) -> int:
    """Look for those again; how many. It may be stopped anywhere, and be done by several at once."""
    count = 0
    while some := await due():
        for organization, id in some:
            found = await rows.proofs(organization, [id])
            if not found:
                continue
            try:
                await _look(system(organization), found[0], dns)
                count += 1
            except UNAVAILABLE:
                raise
            except DomainClaimed:
                await rows.postpone(organization, id, clock.now() + proofs.LOOK_AGAIN)
            except Exception:
                # The trouble of one must not keep the others waiting, nor come back at once.
                _logger.exception("Looking for domain %s failed", id)
                await rows.postpone(organization, id, clock.now() + proofs.LOOK_AGAIN_WHEN_MISSING)
    return count


async def _look(actor: Actor, proof: ProofRow, dns: Dns) -> Checked:
    """Ask DNS outside of any transaction, then write what follows for the domain as it is then."""
    assert proof.challenge is not None
    said = await dns.texts(proofs.record_name(proof.name))
    verdict = proofs.judge(proof.name, proof.challenge, said, is_known=proof.state == DomainState.VERIFIED)

    async def work() -> ProofRow:
        at, before = clock.now(), await _found(actor, proof.name, lock=True)
        if before.challenge != proof.challenge:
            return before
        now = proofs.after(before, verdict, at, by=BY_DNS)
        await rows.set_proof(actor.organization, now)
        await _tell(actor, before, now, at)
        return now

    try:
        return Checked(await transaction(work), verdict)
    except NotUnique:
        raise DomainClaimed(proof.name) from None


async def _tell(actor: Actor, before: ProofRow, now: ProofRow, at: datetime) -> None:
    if before.state != now.state:
        old = {"state": before.state}
        new = {"name": now.name, "state": now.state, "include_subdomains": now.include_subdomains}
        is_proved = now.state == DomainState.VERIFIED
        await remember(
            actor, at, "domain_verified" if is_proved else "domain_lapsed", "domain", now.id, before=old, after=new
        )
    if now.state == DomainState.LAPSED != before.state:
        await notices.domain_lapsed(actor.organization, now.name, at=at)
    if now.lapses_at is not None and before.lapses_at is None:
        await notices.domain_warning(actor.organization, now.name, lapses_at=now.lapses_at, at=at)


async def _claimed(actor: Actor, proof: ProofRow) -> None:
    """Tell whoever has the domain verified, and the operator, that somebody else has proved it to be theirs (R102)."""
    at, owner = clock.now(), await platform.domain_owner(proof.name)

    async def work() -> None:
        named = {"name": proof.name}
        await remember(actor, at, "domain_claimed", "domain", proof.id, after=named)
        if owner is None:
            return
        owners = OrganizationId(owner)
        theirs = await rows.proof_named(owners, proof.name)
        if theirs is not None:
            await remember(system(owners), at, "domain_claimed", "domain", theirs.id, after=named)
        after = {**named, "verified_for": owner, "claimed_for": actor.organization}
        await remember(system(NOWHERE), at, "domain_claimed", "organization", actor.organization, after=after)
        await notices.domain_claimed(owners, proof.name, at=at)

    await transaction(work)


async def _found(actor: Actor, name: str, *, lock: bool = False) -> ProofRow:
    spelled = domain_names.normalised(name)
    found = await rows.proof_named(actor.organization, spelled, lock=lock)
    if found is None:
        raise NotFound(f"{spelled} is not a domain of this organization. Add it first.")
    return found
