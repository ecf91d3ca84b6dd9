"""What there is to see on pages: an organization that has something of everything.

Names, titles and reasons come out of `say`, so that the same organization can be made of texts that try to break out.
"""

from __future__ import annotations

import itertools
import re
import secrets
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from api.identity import portal
from api.provisioning import directories, invitations, mappings, members, organizations, policies, seat_pools
from api.provisioning.directories import parse_settings
from api.provisioning.invitations import Guest
from api.provisioning.key_text import digest
from dashboard import words
from db.enums import BillingInterval, Provider, SeatType
from tests.scim.conversation import Scim
from tests.scim.governing import active

from .firm import Firm

Say = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class World:
    """An organization, sessions of an admin and of somebody who may nothing, and something for each parameter.

    `links` are the secrets of links in mails, by the page that they lead to; `guest` is the session of somebody who
    came by one to set a directory up.
    """

    firm: Firm
    admin: str
    viewer: str
    guest: str
    ids: Mapping[str, str]
    links: Mapping[str, str]


def plainly(text: str) -> str:
    """What people call things."""
    return text


async def bare(firm: Firm) -> World:
    """An organization in which an admin is alone, without directories."""
    guest = Guest(firm.address("ada"), "Ada", role="admin", is_told=False)
    async with firm.place.within():
        ada = await invitations.accept((await invitations.invite(firm.operator, guest)).token)
    ids = {"organization": str(firm.id), "member": str(ada.member)}
    return World(firm, await firm.session("ada"), "", "", ids, {})


async def furnished(firm: Firm, say: Say = plainly) -> World:
    """The organization with people, groups, seats, requests of all kinds, and whatever waits for somebody."""
    okta = (await firm.directory(say("Okta"))).having(user_agent=say("Okta SCIM Client 1.0.0"))
    entra = await firm.directory(say("Entra ID"), "ENTRA_ID")
    await firm.person(okta, "ada", "admin", displayName=say("Ada Adeyemi"))
    await firm.person(okta, "vic", displayName=say("Vic Varga"))
    people = await _people(firm, okta, say)
    groups = await _groups(firm, okta, people, say)
    await _sell_seats(firm)
    trace = await _be_refused(firm, okta, say)
    await _hold_removals(firm, entra, say)
    await _ask_to_link(firm, entra, say)
    bo = await firm.member("bo")
    async with firm.place.within():
        await members.override_role(
            firm.operator, bo, "account-manager", reason=say("Stands in for Ada"), by=say("Ada")
        )
    made = await _work(firm, say)
    directory = firm.gid_of("Directory", okta.access.directory_id)
    await firm.ask("directory_key_rotate", id=directory, overlapHours=24, expiresInDays=60)
    key = await firm.value("SELECT max(id::text) FROM directory_key WHERE organization_id = $1")
    ids = {
        "organization": str(firm.id),
        "member": str(bo),
        "group": groups[0],
        "directory": str(okta.access.directory_id),
        "role": str(await firm.value("SELECT id FROM role WHERE organization_id = $1 AND key = 'account-manager'")),
        "trace": trace,
        "key": firm.gid_of("DirectoryKey", key),
        **made,
    }
    admin = await firm.session("ada", say("Firefox on Linux"))
    await _be_elsewhere(firm, say)
    guest, theirs = await _guest(firm)
    return World(firm, admin, await firm.session("vic"), guest, {**ids, "theirs": theirs}, await _links(firm))


async def _people(firm: Firm, okta: Scim, say: Say) -> list[str]:
    made = []
    for name, given, family in (
        ("bo", "Bo", "Berg"),
        ("cy", "Cy", "Chan"),
        ("di", "Di", "Dorval"),
        ("ed", "Ed", "Eze"),
    ):
        sent = await okta.make_user(
            firm.address(name),
            displayName=say(f"{given} {family}"),
            name={"givenName": say(given), "familyName": say(family), "formatted": say(f"{given} {family}")},
            nickName=say(given),
            title=say("Site Manager"),
            emails=[{"value": firm.address(name), "primary": True, "type": "work", "display": say("Work")}],
            phoneNumbers=[{"value": say("+44 20 7946 0958"), "type": "work"}],
            addresses=[{"streetAddress": say("1 High Street"), "locality": say("Leeds"), "type": "work"}],
            externalId=say(f"00u{name}"),
            active=name != "ed",
        )
        made.append(sent["id"])
    await okta.patch(f"/Users/{made[0]}", {"op": "replace", "path": "title", "value": say("Head of Operations")})
    return made


