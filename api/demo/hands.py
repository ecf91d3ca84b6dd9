"""People who sign in and do things by hand, as the dashboard does for them: GraphQL, in this process."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

from api.graphql.context import Context
from api.graphql.edge import Asked, execute
from api.graphql.limits import Cost
from api.identity import accounts, entering, sessions
from api.identity.sessions import Browser, Proof
from api.provisioning import addresses
from api.provisioning.caller import Caller
from api.settings import Settings
from db.enums import Way
from db.ids import OrganizationId, RequestId, new_id
from db.transaction import transaction

from .problems import DemoProblem

Json: TypeAlias = dict[str, Any]

_BROWSER = Browser("Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0", "198.51.100.23")


@dataclass(frozen=True, slots=True)
class Hands:
    """Somebody who uses GraphQL."""

    caller: Caller
    settings: Settings

    async def do(self, document: str, **variables: object) -> Json:
        """What the one field of a document answers; raises DemoProblem for whatever went wrong."""
        context = Context(self.caller, self.settings, RequestId(new_id()), Cost())
        answer = await execute(Asked(document, variables), context)
        for error in answer.get("errors", ()):
            raise DemoProblem(str(error["message"]))
        [found] = answer["data"].values()
        for problem in (found or {}).get("userErrors", ()):
            raise DemoProblem(str(problem["message"]))
        done: Json = found
        return done


async def sign_in(organization: OrganizationId, email: str, settings: Settings) -> Hands:
    """A member who signs in by a code, and is let into the organization."""
    account = await transaction(lambda: accounts.of_proved_address(addresses.read(email)))
    if account is None:
        raise DemoProblem(f"nobody knows {email}.")
    begun = await sessions.begin(account.id, Proof(Way.CODE, proves_address=True), _BROWSER)
    caller, _ = await entering.enter(begun.session, organization)
    return Hands(caller, settings)
