"""The other customers of the installation, and who runs it."""

from __future__ import annotations

import httpx

from api.identity import accounts
from api.provisioning import directories, lookups, members
from api.provisioning.actor import operator
from api.provisioning.caller import the_operator
from api.provisioning.directories import Settings as Policies
from api.settings import Settings
from db.enums import Provider
from db.ids import OrganizationId

from .days import Days
from .dialects import Okta
from .people import OPERATOR, Person

SMALL, EMPTY = "Brightwater Clinics", "Larkspur Studio"
DOMAIN = "brightwater.example.org"
_STAFF = (
    ("Rangi", "Tamihana", "Practice Manager"),
    ("Beatrice", "Osei", "Physician"),
    ("Wen", "Li", "Nurse"),
    ("Florian", "Huber", "Nurse"),
    ("Aaliyah", "Brooks", "Receptionist"),
)


async def run_it() -> None:
    """Somebody runs the installation."""
    await accounts.make_operator(the_operator(), OPERATOR)


async def staff(days: Days, http: httpx.AsyncClient, chosen: Settings, organization: OrganizationId) -> None:
    """The five people of a clinic, whom Okta brings."""
    actor = operator(organization)
    made = await directories.connect(actor, name="Okta", provider=Provider.OKTA, settings=Policies())
    client = Okta.of(http, chosen.seat_type_urn)
    client.use(made.key)
    people = [Person(*names, "Clinic", "full", (), 0, domain=DOMAIN) for names in _STAFF]
    for each in people:
        await client.provision(each)
    days.evenings.append(client.look)
    first = await lookups.member_by_email(actor, people[0].email)
    assert first is not None
    await members.override_role(actor, first, "admin", reason="The first admin, named in the contract", by=actor.who)
