"""The way of a browser to an identity provider that speaks SAML, and back (SAML-PROFILES §4.1).

Back it comes by a form, without cookies. What the form says is judged and put aside, and the browser is sent on to a
page where it has its cookies again; only there anything is done about a member.
"""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from cryptography import x509

from api.provisioning import clock
from db.sso_rows import AttemptRow, ConnectionRow

from . import attempts, choices, landing, limits, tickets
from .landing import Landed, Word
from .problems import SignInRefused
from .saml import certificates, requests, responses
from .saml.judge import Expected
from .saml.people import Reading, Said
from .saml.refusals import NotTaken, Why
from .saml.requests import Provider
from .saml.responses import Taken
from .tickets import Assertion, Ticket

_AT_ONCE = 2
_LONGEST_STATE = 200
_HOME = "/"
_AGAIN = "Begin anew on the page where you signed in."
_BROKEN = "Your organization's single sign-on does not work now. Ask an admin of your organization."
_TELL = "If that happens again, tell an admin of your organization: they find the reason with the connection."


@dataclass(frozen=True, slots=True)
class Question:
    """Somebody was sent here by their identity provider without having asked; `token` is for their yes."""

    email: str | None
    token: str


def provider(public_url: str, connection: object) -> Provider:
    """Rollcall as a service provider: another one for each connection, so that none speaks for another."""
    base = f"{public_url}/sso/{connection}"
    return Provider(entity_id=f"{base}/metadata", acs_url=f"{base}/acs")


async def start(public_url: str, connection: ConnectionRow, *, browser: str, return_to: str) -> str:
    """Where a browser goes to sign in; `browser` is its secret. Raises SignInRefused where something is lacking."""
    chosen = choices.saml(connection)
    if chosen.sso_url is None:
        raise await _incomplete(connection)
    request = requests.new_id()
    begun = await attempts.begin(connection, browser, return_to, request_id=request)
    ours = provider(public_url, connection.id)
    return requests.url(chosen.sso_url, ours, request, begun.state, clock.now())


async def answered(public_url: str, connection: ConnectionRow, field: str, relay_state: str | None) -> str:
    """Judge what a form brought; the token by which the browser goes on. Raises SignInRefused.

    The sign-in is used up by this, whatever comes of it. What the identity provider sends along is only ever compared.
    """
    attempt = await _begun(connection, relay_state)
    if attempt is None and not choices.saml(connection).allows_idp_initiated:
        trace = await _note_stray(connection, _STRAY)
        text = f"This sign-in has expired, was used already, or did not begin here. {_AGAIN}"
        raise SignInRefused(text, _STRAY, trace)
    try:
        taken = await _taken(public_url, connection, field, attempt)
        return await _ticket(connection, taken, attempt)
    except NotTaken as problem:
        note = _note_stray if attempt is None else landing.note_refusal
        trace = await note(connection, str(problem))
        raise SignInRefused(_for_people(problem.why), str(problem), trace) from None


async def finish(connection: ConnectionRow, token: str, browser: str) -> tuple[Landed, str] | Question:
    """Who has come back, and where they wanted to go; or what they have to be asked, if they did not ask themselves.

    Raises SignInRefused, also for a browser that is not the one that went away: somebody could have been sent here so
    that they work in a stranger's account (login CSRF).
    """
    ticket = await tickets.take(connection, token)
    if ticket is None:
        raise _over()
    if ticket.browser_hash is None:
        return Question(ticket.word.email, await tickets.hold(connection, ticket, browser))
    return await _landed(connection, ticket, browser)


async def confirm(connection: ConnectionRow, token: str, browser: str | None) -> tuple[Landed, str]:
    """Sign in somebody who said yes to the question; raises SignInRefused."""
    ticket = await tickets.take(connection, token)
    if ticket is None:
        raise _over()
    return await _landed(connection, ticket, browser)


