"""Living through a time that is over: times and ids are of then, and of now again afterwards."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from api.provisioning import clock
from db import moment
from db.ids import made_at, new_id

MINUTE = timedelta(minutes=1)


def test_times_and_ids_are_of_then_and_afterwards_of_now() -> None:
    then = (datetime.now(UTC) - timedelta(days=120)).replace(microsecond=0)
    with moment.elsewhere(then):
        assert then <= clock.now() < then + MINUTE
        assert abs(made_at(new_id()) - clock.now()) < MINUTE
        moment.go_to(then + timedelta(days=1))
        assert then + timedelta(days=1) <= clock.now() < then + timedelta(days=1) + MINUTE
    assert abs(clock.now() - datetime.now(UTC)) < MINUTE
    assert abs(made_at(new_id()) - datetime.now(UTC)) < MINUTE


def test_it_is_now_again_also_after_trouble() -> None:
    with pytest.raises(ZeroDivisionError), moment.elsewhere(datetime(2020, 1, 1, tzinfo=UTC)):
        raise ZeroDivisionError
    assert abs(clock.now() - datetime.now(UTC)) < MINUTE


def test_nobody_goes_ahead_of_the_machine() -> None:
    with moment.elsewhere(datetime.now(UTC) + timedelta(days=1)):
        assert clock.now() <= datetime.now(UTC)
