"""The one way from what an identity provider said of somebody to a member and account (R004, C19; ASVS 6.8, 10.5).

Somebody is recognised by the provider's id for them. Only whom a connection does not know yet is looked for by address:
in its own organization, if the provider has proved the address, and the domain is one that the organization has
verified. Groups, roles and seats never come this way, and nobody whom the organization has let go comes back.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace

from api.provisioning import addresses, admission, clock, history, lifecycle, rulebook, sign_ins
from api.provisioning.actor import Actor, single_sign_on
from api.provisioning.decisions import Decided
from api.provisioning.errors import ProvisioningError
from api.provisioning.outcome import MemberOutcome
from api.provisioning.rulebook import Rulebook
from api.provisioning.sign_ins import SignIn
from db.enums import ConnectionState, MemberStatus
from db.ids import OrganizationId, RequestId, new_id
from db.queries import log
from db.queries import members as member_rows
from db.queries import sso as rows
from db.sso_rows import ConnectionRow
from db.transaction import transaction

from . import accounts, choices, limits
from .problems import SignInRefused

REFUSED = "sign_in_refused"
"""How history calls it that a connection let somebody not in."""

KEPT_AT_ONCE, KEPT_A_MINUTE = 60, 6.0
"""So many refusals are kept of each connection."""

_LONGEST_SUBJECT, _LONGEST_NAME, _MOST_BESIDES = 500, 500, 20
_ASK = "Ask an admin of your organization."


@dataclass(frozen=True, slots=True)
class Word:
    """What an identity provider said of somebody, after it was found to be its word, and new.

    `subject` is its id for them, `is_subject_address` tells that this is but an address, which may become another
    person's. `is_address_sure` tells that the provider has proved the address. `besides` names what else it said.
    """

    subject: str
    email: str | None = None
    is_address_sure: bool = False
    given_name: str | None = None
    family_name: str | None = None
    display_name: str | None = None
    besides: tuple[str, ...] = ()
    is_subject_address: bool = False


@dataclass(frozen=True, slots=True)
class Landed:
    """Somebody who has signed in by single sign-on; `proves_address` says whether their account's address is theirs."""

    organization: OrganizationId
    connection: uuid.UUID
    member: uuid.UUID
    account: uuid.UUID
    proves_address: bool
    is_new: bool


async def land(connection: ConnectionRow, word: Word) -> Landed:
    """The member and account of whom a connection's provider has spoken.

    Raises SignInRefused; admins find the reason with the connection.
    """
    try:
        return await _land(_actor(connection), connection, _clean(word))
    except SignInRefused as refused:
        refused.trace = await note_refusal(connection, refused.reason, email=_address(word.email))
        raise
    except ProvisioningError as problem:
        # What provisioning says is for admins and people alike.
        trace = await note_refusal(connection, str(problem), email=_address(word.email))
        raise SignInRefused(f"You were not let in. {problem}", str(problem), trace) from problem


async def note_refusal(connection: ConnectionRow, reason: str, *, email: str | None = None) -> uuid.UUID | None:
    """Keep for admins why a connection let somebody not in; the trace id by which they find it.

    Only so many are kept in a minute, because anybody can cause some; None for one that is not.
    """
    if await limits.spend(f"sso:refused:{connection.id}", per_minute=KEPT_A_MINUTE, burst=KEPT_AT_ONCE) is not None:
        return None
    actor, trace = _actor(connection), RequestId(new_id())

    async def work() -> None:
        member = None
        if email is not None:
            found = await member_rows.lock_by_address(actor.organization, addresses.folded(email))
            member = found.member.id if found else None
        past = history.Historian(actor, trace, clock.now())
        after = {"reason": reason} if email is None else {"reason": reason, "email": email}
        await log.add_change(past.change(REFUSED, "sso_connection", connection.id, member=member, after=after))

    await transaction(work)
    return trace


async def must_be_unchanged(connection: ConnectionRow) -> None:
    """Raise SignInRefused for a connection that is another one now, and hold it. In a transaction."""
    still = await rows.hold(OrganizationId(connection.organization_id), connection.id)
    if still is None or still.state != ConnectionState.ACTIVE or _meaning(still) != _meaning(connection):
        reason = "The connection was changed while somebody signed in."
        raise SignInRefused(f"This way to sign in has just been changed. {_ASK}", reason)


def _meaning(connection: ConnectionRow) -> object:
    """Whose word a connection takes, and for what."""
    return connection.issuer, choices.settings(connection)


def _actor(connection: ConnectionRow) -> Actor:
    return single_sign_on(OrganizationId(connection.organization_id), connection.id, connection.name)


async def _land(actor: Actor, connection: ConnectionRow, word: Word) -> Landed:
    book = await rulebook.load(actor.organization)
    known = await rows.member_of(actor.organization, connection.id, word.subject)
    if known is None:
        _must_be_ours(word, book)
        await _must_be_the_same(actor, word, connection)
    seen = SignIn(
        email=word.email if word.is_address_sure else None,
        subject=word.subject,
        given_name=word.given_name,
        family_name=word.family_name,
        display_name=word.display_name,
        besides=word.besides,
    )
    enter = sign_ins.arrive if book.policies.jit_enabled else sign_ins.recognise

    async def work() -> tuple[MemberOutcome, tuple[uuid.UUID, bool] | None]:
        await must_be_unchanged(connection)
        outcome = await enter(actor, seen, member=known)
        if known is None:
            # Once more, now that the member is locked: somebody else may have come by their address just before.
            await _must_be_the_same(actor, word, connection)
        # Who has to wait for a seat waits from now on, so that is no reason to take back that they came.
        is_shown = _proves_address(outcome, word, book)
        return outcome, await _link(actor, connection, word, outcome, proves=is_shown) if outcome.may_use else None

    outcome, linked = await sign_ins.carrying_out(actor, seen, work, member=known)
    _must_have_access(outcome)
    assert linked is not None
    account, proves = linked
    is_new = any(decision.code is Decided.CREATED for decision in outcome.decisions)
    return Landed(actor.organization, connection.id, outcome.member, account, proves, is_new)


