"""Structured logs: one line an event, without secrets and without bodies."""

from __future__ import annotations

import logging
import re
import sys
from datetime import UTC, datetime

import msgspec

from api.settings import Settings

_SECRET = re.compile(r"rc_[a-z]+_[0-9A-Za-z_-]+|(?i:bearer) [^\s,;]+")


def configure(settings: Settings) -> None:
    """Send everything that is logged to standard error in the chosen format, replacing what was configured before."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Json() if settings.log_format == "json" else _Text())
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(settings.log_level.upper())
    # httpx logs whole URLs, and with them what people are searched by.
    logging.getLogger("httpx").setLevel(logging.WARNING)
    # signxml logs what it verifies, which is all that an identity provider says of somebody.
    logging.getLogger("signxml").setLevel(logging.WARNING)
    # PgQueuer would tell of each task that is to be tried again; the worker does.
    logging.getLogger("pgqueuer").setLevel(logging.WARNING)


def redacted(text: str) -> str:
    """The text with keys and bearer tokens replaced, on one line."""
    return _SECRET.sub("[secret]", text).replace("\r", "\\r").replace("\n", "\\n")


class _Json(logging.Formatter):
    """One JSON object a line; redaction happens here because a formatter also sees tracebacks."""

    def format(self, record: logging.LogRecord) -> str:
        event: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": redacted(record.getMessage()),
        }
        if trace := getattr(record, "trace_id", None):
            event["trace_id"] = str(trace)
        if record.exc_info:
            event["error"] = redacted(self.formatException(record.exc_info))
        return msgspec.json.encode(event).decode()


class _Text(logging.Formatter):
    """One readable line, with the traceback below it if there is one."""

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).strftime("%H:%M:%S")
        line = f"{at} {record.levelname.lower():7} {record.name}: {redacted(record.getMessage())}"
        if record.exc_info:
            line += "\n" + _SECRET.sub("[secret]", self.formatException(record.exc_info))
        return line
