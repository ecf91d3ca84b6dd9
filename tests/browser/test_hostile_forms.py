"""Every form of every page, filled with what tries to break out of the page that answers; what was typed is kept."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser, Page, Response

from . import addresses
from .looking import NARROW, Window, window
from .place import Place
from .test_hostile import FOREIGN
from .world import World

_FORMS = """
() => [...document.forms].filter((form) => form.querySelector(FIELDS) || form.querySelector("textarea"))
  .map((form) => [...document.forms].indexOf(form))
""".replace("FIELDS", '"input:not([type=hidden], [type=checkbox], [type=radio], [type=file], [type=password])"')

# A copy of the form: htmx does not listen to it, so that the browser sends it, and shows what comes whole.
_SEND = """
([number, text]) => {
  const form = document.forms[number].cloneNode(true);
  const skipped = ["hidden", "checkbox", "radio", "file", "password"];
  const typed = [];
  for (const each of form.querySelectorAll("input, textarea")) {
    if (skipped.includes(each.type)) continue;
    const type = each.type;
    if (each.tagName === "INPUT") each.type = "text";
    each.value = type === "number" ? "-99999999999999999999" : `${text}${typed.length}`;
    // A field for days can show nothing else, a code is written anew, and keys of others are told to nobody.
    if (type !== "date" && each.autocomplete !== "one-time-code" && each.name !== "key_file") typed.push(each.value);
  }
  form.noValidate = true;
  document.body.append(form);
  const button = form.querySelector("button:not([type=button], :disabled)");
  setTimeout(() => button ? form.requestSubmit(button) : form.submit(), 0);
  return typed;
}
"""
_VALUES = "() => [...document.querySelectorAll('main input, main textarea')].map((each) => each.value)"

HOSTILE = (
    "مرحبا \u202e😀 \"'></textarea></title><script>alert(1)</script><img src=x onerror=alert(2)> " + "w" * 90 + " "
)
"""It breaks out, is read from the right, has signs of two units, and is longer than a phone is wide."""

_ANSWERS = {200, 400, 404, 413, 422, 429}


@pytest.mark.parametrize("path", addresses.paths())
async def test_a_form_that_is_filled_with_anything_does_nothing_and_keeps_it(
    path: str, chrome: Browser, served: Place, spent: World, operators_session: str
) -> None:
    """No script runs, no mark-up breaks, nothing is too wide; what is refused stands in the form as it was typed."""
    troubles: list[str] = []
    for address in addresses.of(path, spent, operators_session):
        async with window(chrome, served.url, address.cookies, width=NARROW) as seen:
            page = await seen.go(address.path)
            seen.complaints.clear()  # whether it is there and well is judged by test_every_page
            for number in await page.evaluate(_FORMS):
                page = await seen.go(address.path)
                if number not in await page.evaluate(_FORMS):
                    continue  # a form before it was carried out, and the page has others now
                action = await page.evaluate("(number) => document.forms[number].getAttribute('action')", number)
                typed, answer = await _send(page, number)
                found = await _judged(seen, typed, answer)
                troubles += [f"{address.path} → {action}: {each}" for each in found]
                seen.complaints.clear()
            troubles += [f"{address.path}: {each}" for each in seen.complaints]
            seen.complaints.clear()
    assert not troubles, "\n".join(troubles)


async def _send(page: Page, number: int) -> tuple[list[str], Response]:
    async with page.expect_navigation(timeout=15_000) as arrived:
        typed: list[str] = await page.evaluate(_SEND, [number, HOSTILE])
    answer = await arrived.value
    assert answer is not None
    return typed, answer


async def _judged(seen: Window, typed: list[str], answer: Response) -> list[str]:
    page = seen.page
    found = [*seen.complaints, *await seen.too_wide()]
    if answer.status not in _ANSWERS:
        found.append(f"answered {answer.status}")
    if await page.locator(FOREIGN).count():
        found.append("something broke out")
    if await page.locator("h1").count() != 1:
        found.append("no heading, or several")
    if answer.status in (400, 422):
        kept = await page.evaluate(_VALUES)
        lost = [each for each in typed if each.strip() not in kept]
        if answer.status == 400 or lost:
            found.append(f"{answer.status}, lost {len(lost)} of {len(typed)} typed")
    return found
