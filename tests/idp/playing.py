"""Plays one scenario against a fresh organization and says precisely what went otherwise than expected."""

from typing import Protocol

import httpx
import msgspec

from tests.idp import matching, promises, wire
from tests.idp.recordings import Recording, Scenario, Step
from tests.idp.variables import fill, fill_text
from tests.idp.wire import Answer


class DirectoryAccess(Protocol):
    """What an identity provider is given to connect with."""

    @property
    def url(self) -> str: ...
    @property
    def key(self) -> str: ...


class NewDirectory(Protocol):
    """Makes an organization with one directory in it."""

    async def __call__(self, provider: str = "GENERIC", **settings: object) -> DirectoryAccess: ...


class WentOtherwise(AssertionError):
    """A step was not answered as its recording expects."""


async def play(
    recording: Recording, scenario: Scenario, client: httpx.AsyncClient, new_directory: NewDirectory
) -> None:
    """Sends every step of a scenario in order; raises `WentOtherwise` at the first that is not answered as expected."""
    wanted = sorted({"first"} | {step.organization for step in scenario.steps})
    access = {name: await new_directory(recording.provider, **scenario.directory) for name in wanted}
    variables: dict[str, object] = {}
    for number, step in enumerate(scenario.steps, start=1):
        for turn in range(1, step.times + 1):
            known = {**variables, "n": turn, "key": access[step.organization].key}
            content = recording.content_of(step, known)
            answer = await _send(client, access[step.organization].url, recording, step, known, content)
            complaints = judge(step, answer, known) + _keep(step, answer, variables)
            if complaints:
                raise WentOtherwise(_story(recording, scenario, number, content, answer, complaints))


def judge(step: Step, answer: Answer, variables: dict[str, object]) -> list[str]:
    """One line for everything in an answer that a step did not expect."""
    complaints = promises.broken(answer)
    if answer.status not in step.statuses:
        complaints.insert(0, f"status {answer.status}, wanted {' or '.join(map(str, step.statuses))}")
    if step.error and answer.status < 400:
        complaints.append("an error was wanted")
    for name, wanted in step.answer_headers.items():
        found = answer.headers.get(name, matching.ABSENT)
        complaints += matching.differences(found, fill(wanted, variables), f"header {name}")
    if answer.status == 204 or complaints:
        return complaints
    if isinstance(step.error, str):
        complaints += matching.differences(matching.at(answer.document, "/scimType"), step.error, "/scimType")
    for pointer, wanted in step.answer.items():
        pointer = fill_text(pointer, variables)
        complaints += matching.differences(matching.at(answer.document, pointer), fill(wanted, variables), pointer)
    return complaints


async def _send(
    client: httpx.AsyncClient,
    base: str,
    recording: Recording,
    step: Step,
    variables: dict[str, object],
    content: bytes | None,
) -> Answer:
    headers = {name: fill_text(text, variables) for name, text in recording.headers_of(step).items()}
    return await wire.send(client, step.method, base + fill_text(step.target, variables), headers, content)


def _keep(step: Step, answer: Answer, variables: dict[str, object]) -> list[str]:
    """Writes down what a later step needs; one line for each thing that is not there."""
    if not (step.keep or step.gather):
        return []
    try:
        document = answer.document
    except msgspec.DecodeError:
        document = None
    complaints = []
    for name, pointer in {**step.keep, **step.gather}.items():
        value = matching.at(document, pointer)
        if value is matching.ABSENT or value is None:
            complaints.append(f"nothing at {pointer or 'the whole'} to keep as <{name}>")
        elif name in step.gather:
            gathered = variables.setdefault(name, [])
            assert isinstance(gathered, list)
            gathered.append(value)
        else:
            variables[name] = value
    return complaints


def _story(
    recording: Recording, scenario: Scenario, number: int, content: bytes | None, answer: Answer, complaints: list[str]
) -> str:
    step = scenario.steps[number - 1]
    source = recording.source_of(scenario, step)
    lines = [
        f"{scenario.id}, step {number} of {len(scenario.steps)}: {step.name}",
        *(f"  - {complaint}" for complaint in complaints),
        f"  sent    {step.send}  {_short(content or b'')}",
        f"  answer  {answer.status} {_short(answer.content)}",
        f"  known   {source.evidence}: {source.reference}",
    ]
    return "\n".join(lines)


def _short(content: bytes) -> str:
    text = content.decode(errors="replace")
    return text if len(text) <= 1500 else text[:1500] + "…"
