"""Settings from the environment, read once; nonsense stops the start and names the variable."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from email.utils import getaddresses
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from urllib.parse import unquote, urlsplit


class SettingsError(Exception):
    """A variable has a value that makes no sense; the text names it and says what would."""


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """The mail server: by TLS from the start, or by STARTTLS."""

    host: str
    port: int
    user: str | None
    password: str | None = field(repr=False)
    is_tls: bool


@dataclass(frozen=True, slots=True)
class Mailbox:
    """An address, and what it is called, which may be empty."""

    name: str
    address: str


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


def _networks(text: str) -> tuple[IPv4Network | IPv6Network, ...]:
    try:
        return tuple(ip_network(part.strip()) for part in text.split(",") if part.strip())
    except ValueError as error:
        raise ValueError(f"must be networks such as 10.1.0.0/16, separated by commas ({error})") from None


def _proxies(text: str) -> tuple[IPv4Network | IPv6Network, ...]:
    found = _networks(text)
    if any(network.prefixlen == 0 for network in found):
        raise ValueError(
            "must be networks of proxies, not everybody: or anybody could say that they come from anywhere"
        )
    return found


def _resolvers(text: str) -> tuple[tuple[str, int], ...]:
    found = []
    for part in filter(None, (part.strip() for part in text.split(","))):
        address, _, port = part.rpartition(":") if part.count(":") == 1 or part.startswith("[") else (part, "", "53")
        try:
            found.append((str(ip_address(address.strip("[]"))), int(port)))
        except ValueError:
            raise ValueError(
                "must be addresses of resolvers, separated by commas, each with :port or without"
            ) from None
    return tuple(found)


def _smtp(text: str) -> SmtpServer:
    problem = ValueError(
        "must be a URL such as smtp://user:password@mail.example.com:587, or smtps:// for TLS from the start"
    )
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise problem from None
    if parts.scheme not in _SMTP_PORTS or not parts.hostname or parts.path.strip("/") or parts.query or parts.fragment:
        raise problem
    user = None if parts.username is None else unquote(parts.username)
    password = None if parts.password is None else unquote(parts.password)
    return SmtpServer(parts.hostname, port or _SMTP_PORTS[parts.scheme], user, password, parts.scheme == "smtps")


def _mailbox(text: str) -> Mailbox:
    found = getaddresses([text])
    name, address = found[0]
    if len(found) > 1 or not _ADDRESS.fullmatch(address) or not text.isprintable():
        raise ValueError("must be an address such as rollcall@example.com, or Rollcall <rollcall@example.com>")
    return Mailbox(name, address)


def _token(text: str) -> str:
    if len(text) < 16 or not text.isascii() or not text.isprintable() or " " in text:
        raise ValueError("must be at least 16 letters, digits and signs, without blanks")
    return text


def _text(text: str) -> str:
    return text


_SMTP_PORTS = {"smtp": 587, "smtps": 465}
_ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]+@[A-Za-z0-9.-]+", re.ASCII)
_STRIPE_URL = "https://api.stripe.com"


@dataclass(frozen=True, slots=True)
class Variable:
    """One environment variable: its name, how it is read, its default as text, and what it means.

    A secret one is never shown, not even when it makes no sense.
    """

    name: str
    parse: Callable[[str], object]
    default: str | None
    meaning: str
    is_secret: bool = False


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
        _one_of("ledger", "stripe", "http"),
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
    "dns_resolvers": Variable(
        "ROLLCALL_DNS_RESOLVERS",
        _resolvers,
        "",
        "The resolvers that are asked about domains, such as `192.0.2.53,192.0.2.54:5353`; else the system's.",
    ),
    "allow_networks": Variable(
        "ROLLCALL_ALLOW_NETWORKS",
        _networks,
        "",
        "Networks besides the internet that webhooks and such may reach, also without TLS: `10.1.0.0/16,127.0.0.1/32`.",
    ),
    "trusted_proxies": Variable(
        "ROLLCALL_TRUSTED_PROXIES",
        _proxies,
        "",
        "Networks of your reverse proxies, such as `10.1.0.0/16`: whom they name in `X-Forwarded-For` is who came.",
    ),
    "smtp": Variable(
        "ROLLCALL_SMTP_URL",
        _smtp,
        None,
        "The mail server, such as `smtp://user:password@mail.example.com:587` (STARTTLS is required) or `smtps://…`;"
        " mails wait to be read by `mails list` if unset.",
        is_secret=True,
    ),
    "smtp_allow_plain": Variable(
        "ROLLCALL_SMTP_ALLOW_PLAIN",
        _yes_or_no,
        "no",
        "`yes` lets mails go unencrypted to a server that offers no STARTTLS, such as one on this machine.",
    ),
    "mail_from": Variable(
        "ROLLCALL_MAIL_FROM",
        _mailbox,
        None,
        "Who mails are from, such as `Rollcall <rollcall@example.com>`; needed with a mail server.",
    ),
    "mail_reply_to": Variable(
        "ROLLCALL_MAIL_REPLY_TO", _mailbox, None, "Where answers to mails go; to whom they are from if unset."
    ),
    "operator_mail": Variable(
        "ROLLCALL_OPERATOR_MAIL",
        _mailbox,
        None,
        "Where mails for you go, who run this: requests for help, and what concerns organizations without an admin.",
    ),
    "purchase_summary_hour": Variable(
        "ROLLCALL_PURCHASE_SUMMARY_HOUR",
        _between(0, 23),
        None,
        "At which hour (UTC) billing contacts are told of the seats bought in a day; an hour after the first if unset.",
    ),
    "mailbox": Variable(
        "ROLLCALL_MAILBOX",
        _yes_or_no,
        "no",
        "`yes` shows all mails, codes and all, at `/mailbox` to anybody on this machine; for trying out only.",
    ),
    "graphiql": Variable(
        "ROLLCALL_GRAPHIQL",
        _yes_or_no,
        "no",
        "`yes` gives people with the permission `developers.manage` a page to try GraphQL out, as themselves.",
    ),
    "metrics_token": Variable(
        "ROLLCALL_METRICS_TOKEN",
        _token,
        None,
        "The bearer token for `/metrics`; there are none if unset.",
        is_secret=True,
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
    dns_resolvers: Sequence[tuple[str, int]]
    allow_networks: Sequence[IPv4Network | IPv6Network]
    trusted_proxies: Sequence[IPv4Network | IPv6Network]
    smtp: SmtpServer | None
    smtp_allow_plain: bool
    mail_from: Mailbox | None
    mail_reply_to: Mailbox | None
    operator_mail: Mailbox | None
    purchase_summary_hour: int | None
    mailbox: bool
    graphiql: bool
    metrics_token: str | None = field(repr=False)
    log_level: str
    log_format: str

    @property
    def scim_url(self) -> str:
        """The base URL that goes into an identity provider."""
        return f"{self.public_url}/scim/v2"


def read(environment: Mapping[str, str] = os.environ) -> Settings:
    """The settings; raises SettingsError for a value that makes no sense."""
    values: dict[str, object] = {}
    for name, variable in VARIABLES.items():
        text = environment.get(variable.name) or variable.default
        try:
            values[name] = None if text is None else variable.parse(text)
        except ValueError as error:
            shown = "…" if variable.is_secret else repr(text)
            raise SettingsError(f"{variable.name}={shown} {error}.") from None
    if values["smtp"] is not None and values["mail_from"] is None:
        raise SettingsError(f"{VARIABLES['mail_from'].name} must be set where {VARIABLES['smtp'].name} is.")
    values["public_url"] = values["public_url"] or f"http://{values['host']}:{values['port']}"
    return Settings(**values)  # type: ignore[arg-type]  # each value was parsed by its variable
