"""What a hostile answer costs: it is refused before the work begins that it was made to cause."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from api.identity.saml import documents, responses, signatures
from api.identity.saml.refusals import NotTaken

from .attacks import documents as hostile
from .attacks import references, wrapping
from .forging import EXPECTED, come_in, idp, posted, with_signed_assertion
from .test_attacks import ALL

_ROOT = Path(__file__).parents[3]
# Those that are only seen when the document is a tree.
_NEEDS_A_PARSER = frozenset({90, 91, 100, 101, 103, 107, *range(112, 125), *range(134, 137)})


def test_no_parser_sees_what_makes_parsers_work(monkeypatch: pytest.MonkeyPatch) -> None:
    attempts = [attack for attack in hostile.ATTACKS if attack.number not in _NEEDS_A_PARSER]
    made = [posted_as_made(attack.make()) for attack in attempts]
    monkeypatch.setattr(documents, "parser", _never)
    for field in made:
        with pytest.raises(NotTaken):
            come_in(field)
    with pytest.raises(AssertionError):
        come_in(with_signed_assertion())


def test_no_signature_is_verified_of_a_document_of_another_shape(monkeypatch: pytest.MonkeyPatch) -> None:
    made = [posted_as_made(attack.make()) for attack in (*references.ATTACKS, *wrapping.ATTACKS)]
    monkeypatch.setattr(signatures, "XMLVerifier", _never)
    reached = 0
    for field in made:
        try:
            come_in(field)
        except NotTaken:
            continue
        except AssertionError:
            reached += 1
    # The one that is of the right shape, by a key that is not pinned.
    assert reached == 1


def test_nothing_is_decoded_that_is_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(base64, "b64decode", _never)
    with pytest.raises(NotTaken, match="larger"):
        come_in("A" * (responses.MOST_TEXT + 1))


@pytest.mark.skipif(sys.platform != "linux", reason="Other systems limit a program's memory in other ways.")
def test_no_attack_takes_fifty_megabytes() -> None:
    """In a program of its own, which may not have more than that on top of what an honest answer takes."""
    told = {
        "certificate": idp().certificate.public_bytes(Encoding.PEM).decode(),
        "honest": posted(with_signed_assertion()),
        "attacks": [posted_as_made(attack.make()) for attack in ALL if attack.expected is EXPECTED],
    }
    program = [sys.executable, "-m", "tests.identity.saml.within_fifty_megabytes"]
    ended = subprocess.run(program, cwd=_ROOT, input=json.dumps(told), capture_output=True, text=True, check=False)
    assert (ended.stdout, ended.returncode) == (f"{len(told['attacks'])} refused\n", 0), ended.stderr


def posted_as_made(document: object) -> str:
    """What an attack makes, as the field of a form."""
    if isinstance(document, str):
        return document
    return base64.b64encode(document).decode() if isinstance(document, bytes) else posted(document)  # type: ignore[arg-type]  # an element


def _never(*_: object, **__: object) -> None:
    raise AssertionError("This work was not to begin.")
