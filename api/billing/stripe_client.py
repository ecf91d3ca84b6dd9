"""Requests to Stripe: form-encoded, of one version of its API, once for each key, and what its errors mean here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

import msgspec

from api.provisioning import clock
from api.provisioning.errors import ProviderAway, ProviderRefused

from .answers import again_at
from .stripe_objects import Failure, Problem

if TYPE_CHECKING:
    import httpx

T = TypeVar("T")

VERSION = "2026-10-28.endive"
"""What the shapes in `stripe_objects` are of; Stripe answers older versions for years."""

_CONNECT_SECONDS, _ANSWER_SECONDS = 5.0, 20.0


@dataclass(frozen=True, slots=True)
class Client:
    """Asks Stripe with a secret key. Raises ProviderAway and ProviderRefused, which say what Stripe said."""

    url: str
    key: str = field(repr=False)

    async def get(self, path: str, answer: type[T], **parameters: str) -> T:
        """What there is."""
        return await self._ask("GET", path, answer, parameters=parameters)

    async def post(self, path: str, answer: type[T], form: Mapping[str, object], *, key: str | None = None) -> T:
        """What comes of a change; it is made once for each key, as long as Stripe remembers that, a day at least."""
        return await self._ask("POST", path, answer, form={name: str(value) for name, value in form.items()}, key=key)

    async def _ask(
        self,
        method: str,
        path: str,
        answer: type[T],
        *,
        parameters: Mapping[str, str] | None = None,
        form: Mapping[str, str] | None = None,
        key: str | None = None,
    ) -> T:
        import httpx  # most processes never ask Stripe, and need not wait for this to load

        headers = {"Authorization": f"Bearer {self.key}", "Stripe-Version": VERSION}
        if key is not None:
            headers["Idempotency-Key"] = key
        limits = httpx.Timeout(_ANSWER_SECONDS, connect=_CONNECT_SECONDS)
        try:
            async with httpx.AsyncClient(base_url=self.url, timeout=limits, trust_env=False) as http:
                got = await http.request(method, path, params=parameters, data=form, headers=headers)
        except httpx.TransportError as error:
            raise ProviderAway(f"Stripe does not answer: {error or type(error).__name__}.") from error
        if got.status_code != 200:
            raise _trouble(got)
        try:
            return msgspec.json.decode(got.content, type=answer)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise ProviderAway(f"Stripe answers something else than it should: {error}.") from error


def _trouble(got: httpx.Response) -> ProviderAway | ProviderRefused:
    """What an answer means that is none."""
    problem, status = _problem(got.content), got.status_code
    request = got.headers.get("Request-Id")
    said = f"{problem.message or f'HTTP {status}'}{f' ({request})' if request else ''}"
    if status in (401, 403):
        return ProviderAway(f"Stripe does not let us in. The operator has to look at its secret key. {said}")
    if status == 429:
        when = again_at(got.headers.get("Retry-After"), clock.now())
        return ProviderAway(f"Stripe takes no more requests just now. {said}", again_at=when)
    if status == 409:
        return ProviderAway(f"Stripe is doing it just now. {said}")
    if status >= 500 or status == 424 or problem.type == "idempotency_error":
        # Stripe repeats this answer for the same key, whatever it did; what it did is read before the next request.
        return ProviderAway(f"Stripe is in trouble. {said}", is_over=True)
    if 400 <= status < 500:
        return ProviderRefused(f"Stripe refuses: {said}")
    return ProviderAway(f"Stripe answers something else than it should: {said}")


def _problem(content: bytes) -> Problem:
    try:
        return msgspec.json.decode(content, type=Failure).error
    except (msgspec.DecodeError, UnicodeDecodeError):
        return Problem()
