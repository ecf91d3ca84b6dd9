"""Whether a signed answer is about this sign-in: from whom, for whom, when, and in answer to what.

After SAML-CORE §2.4–2.5 and SAML-PROFILES §4.1.4.2–4.1.4.3. Only what was signed can speak for an answer; what was not
signed, such as the outside of a signed assertion, can only speak against it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from lxml import etree

from . import names, times
from .names import a, p
from .refusals import NotTaken, Why
from .signatures import Signed
from .texts import exact, stripped

_KNOWN_CONDITIONS = frozenset({a("AudienceRestriction"), a("OneTimeUse"), a("ProxyRestriction")})
_OTHER_BROWSER = "The assertion answers another question than the one that was asked here."


@dataclass(frozen=True, slots=True)
class Expected:
    """What an answer has to be: from `issuer`, to the service provider `audience` at `recipient`.

    `request` is the id of what it answers; None where nobody asked, and the connection allows that.
    """

    issuer: str
    audience: str
    recipient: str
    request: str | None
    now: datetime


@dataclass(frozen=True, slots=True)
class Judged:
    """An assertion that counts. Until `ends_at` it could be sent again, and has to be remembered."""

    assertion: etree._Element
    id: str
    name_id: etree._Element
    ends_at: datetime


def judge(signed: Signed, expected: Expected) -> Judged:
    """The assertion, if all of it is right; raises NotTaken."""
    assertion = signed.assertion
    if assertion.get("Version") != "2.0":
        raise NotTaken(Why.FORM, "The assertion is not of SAML 2.0.")
    _check_issuer(assertion.find(a("Issuer")), expected)
    times.check_begun(_required(assertion.get("IssueInstant")), expected.now)
    ends = _check_conditions(assertion.find(a("Conditions")), expected)
    name_id, confirmed_until = _check_subject(assertion.find(a("Subject")), expected)
    _check_authentication(assertion, expected)
    return Judged(assertion, str(assertion.get("ID")), name_id, times.over(max(ends, confirmed_until)))


def check_outside(response: etree._Element, expected: Expected, *, is_signed: bool) -> None:
    """What is on the Response itself: it need not be signed, so it is only looked at for what speaks against it."""
    if response.get("Version") != "2.0":
        raise NotTaken(Why.FORM, "The Response is not of SAML 2.0.")
    destination = response.get("Destination")
    # Where the Response is signed, the Destination has to be in it (SAML-BINDINGS §3.5.5.2).
    if destination != expected.recipient and (destination is not None or is_signed):
        raise NotTaken(Why.MISDIRECTED, "The Destination is not the ACS URL of this connection.")
    if response.get("InResponseTo") != expected.request:
        raise NotTaken(Why.UNASKED, "The Response answers another question than the one that was asked here.")
    times.check_begun(_required(response.get("IssueInstant")), expected.now)
    if (issuer := response.find(a("Issuer"))) is not None:
        _check_issuer(issuer, expected)
    _check_status(response.find(p("Status")))


def _check_status(status: etree._Element | None) -> None:
    code = status.find(p("StatusCode")) if status is not None else None
    if code is None:
        raise NotTaken(Why.FORM, "The Response has no StatusCode.")
    if code.get("Value") == names.SUCCESS:
        return
    inner = code.find(p("StatusCode"))
    said = _known_code(inner) or _known_code(code) or "a code that SAML does not have"
    raise NotTaken(Why.DENIED, f"The identity provider says no: {said}. Its own log tells why.")


def _known_code(code: etree._Element | None) -> str | None:
    """The last word of a code that SAML has; what else stands there is not repeated to anybody."""
    value = (code.get("Value") or "") if code is not None else ""
    word = value.removeprefix("urn:oasis:names:tc:SAML:2.0:status:")
    return word if word in _CODES else None


def _check_issuer(issuer: etree._Element | None, expected: Expected) -> None:
    if issuer is None or issuer.get("Format") not in (None, names.ENTITY) or stripped(issuer) != expected.issuer:
        raise NotTaken(Why.MISDIRECTED, "The Issuer is not the identity provider of this connection.")


def _check_conditions(conditions: etree._Element | None, expected: Expected) -> datetime:
    if conditions is None:
        raise NotTaken(Why.MISDIRECTED, "The assertion has no Conditions, so it says not for whom it is.")
    if any(each.tag not in _KNOWN_CONDITIONS for each in conditions):
        # What is not understood makes an assertion indeterminate (SAML-CORE §2.5.1.1).
        raise NotTaken(Why.UNSUPPORTED, "The assertion has a condition that Rollcall does not know.")
    times.check_begun(times.read(conditions.get("NotBefore")), expected.now)
    ends = times.read(conditions.get("NotOnOrAfter"))
    times.check_lasting(ends, expected.now)
    restrictions = conditions.findall(a("AudienceRestriction"))
    if not restrictions or not all(_is_among(each, expected.audience) for each in restrictions):
        raise NotTaken(Why.MISDIRECTED, "The Audience is not the entity id of this connection.")
    return ends or expected.now


def _is_among(restriction: etree._Element, audience: str) -> bool:
    return any(stripped(each) == audience for each in restriction.findall(a("Audience")))


def _check_subject(subject: etree._Element | None, expected: Expected) -> tuple[etree._Element, datetime]:
    found = subject.findall(a("NameID")) if subject is not None else []
    if subject is None or len(found) != 1:
        raise NotTaken(Why.SUBJECT, "The assertion has no NameID: let the identity provider send one.")
    exact(found[0])
    bearers = [each for each in subject.findall(a("SubjectConfirmation")) if each.get("Method") == names.BEARER]
    if not bearers:
        raise NotTaken(Why.MISDIRECTED, "The assertion is for nobody who just carries it (bearer).")
    problems: list[NotTaken] = []
    for bearer in bearers:
        try:
            _check_confirmed(bearer.find(a("SubjectConfirmationData")), expected)
        except NotTaken as error:
            problems.append(error)
    if len(problems) == len(bearers):
        raise problems[0]
    # One that does not hold yet may hold when the others are over, and then the assertion could come again.
    ends = [times.read(each.get("NotOnOrAfter")) for each in subject.iter(a("SubjectConfirmationData"))]
    return found[0], max(end for end in ends if end is not None)


def _check_confirmed(data: etree._Element | None, expected: Expected) -> None:
    """Raise NotTaken unless the bearer is believed now (SAML-PROFILES §4.1.4.2)."""
    if data is None or data.get("Recipient") != expected.recipient:
        raise NotTaken(Why.MISDIRECTED, "The Recipient is not the ACS URL of this connection.")
    if data.get("InResponseTo") != expected.request:
        raise NotTaken(Why.UNASKED, _OTHER_BROWSER)
    times.check_lasting(_required(data.get("NotOnOrAfter")), expected.now)
    times.check_begun(times.read(data.get("NotBefore")), expected.now)


def _check_authentication(assertion: etree._Element, expected: Expected) -> None:
    statements = assertion.findall(a("AuthnStatement"))
    if not statements:
        raise NotTaken(Why.FORM, "The assertion does not say that anybody signed in (AuthnStatement).")
    for statement in statements:
        times.check_begun(_required(statement.get("AuthnInstant")), expected.now)
        times.check_lasting(times.read(statement.get("SessionNotOnOrAfter")), expected.now)


def _required(text: str | None) -> datetime:
    at = times.read(text)
    if at is None:
        raise NotTaken(Why.FORM, "The answer has no time where SAML wants one.")
    return at


# SAML-CORE §3.2.2.2.
_CODES = frozenset(
    {
        "Requester",
        "Responder",
        "VersionMismatch",
        "AuthnFailed",
        "InvalidAttrNameOrValue",
        "InvalidNameIDPolicy",
        "NoAuthnContext",
        "NoAvailableIDP",
        "NoPassive",
        "NoSupportedIDP",
        "PartialLogout",
        "ProxyCountExceeded",
        "RequestDenied",
        "RequestUnsupported",
        "RequestVersionDeprecated",
        "RequestVersionTooHigh",
        "RequestVersionTooLow",
        "ResourceNotRecognized",
        "TooManyResponses",
        "UnknownAttrProfile",
        "UnknownPrincipal",
        "UnsupportedBinding",
    }
)
