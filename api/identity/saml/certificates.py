"""Certificates of identity providers: a key each, an end of which admins are warned, and nothing else that counts."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding

from api.provisioning.errors import BadSetting

MOST = 4
"""As many as a roll-over needs, and two more, because some publish the next ones early."""
SOON = timedelta(days=30)

_MOST_TEXT = 16_384
_RSA_BITS = range(2048, 8193)
_CURVES = frozenset({"secp256r1", "secp384r1", "secp521r1"})
_PEM = re.compile(r"-----BEGIN CERTIFICATE-----(.*?)-----END CERTIFICATE-----", re.DOTALL)


class BadCertificate(BadSetting):
    """Text that is no certificate which can be used; it says why."""


@dataclass(frozen=True, slots=True)
class Described:
    """A certificate in words for people; `fingerprint` is its SHA-256."""

    fingerprint: str
    subject: str
    begins_at: datetime
    ends_at: datetime
    warning: str | None


def read(text: str) -> list[x509.Certificate]:
    """The certificates in a text: one or more in PEM, or a single one in bare Base64; raises BadCertificate."""
    if len(text) > _MOST_TEXT * MOST:
        raise BadCertificate("The text is longer than any certificates.")
    found = _PEM.findall(text) or ([text] if text.strip() else [])
    if not found:
        raise BadCertificate("There is no certificate: paste one that begins with -----BEGIN CERTIFICATE-----.")
    return distinct([one(each) for each in found])


def one(base64_text: str) -> x509.Certificate:
    """A certificate in bare Base64, as in metadata; raises BadCertificate, also for keys that are not taken."""
    try:
        certificate = x509.load_der_x509_certificate(base64.b64decode("".join(base64_text.split()), validate=True))
        key = certificate.public_key()
    except (binascii.Error, ValueError, UnsupportedAlgorithm, x509.InvalidVersion):
        raise BadCertificate("This is no X.509 certificate in PEM or Base64.") from None
    is_good = (isinstance(key, rsa.RSAPublicKey) and key.key_size in _RSA_BITS) or (
        isinstance(key, ec.EllipticCurvePublicKey) and key.curve.name in _CURVES
    )
    if not is_good:
        raise BadCertificate(
            "The key is not taken: it has to be RSA of 2048 to 8192 bits, or EC on P-256, P-384, P-521."
        )
    return certificate


def distinct(certificates: Sequence[x509.Certificate]) -> list[x509.Certificate]:
    """Each certificate once, in their order; raises BadCertificate where there are too many."""
    found = list(dict.fromkeys(certificates))
    if len(found) > MOST:
        raise BadCertificate(f"There are more than {MOST} certificates. Keep those that the identity provider uses.")
    return found


def text(certificate: x509.Certificate) -> str:
    """A certificate as it is stored: PEM."""
    return certificate.public_bytes(Encoding.PEM).decode()


def describe(certificate: x509.Certificate, now: datetime) -> Described:
    """A certificate in words for people, with a warning where its end is near or past."""
    try:
        subject = certificate.subject.rfc4514_string()
    except ValueError:
        subject = ""
    ends = certificate.not_valid_after_utc
    return Described(
        certificate.fingerprint(hashes.SHA256()).hex(),
        subject,
        certificate.not_valid_before_utc,
        ends,
        _warning(ends, now),
    )


def _warning(ends: datetime, now: datetime) -> str | None:
    day = f"{ends.day} {ends:%B %Y}"
    if ends <= now:
        return f"This certificate ended on {day}. It still works here; replace it when the identity provider does."
    if ends - now <= SOON:
        days = max(1, (ends - now).days)
        return f"This certificate ends in {days} {'day' if days == 1 else 'days'}, on {day}: add the next one, too."
    return None
