"""Domains, tokens, webhooks, the audit, and the pages of whoever runs the installation."""

from __future__ import annotations

import json
import uuid
from datetime import UTC, datetime, timedelta

import pytest

from api import settings
from api.identity import accounts, sessions
from api.identity.sessions import Browser
from api.provisioning.caller import the_operator
from api.settings import VARIABLES
from api.worker.registry import WORK
from dashboard import configured, schedule_words
from db import queue, sql
from tests.conftest import NewDirectory
from tests.scim.conversation import Scim

from .conftest import MAIL_PROOF, NewPerson, Person

HOSTILE = '<script>alert(1)</script><img src=x onerror="alert(2)">'


@pytest.fixture
async def running(stranger: Person, database: None) -> Person:
    """Somebody who runs the installation."""
    account = await accounts.make_operator(the_operator(), f"op-{uuid.uuid4().hex[:8]}@rollcall.example.com")
    begun = await sessions.begin(account.id, MAIL_PROOF, Browser("a test"))
    stranger.http.cookies.set("rollcall-session", begun.token)
    return stranger


async def test_a_domain_is_registered_proved_and_removed(admin: Person) -> None:
    name = f"{uuid.uuid4().hex[:8]}.example.com"
    page = await admin.page("domains")
    assert "No domain yet" in page
    wrong = await admin.submit(page, "/domains", name="gmail.com")
    assert wrong.status == 422
    assert wrong.html.xpath("//input[@name='name']/@value") == ["gmail.com"]
    one = await admin.submit(page, "/domains", name=name, subdomains="yes")
    assert "Registered" in one
    assert one.html.get_element_by_id("record-name").text_content() == f"_rollcall-challenge.{name}"
    again = await admin.page(one.html.get_element_by_id("standing").get("hx-get"), **{"hx-request": "true"})
    assert again.status == 204
    changed = await admin.submit(one, "/subdomains", subdomains=None)
    assert not changed.html.xpath("//input[@name='subdomains']/@checked")
    sure = await admin.page(f"{one.url}/removal")
    assert "Everybody who is here stays." in sure
    assert "No domain yet" in await admin.submit(sure, "/remove")
    assert (await admin.page(one.url)).status == 404


async def test_only_the_operator_vouches_for_a_domain(admin: Person, running: Person) -> None:
    page = await admin.submit(await admin.page("domains"), "/domains", name=f"{uuid.uuid4().hex[:8]}.example.com")
    assert not page.html.xpath("//form[contains(@action, '/attest')]")
    theirs = await running.page(page.url)
    assert "because you vouch for it" in await running.submit(theirs, "/attest")


async def test_a_token_is_shown_once_works_and_does_not_end_with_the_session(admin: Person) -> None:
    form = await admin.page("developers/tokens/new")
    wrong = await admin.submit(form, "/developers/tokens", name="nightly", right=None)
    assert wrong.status == 422
    assert wrong.html.xpath("//input[@name='name']/@value") == ["nightly"]
    made = await admin.submit(form, "/developers/tokens", name=HOSTILE, right=["ORGANIZATION_READ"], days="90")
    text = made.html.get_element_by_id("secret-1").text_content()
    assert text.startswith("rc_api_")
    again = await admin.page(made.url)  # no other one is made, and this one is not told twice
    assert "is shown once" in again
    assert text not in again.html.text_content()
    assert await sql.value("SELECT count(*) FROM api_token") == 1
    answer = await admin.http.post(
        "/graphql", json={"query": "{ viewer { permissions } }"}, headers={"authorization": f"Bearer {text}"}
    )
    assert answer.json()["data"]["viewer"]["permissions"] == ["ORGANIZATION_READ"]
    page = await admin.page("developers")
    assert text not in page.html.text_content()
    assert HOSTILE in page
    assert not page.html.xpath("//img[@onerror] | //script[not(@src)]")
    ends = await sql.value("SELECT expires_at FROM api_token WHERE last_four = $1", text[-4:])
    assert isinstance(ends, datetime)
    assert ends > datetime.now(UTC) + timedelta(days=80)
    sure = await admin.page(page.html.xpath("//a[contains(@href, '/revoke')]/@href")[0])
    assert "never used" in sure or "It was used" in sure
    await admin.submit(sure, "/revoke")
    assert "Revoked" in await admin.page("developers?ended=yes")


