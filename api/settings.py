"""Settings from the environment, read once; nonsense stops the start and names the variable."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit


class SettingsError(Exception):
    """A variable has a value that makes no sense; the text names it and says what would."""


def _url(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.query or parts.fragment:
        raise ValueError("must be an http or https URL without query")
    return text.rstrip("/")


def _postgres(text: str) -> str:
    if not text.startswith(("postgresql://", "postgres://")):
        raise ValueError("must begin with postgresql://")
    return text


def _between(least: int, most: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        number = int(text) if text.isdigit() else -1
        if not least <= number <= most:
            raise ValueError(f"must be a whole number from {least} to {most}")
        return number

    return parse


def _one_of(*choices: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if text not in choices:
            raise ValueError(f"must be one of {', '.join(choices)}")
        return text

    return parse


def _yes_or_no(text: str) -> bool:
    return _one_of("yes", "no")(text) == "yes"


def _stripe(text: str) -> str:
    parts = urlsplit(_url(text))
    if text != _STRIPE_URL and parts.hostname not in ("127.0.0.1", "::1", "localhost"):
        raise ValueError("must be a URL on this machine, or left out: nobody else is given Stripe's secret key")
    return text.rstrip("/")


def _urn(text: str) -> str:
    if not text.lower().startswith("urn:") or text.lower().endswith(":user"):
        raise ValueError("must be a URN, without :User at its end")
    return text


def _text(text: str) -> str:
    return text


_STRIPE_URL = "https://api.stripe.com"


@dataclass(frozen=True, slots=True)
class Variable:
    """One environment variable: its name, how it is read, its default as text, and what it means."""

    name: str
    parse: Callable[[str], object]
    default: str | None
    meaning: str


VARIABLES: Mapping[str, Variable] = {
    "database_url": Variable(
        "DATABASE_URL",
        _postgres,
        None,
        "The PostgreSQL server (15 or newer) to use. Without it, Rollcall runs an embedded one.",
    ),
    "data": Variable("ROLLCALL_DATA", _text, ".rollcall/postgres", "Where the embedded PostgreSQL keeps its data."),
    "public_url": Variable(
        "ROLLCALL_PUBLIC_URL",
        _url,
        None,
        "The URL under which the world reaches Rollcall; `http://<host>:<port>` if unset.",
    ),
    "host": Variable("ROLLCALL_HOST", _text, "127.0.0.1", "The address to listen on."),
    "port": Variable("ROLLCALL_PORT", _between(1, 65535), "8000", "The port to listen on."),
    "workers": Variable("ROLLCALL_WORKERS", _between(1, 64), "1", "How many processes serve requests."),
    "connections": Variable(
        "ROLLCALL_DATABASE_CONNECTIONS", _between(2, 200), "10", "Database connections of each process, at most."
    ),
    "with_worker": Variable(
        "ROLLCALL_WITH_WORKER",
        _yes_or_no,
        "yes",
        "Whether `serve` runs a worker beside it; `no` where workers run on machines of their own.",
    ),
    "worker_concurrency": Variable(
        "ROLLCALL_WORKER_CONCURRENCY", _between(2, 1000), "20", "How many tasks a worker does side by side."
    ),
    "max_body_bytes": Variable(
        "ROLLCALL_MAX_BODY_BYTES",
        _between(100_000, 200_000_000),
        "33554432",
        "The largest request body. A group of 100,000 members needs about 12 MB.",
    ),
    "api_points_per_second": Variable(
        "ROLLCALL_API_POINTS_PER_SECOND",
        _between(10, 1_000_000),
        "200",
        "How many points of GraphQL an API token gets back each second; it saves up a hundred seconds' worth.",
    ),
    "seat_type_urn": Variable(
        "ROLLCALL_SEAT_TYPE_URN",
        _urn,
        "urn:ietf:params:scim:schemas:extension:safetyculture:2.0",
        "The SCIM extension whose attribute `seat_type` chooses the seat; known with `:User` behind it, too.",
    ),
    "plans": Variable(
        "ROLLCALL_PLANS",
        _text,
        None,
        "A JSON file of the plans that you offer and what is part of each; everything is part of every plan if unset.",
    ),
    "billing": Variable(
        "ROLLCALL_BILLING",
        _one_of("ledger", "stripe"),
        "ledger",
        "Who charges for seats where nothing else was chosen for an organization.",
    ),
    "stripe_url": Variable("ROLLCALL_STRIPE_URL", _stripe, _STRIPE_URL, "Where Stripe is; another place is for tests."),
    "secret_keys": Variable(
        "ROLLCALL_SECRET_KEYS",
        _text,
        None,
        "The file of the keys by which secrets in the database are sealed; made by itself beside an embedded one.",
    ),
    "log_level": Variable(
        "ROLLCALL_LOG_LEVEL", _one_of("debug", "info", "warning", "error"), "info", "What is logged."
    ),
    "log_format": Variable(
        "ROLLCALL_LOG_FORMAT", _one_of("json", "text"), "text", "`json` for machines, `text` for people."
    ),
}


@dataclass(frozen=True, slots=True)
class Settings:
    """What the environment says; see `VARIABLES` for the meaning of each."""

    database_url: str | None
    data: str
    public_url: str
    host: str
    port: int
    workers: int
    connections: int
    with_worker: bool
    worker_concurrency: int
    max_body_bytes: int
    api_points_per_second: int
    seat_type_urn: str
    plans: str | None
    billing: str
    stripe_url: str
    secret_keys: str | None
    log_level: str
    log_format: str

    @property
    def scim_url(self) -> str:
        """The base URL that goes into an identity provider."""
        return f"{self.public_url}/scim/v2"


def read(environment: Mapping[str, str] = os.environ) -> Settings:
    """The settings; raises SettingsError for a value that makes no sense."""
    values: dict[str, object] = {}
    for field, variable in VARIABLES.items():
        text = environment.get(variable.name) or variable.default
        try:
            values[field] = None if text is None else variable.parse(text)
        except ValueError as error:
            raise SettingsError(f"{variable.name}={text!r} {error}.") from None
    values["public_url"] = values["public_url"] or f"http://{values['host']}:{values['port']}"
    return Settings(**values)  # type: ignore[arg-type]  # each value was parsed by its variable
