"""Where a browser is sent after signing in: only ever to a page of ours."""

from __future__ import annotations

from urllib.parse import urlsplit

HOME = "/"


def local(given: str | None) -> str:
    """The path that was asked for, with its query; the first page for what leads elsewhere, or might."""
    if not given or not given.startswith("/") or given.startswith(("//", "/\\")) or len(given) > 2000:
        return HOME
    if any(ord(each) <= 0x20 or each == "\\" or ord(each) == 0x7F for each in given):
        return HOME
    parts = urlsplit(given)
    return HOME if parts.scheme or parts.netloc else given
