"""How an installation is configured, as whoever runs it may read it: what every variable says, and no secret. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from api.settings import VARIABLES, Mailbox, Settings, SmtpServer


@dataclass(frozen=True, slots=True)
class Line:
    """A variable: what it means, and what it says here; `is_usual` where that is what it says by itself."""

    name: str
    meaning: str
    value: str
    is_usual: bool


SECTIONS: Mapping[str, Sequence[str]] = {
    "Mail": (
        "smtp", "smtp_allow_plain", "mail_from", "mail_reply_to", "operator_mail", "purchase_summary_hour", "mailbox",
    ),
    "Billing and seats": ("plans", "billing", "stripe_url", "seat_type_urn"),
    "Addresses and networks": ("public_url", "host", "port", "trusted_proxies", "allow_networks", "dns_resolvers"),
    "Processes and limits": (
        "workers", "with_worker", "worker_concurrency", "connections", "max_body_bytes", "api_points_per_second",
    ),
    "Database and secrets": ("database_url", "data", "secret_keys", "metrics_token"),
    "Logs and tools": ("log_level", "log_format", "graphiql"),
}  # fmt: skip
"""By a heading, the variables below it."""

NOT_SET = "Not set"


def lines(settings: Settings) -> dict[str, list[Line]]:
    """What every variable says, by the heading of its section."""
    return {title: [_line(name, getattr(settings, name)) for name in names] for title, names in SECTIONS.items()}


def _line(name: str, value: object) -> Line:
    variable = VARIABLES[name]
    usual = None if variable.default is None else variable.parse(variable.default)
    return Line(variable.name, variable.meaning, _said(name, value), value == usual)


def _said(name: str, value: Any) -> str:
    if value in (None, (), ""):
        return NOT_SET
    if name in _SAID:
        return _SAID[name](value)
    if VARIABLES[name].is_secret:
        return "Set"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def _smtp(value: SmtpServer) -> str:
    security = "TLS from the start" if value.is_tls else "STARTTLS"
    return f"{value.host}:{value.port}, {security}, {'with' if value.user else 'without'} a user"


def _mailbox(value: Mailbox) -> str:
    return f"{value.name} <{value.address}>" if value.name else value.address


def _database(value: str) -> str:
    """Where the database is; who signs in there, and with what, is nobody's business."""
    try:
        parts = urlsplit(value)
        return f"{parts.hostname or 'this machine'}{f':{parts.port}' if parts.port else ''}{parts.path}"
    except ValueError:
        return "Set"


def _listed(values: Sequence[object]) -> str:
    return ", ".join(map(str, values))


_SAID: Mapping[str, Callable[[Any], str]] = {
    "smtp": _smtp,
    "database_url": _database,
    **dict.fromkeys(("mail_from", "mail_reply_to", "operator_mail"), _mailbox),
    **dict.fromkeys(("trusted_proxies", "allow_networks"), _listed),
    "dns_resolvers": lambda found: ", ".join(f"{host}:{port}" for host, port in found),
    "purchase_summary_hour": lambda hour: f"{hour:02}:00 UTC",
}
