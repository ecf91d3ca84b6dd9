"""Conformance suites that others wrote, run against the application over a real socket."""

from __future__ import annotations

import asyncio
import contextlib
import io
import json
from typing import Any

import httpx
import pytest
from scim2_client import BaseSyncSCIMClient
from scim2_tester import CheckResult, Status, check_server
from scim_sanity.probe.runner import run_probe

from tests.conftest import NewDirectory

from .conversation import MEDIA_TYPE

PROFILES = pytest.mark.parametrize("profile", ["TOLERANT", "STRICT"])
_WRONG = (Status.ERROR, Status.CRITICAL, Status.DEVIATION)


class _Client(BaseSyncSCIMClient):
    """scim2-client over httpx, which its own engines have left for httpx2."""

    def __init__(self, http: httpx.Client) -> None:
        super().__init__()
        self._http = http

    def request(self, method: str, url: str, **kwargs: Any) -> httpx.Response:
        return self._http.request(method, url, **kwargs)

    def _parse_json(self, response: Any) -> Any:
        return response.json()

    def _stays_under_base_url(self, endpoint: str) -> bool:
        return str(self._http.build_request("GET", endpoint).url).startswith(str(self._http.base_url))


@PROFILES
async def test_scim2_tester_finds_nothing_wrong(profile: str, live: str, new_directory: NewDirectory) -> None:
    access = await new_directory(profile=profile)
    results = await asyncio.to_thread(_check, f"{live}{access.url}", access.key)
    wrong = [f"{r.status.name} {r.title} {r.resource_type or ''}: {r.reason}" for r in results if r.status in _WRONG]
    assert not wrong, "\n".join(wrong)
    assert sum(result.status is Status.SUCCESS for result in results) > 100


@PROFILES
async def test_scim_sanity_passes_in_its_strict_mode(profile: str, live: str, new_directory: NewDirectory) -> None:
    access = await new_directory(profile=profile)
    report = await asyncio.to_thread(_probe, f"{live}{access.url}", access.key)
    bad = [line for line in report["results"] if line["status"] not in ("pass", "skip")]
    assert not bad, json.dumps(bad, indent=1)
    assert report["summary"]["passed"] > 25


def _check(url: str, key: str) -> list[CheckResult]:
    headers = {"Authorization": f"Bearer {key}", "Content-Type": MEDIA_TYPE}
    with httpx.Client(base_url=url, headers=headers) as http:
        return check_server(_Client(http))


def _probe(url: str, key: str) -> dict[str, Any]:
    output = io.StringIO()
    with contextlib.redirect_stdout(output):
        run_probe(url, token=key, json_output=True, strict=True, accept_side_effects=True)
    report = json.loads(output.getvalue())
    assert isinstance(report, dict)
    return report