async def _groups(firm: Firm, okta: Scim, people: list[str], say: Say) -> list[str]:
    sales = await okta.make_group(say("Sales"), people[:3], externalId=say("sales"))
    other = await okta.make_group(say("Site inspectors of the northern region"), people[1:])
    await okta.make_group(say("Nobody yet"), [])
    async with firm.place.within():
        await mappings.map_group(firm.operator, uuid.UUID(sales["id"]), "viewer")
    return [sales["id"], other["id"]]


async def _sell_seats(firm: Firm) -> None:
    async with firm.place.within():
        await seat_pools.set_price(firm.operator, SeatType.FULL, 3000)
        await seat_pools.set_terms(
            firm.operator,
            currency="EUR",
            interval=BillingInterval.MONTH,
            anchor=date(2026, 1, 1),
            is_enrolled=True,
            pack_size=5,
        )
        await seat_pools.set_limits(firm.operator, {SeatType.FULL: 10, SeatType.LITE: 2})
        await seat_pools.accept_cap(firm.operator, 90_000, by="Ada")
    for back, used in enumerate((5, 5, 4, 4, 2, 1), start=1):
        await firm.write(
            "INSERT INTO seat_snapshot (organization_id, day, seat_type, used, seat_limit, waiting)"
            " VALUES ($1, current_date - $2::int, 'FULL', $3, 10, 0)",
            back,
            used,
        )


async def _be_refused(firm: Firm, okta: Scim, say: Say) -> str:
    """The trace of the first of several requests that are refused."""
    first = await okta.post("/Users", {"userName": firm.address("bo"), "displayName": say("Another Bo")})
    await okta.get("/Users", filter=f'displayName eq "{say("Bo")}" and')
    await okta.post("/Users", {"userName": say("outside@elsewhere.example.org"), "title": say("Guest")})
    await okta.patch(f"/Groups/{uuid.uuid4()}", {"op": "add", "path": "members", "value": [{"value": say("x")}]})
    await okta.using("rc_scim_" + "x" * 40).get("/Users")
    trace: str = first.headers["X-Trace-Id"]
    return trace


async def _hold_removals(firm: Firm, entra: Scim, say: Say) -> None:
    made = []
    for number in range(5):
        await firm.person(entra, f"leaver{number}", displayName=say(f"Leaver {number}"))
        made.append(str(await firm.value("SELECT max(id::text) FROM directory_user WHERE organization_id = $1")))
    await entra.make_group(say("All contractors"), made)
    async with firm.place.within():
        await policies.change(firm.operator, {"breaker_people": 1, "breaker_percent": 1})
    for each in made[:4]:
        await entra.patch(f"/Users/{each}", active(False))


async def _ask_to_link(firm: Firm, entra: Scim, say: Say) -> None:
    async with firm.place.within():
        await policies.change(firm.operator, {"existing_member": "ASK"})
    emails = [{"value": firm.address("cy"), "primary": True}]
    await entra.post("/Users", {"userName": firm.address("cy"), "displayName": say("Cy Chan"), "emails": emails})


