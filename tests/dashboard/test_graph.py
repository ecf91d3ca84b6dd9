"""The dashboard's documents: checked before any page needs them, run for whoever is signed in."""

from __future__ import annotations

from pathlib import Path

import pytest
from litestar import Request

from api import settings
from api.provisioning.actor import ActorKind, Right
from api.provisioning.caller import Caller
from dashboard.graph import BrokenDocuments, Failed, Graph
from dashboard.visits import Visit
from tests.conftest import NewDirectory

HERE = settings.read({})
ME = "query Me { viewer { name permissions organization { name } } }"


def graph(folder: Path, **documents: str) -> Graph:
    """The graph of these documents."""
    for name, text in documents.items():
        (folder / f"{name}.graphql").write_text(text)
    return Graph.load(folder, HERE)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("query Q { viewer { nam } }", "Cannot query field 'nam' on type 'Viewer'"),
        ("query Q {", "Syntax Error"),
        ("query A { viewer { name } } query B { viewer { name } }", "There must be one operation"),
        ("query Q($id: ID) { viewer { name } }", "'$id' is never used"),
    ],
)
def test_a_document_that_does_not_fit_is_found_before_a_page_needs_it(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(BrokenDocuments, match="bad: ") as found:
        graph(tmp_path, good=ME, bad=text)
    assert told.replace("'", "") in str(found.value).replace("'", "").replace('"', "")
    assert "good" not in str(found.value)


def test_a_fragment_of_its_own_file_is_part_of_every_document_that_spreads_it(tmp_path: Path) -> None:
    part = {"who.fragment": "fragment Who on Viewer { name }"}
    made = graph(tmp_path, **part, one="query One { viewer { ...Who } }", other="query Other { viewer { name } }")
    assert sorted(made.documents) == ["one", "other"]
    assert "fragment Who" in made.documents["one"]
    assert "fragment Who" not in made.documents["other"]
    with pytest.raises(BrokenDocuments, match="one: Cannot query field 'nam'"):
        graph(tmp_path, **{"who.fragment": "fragment Who on Viewer { nam }"})


async def test_a_document_is_run_with_the_rights_of_whoever_is_signed_in(
    tmp_path: Path, new_directory: NewDirectory
) -> None:
    access = await new_directory()
    caller = Caller(
        ActorKind.ADMIN, None, "ann@example.com", frozenset({Right.ORGANIZATION_READ}), access.organization_id
    )
    found = await graph(tmp_path, me=ME).ask("me", caller)
    assert found["viewer"] == {
        "name": "ann@example.com",
        "permissions": ["ORGANIZATION_READ"],
        "organization": {"name": "Acme"},
    }


async def test_what_fails_is_told_by_code_and_trace_id(tmp_path: Path, new_directory: NewDirectory) -> None:
    access = await new_directory()
    nobody = Caller(ActorKind.ADMIN, None, "", frozenset(), access.organization_id)
    own = graph(tmp_path, own="query Own { organization { name } }")
    with pytest.raises(Failed, match=r"organization\.read") as failed:
        await own.ask("own", nobody)
    assert failed.value.code == "FORBIDDEN"
    assert failed.value.trace


async def test_a_page_that_is_looked_at_cannot_change_anything(tmp_path: Path, new_directory: NewDirectory) -> None:
    act = graph(tmp_path, me=ME, act="mutation Act($id: ID!) { apiTokenRevoke(id: $id) { userErrors { code } } }")
    access = await new_directory()
    caller = Caller(ActorKind.ADMIN, None, "ann", frozenset(Right), access.organization_id)
    for method in ("GET", "POST"):
        visit = Visit(Request({"type": "http", "method": method, "headers": []}), HERE, act, caller=caller)  # type: ignore[arg-type]  # as much of one as a visit needs
        assert (await visit.ask("me"))["viewer"]
        if method == "GET":
            with pytest.raises(AssertionError, match="act"):
                await visit.ask("act", id="x")
        else:
            assert (await visit.ask("act", id="x"))["apiTokenRevoke"]["userErrors"]
