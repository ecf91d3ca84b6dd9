"""Forms: read with a limit, and only from pages of ours (CSRF).

A form is refused when the browser says that another site sent it, and when it lacks the token that is bound to the
session, or before there is one to the browser.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl

from litestar.datastructures import UploadFile
from litestar.exceptions import ClientException, PermissionDeniedException

from api.identity.sessions import is_form_token
from api.sign_in import origins

from .visits import Visit

MOST_BYTES = 2_000_000
_URLENCODED = "application/x-www-form-urlencoded"

FIELD = "form_token"


@dataclass(frozen=True, slots=True)
class Form:
    """What somebody sent: texts by the names of the fields, each as often as it was sent."""

    values: Mapping[str, Sequence[str]]

    def text(self, name: str) -> str:
        """A field's text without blanks around it, empty if there was none."""
        return self.values.get(name, [""])[-1].strip()

    def maybe(self, name: str) -> str | None:
        """A field's text, None for an empty one."""
        return self.text(name) or None

    def all(self, name: str) -> list[str]:
        """All texts of a field that can be chosen several times."""
        return list(self.values.get(name, []))

    def is_on(self, name: str) -> bool:
        """Whether a box is ticked."""
        return bool(self.text(name))

    def number(self, name: str) -> int | None:
        """A whole number, None for an empty field; raises ClientException for anything else."""
        found = self.text(name)
        if found and not re.fullmatch(r"-?\d{1,15}", found):
            raise ClientException(f"{name} has to be a whole number.")
        return int(found) if found else None


async def read(visit: Visit) -> Form:
    """The form of a request; raises PermissionDeniedException for one that no page of ours has sent."""
    request = visit.request
    if not origins.is_ours(request, visit.settings):
        raise PermissionDeniedException("Another site sent this form. Nothing was done.")
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type == "multipart/form-data":
        sent = await request.form()
        pairs = [(name, await _text(value)) for name, value in sent.multi_items()]
    elif media_type == _URLENCODED:
        body = await request.body()
        if len(body) > MOST_BYTES:
            raise ClientException("This form is too long.", status_code=413)
        pairs = parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=20_000)
    else:
        raise ClientException("Send a form.", status_code=415)
    values: dict[str, list[str]] = {}
    for name, value in pairs:
        values.setdefault(name, []).append(value.replace("\x00", ""))
    token = visit.token or visit.browser_secret
    if token is None or not is_form_token(token, values.get(FIELD, [""])[-1]):
        raise PermissionDeniedException("This form is of an older page. Load the page again, and send it once more.")
    return Form(values)


async def _text(value: object) -> str:
    """A field as text, and so is a file; what spreadsheets save without saying how is taken as Windows has it."""
    if not isinstance(value, UploadFile):
        return str(value)
    content = await value.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise ClientException("This file is too long. Cut it into several.", status_code=413)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")
