"""Certificates: which are taken, and what is said of them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from api.identity.saml import certificates
from api.identity.saml.certificates import BadCertificate

from .forging import NOW, Signer, certificate, idp, signer


def pem(*of: Signer) -> str:
    return "".join(each.certificate.public_bytes(Encoding.PEM).decode() for each in of)


def test_one_or_several_are_read_each_once() -> None:
    other = signer("other.example.com")
    assert certificates.read(f"Certificates:\n{pem(idp(), other, idp())}") == [idp().certificate, other.certificate]
    assert certificates.read(f"  {idp().base64[:64]}\n{idp().base64[64:]}\n") == [idp().certificate]
    assert certificates.read(certificates.text(idp().certificate)) == [idp().certificate]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "no certificate"),
        ("hello", "no X.509 certificate"),
        ("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----", "no X.509 certificate"),
        (pem(idp()).replace("CERTIFICATE", "PRIVATE KEY"), "no X.509 certificate"),
        ("A" * 100_000, "longer"),
        (pem(signer("weak.example.com", bits=1024)), "RSA of 2048"),
        (pem(*(signer(f"{number}.example.com") for number in range(5))), "more than 4"),
    ],
)
def test_what_is_no_certificate_that_can_be_used(text: str, told: str) -> None:
    with pytest.raises(BadCertificate, match=told):
        certificates.read(text)


def test_curves_that_signatures_may_be_of() -> None:
    for curve, is_taken in ((ec.SECP384R1(), True), (ec.SECP256K1(), False)):
        text = certificate(ec.generate_private_key(curve), "c").public_bytes(Encoding.PEM).decode()
        if is_taken:
            assert certificates.read(text)
            continue
        with pytest.raises(BadCertificate, match="P-256"):
            certificates.read(text)


@pytest.mark.parametrize(
    ("days", "told"),
    [
        (31, None),
        (30, "ends in 30 days, on 26 December 2026"),
        (1, "ends in 1 day"),
        (0, "ended on 26 November 2026"),
        (-400, "still works"),
    ],
)
def test_admins_are_warned_of_an_end(days: int, told: str | None) -> None:
    ends = NOW + timedelta(days=days)
    described = certificates.describe(signer("ends.example.com", ends=ends).certificate, NOW)
    assert described.ends_at == ends
    assert (described.warning is None) if told is None else (told in (described.warning or ""))
