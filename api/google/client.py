"""Reading users, groups and members from the Directory API of Google's Admin SDK.

A service account with domain-wide delegation reads in the name of an administrator (developers.google.com,
“Using OAuth 2.0 for server to server applications”; “Directory API”).
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import httpx
import msgspec
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey

from api.provisioning.errors import BadSetting

SCOPES = (
    "https://www.googleapis.com/auth/admin.directory.user.readonly",
    "https://www.googleapis.com/auth/admin.directory.group.readonly",
)
"""What the service account has to be allowed in Google's Admin console."""

USERS_AT_ONCE, GROUPS_AT_ONCE, MEMBERS_AT_ONCE = 500, 200, 200
"""The most that Google gives on a page."""

_TOKEN_URL = "https://oauth2.googleapis.com/token"
_API_URL = "https://admin.googleapis.com"
_TIMEOUT = httpx.Timeout(30.0)
_TRIES = 5
_MOST_BYTES = 32_000_000
_AGAIN = frozenset({429, 500, 502, 503, 504})
_BUSY = frozenset({"rateLimitExceeded", "userRateLimitExceeded", "quotaExceeded", "backendError"})


class GoogleProblem(Exception):
    """Google did not answer as it should; the text is for people, `status` that of its answer."""

    def __init__(self, text: str, status: int = 502) -> None:
        super().__init__(text)
        self.status = status


class ServiceAccount(msgspec.Struct, frozen=True):
    """What of a service account's key file is needed; its address, and its private key in PEM."""

    type: str
    client_email: str
    private_key: str
    private_key_id: str = ""

    def __repr__(self) -> str:
        return f"ServiceAccount({self.client_email!r})"


def read_key_file(text: str | bytes) -> ServiceAccount:
    """A service account from the JSON file that Google gives; raises BadSetting."""
    try:
        found = msgspec.json.decode(text, type=ServiceAccount)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        raise BadSetting(
            "This is no key file of a service account: it is to be the JSON file that Google gave."
        ) from None
    if found.type != "service_account":
        raise BadSetting(f"This is the key file of a {found.type!r}; a service account's is needed.")
    try:
        RSAKey.import_key(found.private_key)
    except (JoseError, ValueError):
        raise BadSetting(
            "The private key in this key file cannot be read. Make a new key, and take its file."
        ) from None
    return found


@dataclass(frozen=True, slots=True)
class Endpoints:
    """Where Google is; tests have their own."""

    token_url: str = _TOKEN_URL
    api_url: str = _API_URL


class Google:
    """Reads one customer's directory; to be used as a context."""

    def __init__(self, account: ServiceAccount, admin_email: str, customer: str, places: Endpoints) -> None:
        self._account, self._admin_email, self._customer, self._places = account, admin_email, customer, places
        self._http = httpx.AsyncClient(timeout=_TIMEOUT, trust_env=False, follow_redirects=False)
        self._token, self._token_ends = "", 0.0

    async def __aenter__(self) -> Google:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._http.aclose()

    def users(self, query: str) -> AsyncIterator[list[dict[str, Any]]]:
        """Pages of users, suspended ones too, with their own schemas; raises GoogleProblem."""
        more = {"query": query} if query else {}
        asked = {"customer": self._customer, "maxResults": USERS_AT_ONCE, "projection": "full", "orderBy": "email"}
        return self._pages("users", "users", {**asked, **more})

    def groups(self) -> AsyncIterator[list[dict[str, Any]]]:
        """Pages of groups."""
        return self._pages("groups", "groups", {"customer": self._customer, "maxResults": GROUPS_AT_ONCE})

    async def members(self, group: str) -> list[dict[str, Any]]:
        """The direct members of a group by its id."""
        path = f"groups/{quote(group, safe='')}/members"
        pages = self._pages(path, "members", {"maxResults": MEMBERS_AT_ONCE})
        return [member async for page in pages for member in page]

    async def _pages(self, path: str, name: str, query: dict[str, Any]) -> AsyncIterator[list[dict[str, Any]]]:
        token = None
        while True:
            found = await self._get(path, {**query, **({"pageToken": token} if token else {})})
            some = found.get(name) or []
            if not isinstance(some, list) or not all(isinstance(each, dict) for each in some):
                raise GoogleProblem(f"Google's list of {name} makes no sense.")
            yield some
            following = found.get("nextPageToken")
            if not following:
                return
            if following == token:
                raise GoogleProblem(f"Google's list of {name} goes round in circles.")
            token = following

    async def _get(self, path: str, query: dict[str, Any]) -> dict[str, Any]:
        url, is_renewed = f"{self._places.api_url}/admin/directory/v1/{path}", False
        for number in range(_TRIES):
            headers = {"Authorization": f"Bearer {await self._access()}", "Accept": "application/json"}
            answer = await self._sent(self._http.build_request("GET", url, params=query, headers=headers))
            if answer.status_code == 200:
                return _object(answer)
            if answer.status_code == 401 and not is_renewed:
                self._token, is_renewed = "", True
                continue
            reasons = _reasons(answer)
            if (answer.status_code not in _AGAIN and not reasons & _BUSY) or number == _TRIES - 1:
                raise _refused(answer, reasons, path)
            await asyncio.sleep(_pause(answer, number))
        raise GoogleProblem("Google takes no token of the service account.", 401)

    async def _access(self) -> str:
        """An access token that still lives for a minute."""
        if self._token and time.monotonic() < self._token_ends - 60:
            return self._token
        now = int(time.time())
        claims = {
            "iss": self._account.client_email,
            "sub": self._admin_email,
            "scope": " ".join(SCOPES),
            "aud": _TOKEN_URL,
            "iat": now,
            "exp": now + 3600,
        }
        head = {"alg": "RS256", "typ": "JWT", "kid": self._account.private_key_id}
        assertion = jwt.encode(head, claims, RSAKey.import_key(self._account.private_key), algorithms=["RS256"])
        form = {"grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer", "assertion": assertion}
        answer = await self._sent(self._http.build_request("POST", self._places.token_url, data=form))
        if answer.status_code != 200:
            raise _no_token(answer, self._account.client_email)
        found = _object(answer)
        token, seconds = found.get("access_token"), found.get("expires_in")
        if not isinstance(token, str) or not isinstance(seconds, int):
            raise GoogleProblem("Google's answer to the service account makes no sense.")
        self._token, self._token_ends = token, time.monotonic() + seconds
        return token

    async def _sent(self, request: httpx.Request) -> httpx.Response:
        try:
            answer = await self._http.send(request, stream=True)
            try:
                body = b""
                async for piece in answer.aiter_bytes():
                    body += piece
                    if len(body) > _MOST_BYTES:
                        raise GoogleProblem("Google's answer has no end.")
            finally:
                await answer.aclose()
        except httpx.HTTPError as error:
            raise GoogleProblem(f"Google cannot be reached: {type(error).__name__}. It is tried again.", 503) from None
        return httpx.Response(answer.status_code, headers=answer.headers, content=body, request=request)


