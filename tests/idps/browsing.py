"""A browser that goes from Rollcall to an identity provider and back: cookies, redirects and forms, and no scripts."""

from __future__ import annotations

from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import urljoin

import httpx

from tests.conftest import BASE_URL

MOST_STEPS = 20


@dataclass(frozen=True, slots=True)
class Form:
    """A form of a page, with the fields that it fills in itself."""

    action: str
    method: str
    fields: dict[str, str]


class Traveller:
    """`app` is a client of the application, `web` one of everything else; both keep their cookies."""

    def __init__(self, app: httpx.AsyncClient, web: httpx.AsyncClient) -> None:
        self._app, self._web = app, web

    async def go(self, url: str, *, until: str | None = None) -> httpx.Response:
        """Open an address and follow redirects; one that begins with `until` is not opened any more."""
        answer = await self._client(url).get(url)
        return await self._follow(answer, until)

    async def send(self, page: httpx.Response, *, until: str | None = None, **filled: str) -> httpx.Response:
        """Fill in the first form of a page and send it."""
        form = forms(page)[0]
        url = urljoin(str(page.url), form.action)
        answer = await self._client(url).request(form.method, url, data=form.fields | filled)
        return await self._follow(answer, until)

    async def _follow(self, answer: httpx.Response, until: str | None) -> httpx.Response:
        for _ in range(MOST_STEPS):
            if not answer.has_redirect_location:
                return answer
            url = urljoin(str(answer.url), answer.headers["location"])
            if until is not None and url.startswith(until):
                return answer
            answer = await self._client(url).get(url)
        raise AssertionError("redirected without end")

    def _client(self, url: str) -> httpx.AsyncClient:
        return self._app if url.startswith(BASE_URL) or url.startswith("/") else self._web


def forms(page: httpx.Response) -> list[Form]:
    """The forms of a page."""
    reader = _Forms()
    reader.feed(page.text)
    assert reader.found, page.text
    return reader.found


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[Form] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.found.append(Form(said.get("action", ""), said.get("method", "get").upper(), {}))
        elif tag == "input" and self.found and "name" in said:
            self.found[-1].fields[said["name"]] = said.get("value", "")
