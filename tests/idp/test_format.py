"""The recordings are complete, consistent, and say where they are known from."""

import re
from collections import Counter
from pathlib import Path
from typing import Final

import msgspec
import pytest

from tests.idp import matching, recordings
from tests.idp.recordings import FOLDER, Recording, Scenario, Step
from tests.idp.variables import used_in

PROVIDERS: Final = {
    "ENTRA_ID",
    "OKTA",
    "JUMPCLOUD",
    "GOOGLE_WORKSPACE",
    "ONELOGIN",
    "PING",
    "RIPPLING",
    "CYBERARK",
    "AUTHENTIK",
    "KEYCLOAK",
    "RAUTHY",
    "GENERIC",
}
CASES = [pytest.param(recording, scenario, id=scenario.id) for recording, scenario in recordings.scenarios()]
README = (Path(__file__).parent / "README.md").read_text()


def test_all_sixty_eight_recorded_conversations_are_here() -> None:
    recorded = Counter(scenario.id.split("/")[0] for _, scenario in recordings.scenarios() if not scenario.ours)
    assert recorded == {
        "authentik": 4,
        "common": 5,
        "cyberark": 2,
        "entra": 26,
        "google": 2,
        "jumpcloud": 5,
        "keycloak": 2,
        "okta": 11,
        "onelogin": 4,
        "ping": 3,
        "rauthy": 1,
        "rippling": 3,
    }
    assert recorded.total() == 68


def test_every_identity_provider_has_a_file_and_every_id_starts_with_its_name() -> None:
    everything = recordings.everything()
    assert {recording.provider for recording in everything.values()} == PROVIDERS
    ids = [scenario.id for _, scenario in recordings.scenarios()]
    assert len(ids) == len(set(ids))
    strays = [s.id for name, recording in everything.items() for s in recording.scenarios if s.id.split("/")[0] != name]
    assert not strays


@pytest.mark.parametrize(("recording", "scenario"), CASES)
def test_every_step_knows_its_source(recording: Recording, scenario: Scenario) -> None:
    for step in scenario.steps:
        assert recording.source_of(scenario, step).reference.strip()


def test_no_source_is_listed_for_nothing() -> None:
    for name, recording in recordings.everything().items():
        used = {key for s in recording.scenarios for key in (s.source, *(step.source for step in s.steps)) if key}
        assert used == set(recording.sources), name


@pytest.mark.parametrize(("recording", "scenario"), CASES)
def test_nothing_is_used_before_it_was_kept(recording: Recording, scenario: Scenario) -> None:
    kept = {"key"}
    for step in scenario.steps:
        known = kept | ({"n"} if step.times > 1 else set())
        assert needs(recording, step) <= known, step.name
        kept |= set(step.keep) | set(step.gather)


@pytest.mark.parametrize(("recording", "scenario"), CASES)
def test_steps_are_well_formed(recording: Recording, scenario: Scenario) -> None:
    for step in scenario.steps:
        assert re.fullmatch(r"(GET|DELETE|POST|PUT|PATCH) /\S+", step.send), step.name
        assert step.has_body == (step.method in ("POST", "PUT", "PATCH")), step.name
        ways = [step.raw is not None, bool(step.patch), bool(step.use), step.body is not msgspec.UNSET]
        assert sum(ways) <= 1, step.name
        assert not (step.plus and (step.patch or step.raw)), step.name
        assert not step.use or step.use in recording.bodies, step.name
        assert step.statuses, step.name
        assert not step.error or min(step.statuses) >= 400, step.name
        for pointer in (*step.answer, *step.keep.values(), *step.gather.values()):
            assert pointer == "" or pointer.startswith("/"), step.name
        for expectation in (*step.answer.values(), *step.answer_headers.values()):
            matching.check(expectation)


def test_shared_bodies_are_shared() -> None:
    for name, recording in recordings.everything().items():
        used = {step.use for s in recording.scenarios for step in s.steps if step.use}
        assert used == set(recording.bodies), name


def test_mail_addresses_lead_nowhere() -> None:
    for file in FOLDER.glob("*.json"):
        domains = {domain.lower() for domain in re.findall(r"(?:@|%40)([\w-]+(?:\.[\w-]+)+)", file.read_text())}
        assert domains <= {"example.com", "example.org"}, file.name


def test_the_table_in_the_readme_names_every_scenario_of_our_own_and_none_that_is_not_there() -> None:
    ids = {scenario.id for _, scenario in recordings.scenarios()}
    files = "|".join(recordings.everything())
    named = set(re.findall(rf"`((?:{files})/[a-z0-9-]+)`", README))
    assert named <= ids, named - ids
    assert ids <= named, ids - named


def needs(recording: Recording, step: Step) -> set[str]:
    """The names a step refers to and does not give itself."""
    shared = used_in(recording.bodies[step.use]) - set(step.fill) if step.use else set()
    spoken = [step.target, step.body, step.patch, step.plus, step.fill, step.answer, step.answer_headers]
    return shared.union(*map(used_in, spoken), *map(used_in, recording.headers_of(step).values()))
