"""From what a form brought to what it says of a person: all the computing of a sign-in, and nothing that waits."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cryptography.x509 import Certificate

from . import documents, judge, people, shape, signatures
from .judge import Expected
from .people import Reading, Said
from .refusals import NotTaken, Why

MOST_TEXT = documents.MOST_BYTES // 3 * 4 + 16_384
"""Of a form's field: Base64 of the largest document, with its line ends."""


@dataclass(frozen=True, slots=True)
class Taken:
    """An answer that counts: what it says, and the id under which it must not come again until `ends_at`."""

    said: Said
    assertion_id: str
    ends_at: datetime


def take(field: str, certificates: Sequence[Certificate], expected: Expected, reading: Reading) -> Taken:
    """Read and judge a SAMLResponse of the binding HTTP-POST; raises NotTaken."""
    outside = shape.read(_decoded(field))
    if outside.assertion is None:
        judge.check_outside(outside.response, expected, is_signed=outside.is_response_signed)
        raise NotTaken(Why.FORM, "The Response has no Assertion.")
    signed = signatures.verify(outside, certificates)
    is_signed = signed.response is not None
    judge.check_outside(outside.response if signed.response is None else signed.response, expected, is_signed=is_signed)
    judged = judge.judge(signed, expected)
    return Taken(people.said(judged, reading), judged.id, judged.ends_at)


def _decoded(field: str) -> bytes:
    """Base64 and nothing below it: this binding compresses nothing (SAML-BINDINGS §3.5.4)."""
    if len(field) > MOST_TEXT:
        raise NotTaken(Why.FORM, f"The document is larger than {documents.MOST_BYTES // 1024} KiB.")
    try:
        return base64.b64decode("".join(field.split()), validate=True)
    except (binascii.Error, ValueError):
        raise NotTaken(Why.FORM, "The form has no SAMLResponse in Base64.") from None
