"""`domains list|add|challenge|check|attest|remove`."""

from __future__ import annotations

from argparse import Namespace

from api.dns.lookup import Lookup
from api.provisioning import domain_proofs, domains, proofs
from api.settings import Settings
from db.rule_rows import DomainRow

from .results import Result, listing, table
from .verbs import IN_ORGANIZATION, Verbs, acting_in, noun, query


def add(nouns: Verbs) -> None:
    """The verbs of domains."""
    verbs = noun(nouns, "domains", about="Say which e-mail domains belong to an organization")
    query(
        verbs,
        "list",
        show_all,
        does="List the organization's domains",
        example=f"python -m api domains list {IN_ORGANIZATION}",
    )
    parser = query(
        verbs,
        "add",
        register,
        does="Register a domain; nothing is proved yet",
        example=f"python -m api domains add example.com {IN_ORGANIZATION}",
    )
    parser.add_argument("name", metavar="DOMAIN")
    parser.add_argument("--include-subdomains", action="store_true", help="ann@eu.example.com belongs to it, too")
    for verb, ask, does in (
        ("challenge", challenge, "Tell which record in DNS proves a domain"),
        ("check", check, "Look for that record now"),
        ("attest", attest, "Vouch that a registered domain belongs to the organization"),
        ("remove", remove, "Forget a domain; people who came in by it stay"),
    ):
        example = f"python -m api domains {verb} example.com {IN_ORGANIZATION}"
        query(verbs, verb, ask, does=does, example=example).add_argument("name", metavar="DOMAIN")


async def show_all(arguments: Namespace, _: Settings) -> Result:
    """The organization's domains."""
    found = await domains.all_of_them(await acting_in(arguments.organization))
    rows = [[each.name, each.state, each.verified_by, each.verified_at, each.include_subdomains] for each in found]
    head = ("DOMAIN", "STATE", "VERIFIED BY", "SINCE", "SUBDOMAINS")
    return Result(found, table(rows, head=head, otherwise="The organization has no domain yet."))


async def register(arguments: Namespace, _: Settings) -> Result:
    """A registered domain."""
    actor = await acting_in(arguments.organization)
    made = await domains.add(actor, arguments.name, include_subdomains=arguments.include_subdomains)
    return Result(
        made,
        f"{made.name} is registered. To prove it: `domains challenge {made.name}`.",
    )


async def challenge(arguments: Namespace, _: Settings) -> Result:
    """What has to be published."""
    proof = await domain_proofs.challenge(await acting_in(arguments.organization), arguments.name)
    record = {"Type": "TXT", "Name": proofs.record_name(proof.name), "Value": proofs.record_value(proof)}
    text = f"""Publish this record (time to live: {proofs.TTL_SECONDS} seconds), then run `domains check {proof.name}`:

{listing(record)}

It proves that {proof.name}, and what is below it if you include that, is this organization's. Leave it there: it is
looked for once a month. A CNAME at that name which leads to such a record elsewhere does as well."""
    return Result({**{name.lower(): value for name, value in record.items()}, "ends_at": proof.challenge_ends}, text)


async def check(arguments: Namespace, chosen: Settings) -> Result:
    """What DNS says."""
    actor = await acting_in(arguments.organization)
    found = await domain_proofs.check(actor, arguments.name, Lookup(chosen.dns_resolvers))
    data = {
        "name": found.proof.name,
        "state": found.proof.state,
        "text": found.verdict.text,
        "found": found.verdict.found,
    }
    return Result(data, found.verdict.text, exit_code=int(not found.verdict.is_proved))


async def attest(arguments: Namespace, _: Settings) -> Result:
    """A domain that the operator vouches for."""
    found: DomainRow = await domains.attest(await acting_in(arguments.organization), arguments.name)
    return Result(found, f"{found.name} is verified: the operator vouches for it.")


async def remove(arguments: Namespace, _: Settings) -> Result:
    """A domain less."""
    await domains.remove(await acting_in(arguments.organization), arguments.name)
    return Result({"removed": arguments.name}, f"{arguments.name} is no domain of this organization any more.")
