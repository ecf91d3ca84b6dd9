"""Metadata: reading an identity provider's, and writing that of the service provider of a connection.

Signatures of metadata are not verified: an admin has uploaded it, or it came by HTTPS from the URL that an admin chose.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from lxml import etree

from api.provisioning.errors import BadSetting

from . import certificates, documents, names, times
from .certificates import BadCertificate
from .documents import Limits
from .names import ds, md
from .refusals import NotTaken
from .requests import Provider

MOST_BYTES = 1_048_576
"""ADFS writes a hundred thousand bytes, with every claim that it knows."""

_LIMITS = Limits(MOST_BYTES, 20_000, are_comments_dropped=True)
_MOST_URL = 2_000
_LONGEST_ID = 1_024
_ROLE = md("IDPSSODescriptor")
_THIS_MACHINE = ("localhost", "127.0.0.1", "::1")


class BadMetadata(BadSetting):
    """Metadata that cannot be used; the text says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Described:
    """What metadata says of an identity provider; certificates in PEM. `remarks` are for the admin."""

    entity_id: str
    sso_url: str
    certificates: tuple[str, ...]
    remarks: tuple[str, ...] = ()


def read(data: bytes, now: datetime) -> Described:
    """Read the metadata of an identity provider; raises BadMetadata."""
    try:
        root = documents.parse(data, _LIMITS)
        entity = _entity(root)
        role = _role(entity)
        _check_valid((root, entity, role), now)
    except NotTaken as problem:
        raise BadMetadata(f"This metadata cannot be read. {problem}") from None
    entity_id = (entity.get("entityID") or "").strip()
    if not entity_id or len(entity_id) > _LONGEST_ID:
        raise BadMetadata("The metadata has no entityID, or a very long one.")
    found, left_out = _certificates(role)
    if not found:
        raise BadMetadata(f"The metadata has no signing certificate that can be used. {left_out}".strip())
    remarks = [left_out] if left_out else []
    if role.get("WantAuthnRequestsSigned") in ("true", "1"):
        remarks.append(
            "The identity provider may want signed requests, which Rollcall does not send: switch that off for it."
        )
    return Described(entity_id, _sso_url(role), tuple(found), tuple(remarks))


def write(provider: Provider) -> bytes:
    """The metadata of a connection's service provider, for the identity provider to read (SAML-METADATA §2.4.4)."""
    root = etree.Element(md("EntityDescriptor"), nsmap={"md": names.METADATA}, entityID=provider.entity_id)
    role = etree.SubElement(
        root,
        md("SPSSODescriptor"),
        AuthnRequestsSigned="false",
        WantAssertionsSigned="true",
        protocolSupportEnumeration=names.PROTOCOL,
    )
    for form in (names.PERSISTENT, names.EMAIL, names.UNSPECIFIED):
        etree.SubElement(role, md("NameIDFormat")).text = form
    etree.SubElement(
        role,
        md("AssertionConsumerService"),
        Binding=names.HTTP_POST,
        Location=provider.acs_url,
        index="0",
        isDefault="true",
    )
    return etree.tostring(root, encoding="utf-8", xml_declaration=True, pretty_print=True)


def checked_url(url: str, what: str = "The SSO URL") -> str:
    """A URL that browsers may be sent to; raises BadMetadata. Without TLS only to this machine, to try things."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port = None, None
    is_safe = host is not None and (parts.scheme == "https" or (parts.scheme == "http" and host in _THIS_MACHINE))
    if not is_safe or port == 0 or len(url) > _MOST_URL or not url.isascii() or not url.isprintable() or " " in url:
        raise BadMetadata(f"{what} must begin with https:// and a host name.")
    return url


def _entity(root: etree._Element) -> etree._Element:
    if root.tag == md("EntityDescriptor"):
        return root
    found = [each for each in root.iter(md("EntityDescriptor")) if each.find(_ROLE) is not None]
    if root.tag != md("EntitiesDescriptor") or not found:
        raise BadMetadata("This is no SAML 2.0 metadata of an identity provider (EntityDescriptor).")
    if len(found) > 1:
        raise BadMetadata("The metadata is of more than one identity provider. Give that of the one to sign in by.")
    return found[0]


def _role(entity: etree._Element) -> etree._Element:
    role = next((each for each in entity.findall(_ROLE) if names.PROTOCOL in _protocols(each)), None)
    if role is not None:
        return role
    if entity.find(md("SPSSODescriptor")) is not None:
        raise BadMetadata("This is the metadata of a service provider. Give that of the identity provider.")
    raise BadMetadata("The metadata has no identity provider that speaks SAML 2.0 (IDPSSODescriptor).")


def _protocols(role: etree._Element) -> list[str]:
    return (role.get("protocolSupportEnumeration") or "").split()


def _check_valid(parts: Sequence[etree._Element], now: datetime) -> None:
    ends = [times.read(part.get("validUntil")) for part in parts]
    if any(end is not None and end <= now for end in ends):
        raise BadMetadata("The metadata is out of date (validUntil). Fetch it anew from the identity provider.")


def _sso_url(role: etree._Element) -> str:
    services = role.findall(md("SingleSignOnService"))
    for service in services:
        if service.get("Binding") == names.HTTP_REDIRECT:
            return checked_url((service.get("Location") or "").strip())
    raise BadMetadata("The identity provider has no SingleSignOnService with the binding HTTP-Redirect.")


def _certificates(role: etree._Element) -> tuple[list[str], str]:
    """The signing certificates, in their order, and why others were left out."""
    found, problem = [], ""
    for key in role.findall(md("KeyDescriptor")):
        # What follows the first one are those who vouch for it, and nobody who signs answers.
        element = next(key.iter(ds("X509Certificate")), None)
        if key.get("use") not in (None, "signing") or element is None:
            continue
        try:
            found.append(certificates.one(element.text or ""))
        except BadCertificate as error:
            problem = f"A certificate was left out. {error}"
    distinct = list(dict.fromkeys(found))
    if len(distinct) > certificates.MOST:
        problem = f"Only the first {certificates.MOST} certificates were taken."
    return [certificates.text(each) for each in distinct[: certificates.MOST]], problem
