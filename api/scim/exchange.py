"""One SCIM request and its answer, and how both become the record of the request."""

from __future__ import annotations

import time
import uuid
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from urllib.parse import parse_qsl

import msgspec

from api.provisioning import clock
from api.provisioning.actor import Actor, directory_actor
from api.provisioning.decisions import Decision
from api.provisioning.decisions import to_json as decisions_json
from api.provisioning.directories import Settings, read_settings
from db.ids import RequestId, new_id
from db.rows import KeyRow, RequestRow

from .language.errors import InvalidSyntax
from .redaction import redacted_body, redacted_query, redacted_text
from .resource_types import ResourceTypes

MEDIA_TYPE = "application/scim+json"
_RESPONSE_KEPT = 16_384


@dataclass(slots=True)
class Answer:
    """What is sent back: a status, a body in one piece or streamed, and headers besides the media type.

    `is_recorded` tells that the record of the request was written together with what the request changed.
    """

    status: int
    body: bytes | AsyncIterator[bytes] | None = None
    headers: dict[str, str] = field(default_factory=dict)
    is_recorded: bool = False
    scim_type: str | None = None
    detail: str | None = None
    results: int | None = None
    decisions: Sequence[Decision] = ()


@dataclass
class Exchange:
    """A request as it was received, and who sent it once that is known."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    base_url: str
    max_body_bytes: int
    body: bytes = b""
    id: RequestId = field(default_factory=lambda: RequestId(new_id()))
    received_at: datetime = field(default_factory=clock.now)
    started: int = field(default_factory=time.perf_counter_ns)
    key: KeyRow | None = None
    types: ResourceTypes | None = None
    bulk_request: RequestId | None = None
    subject_key: str | None = None
    resource_type: str | None = None
    resource_id: uuid.UUID | None = None

    @cached_property
    def parameters(self) -> dict[str, str]:
        """Query parameters by lower-case name; of repeated ones the last counts."""
        if not self.query:
            return {}
        try:
            pairs = parse_qsl(self.query, keep_blank_values=True, errors="strict", max_num_fields=100)
        except ValueError as error:
            raise InvalidSyntax("The query of the URL is not percent-encoded UTF-8.") from error
        return {name.lower(): value for name, value in pairs}

    def json(self) -> object:
        """The body, decoded; raises InvalidSyntax for anything that is not one JSON value in UTF-8."""
        text = self.body.removeprefix(b"\xef\xbb\xbf")
        if not text.strip():
            raise InvalidSyntax("The request has no body; send a JSON object.")
        try:
            return msgspec.json.decode(text)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise InvalidSyntax(f"The body is not valid JSON in UTF-8: {error}.") from error
        except RecursionError as error:
            raise InvalidSyntax("The body is nested too deeply.") from error

    @cached_property
    def actor(self) -> Actor:
        """The directory that asks; only after it was let in."""
        assert self.key is not None
        return directory_actor(self.key.organization_id, self.key.directory_id)

    @cached_property
    def settings(self) -> Settings:
        """The policies of the directory that asks."""
        assert self.key is not None
        return read_settings(self.key.settings)

    def known_types(self) -> ResourceTypes:
        """The resource types of the organization, with the extensions that it registered."""
        assert self.types is not None
        return self.types

    def record(self, answer: Answer, decisions: Sequence[Decision] = ()) -> RequestRow:
        """The row that remembers this request and the answer to it."""
        assert self.key is not None
        return RequestRow(
            organization_id=self.key.organization_id,
            id=self.id,
            directory_id=self.key.directory_id,
            bulk_request_id=self.bulk_request,
            key_id=self.key.id,
            key_last_four=self.key.last_four,
            oauth_client_id=self.key.client_id,
            user_agent=_cut(_storable(redacted_text(self.headers.get("user-agent", ""))), 500),
            method=self.method,
            path=_cut(_storable(redacted_text(self.path)), 500) or "",
            query=_cut(_storable(redacted_query(self.query)), 4000),
            request_body=redacted_body(self.body),
            response_body=_kept(answer, self.method),
            status=answer.status,
            scim_type=answer.scim_type,
            detail=_storable(answer.detail),
            resource_type=self.resource_type,
            resource_id=self.resource_id,
            subject_key=_cut(_storable(self.subject_key), 500),
            results=answer.results,
            decisions=decisions_json(decisions or answer.decisions),
            duration_us=(time.perf_counter_ns() - self.started) // 1000,
            received_at=self.received_at,
        )


def _kept(answer: Answer, method: str) -> str | None:
    """What is kept of the answer: that of writes and refusals, if it is of sensible size."""
    if not isinstance(answer.body, bytes) or (method == "GET" and answer.status < 400):
        return None
    if len(answer.body) > _RESPONSE_KEPT:
        return f"(an answer of {len(answer.body)} bytes)"
    return redacted_text(answer.body.decode())


def _storable(text: str | None) -> str | None:
    """Text as PostgreSQL takes it: no NUL, no lone surrogates."""
    if not text:
        return None
    if text.isascii() and "\x00" not in text:
        return text
    return text.encode("utf-8", "replace").decode().replace("\x00", "\N{REPLACEMENT CHARACTER}")


def _cut(text: str | None, length: int) -> str | None:
    return text[:length] if text else None