async def test_an_endpoint_is_made_tested_changed_and_deleted(admin: Person) -> None:
    form = await admin.page("developers/webhooks/new")
    wrong = await admin.submit(form, "/developers/webhooks", url="ftp://example.com", description="the app")
    assert wrong.status == 422
    assert wrong.html.xpath("//input[@name='description']/@value") == ["the app"]
    made = await admin.submit(
        form, "/developers/webhooks", url="https://app.example.com/hooks", type=["member.created", "member.updated"]
    )
    assert made.html.get_element_by_id("secret-1").text_content().startswith("whsec_")
    assert "It was shown once" in await admin.page(made.url)
    page = await admin.page(made.html.xpath("//a[text()='Go on to the endpoint']/@href")[0])
    tested = await admin.submit(page, "/test")
    assert "webhook.test" in tested
    assert "On its way" in tested
    quiet = await admin.page(tested.html.get_element_by_id("deliveries").get("hx-get"), **{"hx-request": "true"})
    assert quiet.status == 204
    one = await admin.page(tested.html.xpath("//tbody//a/@href")[0])
    assert one.html.get_element_by_id("message-id").text_content()
    assert "0 attempts" in one
    assert "The endpoint is off." in await admin.submit(tested, "/disable")
    turned = await admin.submit(tested, "/rotate", overlap="1", signing="ED25519")
    assert turned.html.get_element_by_id("secret-1").text_content().startswith("whpk_")
    changed = await admin.submit(page, "/change", type=None, url="https://app.example.com/other", description="x")
    assert "https://app.example.com/other" in changed
    assert "Told of everything" in changed
    sure = await admin.page(f"{page.url}/deletion")
    assert "No endpoint yet" in await admin.submit(sure, "/delete")


async def test_every_event_type_has_its_schema(admin: Person) -> None:
    page = await admin.page("developers/events")
    assert "member.access_revoked" in page
    shown = [await admin.page(f"developers/events{each}") for each in page.html.xpath("//ul[@class='events']//a/@href")]
    assert len(shown) == len(page.html.xpath("//ul[@class='events']/li"))
    for each in shown:
        assert json.loads(each.html.xpath("string(//pre)"))


async def test_the_audit_is_narrowed_and_saved(admin: Person, scim: Scim) -> None:
    await scim.make_user("bo@example.com", displayName=HOSTILE)
    page = await admin.page("audit")
    assert "Override set" in page
    assert not page.html.xpath("//img[@onerror] | //script[not(@src)]")
    narrow = await admin.page("audit?who=DIRECTORY")
    assert "Override set" not in narrow.html.find(".//table").text_content()
    answer = await admin.http.get(f"{admin.base}/audit/export.jsonl?who=DIRECTORY")
    lines = [json.loads(line) for line in answer.text.splitlines()]
    assert lines
    assert {each["actor"]["kind"] for each in lines} == {"DIRECTORY"}
    wrong = await admin.page("audit?request=nonsense")
    assert wrong.status == 422
    assert wrong.html.get_element_by_id("problems") is not None


@pytest.mark.parametrize("path", ["domains", "developers", "developers/webhooks/new", "audit", "audit/export.jsonl"])
async def test_whoever_lacks_a_permission_is_told_which(viewer: Person, path: str) -> None:
    refused = await viewer.page(path)
    assert refused.status == 403
    assert "permission" in refused


@pytest.mark.parametrize("path", ["domains", "people/jobs", "activity"])
async def test_what_belongs_to_others_is_as_what_never_was(
    admin: Person, scim: Scim, new_directory: NewDirectory, new_person: NewPerson, path: str
) -> None:
    made = await admin.submit(await admin.page("domains"), "/domains", name=f"{uuid.uuid4().hex[:8]}.example.com")
    id = made.url.rpartition("/")[2]
    other = await new_person(Scim(scim.http, await new_directory()), "eve", "admin")
    assert (await other.page(f"{path}/{id}")).status == 404
    assert (await other.page(f"{admin.base}/{path}")).status == 404


async def test_the_operator_finds_makes_and_arranges_organizations(running: Person) -> None:
    name = f"Globex {uuid.uuid4().hex[:6]}"
    form = await running.page("/orgs/new")
    one = await running.submit(form, "/orgs", name=name, domains="")
    assert name in one
    assert one.url == (await running.submit(form, "/orgs", name=name, domains="")).url
    assert name in await running.page(f"/orgs?query={name[7:]}")
    assert "Requests are kept" in await running.submit(one, "/retention", headline="90", body="10")
    assert (await running.submit(one, "/retention", headline="1", body="10")).status == 422
    terms = await running.submit(one, "/terms", currency="eur", interval="MONTH", anchor="2026-01-01", pack="5")
    assert "The billing terms are kept." in terms
    sold = await running.submit(terms, "/price", seat="FULL", price="17,50")
    assert sold.html.get_element_by_id("price-FULL").get("value") == "17.50"
    assert "no amount" in await running.submit(terms, "/price", seat="FULL", price="cheap")
    assert "The contact is chosen." in await running.submit(one, "/contact", name="Sam", mail="sam@example.com")
    inside = await running.page(one.html.xpath("//a[text()='Enter']/@href")[0])
    assert inside.status == 200


async def test_the_operator_sees_mails_tasks_and_the_platforms_audit(running: Person) -> None:
    assert "No task has failed" in await running.page("/jobs") or "Failed" in await running.page("/jobs")
    assert (await running.page("/jobs/mails?state=FAILED")).status == 200
    assert "Operator added" in await running.page("/platform-audit")
    assert (await running.page("/")).url.endswith("/orgs")


