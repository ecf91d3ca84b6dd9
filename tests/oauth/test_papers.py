"""docs/oauth.md says what is so: its commands are run, its curl is sent, and its tables are compared."""

from __future__ import annotations

import asyncio
import os
import re
import shlex
import shutil
import sys
from pathlib import Path

import pytest

from api.oauth import asking, assertions, issuing, problems, trust
from api.oauth.clients import LONGEST_DAYS
from tests.commands.conftest import Ask, ask, read
from tests.scim.conversation import Scim

from .asking import Client, assert_headers, refusal

__all__ = ["ask"]

TEXT = (Path(__file__).parents[2] / "docs" / "oauth.md").read_text()
COMMANDS = re.findall(r"^python -m api (.+)$|`(oauth-clients add-secret .+?)`", TEXT, re.M)


async def carried_out(ask: Ask, command: str, **variables: object) -> dict[str, object]:
    """What a command of the paper answers."""
    words = shlex.split(command)
    return read(await ask(*(variables.get(word.removeprefix("$"), word) if word[0] == "$" else word for word in words)))


async def test_its_commands_do_what_it_says(ask: Ask, scim: Scim) -> None:
    where = {"ORG": scim.access.organization_id, "DIRECTORY": scim.access.directory_id}
    create, trusting, add = [plain or quoted for plain, quoted in COMMANDS]
    made = await carried_out(ask, create, **where)
    assert set(made) >= {"scim_url", "token_url", "client_id"}
    assert str(made["client_secret"]).startswith("rc_secret_")
    assert (await carried_out(ask, trusting, **where))["client_secret"] is None
    again = await carried_out(ask, f"{add} --organization $ORG", CLIENT=made["client_id"], **where)
    assert again["client_secret"] not in (None, made["client_secret"])


@pytest.mark.skipif(shutil.which("curl") is None, reason="no curl here")
async def test_its_curl_gets_a_token(okta: Client, live: str) -> None:
    [command] = re.findall(r"^\$ (curl .+)$", TEXT, re.M)
    here = {**os.environ, "CLIENT_ID": str(okta.id), "CLIENT_SECRET": okta.secret}
    asked = command.replace("https://rollcall.example.com", live).replace("curl ", "curl --silent --noproxy '*' ", 1)
    process = await asyncio.create_subprocess_shell(asked, stdout=asyncio.subprocess.PIPE, env=here)
    told, _ = await process.communicate()
    [shown] = re.findall(r'^(\{"access_token".+)$', TEXT, re.M)
    assert re.sub(r"rc_at_\w+", "rc_at_…", told.decode()) == shown
    assert process.returncode == 0, sys.platform


async def test_its_table_of_errors_has_those_that_there_are(okta: Client) -> None:
    table = re.findall(r"^\| (\d{3}) \| (`[a-z_`, ]+`) \|", TEXT, re.M)
    told = {(int(status), error) for status, errors in table for error in re.findall(r"`([a-z_]+)`", errors)}
    kinds: list[type[problems.OauthProblem]] = [problems.OauthProblem, *problems.OauthProblem.__subclasses__()]
    assert told == {(kind.status, kind.error) for kind in kinds} | {(503, "temporarily_unavailable")}
    refusal(await okta.post({"grant_type": "password"}), "unsupported_grant_type", 400)
    refusal(await okta.by_basic(scope="openid"), "invalid_scope", 400)
    refusal(await okta.post("grant_type=client_credentials&grant_type=a"), "invalid_request", 400)
    answer = await okta.by_basic()
    assert_headers(answer)
    assert answer.json()["expires_in"] == 3600


def test_its_numbers_are_those_of_the_code() -> None:
    assert f"({LONGEST_DAYS} at most)" in TEXT
    assert f"more than {issuing.PER_MINUTE} tokens a minute" in TEXT
    assert ", ".join(trust.ALGORITHMS[:-1]) + f" or {trust.ALGORITHMS[-1]}" in TEXT
    assert (assertions.OWN_SECONDS, assertions.ISSUED_SECONDS, assertions.SKEW_SECONDS) == (3600, 86_400, 60)
    assert f"scope | `{asking.SCOPE}`" in TEXT
