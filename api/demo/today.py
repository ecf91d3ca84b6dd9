"""The last hours of the demo: what an admin finds in the morning."""

from __future__ import annotations

from . import people
from .acme import Acme
from .by_hand import FREELANCER
from .dialects import Entra
from .people import CONTRACTED, STRANGER, WORKFORCE, Person

_CYCLES = (440, 350, 260, 170, 90, 12)
"""So many minutes ago Entra ID came, and was refused most of what it asked."""

_NEW = Person("Tove", "Berg", "Surveyor", "Contractors", "lite", (), 0, domain=people.CONTRACTORS)
_UNASKED = Person("Lars", "Holm", "Trainer", "Contractors", "free", (), 0, domain="freelance.example.org")
_QUOTED = f'Sean "Red" OBrien@{people.CONTRACTORS}'


async def live(acme: Acme) -> None:
    """A directory that is refused, one that removes too many at once, and what is left to decide."""
    assert _UNASKED.email == FREELANCER
    for minutes in _CYCLES:
        await _hold(acme, minutes)
        await acme.days.to_minutes_ago(minutes)
        await _cycle(acme.entra)
    await acme.days.to_minutes_ago(6)
    await acme.okta.update(next(each for each in WORKFORCE if each.given == "Henrik"), title="Lead Process Engineer")
    await acme.days.end()


async def _cycle(entra: Entra) -> None:
    """A domain that has lapsed, somebody's guest, quotes in a name, seats of no type, and a name that is taken."""
    klara = next(each for each in CONTRACTED if each.given == "Klara")
    await entra.provision(STRANGER, refused=403)
    await entra.provision(_UNASKED, refused=409)
    await entra.look(_QUOTED, refused=400)
    await entra.provision(_NEW, seat="premium", refused=400)
    await entra.set(klara, f"{entra.seat_urn}:seat_type", "premium", refused=400)
    await entra.set(klara, "userName", f"diego.fuentes@{people.CONTRACTORS}", refused=409)


async def _hold(acme: Acme, minutes: int) -> None:
    """Between two of its cycles Okta takes the app from everybody in the warehouse but their lead."""
    if minutes != _CYCLES[-1]:
        return
    await acme.days.to_minutes_ago(52)
    for each in WORKFORCE:
        if people.WAREHOUSE in each.groups and each.seat_type == "free":
            await acme.okta.update(each, active=False)
