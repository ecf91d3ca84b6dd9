"""What Acme's admin does by hand, on the day on which it is called."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from api.identity import connections, landing
from api.identity.landing import Word
from api.provisioning import domain_proofs, global_ids, invitations, proofs
from api.provisioning.actor import Actor, operator
from api.settings import Settings
from db.enums import Provider
from db.ids import OrganizationId

from . import acts, people
from .days import Days
from .hands import Hands, Json, sign_in
from .people import ADMIN, DOMAIN, LABS

FREELANCER, AUDITOR = "lars.holm@freelance.example.org", "keiko.tanaka@auditors.example.org"
SIGNED_IN = "ngozi.adeyemi"
"""Who came by signing in, before any directory said something of them."""

ENDPOINT = "https://localhost:9443/rollcall/events"
"""Where nobody is: this machine is never talked to, so every delivery fails at once and says why."""

_PILOT_KEY_DAYS = 30
_STANDS_IN_UNTIL = timedelta(days=9)


@dataclass(slots=True)
class Admin:
    """Imani Okoro; she signs in anew for each thing that she does."""

    organization: OrganizationId
    settings: Settings
    days: Days
    connection: str = ""
    invitation: str = ""

    @property
    def _actor(self) -> Actor:
        return operator(self.organization)

    async def choose_rules(self) -> None:
        """The policies, and who is written to."""
        rules = {"breakerPeople": 3, "breakerPercent": 5, "breakerHours": 168, "jitEnabled": True}
        await self._do(acts.POLICY, input=rules)
        for kind, name, who in (
            ("BILLING", "Accounts payable", "finance"),
            ("TECHNICAL", "IT", "it"),
            ("SECURITY", "Security", "security"),
        ):
            await self._do(acts.CONTACT, input={"kind": kind, "email": f"{who}@{DOMAIN}", "name": name})

    async def map_groups(self, roles: Mapping[str, str]) -> None:
        """A role of their own for who edits, and a role for each group."""
        ladder = await self._roles()
        made = await self._do(acts.ROLE, name="Editor", above=ladder["viewer"])
        ladder = {each["key"]: each["id"] for each in made["roles"]}
        await self._on(acts.PERMISSIONS, id=ladder["editor"], named=["templates.edit", "inspections.edit"])
        await self._on(acts.PERMISSIONS, id=ladder["account-manager"], named=["sites.manage", "organization.read"])
        groups = await self._groups()
        mappings = [{"groupId": groups[name]["id"], "roleId": ladder[key]} for name, key in roles.items()]
        await self._map(mappings)

    async def claim(self, *names: str) -> None:
        """Register domains, and publish the records that prove them."""
        for name in names:
            await self._do(acts.DOMAIN, name=name)
            proof = await domain_proofs.challenge(await self._admin(), name)
            self.days.dns.records[proofs.record_name(name)] = proofs.record_value(proof)

    async def prove(self, *names: str) -> None:
        """Have these records looked for."""
        for name in names:
            await domain_proofs.check(await self._admin(), name, self.days.dns)

    async def lose_record(self, name: str) -> None:
        """Somebody tidies up in DNS, and does not know what the record was for."""
        del self.days.dns.records[proofs.record_name(name)]

    async def claim_labs(self) -> None:
        """Ask for the record of a domain that nobody publishes."""
        await self._do(acts.DOMAIN, name=LABS)
        await domain_proofs.challenge(await self._admin(), LABS)

    async def check_labs(self) -> None:
        """Look for it in vain."""
        await domain_proofs.check(await self._admin(), LABS, self.days.dns)

    async def connect(self, name: str, provider: Provider) -> tuple[str, str]:
        """A new directory: its key and its global id."""
        made = await self._do(acts.DIRECTORY, name=name, provider=provider)
        return made["secret"], made["directory"]["id"]

    async def connect_pilot(self, name: str, provider: Provider) -> str:
        """A new directory that may bring three people, by a key that ends."""
        _, id = await self.connect(name, provider)
        await self._on(acts.DIRECTORY_CHANGE, id=id, input={"state": "PILOT", "pilotUsers": len(people.FIELD)})
        key = await self._on(acts.KEY, id=id, days=_PILOT_KEY_DAYS)
        return str(key["secret"])

    async def let_in_by(self, group: str) -> None:
        """Contractors are let in by a group, and suspended when they leave it."""
        found, ladder = (await self._groups())[group], await self._roles()
        seen = await self._seen("groupMark", {"id": found["id"], "givesAccess": True})
        await self._on(acts.MARK, id=found["id"], seen=seen)
        await self._map([{"groupId": found["id"], "roleId": ladder["knowledge-base-viewer"]}])
        change = {"id": found["directory"]["id"], "input": {"suspendOnLeavingGroups": True}}
        await self._on(acts.DIRECTORY_CHANGE, **change, seen=await self._seen("directoryChange", change))

    async def connect_sso(self) -> None:
        """Let people sign in by single sign-on."""
        oidc = {"clientId": "0oa7rollcalldemo", "clientSecret": "made-up-and-of-no-use"}
        choice = {"name": "Okta sign-on", "issuer": "https://login.acme.example.com", "oidc": oidc}
        made = await self._do(acts.CONNECTION, input=choice)
        self.connection = str(made["connection"]["id"])
        await self._on(acts.ACTIVATE, id=self.connection)

    async def see_sign_in(self) -> None:
        """Somebody signs in whom no directory has brought."""
        [connection] = await connections.all_of_them(self._actor)
        email = f"{SIGNED_IN}@{DOMAIN}"
        word = Word(
            subject="00u9ngoziadeyemi1d5d7",
            email=email,
            is_address_sure=True,
            given_name="Ngozi",
            family_name="Adeyemi",
            besides=("groups", "locale"),
        )
        await landing.land(connection, word)

    async def end_sso(self) -> None:
        """Let people sign in by codes again: there is no such provider, so whoever tries the demo would stand there."""
        await self._on(acts.SWITCH_OFF, id=self.connection)

    async def add_endpoint(self, description: str) -> None:
        """Have an address told of everything, where nobody is."""
        await self._do(acts.ENDPOINT, input={"url": ENDPOINT, "description": description})

    async def make_token(self) -> None:
        """A token for a report."""
        wanted = {
            "name": "Weekly access report",
            "permissions": ["ORGANIZATION_READ", "AUDIT_READ"],
            "expiresInDays": 365,
        }
        await self._do(acts.TOKEN, input=wanted)

    async def invite_freelancer(self) -> None:
        """Invite somebody of another domain."""
        guest = {"email": FREELANCER, "displayName": "Lars Holm", "seatType": "FREE"}
        self.invitation = str((await self._do(acts.INVITE, input=guest))["token"])

    async def see_acceptance(self) -> None:
        """Who was invited accepts it."""
        await invitations.accept(self.invitation)

    async def invite_auditor(self) -> None:
        """Invite somebody who has not accepted yet."""
        await self._do(acts.INVITE, input={"email": AUDITOR, "displayName": "Keiko Tanaka", "seatType": "FREE"})

    async def buy_when_full(self) -> None:
        """Accept that seats are bought."""
        await self._do(acts.CAP, cap=600_00)
        await self._do(acts.POLICY, input={"seatLimit": "AUTO_PURCHASE"})

    async def wait_when_full(self) -> None:
        """Buy no more this year: whoever comes waits."""
        await self._do(acts.POLICY, input={"seatLimit": "HOLD"})

    async def stand_in(self) -> None:
        """Give a role for some weeks."""
        until = (self.days.today + _STANDS_IN_UNTIL).isoformat()
        reason = "Stands in for Tomas Lindgren during his parental leave"
        role = (await self._roles())["account-manager"]
        await self._on(acts.OVERRIDE, ref=self._ref(f"priya.raman@{DOMAIN}"), role=role, reason=reason, until=until)

    async def put_name_right(self) -> None:
        """Edit a name that the directory spells otherwise."""
        ref = self._ref(f"mei.zhang@{DOMAIN}")
        await self._on(acts.RENAME, ref=ref, input={"displayName": "Mei Zhang (Controller)"})

    async def lock_out(self) -> None:
        """Take access from somebody whom the directory still has."""
        ref = self._ref(f"chloe.dubois@{DOMAIN}")
        await self._on(acts.DEACTIVATE, ref=ref, reason="Lost her phone; let in again once it is wiped")

    async def _map(self, mappings: Sequence[Json]) -> None:
        seen = await self._seen("mappings", {"organizationId": self._id, "mappings": mappings})
        await self._do(acts.MAP, mappings=mappings, seen=seen)

    async def _seen(self, what: str, wanted: Json) -> str:
        """The token of a preview, which shows who would change."""
        return str((await self._on(acts.PREVIEW, input={what: wanted}))["token"])

    async def _roles(self) -> dict[str, str]:
        found = await self._do(acts.ROLES)
        return {each["key"]: each["id"] for each in found["roles"]}

    async def _groups(self) -> dict[str, Json]:
        nodes = (await self._do(acts.GROUPS))["groups"]["nodes"]
        return {each["displayName"]: each for each in nodes}

    def _ref(self, email: str) -> Json:
        return {"email": {"email": email, "organizationId": self._id}}

    @property
    def _id(self) -> str:
        return global_ids.write("Organization", self.organization, self.organization)

    async def _hands(self) -> Hands:
        return await sign_in(self.organization, ADMIN, self.settings)

    async def _admin(self) -> Actor:
        return (await self._hands()).caller.within(self.organization)

    async def _do(self, document: str, **variables: object) -> Json:
        """Do something in the organization."""
        return await (await self._hands()).do(document, o=self._id, **variables)

    async def _on(self, document: str, **variables: object) -> Json:
        """Do something to what is named by its id."""
        return await (await self._hands()).do(document, **variables)
