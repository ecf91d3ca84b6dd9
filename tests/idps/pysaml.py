"""An identity provider by pysaml2. It knows Rollcall by the metadata that a connection publishes."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from tests.identity.saml.forging import Signer

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it names ciphers that cryptography has moved elsewhere
    from saml2 import BINDING_HTTP_REDIRECT
    from saml2.config import IdPConfig
    from saml2.metadata import entity_descriptor
    from saml2.saml import NameID
    from saml2.server import Server

ENTITY_ID, SSO_URL = "https://pysaml2.example.com/idp", "https://pysaml2.example.com/sso"


@dataclass(frozen=True, slots=True)
class Answered:
    """What a browser is to bring back, and where."""

    acs_url: str
    response: str
    relay_state: str


class IdentityProvider:
    """It signs by pure Python (pyXMLSecurity), so no program has to be installed besides."""

    def __init__(self, folder: Path, signer: Signer, service_providers: Sequence[str] = ()) -> None:
        key, certificate = folder / "key.pem", folder / "certificate.pem"
        key.write_bytes(signer.key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption()))
        certificate.write_bytes(signer.certificate.public_bytes(Encoding.PEM))
        policy = {"lifetime": {"minutes": 5}, "name_form": "urn:oasis:names:tc:SAML:2.0:attrname-format:uri"}
        self._config = IdPConfig().load(
            {
                "entityid": ENTITY_ID,
                "crypto_backend": "XMLSecurity",
                "key_file": str(key),
                "cert_file": str(certificate),
                "metadata": {"inline": list(service_providers)},
                "service": {
                    "idp": {
                        "endpoints": {"single_sign_on_service": [(SSO_URL, BINDING_HTTP_REDIRECT)]},
                        "policy": {"default": policy},
                    }
                },
            }
        )
        self._server = Server(config=self._config)

    @property
    def metadata(self) -> str:
        """What it publishes of itself."""
        return str(entity_descriptor(self._config))

    def answer(self, location: str, name: Mapping[str, str], attributes: Mapping[str, Any], **chosen: Any) -> Answered:
        """What it answers to what a browser was sent to it with."""
        query = parse_qs(urlsplit(location).query)
        request = self._server.parse_authn_request(query["SAMLRequest"][0], BINDING_HTTP_REDIRECT)
        asked = self._server.response_args(request.message)
        made = self._server.create_authn_response(
            dict(attributes),
            userid="somebody",
            name_id=NameID(**name),
            authn={"class_ref": "urn:oasis:names:tc:SAML:2.0:ac:classes:Password", "authn_auth": ENTITY_ID},
            **{key: asked[key] for key in ("in_response_to", "destination", "sp_entity_id")},
            **chosen,
        )
        return Answered(asked["destination"], str(made), query["RelayState"][0])
