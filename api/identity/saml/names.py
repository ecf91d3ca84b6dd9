"""The words of SAML 2.0 and of XML signatures that are used here. Data, nothing else."""

from __future__ import annotations

from typing import Final

PROTOCOL: Final = "urn:oasis:names:tc:SAML:2.0:protocol"
ASSERTION: Final = "urn:oasis:names:tc:SAML:2.0:assertion"
METADATA: Final = "urn:oasis:names:tc:SAML:2.0:metadata"
DSIG: Final = "http://www.w3.org/2000/09/xmldsig#"
XML: Final = "http://www.w3.org/XML/1998/namespace"
XSI: Final = "http://www.w3.org/2001/XMLSchema-instance"

EXCLUSIVE: Final = "http://www.w3.org/2001/10/xml-exc-c14n#"
"""Both the method of canonicalization and the namespace of its parameters (XML-EXC-C14N §3)."""
ENVELOPED: Final = "http://www.w3.org/2000/09/xmldsig#enveloped-signature"

HTTP_POST: Final = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"
HTTP_REDIRECT: Final = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"
BEARER: Final = "urn:oasis:names:tc:SAML:2.0:cm:bearer"
ENTITY: Final = "urn:oasis:names:tc:SAML:2.0:nameid-format:entity"

PERSISTENT: Final = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"
TRANSIENT: Final = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient"
EMAIL: Final = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress"
UNSPECIFIED: Final = "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified"

SUCCESS: Final = "urn:oasis:names:tc:SAML:2.0:status:Success"


def p(name: str) -> str:
    """An element of the protocol."""
    return f"{{{PROTOCOL}}}{name}"


def a(name: str) -> str:
    """An element of assertions."""
    return f"{{{ASSERTION}}}{name}"


def md(name: str) -> str:
    """An element of metadata."""
    return f"{{{METADATA}}}{name}"


def ds(name: str) -> str:
    """An element of a signature."""
    return f"{{{DSIG}}}{name}"