def _must_be_ours(word: Word, book: Rulebook) -> None:
    """Raise SignInRefused unless the address is good enough to recognise somebody by, or to make somebody a member."""
    if word.email is None:
        raise SignInRefused(
            f"Your identity provider did not say your e-mail address. {_ASK}",
            "The identity provider said no e-mail address of somebody new. Let it send the claim or attribute.",
        )
    if not word.is_address_sure:
        raise SignInRefused(
            f"Your identity provider did not say that {word.email} has been proved to be yours. {_ASK}",
            f"The identity provider did not say that the address {word.email} is verified (email_verified: true)."
            " If it proves addresses nevertheless, as Entra ID does, choose that its addresses are trusted.",
        )
    if not admission.is_inside(word.email, book.domains, verified=True):
        verified = [domain.name for domain in book.domains if domain.state == "VERIFIED"]
        raise SignInRefused(
            f"{word.email} is outside the domains by which {book.organization} lets people in. {_ASK}",
            f"{word.email} is outside the verified domains ({', '.join(verified) or 'there is none'}). People are"
            " recognised by address only where the organization has verified the domain; so verify it.",
        )


def _must_have_access(outcome: MemberOutcome) -> None:
    """Raise SignInRefused for a member whom the organization does not let in now."""
    if outcome.may_use:
        return
    told = {
        MemberStatus.WAITING_FOR_SEAT: "you wait for a seat, which an admin can give you",
        MemberStatus.SUSPENDED: "none of your groups lets you in",
        MemberStatus.INVITED: "your invitation is not accepted yet",
    }.get(MemberStatus(outcome.status), "your access has ended")
    raise SignInRefused(f"You were not let in: {told}. {_ASK}", f"{outcome.email} has the status {outcome.status}.")


def _proves_address(outcome: MemberOutcome, word: Word, book: Rulebook) -> bool:
    """Whether the member's address is shown to be theirs: the provider's word, for a domain of its organization."""
    if word.email is None or not word.is_address_sure or outcome.email is None:
        return False
    is_theirs = addresses.folded(word.email) == addresses.folded(outcome.email)
    return is_theirs and admission.is_inside(word.email, book.domains, verified=True)


async def _must_be_the_same(actor: Actor, word: Word, connection: ConnectionRow) -> None:
    """Raise SignInRefused where the connection knows the member of the address by another id, unless that was no id.

    An address that somebody left is often given to somebody else, who must not find what the first one had.
    """
    if word.email is None or word.is_subject_address:
        return
    if await rows.is_known_otherwise(actor.organization, connection.id, addresses.folded(word.email), word.subject):
        raise SignInRefused(
            f"{word.email} belonged to somebody else at your identity provider. {_ASK}",
            f"The identity provider knows {word.email} by another id than before. If it is the same person, let the"
            " member's identities be forgotten; if it is somebody else, remove the member first.",
        )


async def _link(
    actor: Actor, connection: ConnectionRow, word: Word, outcome: MemberOutcome, *, proves: bool
) -> tuple[uuid.UUID, bool]:
    """Note that the connection has let a member in, whom it knows from now on. In a transaction.

    Their account, and whether its address is shown to be theirs.
    """
    locked = await member_rows.lock(actor.organization, outcome.member)
    if locked is None or locked.member.status not in lifecycle.CAN_USE:
        raise SignInRefused(
            f"You were not let in: your access has ended. {_ASK}", "The member's access has just ended."
        )
    if word.is_subject_address:
        await rows.forget_of_member(actor.organization, connection.id, outcome.member, but=word.subject)
    if not await rows.let_in(actor.organization, connection.id, word.subject, outcome.member, clock.now()):
        raise SignInRefused(
            f"Your identity provider knows two people by your id. {_ASK}",
            f"Another member has the id {word.subject!r} at the identity provider. Whose it is cannot be told.",
        )
    if not proves or outcome.email is None:
        return locked.account_id, False
    # The account of the address is theirs as well, though the organization could not prove that when they came.
    proved = await accounts.of_proved_address(addresses.read(outcome.email))
    now = await member_rows.lock(actor.organization, outcome.member)
    account = now.account_id if now else locked.account_id
    return account, proved is not None and proved.id == account


def _clean(word: Word) -> Word:
    """What was said, as far as it can be kept; raises SignInRefused for an id that cannot."""
    if not word.subject or len(word.subject) > _LONGEST_SUBJECT or not word.subject.isprintable():
        raise SignInRefused(
            f"Your identity provider said no usable id of yours. {_ASK}",
            f"The identity provider said an id that is empty, unprintable or longer than {_LONGEST_SUBJECT} letters.",
        )
    return replace(
        word,
        email=_address(word.email),
        given_name=_name(word.given_name),
        family_name=_name(word.family_name),
        display_name=_name(word.display_name),
        besides=tuple(_name(each) or "" for each in word.besides[:_MOST_BESIDES]),
    )


def _address(text: str | None) -> str | None:
    """An address that can be kept, None for any other: to leave some of it out would make it another's."""
    return text if text is not None and text.isprintable() and len(text) <= addresses.LONGEST else None


def _name(text: str | None) -> str | None:
    """A name without what cannot be kept or shown, None for nothing."""
    shown = "".join(each for each in text or "" if each.isprintable())
    return shown.strip()[:_LONGEST_NAME] or None
