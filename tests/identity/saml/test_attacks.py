"""Nobody comes in as somebody else, and nothing is taken that is not just as the identity provider made it."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from api.identity.saml.refusals import NotTaken

from .attacks import Attack, documents, meaning, references, shapes, signing, wrapping
from .forging import come_in

ALL: Sequence[Attack] = tuple(
    attack for part in (signing, references, wrapping, documents, shapes, meaning) for attack in part.ATTACKS
)


@pytest.mark.parametrize("attack", ALL, ids=lambda attack: f"{attack.number:03}-{attack.name}")
def test_attack(attack: Attack) -> None:
    document = attack.make()
    with pytest.raises(NotTaken) as caught:
        come_in(document, attack.expected)
    assert (caught.value.why, attack.text in str(caught.value)) == (attack.why, True), caught.value


def test_every_attack_has_its_number() -> None:
    assert [attack.number for attack in ALL] == list(range(1, len(ALL) + 1))
