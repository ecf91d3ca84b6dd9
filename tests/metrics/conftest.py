"""Numbers that are looked for each time, not kept from the test before."""

from __future__ import annotations

import pytest

from api.metrics import counting, standing


@pytest.fixture(autouse=True)
def _fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(standing, "_found", None)
    monkeypatch.setattr(counting, "_is_on", True)  # another application of this process may count nothing
    monkeypatch.setattr(standing, "_KEPT_SECONDS", -1.0)
    # So many directories are known to a process that has run other tests that no more would be told apart.
    counting._scim.clear()
    monkeypatch.setattr(counting, "_known", set())
    monkeypatch.setattr(counting, "_scim_children", {})
