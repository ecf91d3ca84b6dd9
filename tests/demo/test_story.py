"""What there is in the demo, as its admin finds it: something of everything, on days that are believable."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta

from api.demo import access, by_hand, people
from api.demo.access import Access
from api.demo.days import LENGTH
from api.identity import accounts
from api.provisioning import platform
from api.provisioning.caller import the_operator

from .conftest import Demo, Json

NODES = "nodes { email status seat awaitsSeat source isLockedOut effectiveRole { key } }"


def age(text: str) -> timedelta:
    """How long ago it was."""
    return datetime.now(UTC) - datetime.fromisoformat(text)


async def everybody(demo: Demo) -> dict[str, Json]:
    """The members by address."""
    found = await demo.ask(f"members(first: 100) {{ {NODES} }}")
    return {each["email"]: each for each in found["members"]["nodes"]}


async def test_about_sixty_people_are_here_in_every_standing(demo: Demo) -> None:
    members = await everybody(demo)
    assert Counter(each["status"] for each in members.values()) == {
        "ACTIVE": 45,
        "DEACTIVATED": 8,
        "DEPROVISIONED": 2,
        "HELD": 6,
        "INVITED": 1,
        "SUSPENDED": 1,
        "WAITING_FOR_SEAT": 1,
    }
    assert members[f"bronwyn.pugh@{people.CONTRACTORS}"]["status"] == "SUSPENDED"
    assert members[f"esi.owusu@{people.DOMAIN}"]["awaitsSeat"] == "FULL"
    assert members[f"chloe.dubois@{people.DOMAIN}"]["isLockedOut"]
    assert members[by_hand.AUDITOR]["status"] == "INVITED"
    assert members[f"{by_hand.SIGNED_IN}@{people.DOMAIN}"]["source"] == "JIT"
    assert {each["source"] for each in members.values()} == {"SCIM", "INVITATION", "JIT"}


async def test_eight_groups_decide_about_roles_and_two_people_have_an_override(demo: Demo) -> None:
    groups = (await demo.ask("groups(first: 100) { nodes { displayName role { key } givesAccess } }"))["groups"][
        "nodes"
    ]
    mapped = {each["displayName"]: each["role"]["key"] if each["role"] else None for each in groups}
    assert mapped == {**people.ROLES, people.EVERYBODY: None, people.SITE_ACCESS: "knowledge-base-viewer"}
    assert [each["displayName"] for each in groups if each["givesAccess"]] == [people.SITE_ACCESS]
    members = await everybody(demo)
    roles = Counter(each["effectiveRole"]["key"] for each in members.values() if each["effectiveRole"])
    assert set(roles) == {"admin", "account-manager", "editor", "viewer", "knowledge-base-viewer"}
    assert members[people.VIEWER]["effectiveRole"] == {"key": "viewer"}
    chosen = await demo.ask(
        "members(first: 10, filter: { hasOverride: true }) { nodes { email override { expiresAt reason } } }"
    )
    until = {each["email"]: each["override"]["expiresAt"] for each in chosen["members"]["nodes"]}
    assert set(until) == {people.ADMIN, f"priya.raman@{people.DOMAIN}"}
    assert until.pop(people.ADMIN) is None
    assert all(age(text) < -timedelta(days=8) for text in until.values())


async def test_three_directories_are_in_different_health(demo: Demo) -> None:
    found = await demo.ask("directories { name state userCount condition { health } keys { state } }")
    told = {each["name"]: (each["state"], each["condition"]["health"]) for each in found["directories"]}
    assert told == {
        "Okta": ("LIVE", "HEALTHY"),
        "Entra ID contractors": ("LIVE", "FAILING"),
        "JumpCloud field offices": ("PILOT", "STALE"),
    }
    assert {key["state"] for key in found["directories"][2]["keys"]} == {"EXPIRING", "REVOKED"}


async def test_each_refused_request_says_why(demo: Demo) -> None:
    found = await demo.ask(
        "requests(first: 100, filter: { outcome: REFUSED }) { nodes { status scimType detail subject } }"
    )
    refused = found["requests"]["nodes"]
    assert {each["status"] for each in refused} == {400, 403, 409}
    assert {each["scimType"] for each in refused} >= {"uniqueness", "invalidFilter", "invalidValue"}
    told = " ".join(each["detail"] for each in refused)
    assert "belongs to harbour.example.org, whose proof has lapsed" in told
    assert "pilot mode, which lets in 3 people" in told
    assert "Another user of this directory has the userName" in told


async def test_a_mass_removal_is_held_and_somebody_has_to_be_decided_about(demo: Demo) -> None:
    found = await demo.ask(
        "heldRemovals(first: 100) { nodes { member { email } directory { name } decideBy } }"
        " linkRequests(first: 10, state: OPEN) { nodes { userName directory { name } } }"
    )
    held = found["heldRemovals"]["nodes"]
    assert {each["directory"]["name"] for each in held} == {"Okta"}
    assert len(held) == 6
    assert all(age(each["decideBy"]) < -timedelta(days=6) for each in held)
    [asked] = found["linkRequests"]["nodes"]
    assert (asked["userName"], asked["directory"]["name"]) == (by_hand.FREELANCER, "Entra ID contractors")


async def test_domains_are_verified_pending_and_lapsed(demo: Demo) -> None:
    found = await demo.ask("domains { name state verifiedBy }")
    told = {each["name"]: (each["state"], each["verifiedBy"]) for each in found["domains"]}
    assert told == {
        people.DOMAIN: ("VERIFIED", "OPERATOR"),
        people.CONTRACTORS: ("VERIFIED", "DNS"),
        people.AGENCY: ("LAPSED", "DNS"),
        people.LABS: ("REGISTERED", None),
    }


async def test_seats_have_a_history_of_each_day_and_one_purchase(demo: Demo) -> None:
    today = datetime.now(UTC).date()
    since = today - timedelta(days=LENGTH)
    found = await demo.ask(
        "seats { byType { seatType limit used waiting } alerts { seatType percent clearedAt raisedAt }"
        f' history(from: "{since}", to: "{today + timedelta(days=1)}", seatType: FULL) {{ day used limit }}'
        " purchases(first: 10) { nodes { quantity state at settledAt seatType } }"
        " ledger(first: 100) { nodes { delta cause seatType } } }"
    )
    seats = found["seats"]
    by_type = {each["seatType"]: (each["used"], each["limit"], each["waiting"]) for each in seats["byType"]}
    assert by_type == {"FULL": (28, 28, 1), "LITE": (10, 11, 0), "FREE": (15, None, 0)}
    history = seats["history"]
    days = [date.fromisoformat(each["day"]) for each in history]
    assert days[-1] == today
    assert days == [days[0] + timedelta(days=number) for number in range(len(days))]
    assert len(days) >= 120
    assert {each["limit"] for each in history} == {23, 28}
    [bought] = seats["purchases"]["nodes"]
    assert (bought["quantity"], bought["state"], bought["seatType"]) == (5, "CONFIRMED", "FULL")
    assert age(bought["at"]) > timedelta(days=50)
    assert age(bought["at"]) - age(bought["settledAt"]) < timedelta(minutes=10)
    raised = {(each["seatType"], each["percent"]) for each in seats["alerts"] if each["clearedAt"] is None}
    assert raised >= {("FULL", 100), ("LITE", 90)}
    assert {each["delta"] for each in seats["ledger"]["nodes"]} == {1, -1}


async def test_an_endpoint_is_not_reached_and_another_was_given_up(demo: Demo) -> None:
    found = await demo.ask(
        "webhookEndpoints { isEnabled disabledReason failingSince"
        " deliveries(last: 5) { nodes { state attempts { status error } } } }"
        " apiTokens { name state }"
    )
    first, second = found["webhookEndpoints"]
    assert (first["isEnabled"], first["disabledReason"]) == (False, "FAILING")
    assert (second["isEnabled"], second["failingSince"] is None) == (True, False)
    errors = [attempt["error"] for each in second["deliveries"]["nodes"] for attempt in each["attempts"]]
    assert errors
    assert all(error.startswith("localhost leads to ") for error in errors)
    assert {each["name"]: each["state"] for each in found["apiTokens"]} == {
        "Weekly access report": "LIVE",
        "The demo": "LIVE",
    }


async def test_the_admins_acts_are_in_the_audit_on_their_days(demo: Demo) -> None:
    found = await demo.ask("audit(first: 100, filter: { actorKinds: [ADMIN] }) { nodes { action at actor { name } } }")
    acts = found["audit"]["nodes"]
    assert {each["actor"]["name"] for each in acts} == {"Imani Okoro"}
    assert {each["action"] for each in acts} >= {
        "policies_changed",
        "group_mapped",
        "domain_added",
        "directory_created",
        "override_set",
        "purchase_cap_accepted",
        "deactivated",
    }
    ages = [age(each["at"]) for each in acts]
    assert ages == sorted(ages)
    assert ages[0] < timedelta(days=5)
    assert timedelta(days=112) < ages[-1] < timedelta(days=LENGTH)


async def test_history_tells_what_was_so_in_between(demo: Demo) -> None:
    at = (datetime.now(UTC) - timedelta(days=80)).isoformat()
    found = await demo.ask(f'snapshot(at: "{at}", first: 100) {{ nodes {{ email status }} }}')
    then = {each["email"]: each["status"] for each in found["snapshot"]["nodes"]}
    assert then[f"oskar.wojcik@{people.DOMAIN}"] == "ACTIVE"
    assert f"esi.owusu@{people.DOMAIN}" not in then


async def test_there_are_other_customers_and_somebody_who_runs_it_all(demo: Demo) -> None:
    listed = await platform.all_of_them(the_operator())
    told = [(each["name"], each["directories"], each["members"]) for each in listed]
    assert told[1:] == [("Brightwater Clinics", 1, 5), ("Larkspur Studio", 0, 0)]
    assert [each.email for each in await accounts.operators(the_operator())] == [people.OPERATOR]


async def test_the_key_and_the_token_open_it(demo: Demo) -> None:
    key = {"Authorization": f"Bearer {demo.access.key}"}
    users = (await demo.http.get("/scim/v2/Users?count=2", headers=key)).json()
    assert (users["totalResults"], users["itemsPerPage"]) == (len(people.WORKFORCE), 2)
    token = {"Authorization": f"Bearer {demo.token}"}
    answer = await demo.http.post("/graphql", headers=token, json={"query": "{ organization { name } }"})
    assert answer.json()["data"] == {"organization": {"name": "Acme"}}


async def test_it_was_filled_once_and_is_not_filled_again(demo: Demo) -> None:
    async def fill() -> Access:
        raise AssertionError("It is filled again.")

    assert demo.fills == ["once"]
    assert await access.prepare(demo.settings, fill) == (demo.access, demo.token)
