"""Whether an e-mail address may come in, or replace another. Pure (REQUIREMENTS R069 to R072, R094, C2, C3)."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from db.enums import DomainState
from db.rule_rows import DomainRow

from . import domain_names
from .errors import ImmutableAddress, NoAddress, OutsideDomains
from .policy_values import DomainRule, EmailChange, Policies


def admit(email: str | None, domains: Sequence[DomainRow], policies: Policies) -> None:
    """Raise NoAddress or OutsideDomains when the organization lets nobody with this address in by themselves."""
    needs_domain = policies.domain_rule is not DomainRule.OFF
    if email is None:
        if needs_domain or policies.require_email:
            raise NoAddress(
                "This person has no e-mail address, and this organization needs one."
                ' Map an attribute of the identity provider to emails[type eq "work"].value.'
            )
        return
    if needs_domain and not is_inside(email, domains, verified=policies.domain_rule is DomainRule.VERIFIED):
        raise OutsideDomains(_outside(email, domains, policies))


def admit_change(before: str | None, after: str | None, domains: Sequence[DomainRow], policies: Policies) -> None:
    """The same for a new address of somebody who is in; raises ImmutableAddress where addresses must not change.

    Whoever came by a domain that has lapsed since stays within it under any address.
    """
    if before is None or before == after:
        if before is None and after is not None:
            admit(after, domains, policies)
        return
    if policies.email_change is EmailChange.IMMUTABLE:
        raise ImmutableAddress(
            "E-mail addresses cannot be changed in this organization (policy). Create a new user or ask an admin."
        )
    if policies.email_change is EmailChange.SYNC_WITHIN_DOMAINS or after is None:
        lapsed = [each for each in domains if each.state == DomainState.LAPSED]
        if after is None or not any(_covers(each, before) and _covers(each, after) for each in lapsed):
            admit(after, domains, policies)


def admit_sign_in(email: str, domains: Sequence[DomainRow], policies: Policies) -> None:
    """Raise OutsideDomains when nobody becomes a member by signing in with this address (R100).

    Where domains count at all they have to be verified for this, not just registered.
    """
    if policies.domain_rule is DomainRule.OFF or is_inside(email, domains, verified=True):
        return
    outside = _outside(email, domains, msgspec.structs.replace(policies, domain_rule=DomainRule.VERIFIED))
    raise OutsideDomains(f"{outside} Only people of verified domains become members by signing in.")


def is_external(email: str | None, domains: Sequence[DomainRow], policies: Policies) -> bool:
    """Whether somebody is here whose domain is none of the organization's, such as a guest (R096).

    A domain whose proof has lapsed is still theirs whose address was in it: that nobody new comes in by it makes no
    guests of them.
    """
    if email is None or policies.domain_rule is DomainRule.OFF:
        return False
    any_state = policies.domain_rule is not DomainRule.VERIFIED
    return not any(_covers(each, email) for each in domains if any_state or each.state != DomainState.REGISTERED)


def is_inside(email: str, domains: Sequence[DomainRow], *, verified: bool) -> bool:
    """Whether the address belongs to one of the domains, or below one that includes its subdomains."""
    return any((domain.state == DomainState.VERIFIED or not verified) and _covers(domain, email) for domain in domains)


def _covers(domain: DomainRow, email: str) -> bool:
    host = domain_names.of_address(email)
    return host is not None and (
        domain.name == host or (domain.include_subdomains and host.endswith(f".{domain.name}"))
    )


def _outside(email: str, domains: Sequence[DomainRow], policies: Policies) -> str:
    lapsed = next((each.name for each in domains if each.state == DomainState.LAPSED and _covers(each, email)), None)
    if lapsed is not None:
        return (
            f"{email} belongs to {lapsed}, whose proof has lapsed: its DNS record is gone, and until it is there again"
            f" nobody new comes in by it. Publish the record and verify {lapsed}, or invite this person by hand."
        )
    kind = "verified" if policies.domain_rule is DomainRule.VERIFIED else "registered"
    known = [domain.name for domain in domains if domain.state == DomainState.VERIFIED or kind == "registered"]
    listed = f"({', '.join(known)})" if known else "(there is none yet)"
    host = domain_names.of_address(email) or "its domain"
    verb = "verify" if kind == "verified" else "register"
    return f"{email} is outside the {kind} domains {listed}. Invite this person by hand or {verb} {host}."