async def _work(firm: Firm, say: Say) -> dict[str, str]:
    """What admins and programs have begun; something for each parameter."""
    domain = await firm.ask("domain_add", organization=firm.gid, domain=f"labs.{firm.domain}", includeSubdomains=False)
    await firm.ask("domain_challenge", id=domain["domain"]["id"])
    token = await firm.ask(
        "token_create",
        organization=firm.gid,
        input={"name": say("Nightly export"), "permissions": ["ORGANIZATION_READ"], "expiresInDays": 90},
    )
    endpoint = await firm.ask(
        "webhook_create",
        organization=firm.gid,
        input={"url": f"http://127.0.0.1:9/hooks/{firm.id}", "description": say("The application")},
    )
    delivery = await firm.ask("webhook_test", id=endpoint["endpoint"]["id"])
    invited = await firm.ask(
        "member_invite",
        organization=firm.gid,
        input={"email": "guest@elsewhere.example.org", "displayName": say("Gus Guest")},
    )
    connection = await firm.ask(
        "sso_create",
        organization=firm.gid,
        input={
            "name": say("Okta"),
            "issuer": "https://idp.example.com",
            "oidc": {"clientId": say("rollcall"), "clientSecret": "a secret of theirs"},
        },
    )
    return {
        "connection": words.uid(connection["connection"]["id"]),
        "domain": words.uid(domain["domain"]["id"]),
        "token": words.uid(token["apiToken"]["id"]),
        "endpoint": words.uid(endpoint["endpoint"]["id"]),
        "delivery": words.uid(delivery["delivery"]["id"]),
        "invited": words.uid(invited["member"]["id"]),
        **await _jobs(firm, say),
    }


async def _be_elsewhere(firm: Firm, say: Say) -> None:
    """Ada is a member of another organization, too."""
    async with firm.place.within():
        other = replace(firm, id=await organizations.create(say("Beta")))
    await other.person(await other.directory(), "ada")


async def _portal_link(firm: Firm) -> str:
    made = await firm.ask("portal_link_create", organization=firm.gid, input={"validMinutes": 60})
    secret: str = made["url"].rpartition("/")[2]
    return secret


async def _guest(firm: Firm) -> tuple[str, str]:
    """The session of a guest, and the directory that they set up."""
    link = await _portal_link(firm)
    async with firm.place.within():
        begun = await portal.enter(link)
        actor = portal.caller(begun.link).within(firm.id)
        made = await directories.connect(actor, name="Theirs", provider=Provider.OKTA, settings=parse_settings({}))
        return begun.token, str(made.id)


async def _links(firm: Firm) -> dict[str, str]:
    """Links that nobody has followed: to an invitation, to where one chooses a password, to the portal."""
    mailbox = await firm.place.http.get("/mailbox", headers={"accept": "text/html"})
    found = re.search(r"/invitation/([\w-]+)", mailbox.text)
    assert found is not None
    password = secrets.token_urlsafe(32)
    await firm.write(
        "INSERT INTO password_token (account_id, hash, expires_at) SELECT account_id, $3, now() + interval '30 minutes'"
        " FROM member WHERE organization_id = $1 AND email = $2",
        firm.address("bo"),
        digest(password),
    )
    return {"invitation": found[1], "password": password, "portal": await _portal_link(firm)}


async def _jobs(firm: Firm, say: Say) -> dict[str, str]:
    rows = [
        {"email": "ann@elsewhere.example.org", "displayName": say("Ann")},
        {"email": firm.address("bo"), "displayName": say("Bo Berg")},
        {"email": say("nonsense"), "displayName": say("No"), "roleKey": say("admin")},
    ]
    jobs: list[Any] = [await firm.ask("members_import", organization=firm.gid, rows=rows) for _ in range(2)]
    await firm.ask("job_run", id=jobs[0]["job"]["id"], seconds=10)
    return {"job": words.uid(jobs[1]["job"]["id"]), "done": words.uid(jobs[0]["job"]["id"])}


PAYLOADS = (
    "\"'><script>alert(1)</script>",
    "\"'><img src=x onerror=alert(2)>",
    "<svg/onload=alert(3)>",
    "</textarea></title></pre></script><script>alert(4)</script>",
    '" autofocus onfocus=alert(5) x="',
    "' onmouseover='alert(6)",
    "<a href=javascript:alert(7)>x</a>",
    "<style>*{display:none}</style>",
    "<iframe srcdoc='<script>alert(8)</script>'>",
    "<b hx-get=/sign-in hx-trigger=load hx-on::load=alert(9)>",
    "{{ 7*7 }}{% raw %}${alert(10)}",
    "<base href=//elsewhere.example/><form action=//elsewhere.example/>",
)
"""What breaks out of texts, attributes, text areas, titles, scripts and templates where it is not escaped."""


_in_turn = itertools.cycle(PAYLOADS)


def hostile(text: str) -> str:
    """The same with something that tries to break out of a page, each time something else."""
    return text + next(_in_turn)
