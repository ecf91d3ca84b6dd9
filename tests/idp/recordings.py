"""The format of `recordings/*.json` and what a step says once defaults, shared bodies and sources are filled in."""

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Final, Literal

import msgspec

from tests.idp.variables import fill

FOLDER: Final = Path(__file__).parent / "recordings"
PATCH_OP: Final = "urn:ietf:params:scim:api:messages:2.0:PatchOp"


class Source(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where a request is known from, and how surely."""

    evidence: Literal["documented", "seen in a fixture", "reported", "inferred", "ours"]
    reference: str


class Step(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One request and what must come back.

    `send` is the request line below the SCIM base, the query as on the wire. The body is one of `body`, `raw` (text
    sent as it is), `patch` (the operations of a PatchOp) or `use` (a shared body of the file, `fill` giving its
    placeholders); `plus` lays attributes over it. `headers` are laid over those of the file, null takes one away.
    `expect` is the status or the allowed ones; `answer` maps JSON pointers to expectations and is skipped on 204.
    """

    name: str
    send: str
    expect: int | list[int]
    setup: bool = False
    headers: dict[str, str | None] = {}
    body: object = msgspec.UNSET
    raw: str | None = None
    patch: list[object] = []
    use: str = ""
    fill: dict[str, str] = {}
    plus: dict[str, object] = {}
    organization: Literal["first", "second"] = "first"
    error: str | bool = False
    answer: dict[str, object] = {}
    answer_headers: dict[str, object] = {}
    keep: dict[str, str] = {}
    times: int = 1
    gather: dict[str, str] = {}
    source: str = ""

    @property
    def method(self) -> str:
        return self.send.partition(" ")[0]

    @property
    def target(self) -> str:
        return self.send.partition(" ")[2]

    @property
    def statuses(self) -> list[int]:
        return [self.expect] if isinstance(self.expect, int) else self.expect

    @property
    def has_body(self) -> bool:
        return self.raw is not None or self.body is not msgspec.UNSET or bool(self.patch or self.use)


class Scenario(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A conversation that starts in an organization with nothing in it; `ours` marks what was not recorded anywhere."""

    id: str
    title: str
    source: str
    steps: list[Step]
    note: str = ""
    ours: bool = False
    directory: dict[str, object] = {}


class Recording(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One file: everything known of one identity provider."""

    provider: str
    about: str
    headers: dict[str, str]
    sources: dict[str, Source]
    scenarios: list[Scenario]
    headers_with_body: dict[str, str] = {}
    bodies: dict[str, dict[str, object]] = {}

    def headers_of(self, step: Step) -> dict[str, str]:
        """The headers a step sends, still with placeholders."""
        merged = {**self.headers, **(self.headers_with_body if step.has_body else {}), **step.headers}
        return {name: text for name, text in merged.items() if text is not None}

    def content_of(self, step: Step, variables: Mapping[str, object]) -> bytes | None:
        """The body a step sends, `None` for no body."""
        if not step.has_body:
            return None
        if step.raw is not None:
            return step.raw.encode()
        return msgspec.json.encode(self.body_of(step, variables))

    def body_of(self, step: Step, variables: Mapping[str, object]) -> object:
        """The JSON a step sends, shared parts and placeholders filled in."""
        if step.patch:
            return fill({"schemas": [PATCH_OP], "Operations": step.patch}, variables)
        if step.use:
            filled = {name: fill(text, variables) for name, text in step.fill.items()}
            body = fill(self.bodies[step.use], {**variables, **filled})
        else:
            body = fill(step.body, variables)
        return {**body, **_object(fill(step.plus, variables))} if isinstance(body, dict) else body

    def source_of(self, scenario: Scenario, step: Step) -> Source:
        """Where a step is known from."""
        return self.sources[step.source or scenario.source]


@cache
def everything() -> dict[str, Recording]:
    """All recordings, by the name of their file."""
    files = sorted(FOLDER.glob("*.json"))
    return {file.stem: msgspec.json.decode(file.read_bytes(), type=Recording) for file in files}


def scenarios() -> Iterator[tuple[Recording, Scenario]]:
    """Every scenario beside the recording it belongs to."""
    for recording in everything().values():
        for scenario in recording.scenarios:
            yield recording, scenario


def _object(value: object) -> dict[str, object]:
    assert isinstance(value, dict)
    return value
