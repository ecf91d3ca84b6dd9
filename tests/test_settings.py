"""Settings: what the environment may say, and what is told when it says nonsense."""

from __future__ import annotations

import pytest

from api import settings
from api.settings import VARIABLES, Mailbox, SettingsError, SmtpServer


def test_nothing_has_to_be_set() -> None:
    chosen = settings.read({})
    assert chosen.database_url is None
    assert chosen.public_url == "http://127.0.0.1:8000"
    assert chosen.scim_url == "http://127.0.0.1:8000/scim/v2"


def test_an_empty_variable_counts_as_unset() -> None:
    empty = {variable.name: "" for variable in VARIABLES.values()}
    assert settings.read(empty) == settings.read({})


def test_the_public_url_follows_host_and_port_unless_it_is_set() -> None:
    moved = {"ROLLCALL_HOST": "192.0.2.1", "ROLLCALL_PORT": "9000"}
    assert settings.read(moved).scim_url == "http://192.0.2.1:9000/scim/v2"
    named = {**moved, "ROLLCALL_PUBLIC_URL": "https://rollcall.example.com/base/"}
    assert settings.read(named).scim_url == "https://rollcall.example.com/base/scim/v2"


@pytest.mark.parametrize(
    ("variable", "text"),
    [
        ("DATABASE_URL", "mysql://db.example.com/rollcall"),
        ("ROLLCALL_PUBLIC_URL", "rollcall.example.com"),
        ("ROLLCALL_PUBLIC_URL", "ftp://rollcall.example.com"),
        ("ROLLCALL_PUBLIC_URL", "https://rollcall.example.com/?a=b"),
        ("ROLLCALL_PORT", "0"),
        ("ROLLCALL_PORT", "65536"),
        ("ROLLCALL_PORT", "eighty"),
        ("ROLLCALL_WORKERS", "0"),
        ("ROLLCALL_WORKERS", "-1"),
        ("ROLLCALL_WORKERS", "1.5"),
        ("ROLLCALL_DATABASE_CONNECTIONS", "1"),
        ("ROLLCALL_WITH_WORKER", "true"),
        ("ROLLCALL_WORKER_CONCURRENCY", "1"),
        ("ROLLCALL_MAX_BODY_BYTES", "99999"),
        ("ROLLCALL_SEAT_TYPE_URN", "seat_type"),
        ("ROLLCALL_BILLING", "paypal"),
        ("ROLLCALL_STRIPE_URL", "https://stripe.example.com"),
        ("ROLLCALL_STRIPE_URL", "http://127.0.0.1.example.com"),
        ("ROLLCALL_STRIPE_URL", "localhost"),
        ("ROLLCALL_SEAT_TYPE_URN", "urn:example:seats:2.0:User"),
        ("ROLLCALL_TRUSTED_PROXIES", "proxy.example.com"),
        ("ROLLCALL_TRUSTED_PROXIES", "10.0.0.1/8"),
        ("ROLLCALL_TRUSTED_PROXIES", "10.0.0.0/8,0.0.0.0/0"),
        ("ROLLCALL_TRUSTED_PROXIES", "::/0"),
        ("ROLLCALL_SMTP_URL", "mail.example.com"),
        ("ROLLCALL_SMTP_URL", "http://mail.example.com"),
        ("ROLLCALL_SMTP_URL", "smtp://"),
        ("ROLLCALL_SMTP_URL", "smtp://mail.example.com:99999"),
        ("ROLLCALL_SMTP_URL", "smtp://mail.example.com/?starttls=no"),
        ("ROLLCALL_SMTP_ALLOW_PLAIN", "true"),
        ("ROLLCALL_MAIL_FROM", "rollcall"),
        ("ROLLCALL_MAIL_FROM", "a@example.com, b@example.com"),
        ("ROLLCALL_MAIL_FROM", "Rollcall <rollcall@example.com>\r\nBcc: eve@example.com"),
        ("ROLLCALL_MAIL_REPLY_TO", "jürgen@example.com"),
        ("ROLLCALL_OPERATOR_MAIL", "@example.com"),
        ("ROLLCALL_PURCHASE_SUMMARY_HOUR", "24"),
        ("ROLLCALL_METRICS_TOKEN", "short"),
        ("ROLLCALL_METRICS_TOKEN", "long, but with blanks in it"),
        ("ROLLCALL_LOG_LEVEL", "INFO"),
        ("ROLLCALL_LOG_FORMAT", "xml"),
    ],
)
def test_nonsense_stops_the_start_and_names_the_variable(variable: str, text: str) -> None:
    with pytest.raises(SettingsError, match=rf"^{variable}=.* must be"):
        settings.read({variable: text})


def test_every_variable_becomes_a_setting_of_its_own() -> None:
    assert set(VARIABLES) == set(settings.Settings.__dataclass_fields__)
    assert len({variable.name for variable in VARIABLES.values()}) == len(VARIABLES)


@pytest.mark.parametrize("variable", VARIABLES.values(), ids=lambda variable: variable.name)
def test_every_default_is_itself_a_value_that_makes_sense(variable: settings.Variable) -> None:
    if variable.default is not None:
        variable.parse(variable.default)
    assert variable.meaning.endswith((".", "unset."))


def test_a_mail_server_is_a_url_with_its_password_percent_encoded() -> None:
    mailing = {"ROLLCALL_MAIL_FROM": '"Acme, Inc." <rollcall@example.com>'}
    chosen = settings.read(mailing | {"ROLLCALL_SMTP_URL": "smtp://us%40er:p%2Fw%3A1@mail.example.com"})
    assert chosen.smtp == SmtpServer("mail.example.com", 587, "us@er", "p/w:1", is_tls=False)
    assert chosen.mail_from == Mailbox("Acme, Inc.", "rollcall@example.com")
    assert "p/w:1" not in repr(chosen)
    chosen = settings.read(mailing | {"ROLLCALL_SMTP_URL": "smtps://[2001:db8::1]:4650"})
    assert chosen.smtp == SmtpServer("2001:db8::1", 4650, None, None, is_tls=True)
    assert settings.read(mailing | {"ROLLCALL_SMTP_URL": "smtps://mail.example.com"}).smtp.port == 465  # type: ignore[union-attr]  # it is set


def test_a_mail_server_needs_somebody_whom_mails_are_from() -> None:
    with pytest.raises(SettingsError, match="ROLLCALL_MAIL_FROM must be set where ROLLCALL_SMTP_URL is"):
        settings.read({"ROLLCALL_SMTP_URL": "smtp://mail.example.com"})


def test_a_password_is_not_told_even_when_its_url_makes_no_sense() -> None:
    with pytest.raises(SettingsError) as refused:
        settings.read({"ROLLCALL_SMTP_URL": "smtp:/user:secret@mail.example.com"})
    assert "secret" not in str(refused.value)
