"""The results as Markdown: tables, targets and whether they were met."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from . import memory, pages, questions, rules, webhooks
from .asking import Asked, Turned
from .growth import Growth
from .measuring import Effort, Line, Measured
from .memory import Held
from .pages import Paged
from .populations import Sizes
from .rules import Ruled
from .tasks import Carried
from .webhooks import Telling

FLOOR_SHARE = 0.5
_WITHIN = (
    ("cursor-deep", "cursor-first", 2.0),
    ("add-to-large", "add-to-small", 1.5),
    ("add-many-mapped", "add-many", 3.0),
    ("create-limited", "create-unlimited", 2.0),
    ("deactivate-held", "deactivate", 2.0),
)
"""Operations that may cost so many times as much as others."""


@dataclass(frozen=True, slots=True)
class Results:
    """Everything that one run found."""

    sizes: Sizes
    effort: Effort
    server_version: str
    lines: Sequence[Line]
    growth: Sequence[Growth]
    held: Sequence[Held]
    ruled: Sequence[Ruled]
    asked: Sequence[Asked]
    turned: Sequence[Turned]
    carried: Sequence[Carried] = ()
    told: Sequence[Telling] = ()
    looked: Sequence[Paged] = ()


def markdown(results: Results) -> str:
    """The whole report."""
    parts = (_machine, _speed, _targets, _growth, _memory, _rules, _questions, _pages, _tasks, _webhooks)
    return "\n".join(line for part in parts for line in part(results))


def targets(results: Results) -> Iterator[tuple[str, str, bool]]:
    """What was to be reached, what was, and whether that is enough."""
    for workers in sorted({line.workers for line in results.lines}):
        lines = {line.operation.name: line for line in results.lines if line.workers == workers}
        where = "one process" if workers == 1 else f"{workers} processes"
        for is_write, what in ((False, "reads, filters and lists"), (True, "writes")):
            some = [line for line in lines.values() if line.operation.is_write is is_write]
            if some:
                below = [line for line in some if line.ratio < FLOOR_SHARE]
                shown = sorted(below, key=_ratio) or [min(some, key=_ratio)]
                found = ", ".join(f"{line.ratio:.2f} ({line.operation.title})" for line in shown)
                yield f"{what} at {FLOOR_SHARE} of the floor or more, {where}", found, not below
        for name, base, times in _WITHIN:
            yield from _against(lines, name, base, times, where)
    if results.held:
        peak = max(each.peak for each in results.held)
        limit = f"a worker under {memory.LIMIT // 1_000_000} MB with the largest group"
        yield limit, f"{peak / 1e6:.0f} MB", memory.within_limit(results.held)
    if results.ruled:
        slowest = max(each.seconds for each in results.ruled)
        limit = f"roles of everybody in the largest group recomputed within {rules.LIMIT_SECONDS:g} s"
        yield limit, f"{slowest:.1f} s", slowest <= rules.LIMIT_SECONDS

    for each in (asked for asked in results.asked if asked.question.name == questions.JUDGED):
        times = each.application.p99 / each.by_hand.p99
        limit = f"{each.question.title}: all but one of a hundred within {questions.TIMES:g} times of by hand"
        yield limit, f"{times:.1f}", times <= questions.TIMES
    if results.turned:
        slowest = max(each.most for each in results.turned)
        limit = f"hostile documents refused within {questions.HOSTILE_MILLISECONDS:g} ms"
        yield limit, f"{slowest:.0f} ms", slowest <= questions.HOSTILE_MILLISECONDS
    if results.looked:
        slowest_page = max(results.looked, key=lambda each: each.application.p99)
        limit = f"pages: all but one of a hundred within {pages.MILLISECONDS:g} ms, for one client"
        reached = f"{slowest_page.application.p99:.0f} ms ({slowest_page.page.title})"
        yield limit, reached, slowest_page.application.p99 <= pages.MILLISECONDS
        heaviest = max(results.looked, key=lambda each: each.weight)
        limit = f"a page with all that it loads at most {pages.KILOBYTES:g} kB"
        yield (
            limit,
            f"{heaviest.weight / 1000:.0f} kB ({heaviest.page.title})",
            heaviest.weight <= pages.KILOBYTES * 1000,
        )
    if results.told:
        least = min(results.told, key=lambda each: each.ratio)
        limit = f"writes with {webhooks.ENDPOINTS} webhook endpoints at {webhooks.SHARE} of without, or more"
        yield limit, f"{least.ratio:.2f} ({least.operation.title})", least.ratio >= webhooks.SHARE


def _ratio(line: Line) -> float:
    return line.ratio


def _against(lines: dict[str, Line], name: str, base: str, limit: float, where: str) -> Iterator[tuple[str, str, bool]]:
    if name in lines and base in lines:
        one, other = lines[name], lines[base]
        factor = other.application.rate / one.application.rate
        title = f"{one.operation.title} within {limit:g} times of {other.operation.title}, {where}"
        yield title, f"{factor:.2f}", factor <= limit


def _machine(results: Results) -> Iterator[str]:
    sizes, effort = results.sizes, results.effort
    yield f"Measured on {datetime.now(UTC):%Y-%m-%d}: {_processor()}, {os.cpu_count()} cores, {_memory_size()}"
    yield f"{platform.system()}; Python {platform.python_version()}, granian {version('granian')},"
    yield f"asyncpg {version('asyncpg')}, PostgreSQL {results.server_version}; client, servers and database together."
    yield f"{sizes.users:,} users in one organization, {sizes.organizations:,} organizations of {20} beside it;"
    each = f"{effort.turns} turns of {effort.seconds / effort.turns:.3g} s"
    yield f"{effort.connections} connections, {each} for each side."
    yield ""


def _speed(results: Results) -> Iterator[str]:
    for workers in sorted({line.workers for line in results.lines}):
        yield f"### {'One process' if workers == 1 else f'{workers} processes'}"
        yield ""
        yield "| | Rollcall/s | p50 ms | p99 ms | CPU ms | floor/s | p50 ms | p99 ms | CPU ms | of the floor |"
        yield "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|"
        for line in (line for line in results.lines if line.workers == workers):
            yield f"| {line.operation.title} | {_cells(line.application)} | {_cells(line.floor)} | {line.ratio:.2f} |"
        yield ""


def _cells(measured: Measured) -> str:
    return f"{measured.rate:,.0f} | {measured.p50:.1f} | {measured.p99:.1f} | {measured.cpu:.2f}"


def _targets(results: Results) -> Iterator[str]:
    found = list(targets(results))
    if found:
        yield "### Targets"
        yield ""
        yield "| target | reached | |"
        yield "|---|---|---|"
        for target, reached, is_met in found:
            yield f"| {target} | {reached} | {'pass' if is_met else '**miss**'} |"
        yield ""


def _growth(results: Results) -> Iterator[str]:
    if results.growth:
        small, large = results.sizes.tenth, results.sizes.large
        yield "### Growth: one request at a time, p50 in ms"
        yield ""
        yield f"| | {small.users:,} users | {large.users:,} users | times |"
        yield "|---|--:|--:|--:|"
        for each in results.growth:
            yield f"| {each.operation.title} | {each.small:.2f} | {each.large:.2f} | {each.large / each.small:.1f} |"
        yield ""


def _memory(results: Results) -> Iterator[str]:
    if results.held:
        yield "### Memory of a worker with the largest group"
        yield ""
        yield "| | most held so far, MB | seconds |"
        yield "|---|--:|--:|"
        for each in results.held:
            yield f"| {each.step} | {each.peak / 1e6:.0f} | {each.seconds:.1f} |"
        yield ""


def _rules(results: Results) -> Iterator[str]:
    if results.ruled:
        yield "### Roles after a change of a mapping, in one transaction; and its preview"
        yield ""
        yield "| | members with another role | seconds |"
        yield "|---|--:|--:|"
        for each in results.ruled:
            yield f"| {each.change} | {each.members:,} | {each.seconds:.1f} |"
        yield ""


def _questions(results: Results) -> Iterator[str]:
    if results.asked:
        yield "### Questions over GraphQL, beside the same data by hand-written SQL under the same server"
        yield ""
        yield "| | statements | Rollcall/s | p50 ms | p99 ms | CPU ms | by hand/s | p50 ms | p99 ms | CPU ms | times |"
        yield "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|"
        for each in results.asked:
            cells = f"{_cells(each.application)} | {_cells(each.by_hand)}"
            times = each.application.p99 / each.by_hand.p99
            yield f"| {each.question.title} | {each.statements} | {cells} | {times:.1f} |"
        yield ""
        yield "| refused | p50 ms | at most, of ten |"
        yield "|---|--:|--:|"
        for turned in results.turned:
            yield f"| {turned.name} | {turned.p50:.1f} | {turned.most:.1f} |"
        yield ""


def _pages(results: Results) -> Iterator[str]:
    if results.looked:
        yield "### Pages of the dashboard, for one client, beside the same statements alone"
        yield ""
        yield "| | statements | kB | p50 ms | p99 ms | CPU ms | floor p50 ms | p99 ms |"
        yield "|---|--:|--:|--:|--:|--:|--:|--:|"
        for each in results.looked:
            own, floor = each.application, each.floor
            cells = f"{own.p50:.1f} | {own.p99:.1f} | {own.cpu:.1f} | {floor.p50:.1f} | {floor.p99:.1f}"
            yield f"| {each.page.title} | {each.statements} | {each.size / 1000:.1f} | {cells} |"
        yield ""


def _tasks(results: Results) -> Iterator[str]:
    if results.carried:
        yield "### Tasks that do nothing, carried out by workers, beside as many loops by hand"
        yield ""
        yield "| workers | Rollcall/s | floor/s | of the floor |"
        yield "|--:|--:|--:|--:|"
        for each in results.carried:
            yield f"| {each.workers} | {each.rate:,.0f} | {each.floor:,.0f} | {each.rate / each.floor:.2f} |"
        yield ""


def _webhooks(results: Results) -> Iterator[str]:
    if results.told:
        yield f"### Writes told to {webhooks.ENDPOINTS} webhook endpoints, beside the same told to nobody"
        yield ""
        yield "| | told/s | p50 ms | p99 ms | CPU ms | not told/s | p50 ms | p99 ms | CPU ms | of not told |"
        yield "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|"
        for each in results.told:
            yield f"| {each.operation.title} | {_cells(each.told)} | {_cells(each.silent)} | {each.ratio:.2f} |"
        yield ""


def _processor() -> str:
    cpus = Path("/proc/cpuinfo")
    lines = cpus.read_text().splitlines() if cpus.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def _memory_size() -> str:
    pages, size = os.sysconf("SC_PHYS_PAGES"), os.sysconf("SC_PAGE_SIZE")
    return f"{pages * size / 1e9:.0f} GB,"
