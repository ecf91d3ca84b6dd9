"""The Chromium that the tests drive.

    python -m tests.browser.chromium       its path; installs one where the machine has none

ROLLCALL_CHROMIUM names another. Tests install nothing: `make test` calls this before them.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from playwright.sync_api import sync_playwright

VARIABLE = "ROLLCALL_CHROMIUM"
ADVICE = (
    "There is no Chromium to test pages in. Install one (Debian: apt-get install chromium; Fedora: dnf install"
    " chromium; macOS: brew install --cask chromium), or run `.venv/bin/playwright install chromium`, or name one by"
    f" {VARIABLE}=/path/to/it."
)
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_OF_MACOS = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
_SECONDS_TO_START = 60
_SECONDS_TO_INSTALL = 900


class NoChromium(Exception):
    """None is there; the text says what to do."""


def find() -> str:
    """The path of the one that is to be used; raises NoChromium."""
    if chosen := os.environ.get(VARIABLE):
        if _runs(chosen):
            return chosen
        raise NoChromium(f"{VARIABLE} is {chosen}, but that cannot be run. {ADVICE}")
    for each in _candidates():
        if _runs(each):
            return each
    raise NoChromium(ADVICE)


def install() -> None:
    """Try to bring one onto this machine: the system's own where we are its administrator, or else Playwright's."""
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    if is_root and shutil.which("apt-get"):
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        _try(["apt-get", "update", "-qq"], quiet)
        # On Ubuntu this package brings no browser, but something that points elsewhere; hence the look afterwards.
        _try(["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium", "fonts-dejavu-core"], quiet)
        if any(map(_runs, _candidates())):
            return
    with_libraries = ["--with-deps"] if is_root and sys.platform == "linux" else []
    _try([sys.executable, "-m", "playwright", "install", *with_libraries, "chromium"], dict(os.environ))


def _candidates() -> Iterator[str]:
    yield from (found for name in _NAMES if (found := shutil.which(name)))
    yield from (path for path in _OF_MACOS if Path(path).exists())
    with sync_playwright() as playwright:
        bundled = playwright.chromium.executable_path
    if Path(bundled).exists():
        yield bundled


def _runs(path: str) -> bool:
    try:
        return not subprocess.run([path, "--version"], capture_output=True, timeout=_SECONDS_TO_START).returncode
    except (OSError, subprocess.TimeoutExpired):
        return False


def _try(command: Sequence[str], environment: dict[str, str]) -> None:
    print("Looking for a browser:", *command, file=sys.stderr)
    try:
        subprocess.run(command, env=environment, timeout=_SECONDS_TO_INSTALL, stdout=sys.stderr, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        print(error, file=sys.stderr)


def _found_or_installed() -> str:
    try:
        return find()
    except NoChromium:
        if os.environ.get(VARIABLE):
            raise
    install()
    return find()


if __name__ == "__main__":
    try:
        print(_found_or_installed())
    except NoChromium as none:
        sys.exit(str(none))
