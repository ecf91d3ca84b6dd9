"""Looking at a page as a person does, and hearing all that the browser has to complain of."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Dialog, Page, Request, Response

DESKTOP, PHONE, NARROW = 1280, 390, 320
_HEIGHT = 800
Rules = tuple[str, list[str]]

RULES: Rules = ("tag", ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"])
"""WCAG 2.2 AA, and what else is good practice."""

COLOURS: Rules = ("rule", ["color-contrast", "link-in-text-block"])
"""What a theme can change."""

_HEAR_REFUSALS = """
document.addEventListener("securitypolicyviolation", (event) => {
  console.error(`CSP: ${event.violatedDirective} forbids ${event.blockedURI} (${event.sample})`);
});
"""

_TOO_WIDE = """
() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  const scrolls = (each) => { for (let up = each.parentElement; up; up = up.parentElement)
    if (getComputedStyle(up).overflowX !== "visible") return true; return false; };
  return [...document.body.querySelectorAll("*")]
    .filter((each) => each.getBoundingClientRect().right > width + 0.5 && !scrolls(each))
    .map((each) => `${each.tagName.toLowerCase()}.${each.className} to ${each.getBoundingClientRect().right}`)
    .slice(0, 5).concat(`the page is ${document.documentElement.scrollWidth} wide`);
}
"""

_AXE = """
async ([type, values]) => {
  const told = await axe.run({ exclude: ["#graphiql"] }, { runOnly: { type, values }, resultTypes: ["violations"] });
  return told.violations.flatMap(({ id, nodes }) => nodes.map(
    (node) => `${id}: ${node.target} ${node.html.slice(0, 160)} — ${node.failureSummary}`));
}
"""


@dataclass(eq=False)  # without slots: Playwright writes into whose methods listen
class Window:
    """A window of a browser, and what it complained of so far."""

    context: BrowserContext
    page: Page
    url: str
    complaints: list[str] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)

    async def go(self, path: str, *, status: int = 200) -> Page:
        """Load a page, to the end of all that it loads."""
        answer = await self.page.goto(self.url + path, wait_until="load")
        found = answer.status if answer else None
        if found != status:
            self.complaints.append(f"answered {found}")
        return self.page

    async def be(self, *, width: int | None = None, theme: str | None = None) -> None:
        """Change how the window is looked at."""
        if width is not None:
            await self.page.set_viewport_size({"width": width, "height": _HEIGHT})
        if theme is not None:
            await self.page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]  # light or dark

    async def too_wide(self) -> list[str]:
        """What makes the page scroll sideways."""
        found: list[str] = await self.page.evaluate(_TOO_WIDE)
        return found

    async def inaccessible(self, rules: Rules = RULES) -> list[str]:
        """What axe finds by these rules."""
        if not await self.page.evaluate("typeof axe === 'object'"):
            await self.page.evaluate(AXE_SCRIPT)
        found: list[str] = await self.page.evaluate(_AXE, list(rules))
        return found

    async def weight(self) -> int:
        """How many bytes came over the wire without pictures."""
        sizes = [await each.sizes() for each in self.requests if each.resource_type != "image"]
        return sum(each["responseBodySize"] + each["responseHeadersSize"] for each in sizes)

    def _hears(self, message: ConsoleMessage) -> None:
        # A page that is answered by 4xx complains of itself; whether that is right is known by whoever asked for it.
        if message.type in ("error", "warning") and "Failed to load resource" not in message.text:
            self.complaints.append(f"console: {message.text}")

    def _gets(self, answer: Response) -> None:
        if answer.status >= 400 and not answer.request.is_navigation_request():
            self.complaints.append(f"{answer.status} for {answer.url}")

    def _misses(self, request: Request) -> None:
        if request.failure != "net::ERR_ABORTED":  # what a page that is left does not wait for
            self.complaints.append(f"failed: {request.url} {request.failure}")

    async def _refuses(self, dialog: Dialog) -> None:
        self.complaints.append(f"a dialog: {dialog.message}")
        await dialog.dismiss()

    def listen(self) -> None:
        """Begin to hear complaints."""
        self.page.on("console", self._hears)
        self.page.on("pageerror", lambda error: self.complaints.append(f"script: {error}"))
        self.page.on("response", self._gets)
        self.page.on("request", lambda each: self.requests.append(each))
        self.page.on("requestfailed", self._misses)
        self.page.on("dialog", lambda dialog: asyncio.ensure_future(self._refuses(dialog)))


def signed_in(session: str) -> Mapping[str, str]:
    """The cookies of somebody with that session."""
    return {"rollcall-session": session}


@asynccontextmanager
async def window(
    browser: Browser, url: str, cookies: Mapping[str, str], *, width: int = DESKTOP, **more: Any
) -> AsyncIterator[Window]:
    """A window with these cookies; there may be no complaint at its end."""
    context = await browser.new_context(
        viewport={"width": width, "height": _HEIGHT}, reduced_motion="reduce", locale="en-GB", **more
    )
    try:
        await context.add_cookies([{"name": name, "value": value, "url": url} for name, value in cookies.items()])
        await context.add_init_script(_HEAR_REFUSALS)
        opened = Window(context, await context.new_page(), url)
        opened.listen()
        yield opened
        assert opened.complaints == []
    finally:
        await context.close()
