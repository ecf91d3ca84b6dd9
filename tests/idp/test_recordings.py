"""Every recorded conversation is answered as the identity provider needs it."""

import httpx
import pytest

from tests.idp import recordings
from tests.idp.playing import NewDirectory, play
from tests.idp.recordings import Recording, Scenario

CASES = [pytest.param(recording, scenario, id=scenario.id) for recording, scenario in recordings.scenarios()]


@pytest.mark.parametrize(("recording", "scenario"), CASES)
async def test_the_identity_provider_gets_what_it_needs(
    recording: Recording, scenario: Scenario, client: httpx.AsyncClient, new_directory: NewDirectory
) -> None:
    await play(recording, scenario, client, new_directory)


async def test_the_base_url_has_no_underscore_which_okta_refuses(new_directory: NewDirectory) -> None:
    assert "_" not in (await new_directory("OKTA")).url
