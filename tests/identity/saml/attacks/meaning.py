"""Well signed, but for somebody else, of another time, or in answer to nothing that was asked here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta

from lxml import etree

from api.identity.saml.refusals import Why

from ..forging import (
    EXPECTED,
    HONEST,
    ISSUER,
    NOW,
    NS,
    REQUEST,
    SP,
    Answer,
    assertion_of,
    idp,
    parsed,
    sign,
    with_signed_assertion,
    with_signed_response,
)
from . import Attack

OTHER_SP = "https://rollcall.example.com/sso/7777/metadata"
OTHER_ACS = "https://rollcall.example.com/sso/7777/acs"


def _saying(**values: str) -> Callable[[], etree._Element]:
    """What the identity provider signed, which it never should have, or for somebody else."""
    return lambda: with_signed_assertion(_other(**values))


def _other(**values: str) -> Answer:
    return replace(HONEST, **values)  # type: ignore[arg-type]  # only texts are replaced here


def _edited(old: str, new: str, *, whole: bool = False) -> Callable[[], etree._Element]:
    """Signed after an edit; `whole` signs the response instead of the assertion."""

    def make() -> etree._Element:
        xml = HONEST.xml()
        assert old in xml
        root = parsed(xml.replace(old, new))
        sign(root if whole else assertion_of(root), idp())
        return root

    return make


def _afterwards(old: str, new: str) -> Callable[[], bytes]:
    """Edited where nothing is signed, after the assertion was."""

    def make() -> bytes:
        data = etree.tostring(with_signed_assertion())
        assert old.encode() in data
        return data.replace(old.encode(), new.encode(), 1)

    return make


def _signature_of_the_same_id() -> etree._Element:
    root = with_signed_assertion()
    signature = root.find(".//ds:Signature", NS)
    assert signature is not None
    signature.set("Id", HONEST.id)
    return root


def _between(start: str, end: str) -> str:
    xml = HONEST.xml()
    return start + xml.partition(start)[2].partition(end)[0] + end


_CONDITIONS = _between("<saml:Conditions", "</saml:Conditions>")
_RESTRICTION = _between("<saml:AudienceRestriction>", "</saml:AudienceRestriction>")
_CONFIRMATION = _between("<saml:SubjectConfirmation ", "</saml:SubjectConfirmation>")
_AUTHENTICATION = _between("<saml:AuthnStatement", "</saml:AuthnStatement>")
_NAME = _between("<saml:NameID", "</saml:NameID>")
_SUCCESS = '<samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/>'
_FAILED = (
    '<samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Responder">'
    '<samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:{}"/></samlp:StatusCode>'
)
_CM = "urn:oasis:names:tc:SAML:2.0:cm:"
_ANSWERS = f' InResponseTo="{REQUEST}"'
_UNASKED = replace(EXPECTED, request=None)

_M, _T, _A = Why.MISDIRECTED, Why.TIME, Why.UNASKED
ATTACKS: Sequence[Attack] = (
    Attack(150, "for another service provider", _saying(audience=OTHER_SP), _M, "Audience"),
    Attack(151, "for a service provider whose name begins like ours", _saying(audience=SP + "/x"), _M, "Audience"),
    Attack(152, "for nobody in particular", _edited(_RESTRICTION, ""), _M, "Audience"),
    Attack(153, "for an empty audience", _edited(f"<saml:Audience>{SP}</saml:Audience>", ""), _M, "Audience"),
    Attack(154, "without conditions", _edited(_CONDITIONS, ""), _M, "Conditions"),
    Attack(
        155,
        "for us and others, and also for others only",
        _edited(_RESTRICTION, _RESTRICTION + _RESTRICTION.replace(SP, OTHER_SP)),
        _M,
        "Audience",
    ),
    Attack(
        156,
        "under a condition that nobody knows",
        _edited(_RESTRICTION, _RESTRICTION + "<saml:Condition/>"),
        Why.UNSUPPORTED,
    ),
    Attack(157, "received for another connection", _saying(recipient=OTHER_ACS), _M, "Recipient"),
    Attack(158, "without a recipient", _edited(f'Recipient="{HONEST.recipient}"', ""), _M, "Recipient"),
    Attack(159, "sent to another connection", _saying(destination=OTHER_ACS), _M, "Destination"),
    Attack(
        160,
        "sent elsewhere, as the attacker wrote",
        _afterwards(f'Destination="{HONEST.destination}"', f'Destination="{OTHER_ACS}"'),
        _M,
        "Destination",
    ),
    Attack(
        161,
        "signed as a whole, and sent nowhere",
        _edited(f' Destination="{HONEST.destination}"', "", whole=True),
        _M,
        "Destination",
    ),
    Attack(162, "from another issuer", _saying(issuer=ISSUER + "/2"), _M, "Issuer"),
    Attack(
        163, "from another issuer on the outside", _saying(outer_issuer="https://mallory.example.net/"), _M, "Issuer"
    ),
    Attack(164, "from an issuer in other capitals", _saying(issuer=ISSUER.upper()), _M, "Issuer"),
    Attack(
        165,
        "from an issuer of another format",
        _edited(
            f"<saml:Issuer>{ISSUER}</saml:Issuer><saml:Subject>",
            f'<saml:Issuer Format="urn:example:other">{ISSUER}</saml:Issuer><saml:Subject>',
        ),
        _M,
        "Issuer",
    ),
    Attack(
        166,
        "from nobody",
        _edited(f"<saml:Issuer>{ISSUER}</saml:Issuer><saml:Subject>", "<saml:Subject>"),
        _M,
        "Issuer",
    ),
    Attack(167, "over", with_signed_assertion, _T, "over", replace(EXPECTED, now=NOW + timedelta(hours=1))),
    Attack(168, "for later", with_signed_assertion, _T, "later", replace(EXPECTED, now=NOW - timedelta(hours=1))),
    Attack(
        169,
        "issued in the future",
        _edited(f'IssueInstant="{HONEST.issued}"', 'IssueInstant="2026-11-26T13:00:00Z"'),
        _T,
        "later",
    ),
    Attack(
        170,
        "confirmed for a time that is over",
        _edited(f'NotOnOrAfter="{HONEST.ends}" InResponseTo', 'NotOnOrAfter="2026-11-26T11:00:00Z" InResponseTo'),
        _T,
        "over",
    ),
    Attack(
        171,
        "confirmed for ever",
        _edited(f'NotOnOrAfter="{HONEST.ends}" InResponseTo', "InResponseTo"),
        Why.FORM,
        "no time",
    ),
    Attack(
        172,
        "confirmed from later on",
        _edited(
            f'NotOnOrAfter="{HONEST.ends}" InResponseTo',
            f'NotBefore="2026-11-26T12:02:00Z" NotOnOrAfter="{HONEST.ends}" InResponseTo',
        ),
        _T,
        "later",
    ),
    Attack(
        173,
        "of a session that is over",
        _edited("<saml:AuthnStatement ", '<saml:AuthnStatement SessionNotOnOrAfter="2026-11-26T11:00:00Z" '),
        _T,
        "over",
    ),
    Attack(
        174,
        "of a sign-in in the future",
        _edited(f'AuthnInstant="{HONEST.issued}"', 'AuthnInstant="2026-11-26T12:10:00Z"'),
        _T,
        "later",
    ),
    Attack(175, "of no sign-in", _edited(_AUTHENTICATION, ""), Why.FORM, "AuthnStatement"),
    Attack(
        176,
        "a time in another zone",
        _edited(f'NotOnOrAfter="{HONEST.ends}"', 'NotOnOrAfter="2026-11-26T12:05:00+14:00"'),
        Why.FORM,
        "with a Z",
    ),
    Attack(
        177,
        "a time without a zone",
        _edited(f'NotOnOrAfter="{HONEST.ends}"', 'NotOnOrAfter="2026-11-26T12:05:00"'),
        Why.FORM,
        "with a Z",
    ),
    Attack(
        178,
        "a time that there is not",
        _edited(f'NotOnOrAfter="{HONEST.ends}"', 'NotOnOrAfter="2026-02-30T12:05:00Z"'),
        Why.FORM,
        "none that there is",
    ),
    Attack(179, "confirmed by nothing", _edited(_CONFIRMATION, ""), _M, "bearer"),
    Attack(180, "for whoever has a key", _edited(f"{_CM}bearer", f"{_CM}holder-of-key"), _M, "bearer"),
    Attack(181, "vouched for by the sender", _edited(f"{_CM}bearer", f"{_CM}sender-vouches"), _M, "bearer"),
    Attack(182, "in answer to another question", _saying(request="_other", outer_request="_other"), _A),
    Attack(183, "in answer to another question, as was signed", _saying(request="_other"), _A),
    Attack(184, "in answer to another question, outside", _saying(outer_request="_other"), _A),
    Attack(
        185,
        "in answer to none, as was signed",
        _edited(f'NotOnOrAfter="{HONEST.ends}"{_ANSWERS}', f'NotOnOrAfter="{HONEST.ends}"'),
        _A,
    ),
    Attack(186, "in answer to none", _edited(_ANSWERS, ""), _A),
    Attack(187, "in answer to something where nothing was asked", with_signed_assertion, _A, "", _UNASKED),
    Attack(
        188,
        "in answer to something where nothing was asked, as was signed",
        _edited(f'Destination="{HONEST.destination}"{_ANSWERS}', f'Destination="{HONEST.destination}"'),
        _A,
        "",
        _UNASKED,
    ),
    Attack(189, "a no with an assertion", _edited(_SUCCESS, _FAILED.format("AuthnFailed")), Why.DENIED, "AuthnFailed"),
    Attack(190, "a no that calls itself a success within", _edited(_SUCCESS, _FAILED.format("Success")), Why.DENIED),
    Attack(
        191,
        "a no in the attacker's own words",
        _edited(_SUCCESS, '<samlp:StatusCode Value="urn:call-0800-MALLORY"/>'),
        Why.DENIED,
        "a code that SAML does not have",
    ),
    Attack(192, "no status", _edited(f"<samlp:Status>{_SUCCESS}</samlp:Status>", ""), Why.FORM, "StatusCode"),
    Attack(193, "no name", _edited(_NAME, ""), Why.SUBJECT, "no NameID"),
    Attack(194, "two names", _edited(_NAME, _NAME + _NAME.replace("mallory-0007", "admin-0001")), Why.SUBJECT),
    Attack(
        195,
        "a name for this session only",
        _saying(form="urn:oasis:names:tc:SAML:2.0:nameid-format:transient"),
        Why.SUBJECT,
        "transient",
    ),
    Attack(196, "a name with a space before it", _saying(name=" admin-0001"), Why.SUBJECT),
    Attack(197, "a name with a character that nobody sees", _saying(name="admin-0001\u200b"), Why.SUBJECT),
    Attack(
        198,
        "an assertion of another version",
        _edited(
            'Version="2.0" IssueInstant="2026-11-26T12:00:00Z"><saml:Issuer>',
            'Version="1.1" IssueInstant="2026-11-26T12:00:00Z"><saml:Issuer>',
        ),
        Why.FORM,
        "SAML 2.0",
    ),
    Attack(199, "a response of another version", _afterwards('Version="2.0"', 'Version="3.0"'), Why.FORM, "SAML 2.0"),
    Attack(
        200,
        "a signed response of another connection of the same provider",
        lambda: with_signed_response(_other(audience=OTHER_SP, recipient=OTHER_ACS, destination=OTHER_ACS)),
        _M,
    ),
    Attack(
        201,
        "under conditions that are over",
        _edited(f'NotOnOrAfter="{HONEST.ends}"><saml:Aud', 'NotOnOrAfter="2026-11-26T11:59:00Z"><saml:Aud'),
        _T,
        "over",
    ),
    Attack(
        202,
        "an assertion of the future in a response of now",
        _edited(f'IssueInstant="{HONEST.issued}"><saml', 'IssueInstant="2026-11-26T13:00:00Z"><saml'),
        _T,
        "later",
    ),
    Attack(203, "one ID for response and assertion", _saying(id=HONEST.response_id), Why.FORM, "same id"),
    Attack(204, "the ID of the assertion on its signature", _signature_of_the_same_id, Why.FORM, "same id"),
)
