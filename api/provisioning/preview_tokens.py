"""Tokens of previews: what somebody saw before they decided, and when. Pure.

A token grants nothing. It lets an act refuse when it would do something else than its preview said.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec

from db.ids import OrganizationId

from . import moves
from .errors import BadSetting, FactsMoved, PreviewTooOld
from .moves import Move, Standing

LIFETIME = timedelta(minutes=10)

_LAYOUT = struct.Struct(">QI12s16s8s")
"""When it was made, in milliseconds; how many people it was about; for which act; which moves; what it replaces."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What the holder of a token saw."""

    people: int
    moves: bytes
    replaced: bytes

    def must_be(self, planned: Iterable[Move], replaced: object = None) -> None:
        """Raise FactsMoved, with the difference, unless these moves and what is replaced are what was seen."""
        felt = _felt(planned)
        if _digest_of_moves(felt) == self.moves:
            if _digest_of_replaced(replaced) == self.replaced:
                return
            raise FactsMoved("Somebody changed meanwhile what this changes, too. Look again.")
        more = moves.people(felt) - self.people
        if not more:
            raise FactsMoved("Not the same people would change as you saw, or not in the same way. Look again.")
        people = f"{abs(more)} {'more' if more > 0 else 'fewer'} {'person' if abs(more) == 1 else 'people'}"
        raise FactsMoved(f"{people} would change than you saw. Look again.")


def make(
    organization: OrganizationId, intent: object, planned: Iterable[Move], at: datetime, replaced: object = None
) -> str:
    """The token of a preview; `replaced` is what stands where the act will write, as JSON can have it."""
    felt = _felt(planned)
    made = int(at.timestamp() * 1000)
    act = _digest_of_act(organization, intent, made)
    packed = _LAYOUT.pack(made, moves.people(felt), act, _digest_of_moves(felt), _digest_of_replaced(replaced))
    return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def read(token: str, organization: OrganizationId, intent: object, at: datetime) -> Seen:
    """What the holder of the token saw; raises BadSetting for what is no token, of another act, or too old."""
    try:
        made, people, act, moved, replaced = _LAYOUT.unpack(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
    except (binascii.Error, struct.error, ValueError):
        raise BadSetting("This is no token of a preview. Copy it whole, or look again.") from None
    if act != _digest_of_act(organization, intent, made):
        raise BadSetting("This token belongs to another act. Preview this one, and use its token.")
    if at.timestamp() * 1000 >= made + LIFETIME / timedelta(milliseconds=1):
        raise PreviewTooOld("This token is older than ten minutes. Look again.")
    return Seen(people, moved, replaced)


def _felt(planned: Iterable[Move]) -> list[Move]:
    return moves.merged((move for move in planned if move.is_felt), by_cause=False)


def _digest_of_act(organization: OrganizationId, intent: object, made: int) -> bytes:
    named = msgspec.to_builtins([organization, type(intent).__qualname__, intent, made], str_keys=True)
    return hashlib.sha256(msgspec.json.encode(named, order="sorted")).digest()[:12]


def _digest_of_replaced(replaced: object) -> bytes:
    return hashlib.sha256(msgspec.json.encode(replaced, order="sorted")).digest()[:8]


def _digest_of_moves(felt: Iterable[Move]) -> bytes:
    return hashlib.sha256(b"".join(sorted(_digest_of_move(move) for move in felt))).digest()[:16]


def _digest_of_move(move: Move) -> bytes:
    ends = msgspec.json.encode([_told(move.before), _told(move.after)])
    return hashlib.sha256(ends + b"".join(sorted(member.bytes for member in move.members))).digest()


def _told(standing: Standing) -> list[str | None]:
    return [str(standing.role.id) if standing.role else None, standing.status, standing.seat]