async def test_requests_of_all_organizations_are_one_list_in_which_a_trace_is_found(
    running: Person, admin: Person, scim: Scim
) -> None:
    await scim.make_user("bo@example.com", displayName=HOSTILE)
    refused = await scim.post("/Users", {"userName": "bo@example.com"})
    every = await running.page("/events")
    assert "Create user" in every
    only = await running.page("/events?outcome=REFUSED")
    assert {each.text_content().strip() for each in only.html.xpath("//td[@data-label='Outcome']")} == {"Refused 409"}
    one = await running.page(f"/events?trace={refused.headers['X-Trace-Id']}")
    assert one.url.endswith(f"{admin.base}/activity/{refused.headers['X-Trace-Id']}")
    for wrong in ("nonsense", str(uuid.uuid4())):
        told = await running.page(f"/events?trace={wrong}")
        assert told.status == 422
        assert told.html.xpath("//input[@name='trace']/@value") == [wrong]


async def test_schedules_say_when_they_were_kept_and_whether_they_are_late(running: Person) -> None:
    await sql.rows(f"DELETE FROM {queue.SCHEDULE}")
    assert "No worker has run yet" in await running.page("/jobs/schedules")
    await sql.rows(
        f"""INSERT INTO {queue.SCHEDULE} (expression, entrypoint, last_run, next_run, status)
            SELECT cron, name, now() + last, now() + next, 'queued'
            FROM (VALUES ('*/5 * * * *', 'maintenance.seals', interval '-3 minutes', interval '2 minutes'),
                         ('43 3 * * *', 'webhooks.prune', NULL, interval '-2 hours')
                 ) AS made (cron, name, last, next)"""
    )
    page = await running.page("/jobs/schedules")
    seals, prune = (each.text_content().replace("\n", "").strip() for each in page.html.xpath("//tbody/tr"))
    assert seals.startswith("Changes sealedmaintenance.sealsEvery 5 minutesWaits3 minutes agoin ")
    assert prune.endswith("Each day at 03:43 UTCLatenever2 hours ago")
    assert "no worker runs" not in page
    await sql.rows(f"UPDATE {queue.SCHEDULE} SET next_run = now() - interval '1 hour'")
    assert "no worker runs" in await running.page("/jobs/schedules")


def test_every_schedule_has_a_name_for_people() -> None:
    assert {each.name for each in WORK.schedules} == set(schedule_words.WHAT)
    crons = {schedule_words.at(each.cron) for each in WORK.schedules}
    assert not [each for each in crons if "*" in each]
    assert "Mondays at 06:00 UTC" in crons
    assert schedule_words.at("0 0 1 * *") == "0 0 1 * *"


async def test_settings_tell_how_it_is_configured(running: Person) -> None:
    page = await running.page("/settings")
    assert [*page.html.xpath("//tbody/tr/td[1]/code/text()")] == [
        VARIABLES[name].name for names in configured.SECTIONS.values() for name in names
    ]
    assert page.html.xpath("//a[starts-with(@href, '/orgs?plan=')]")


def test_every_variable_is_told_and_no_secret_with_it() -> None:
    assert sorted(name for names in configured.SECTIONS.values() for name in names) == sorted(VARIABLES)
    told = configured.lines(
        settings.read(
            {
                "DATABASE_URL": "postgresql://rollcall:hunter2@db.example.com:5432/rollcall?password=hunter3",
                "ROLLCALL_SMTP_URL": "smtp://post:hunter4@mail.example.com",
                "ROLLCALL_MAIL_FROM": "Rollcall <rollcall@example.com>",
                "ROLLCALL_METRICS_TOKEN": "hunter5hunter5hunter5",
                "ROLLCALL_TRUSTED_PROXIES": "10.1.0.0/16, 10.2.0.0/16",
            }
        )
    )
    said = {line.name: line.value for lines in told.values() for line in lines}
    assert said["DATABASE_URL"] == "db.example.com:5432/rollcall"
    assert said["ROLLCALL_SMTP_URL"] == "mail.example.com:587, STARTTLS, with a user"
    assert said["ROLLCALL_MAIL_FROM"] == "Rollcall <rollcall@example.com>"
    assert (said["ROLLCALL_METRICS_TOKEN"], said["ROLLCALL_SECRET_KEYS"]) == ("Set", "Not set")
    assert said["ROLLCALL_TRUSTED_PROXIES"] == "10.1.0.0/16, 10.2.0.0/16"
    assert "hunter" not in str(told)
    assert "post" not in said["ROLLCALL_SMTP_URL"]


@pytest.mark.parametrize(
    "path",
    [
        "/orgs", "/orgs/new", "/events", "/jobs", "/jobs/mails", "/jobs/schedules", "/settings", "/platform-audit",
    ],
)  # fmt: skip
async def test_for_everybody_else_there_are_no_such_pages(admin: Person, stranger: Person, path: str) -> None:
    assert (await admin.page(path)).status == 404
    assert "/sign-in" in (await stranger.page(path)).url
