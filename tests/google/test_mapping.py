"""What Google's users and groups become."""

from __future__ import annotations

from typing import Any

from api.google import mapping
from api.scim.language.definitions import ENTERPRISE_URN

SEATS = "urn:example:seats"
USER: dict[str, Any] = {
    "id": "117",
    "primaryEmail": "ann@example.com",
    "name": {"givenName": "Ann", "familyName": "Lee", "fullName": "Ann Lee"},
    "suspended": False,
    "archived": False,
    "languages": [{"languageCode": "de", "preference": "preferred"}],
    "emails": [
        {"address": "ann@example.com", "primary": True},
        {"address": "ann@home.example.org", "type": "home"},
        {"address": "ann@example.com.test-google-a.example.net"},
    ],
    "phones": [{"value": "+49 30 1", "type": "work", "primary": True}, {"type": "home"}],
    "addresses": [{"type": "work", "streetAddress": "Way 1", "locality": "Berlin", "countryCode": "DE"}],
    "organizations": [
        {"title": "Old", "department": "Old"},
        {"primary": True, "title": "Lead", "department": "Sales", "costCenter": "7", "name": "Acme"},
    ],
    "externalIds": [{"type": "organization", "value": "E-1"}],
    "customSchemas": {"Rollcall": {"seat_type": "lite", "roles": [{"value": "admin"}, {"value": "viewer"}]}},
}


def test_a_user_in_full() -> None:
    found = mapping.user(USER, SEATS)
    assert found == {
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", ENTERPRISE_URN, SEATS],
        "externalId": "117",
        "userName": "ann@example.com",
        "active": True,
        "displayName": "Ann Lee",
        "name": {"givenName": "Ann", "familyName": "Lee"},
        "title": "Lead",
        "preferredLanguage": "de",
        "emails": [
            {"value": "ann@example.com", "type": "work", "primary": True},
            {"value": "ann@home.example.org", "type": "home"},
        ],
        "phoneNumbers": [{"value": "+49 30 1", "type": "work", "primary": True}],
        "addresses": [{"streetAddress": "Way 1", "locality": "Berlin", "country": "DE", "type": "work"}],
        "roles": [{"value": "admin"}, {"value": "viewer"}],
        ENTERPRISE_URN: {"employeeNumber": "E-1", "department": "Sales", "costCenter": "7", "organization": "Acme"},
        SEATS: {"seat_type": "lite"},
    }


def test_a_user_of_whom_google_says_little() -> None:
    found = mapping.user({"id": "1", "primaryEmail": "a@example.com", "name": None, "phones": "odd"}, SEATS)
    assert found["active"] is True
    assert set(found) == {"schemas", "externalId", "userName", "active", "emails"}


def test_suspended_and_archived_people_are_inactive() -> None:
    for state in ("suspended", "archived"):
        assert mapping.user({**USER, state: True}, SEATS)["active"] is False


def test_members_of_a_group_are_in_one_order() -> None:
    members = [{"id": "b", "type": "USER"}, {"id": "a", "type": "GROUP"}, {"id": "C1", "type": "CUSTOMER"}]
    found = mapping.group({"id": "g", "email": "g@example.com"}, members)
    assert (found["displayName"], found["members"]) == ("g@example.com", [{"value": "a"}, {"value": "b"}])