def _object(answer: httpx.Response) -> dict[str, Any]:
    try:
        return msgspec.json.decode(answer.content, type=dict[str, Any])
    except msgspec.MsgspecError:
        raise GoogleProblem("Google's answer is no JSON object.") from None


def _reasons(answer: httpx.Response) -> set[str]:
    """Why Google refused, in its own words (`error.errors[].reason`)."""
    try:
        error = _object(answer).get("error")
        listed = error.get("errors") if isinstance(error, dict) else None
        return {str(each.get("reason")) for each in listed or [] if isinstance(each, dict)}
    except GoogleProblem:
        return set()


def _refused(answer: httpx.Response, reasons: set[str], path: str) -> GoogleProblem:
    status, said = answer.status_code, ", ".join(sorted(reasons)) or answer.reason_phrase
    if status in (401, 403) and not reasons & _BUSY:
        text = (
            f"Google does not let the service account read {path.partition('/')[0]} ({said}). In the Admin console,"
            " Security › Access and data control › API controls › Domain-wide delegation, its client ID needs the"
            f" scopes {' and '.join(SCOPES)}; and the administrator has to be one who may read users and groups."
        )
    elif status == 404:
        text = f"Google knows no {path} ({said}). Look whether the customer id is right."
    elif status == 400:
        text = (
            f"Google does not understand what is asked for ({said}). Look at the search for users and the customer id."
        )
    else:
        text = f"Google answers {status} ({said}). It is tried again."
    return GoogleProblem(text, status)


def _no_token(answer: httpx.Response, client_email: str) -> GoogleProblem:
    try:
        found = _object(answer)
    except GoogleProblem:
        found = {}
    error, described = str(found.get("error", "")), str(found.get("error_description", ""))[:200]
    if error == "unauthorized_client":
        return GoogleProblem(
            f"{client_email} may not act for this administrator ({described}). Allow its client ID the scopes"
            f" {' and '.join(SCOPES)} in the Admin console under Domain-wide delegation; that may take minutes.",
            401,
        )
    if error == "invalid_grant":
        return GoogleProblem(
            f"Google does not take the key of {client_email} or the administrator's address ({described}). Look whether"
            " the key was deleted, the address is that of an administrator, and this machine's clock is right.",
            401,
        )
    return GoogleProblem(
        f"Google gives {client_email} no token: {error or answer.status_code} {described}".strip(), 401
    )


def _pause(answer: httpx.Response, number: int) -> float:
    """Seconds until the next try: twice as long each time, or what Google asks for."""
    asked = answer.headers.get("retry-after", "")
    return min(60.0, float(asked)) if asked.isdecimal() else 2**number * random.uniform(0.5, 1.0)
