"""Amounts as people read them: how many of its minor units make one of a currency (ISO 4217). Pure."""

from __future__ import annotations

_WHOLE = frozenset(
    {
        "BIF",
        "CLP",
        "DJF",
        "GNF",
        "ISK",
        "JPY",
        "KMF",
        "KRW",
        "PYG",
        "RWF",
        "UGX",
        "UYI",
        "VND",
        "VUV",
        "XAF",
        "XOF",
        "XPF",
    }
)
_THOUSANDTHS = frozenset({"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"})


def decimals(currency: str | None) -> int:
    """How many digits stand behind the point; two also for a currency that is not known yet."""
    if currency in _WHOLE:
        return 0
    return 3 if currency in _THOUSANDTHS else 2


def decimal(minor: int, currency: str | None) -> str:
    """An amount in minor units as a decimal number, such as `30.00`."""
    places = decimals(currency)
    if places == 0:
        return str(minor)
    whole, rest = divmod(abs(minor), 10**places)
    return f"{'-' if minor < 0 else ''}{whole}.{rest:0{places}}"


def money(minor: int, currency: str) -> str:
    """An amount as people read it, such as `30.00 EUR`."""
    return f"{decimal(minor, currency)} {currency}"
