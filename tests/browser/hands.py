"""How somebody works a page: with a pointer, or with nothing but the keyboard."""

from __future__ import annotations

from dataclasses import dataclass

from playwright.async_api import Locator, Page

_FURTHEST = 200
_CHOICES = 10

_HAS_FOCUS = """
(each) => each.contains(document.activeElement)
  || (each.type === "radio" && document.activeElement.name === each.name)
"""


@dataclass(frozen=True, slots=True)
class Hands:
    """Does the same either way. By keyboard, whatever cannot be reached by Tab cannot be used."""

    page: Page
    by_keyboard: bool = False

    async def press(self, what: Locator) -> None:
        """A button, a link, or what unfolds."""
        if not self.by_keyboard:
            await what.click()
            return
        await self._reach(what)
        await self.page.keyboard.press("Enter")

    async def tick(self, what: Locator) -> None:
        """A box, or one of several choices."""
        if not self.by_keyboard:
            await what.check()
            return
        await self._reach(what)
        for key in ("Space", *["ArrowDown"] * _CHOICES):  # Tab leads to that one of several choices that is taken
            if await what.is_checked():
                return
            await self.page.keyboard.press(key)
        raise AssertionError(f"the keys do not lead to {what}")

    async def choose(self, what: Locator, label: str) -> None:
        """An entry of a list."""
        if not self.by_keyboard:
            await what.select_option(label=label)
            return
        await self._reach(what)
        await self.page.keyboard.type(label)
        assert await what.evaluate("(each) => each.selectedOptions[0].label") == label

    async def write(self, what: Locator, text: str) -> None:
        """A text, instead of what is there."""
        if not self.by_keyboard:
            await what.fill(text)
            return
        await self._reach(what)
        await self.page.keyboard.press("ControlOrMeta+a")
        await self.page.keyboard.type(text)

    def button(self, name: str) -> Locator:
        """A button by its words."""
        return self.page.get_by_role("button", name=name)

    def link(self, name: str) -> Locator:
        """A link by its words."""
        return self.page.get_by_role("link", name=name)

    async def _reach(self, what: Locator) -> None:
        if await what.evaluate("() => document.activeElement === document.body"):
            await self.page.keyboard.press("Tab")
            await self.page.keyboard.press("Enter")  # the first thing is the link that skips the navigation
        for _ in range(_FURTHEST):
            if await what.evaluate(_HAS_FOCUS):
                return
            await self.page.keyboard.press("Tab")
        raise AssertionError(f"Tab does not lead to {what}")
