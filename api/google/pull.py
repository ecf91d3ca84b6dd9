"""One pass over a customer's directory: what changed is taken over, what is gone is removed.

Google tells nobody what changed since when. So everything is read, which is cheap, and compared with what was taken
over the last time, by a digest; only what differs goes through the rules. A pass may end anywhere: what it has taken
over is noted in pieces, and the next one begins anew.
"""

from __future__ import annotations

import hashlib
import logging
import uuid
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import quote

import msgspec

from api.provisioning import pulls
from api.provisioning.errors import ProvisioningError
from api.scim.exchange import Answer
from api.scim.inside import Inside
from api.settings import Settings
from db.pull_rows import PullItemRow, PullRow

from . import mapping
from .client import Endpoints, Google, GoogleProblem, read_key_file

AGENT = "Rollcall, from Google Workspace"
_NOTED_AT_ONCE = 100
_SHORT = "attributes=id"
_logger = logging.getLogger("rollcall.google")


@dataclass(slots=True)
class Count:
    """What a pass did: read, taken over, removed; and what was refused, with the first reason."""

    read: int = 0
    changed: int = 0
    removed: int = 0
    refused: int = 0
    reason: str = ""


async def run(organization: uuid.UUID, directory: uuid.UUID, settings: Settings, places: Endpoints) -> Count | None:
    """Fetch the people of a directory, unless somebody else does, or it is paused or deleted; None then.

    A problem is kept with the directory, where people see it, and recorded like a refused request.
    """
    row = await pulls.begin(organization, directory)
    if row is None:
        return None
    count = Count()
    try:
        choice = pulls.choice_of(row)
        account = read_key_file(choice.credentials)
        async with Google(account, row.admin_email, row.customer, places) as google:
            await _Pass(row, google, Inside(settings, organization, directory, AGENT), settings, count).run()
        problem = f"{count.refused} were refused, the first because: {count.reason}" if count.refused else None
    except (GoogleProblem, ProvisioningError) as error:
        problem = str(error)
    await pulls.end(row, problem)
    _logger.info("Fetched %s: %s", directory, problem or f"{count.changed} changed, {count.removed} removed")
    return count


@dataclass(slots=True)
class _Pass:
    row: PullRow
    google: Google
    inside: Inside
    settings: Settings
    count: Count
    _held: dict[str, list[PullItemRow]] = field(default_factory=dict)

    async def run(self) -> None:
        await self._all("User", "Users", self._users())
        if self.row.takes_groups:
            await self._all("Group", "Groups", self._groups())

    async def _users(self) -> AsyncIterator[dict[str, object]]:
        async for page in self.google.users(self.row.user_query):
            for found in page:
                yield mapping.user(found, self.settings.seat_type_urn)

    async def _groups(self) -> AsyncIterator[dict[str, object]]:
        async for page in self.google.groups():
            for found in page:
                yield mapping.group(found, await self.google.members(str(found["id"])))

    async def _all(self, kind: str, endpoint: str, resources: AsyncIterator[dict[str, object]]) -> None:
        """Take over all of a kind; who was here and was not among them is gone."""
        known, there = await pulls.taken_over(self.row, kind), set[str]()
        async for resource in resources:
            external_id = str(resource["externalId"])
            there.add(external_id)
            self.count.read += 1
            digest = hashlib.sha256(msgspec.json.encode(resource, order="sorted")).digest()
            before = known.get(external_id)
            if before is None or before.digest != digest:
                await self._take_over(kind, endpoint, resource, before, digest)
        await self._note(kind)
        gone = {external_id: item for external_id, item in known.items() if external_id not in there}
        if gone and not there:
            raise GoogleProblem(
                f"Google lists no {endpoint.lower()} any more, and {len(gone)} were there. Nothing was removed. If that"
                " is right, delete the directory; else look at the search for users and the administrator's rights."
            )
        await self._remove(kind, endpoint, gone)

    async def _take_over(
        self, kind: str, endpoint: str, resource: dict[str, object], before: PullItemRow | None, digest: bytes
    ) -> None:
        id, answer = await self._put(endpoint, resource, before.id if before else None)
        if id is None or answer.status >= 400:
            self._refused(answer)
            return
        self.count.changed += 1
        held = self._held.setdefault(kind, [])
        held.append(PullItemRow(id, str(resource["externalId"]), digest))
        if len(held) >= _NOTED_AT_ONCE:
            await self._note(kind)

    async def _put(
        self, endpoint: str, resource: dict[str, object], id: uuid.UUID | None
    ) -> tuple[uuid.UUID | None, Answer]:
        """Replace what is here, make what is not, and find what was made by a pass that ended before it was noted."""
        if id is not None:
            answer = await self.inside.send("PUT", f"{endpoint}/{id}", resource, _SHORT)
            if answer.status != 404:
                return id, answer
        answer = await self.inside.send("POST", endpoint, resource, _SHORT)
        if answer.status != 409:
            location = answer.headers.get("Location")
            return uuid.UUID(location.rpartition("/")[2]) if location else None, answer
        there = await self._made_before(endpoint, str(resource["externalId"]))
        if there is not None:
            answer = await self.inside.send("PUT", f"{endpoint}/{there}", resource, _SHORT)
        return there, answer

    async def _made_before(self, endpoint: str, external_id: str) -> uuid.UUID | None:
        query = f"filter={quote(f'externalId eq {msgspec.json.encode(external_id).decode()}')}&attributes=id"
        answer = await self.inside.send("GET", endpoint, query=query)
        body = answer.body or b""
        whole = body if isinstance(body, bytes) else b"".join([piece async for piece in body])
        found = msgspec.json.decode(whole).get("Resources") or []
        return uuid.UUID(found[0]["id"]) if len(found) == 1 else None

    async def _remove(self, kind: str, endpoint: str, gone: Mapping[str, PullItemRow]) -> None:
        for external_id, item in gone.items():
            answer = await self.inside.send("DELETE", f"{endpoint}/{item.id}")
            if answer.status not in (204, 404):
                self._refused(answer)
                continue
            self.count.removed += 1
            await pulls.note(self.row, kind, [], [external_id])
        await pulls.go_on(self.row)

    async def _note(self, kind: str) -> None:
        await pulls.note(self.row, kind, self._held.pop(kind, []))
        await pulls.go_on(self.row)

    def _refused(self, answer: Answer) -> None:
        self.count.refused += 1
        self.count.reason = self.count.reason or answer.detail or f"status {answer.status}"