async def _landed(connection: ConnectionRow, ticket: Ticket, browser: str | None) -> tuple[Landed, str]:
    if not ticket.is_of(browser):
        raise SignInRefused(
            f"This sign-in began in another browser. {_AGAIN}",
            "A sign-in that began in one browser came back in another.",
        )
    return await landing.land(connection, ticket.word), ticket.return_to


async def _begun(connection: ConnectionRow, relay_state: str | None) -> AttemptRow | None:
    """The sign-in that began here; the state may also be something that the identity provider made up."""
    if not relay_state or len(relay_state) > _LONGEST_STATE or not relay_state.isascii():
        return None
    return await attempts.take_from_anybody(connection, relay_state)


async def _taken(public_url: str, connection: ConnectionRow, field: str, attempt: AttemptRow | None) -> Taken:
    chosen = choices.saml(connection)
    if connection.issuer is None or not chosen.certificates:
        raise await _incomplete(connection)
    ours = provider(public_url, connection.id)
    expected = Expected(
        issuer=connection.issuer,
        audience=ours.entity_id,
        recipient=ours.acs_url,
        request=None if attempt is None else attempt.request_id,
        now=clock.now(),
    )
    reading = Reading(chosen.subject_attribute, chosen.email_attribute)
    async with _gate():
        return await asyncio.to_thread(_judged, field, chosen.certificates, expected, reading)


def _judged(field: str, pinned: Sequence[str], expected: Expected, reading: Reading) -> Taken:
    keys: list[x509.Certificate] = [each for text in pinned for each in certificates.read(text)]
    return responses.take(field, keys, expected, reading)


async def _ticket(connection: ConnectionRow, taken: Taken, attempt: AttemptRow | None) -> str:
    ticket = Ticket(
        word=_word(taken.said),
        return_to=_HOME if attempt is None else attempt.return_to,
        browser_hash=None if attempt is None else attempt.browser_hash,
    )
    token = await tickets.issue(connection, Assertion(taken.assertion_id, taken.ends_at), ticket)
    if token is None:
        raise NotTaken(Why.REPLAYED, "The assertion was used before.")
    return token


def _word(said: Said) -> Word:
    """SAML does not say whether an address is proved: the organization's own identity provider has it from there."""
    return Word(
        subject=said.subject,
        email=said.email,
        is_address_sure=True,
        given_name=said.given_name,
        family_name=said.family_name,
        display_name=said.display_name,
        besides=said.besides,
        is_subject_address=said.is_subject_address,
    )


async def _note_stray(connection: ConnectionRow, reason: str) -> uuid.UUID | None:
    """For what anybody can send at any time: so few that they hide nothing else."""
    if await limits.spend(f"sso:stray:{connection.id}", per_minute=1 / 5, burst=5) is not None:
        return None
    return await landing.note_refusal(connection, reason)


async def _incomplete(connection: ConnectionRow) -> SignInRefused:
    reason = "The connection is not complete."
    return SignInRefused(_BROKEN, reason, await landing.note_refusal(connection, reason))


def _over() -> SignInRefused:
    reason = "A browser came with a ticket that is not there, was used, or is too old."
    return SignInRefused(f"This sign-in has expired or was used already. {_AGAIN}", reason)


def _for_people(why: Why) -> str:
    if why is Why.DENIED:
        return f"Your identity provider did not let you in. {_TELL}"
    if why in (Why.REPLAYED, Why.UNASKED, Why.TIME):
        return f"This sign-in has expired or was used already. {_AGAIN} {_TELL}"
    return f"What your identity provider said could not be accepted. {_AGAIN} {_TELL}"


_STRAY = (
    "Somebody came from the identity provider without having begun here, or too late. If that is meant, as with an icon"
    " on its page, let the connection allow that (allowsIdpInitiated)."
)


@cache
def _gate() -> asyncio.Semaphore:
    """Computing is done by few at once: many would keep everything else waiting."""
    return asyncio.Semaphore(_AT_ONCE)
