"""What proves that a domain belongs to an organization, and what follows from what DNS says. Pure.

After draft-ietf-dnsop-domain-verification-techniques: a TXT record at a name of our own below the domain, with a random
token that is bound to organization and domain because it is kept with them.
"""

from __future__ import annotations

import base64
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from db.enums import DomainState
from db.rule_rows import ProofRow

LABEL = "_rollcall-challenge"
TTL_SECONDS = 300
_TOKEN_BYTES = 20

CHALLENGE_LIVES = timedelta(days=7)
LOOK_AGAIN = timedelta(days=30)
LOOK_AGAIN_WHEN_MISSING = timedelta(days=7)
WARNING = timedelta(days=14)
"""Proved domains are looked for once a month. Two looks in vain, a week apart, warn; two weeks later it has lapsed."""

_SHOWN = 5
_LONGEST_SHOWN = 120


@dataclass(frozen=True, slots=True)
class Said:
    """What one resolver says: the TXT records at a name, the names that led there, or why there is no answer.

    `negative_seconds` is for how long "there is nothing" may be remembered by others (RFC 2308).
    """

    resolver: str
    texts: Sequence[str] = ()
    names: Sequence[str] = ()
    problem: str | None = None
    negative_seconds: int | None = None


class Dns(Protocol):
    """Asks DNS; never raises."""

    async def texts(self, name: str) -> Sequence[Said]:
        """What each resolver says about the TXT records at a name."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the proof is there; None when nobody could tell. `text` is for people, `found` what is there instead."""

    is_proved: bool | None
    text: str
    found: tuple[str, ...] = ()


def new_token() -> str:
    """160 random bits in base32, which survives being typed."""
    return base64.b32encode(secrets.token_bytes(_TOKEN_BYTES)).decode().lower()


def record_name(domain: str) -> str:
    """Where the record has to be."""
    return f"{LABEL}.{domain}"


def record_value(proof: ProofRow) -> str:
    """What the record has to say: no end is in it, since it has to stay."""
    return f"token={proof.challenge}"


def judge(domain: str, token: str, said: Sequence[Said], *, is_known: bool = False) -> Verdict:
    """What the resolvers' answers come to: everybody who answers has to see the token.

    Of a domain that is known already, one of them is enough: a resolver that is wrong must not make it lapse.
    """
    name, answered = record_name(domain), [each for each in said if each.problem is None]
    if not answered:
        problems = "; ".join(f"{each.resolver}: {each.problem}" for each in said)
        return Verdict(None, f"DNS did not answer about {name} ({problems}). Try again in a few minutes.")
    seeing = [each for each in answered if any(_token(text) == token for text in each.texts)]
    if len(seeing) == len(answered) or (seeing and is_known):
        return Verdict(True, f"The record at {name} proves that {domain} is yours.")
    if seeing:
        blind = ", ".join(each.resolver for each in answered if each not in seeing)
        return Verdict(
            False, f"The record is there, but not everywhere yet: {blind} does not see it. {_patience(answered)}"
        )
    found = tuple(dict.fromkeys(_cut(text) for each in answered for text in each.texts))
    if not found:
        led = next((each.names for each in answered if each.names), ())
        where = f"{name}, which leads to {led[-1]}," if led else name
        return Verdict(False, f"We asked for TXT {where} and found no record. {_patience(answered)}")
    shown = "; ".join(f"“{text}”" for text in found[:_SHOWN])
    count = "1 record, and it does not match" if len(found) == 1 else f"{len(found)} records, none matching"
    return Verdict(False, f"We asked for TXT {name} and found {count}: {shown}. {_patience(answered)}", found)


def after(proof: ProofRow, verdict: Verdict, at: datetime, *, by: str) -> ProofRow:
    """The domain as it is after a look; nobody who is in loses anything by it."""
    looked = replace(proof, checked_at=at, check_result=verdict.text)
    if verdict.is_proved:
        is_new = proof.state != DomainState.VERIFIED
        return replace(
            looked,
            state=DomainState.VERIFIED,
            verified_by=by if is_new else proof.verified_by,
            verified_at=at if is_new else proof.verified_at,
            check_next=at + LOOK_AGAIN,
            missing_since=None,
            lapses_at=None,
        )
    if proof.state != DomainState.VERIFIED or proof.verified_by != by:
        again = None if proof.state == DomainState.REGISTERED else at + LOOK_AGAIN_WHEN_MISSING
        return replace(looked, check_next=again)
    if verdict.is_proved is None:
        return replace(looked, check_next=at + timedelta(days=1))
    since = proof.missing_since or at
    if proof.lapses_at is not None and at >= proof.lapses_at:
        return replace(
            looked,
            state=DomainState.LAPSED,
            check_next=at + LOOK_AGAIN_WHEN_MISSING,
            missing_since=since,
            lapses_at=None,
        )
    lapses_at = proof.lapses_at or (at + WARNING if at - since >= LOOK_AGAIN_WHEN_MISSING else None)
    return replace(
        looked,
        missing_since=since,
        lapses_at=lapses_at,
        check_next=min(at + LOOK_AGAIN_WHEN_MISSING, lapses_at or at + LOOK_AGAIN_WHEN_MISSING),
    )


def _token(text: str) -> str | None:
    """The token in a record, which comes first; what else stands there does not matter."""
    first = (text.strip().strip('"').split() or [""])[0]
    name, _, value = first.partition("=")
    return value.strip('"').lower() if name.lower() == "token" else None


def _patience(answered: Sequence[Said]) -> str:
    seconds = max((each.negative_seconds or 0 for each in answered), default=0)
    if not seconds:
        return "Changes can take some minutes."
    minutes = max(1, round(seconds / 60))
    told = f"{minutes // 60} h" if minutes % 60 == 0 else f"{minutes} min"
    return f"Changes can take up to the zone's negative TTL (here {told})."


def _cut(text: str) -> str:
    shown = "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text)
    return shown if len(shown) <= _LONGEST_SHOWN else f"{shown[:_LONGEST_SHOWN]}…"
