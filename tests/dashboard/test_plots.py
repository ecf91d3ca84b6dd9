"""The geometry of the plot of seats, and files for spreadsheets."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest

from api.provisioning.forecast import DayEnd
from dashboard import downloads, plots
from dashboard.pages.seat_settings import minor
from dashboard.plots import Series

FIRST = date(2026, 11, 1)


def drawn(series: Series, days: int = 10) -> plots.Plot:
    """A plot of one type, 100 wide and high between its borders."""
    return plots.plot([series], FIRST, FIRST + timedelta(days=days - 1), width=264, height=160, margin=120)


def ends(*used: int | None, limit: int | None = None) -> list[DayEnd]:
    """Days from the first on; None for one that is unknown."""
    return [DayEnd(FIRST + timedelta(days=n), each, limit) for n, each in enumerate(used) if each is not None]


def test_a_line_stays_level_through_each_day_and_steps_between() -> None:
    line = drawn(Series("Full", ends(0, 4, limit=4))).lines[0]
    assert line.used == "M44.0 134.0H54.0V34.0H64.0"
    assert line.purchased == "M44.0 34.0H54.0V34.0H64.0"


def test_a_day_that_is_unknown_is_a_gap_and_never_zero() -> None:
    line = drawn(Series("Full", ends(4, None, 4))).lines[0]
    assert line.used == "M44.0 34.0H54.0M64.0 34.0H74.0"


def test_a_limit_far_out_of_sight_does_not_flatten_what_is_used() -> None:
    plot = drawn(Series("Full", ends(5, 5, limit=10_000)))
    assert plots.highest([Series("Full", ends(5, 5, limit=10_000))]) == 5
    assert plot.lines[0].purchased == ""
    assert {each.text for each in plot.labels} == {"of 10\N{NARROW NO-BREAK SPACE}000 Full ↑", "Full 5"}


def test_what_is_ahead_is_beyond_the_last_day_and_ends_at_the_limit() -> None:
    ahead = drawn(Series("Full", ends(*range(10), limit=12), a_day=1.0, full_on=FIRST + timedelta(days=12)))
    assert ahead.ahead_from is not None
    assert ahead.lines[0].ahead.startswith(f"M{ahead.ahead_from}")
    assert ahead.lines[0].ahead.endswith(" 34.0")
    full = drawn(Series("Full", ends(*range(10), limit=9), a_day=1.0, full_on=FIRST + timedelta(days=9)))
    assert full.ahead_from is None
    assert full.lines[0].ahead == ""


def test_names_at_the_ends_do_not_lie_on_each_other() -> None:
    series = [Series(name, ends(5, limit=6)) for name in ("Full", "Lite", "Guest")]
    plot = plots.plot(series, FIRST, FIRST, width=400, height=260, margin=90)
    places = sorted(each.y for each in plot.labels)
    assert len(places) == 6
    assert all(later - earlier >= 15 for earlier, later in pairwise(places))
    assert places[-1] <= plot.bottom


@pytest.mark.parametrize(("days", "points"), [(31, 31), (32, 0)])
def test_days_can_be_pointed_at_while_there_are_few(days: int, points: int) -> None:
    assert len(drawn(Series("Full", ends(*[3] * days, limit=4)), days).points) == points


def test_a_point_says_its_day() -> None:
    assert drawn(Series("Full", ends(3, limit=4))).points[0].text == "1 Nov 2026: Full 3 of 4"


def test_purchases_are_ticks_on_their_day() -> None:
    bought = {FIRST + timedelta(days=1): 5, FIRST - timedelta(days=1): 7}
    assert [each.text for each in drawn(Series("Full", ends(1, 2), bought)).ticks] == ["+5"]


def test_the_summary_says_what_is_seen() -> None:
    series = Series("Full", ends(2, 3, limit=4), {FIRST: 2}, 1.0, FIRST + timedelta(days=2))
    assert plots.summary([series]) == (
        "Full: 3 of 4 used on 2 Nov 2026, 2 on 1 Nov 2026; 2 seats bought; full on about 3 Nov 2026."
    )
    assert plots.summary([Series("Lite", [])]) == ""


@pytest.mark.parametrize(("most", "written"), [(4, [0, 1, 2, 3, 4]), (12, [0, 5, 10]), (99, [0, 20, 40, 60, 80])])
def test_round_numbers_are_written_at_the_side(most: int, written: list[int]) -> None:
    assert plots.rungs(most) == written


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =1"])
def test_what_a_spreadsheet_would_run_is_defused(text: str) -> None:
    assert downloads.text([[text, -1, None]]).removeprefix('"').startswith("'")
    assert ",-1," in downloads.text([[text, -1, None]])


def test_quotes_and_lines_stay_in_their_cell() -> None:
    assert downloads.text([['a"b', "c,d"], ["e\nf"]]) == '"a""b","c,d"\r\n"e\nf"\r\n'


@pytest.mark.parametrize(
    ("text", "currency", "amount"),
    [("200", "EUR", 20000), ("200.5", "EUR", 20050), ("200,50", "EUR", 20050), ("200", "JPY", 200), ("0", "EUR", 0)],
)
def test_an_amount_that_somebody_typed(text: str, currency: str, amount: int) -> None:
    assert minor(text, currency) == amount


@pytest.mark.parametrize("text", ["", "x", "-1", "1.234", "NaN", "Infinity", "1e999999", "9" * 20])
def test_what_is_no_amount(text: str) -> None:
    assert minor(text, "EUR") is None
