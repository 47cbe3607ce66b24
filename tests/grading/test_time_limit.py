"""Limits count what is computed: a busy machine takes nothing, and waiting gains nothing."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator

import pytest
from small_course import REFERENCE, Bench

from grader.grading.judge.time_limit import TimeLimit, wait_until_readable


class Machine:
    """A clock, and processes that get a part of the processor."""

    def __init__(self, part: float) -> None:
        self.seconds, self.part = 0.0, part

    def limit(self, seconds: float) -> TimeLimit:
        """A limit of these processes."""
        return TimeLimit(seconds, lambda: self.part * self.seconds, lambda: self.seconds)


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    """Two ends of a connection."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours, theirs


@pytest.mark.parametrize(
    ("part", "first", "left"),
    [(1.0, 1.0, 0.0), (0.5, 2.0, 0.0), (0.2, 2.0, 0.6), (0.2, 2.99, 0.01), (0.2, 3.0, 0.0)],
)
def test_what_is_computed_counts_up_to_three_times_the_clock(
    part: float, first: float, left: float
) -> None:
    """With half of the processor a second lasts for two, and with a fifth for three."""
    machine = Machine(part)
    limit = machine.limit(1.0)
    machine.seconds = 0.9
    assert limit.read_left() > 0
    machine.seconds = first
    assert limit.read_left() == pytest.approx(left)


def test_who_waits_has_the_seconds_of_the_clock() -> None:
    """A process that sleeps does not compute, however long it takes."""
    machine = Machine(0.01)
    limit = machine.limit(1.0)
    machine.seconds = 1.0
    assert limit.read_left() <= 0 and limit.read_spent() == 1.0


def test_threads_spend_no_more_than_the_clock_shows() -> None:
    """Eight threads compute for eight seconds in one."""
    machine = Machine(8.0)
    limit = machine.limit(2.0)
    machine.seconds = 1.0
    assert limit.read_spent() == 1.0 and limit.read_left() == 1.0


def test_a_share_is_a_part_of_what_is_left() -> None:
    """Half of the half that is left lasts for a quarter; half of nothing is nothing."""
    machine = Machine(1.0)
    limit = machine.limit(2.0)
    machine.seconds = 1.0
    share = limit.make_share(0.5)
    machine.seconds = 1.4
    assert share.read_left() == pytest.approx(0.1)
    machine.seconds = 2.0
    assert share.read_left() <= 0 and limit.make_share(0.5).read_left() <= 0


def test_the_least_of_the_limits_ends_the_waiting(
    pair: tuple[socket.socket, socket.socket],
) -> None:
    """Nothing is sent: the short limit is reached. What was sent is there at once."""
    ours, theirs = pair
    limits = TimeLimit(1000.0, time.monotonic), TimeLimit(0.05, time.monotonic)
    with pytest.raises(TimeoutError):
        wait_until_readable(ours, *limits)
    theirs.send(b"x")
    wait_until_readable(ours, limits[0])


BUSY = """
import time

end = time.process_time() + 0.1
while {goes_on}:
    pause = time.process_time() + 0.01
    while time.process_time() < pause: pass
    time.sleep(0.025)
"""


@pytest.mark.slow
def test_a_mistake_is_recognised_on_a_busy_machine(bench: Bench) -> None:
    """One that computes for a third of the time is asked beyond a second of the clock."""
    thrice = REFERENCE.replace("x * 2", "x * 3")
    slow = BUSY.format(goes_on="time.process_time() < end") + thrice
    with bench.engine.run(bench.plan(thrice)) as run:
        run.collect_report()
        evidence = run.collect_evidence(REFERENCE, {"slow": [slow]}, seconds=1.0)
    assert evidence == {"slow": dict.fromkeys(evidence["slow"], True)}


@pytest.mark.slow
@pytest.mark.parametrize("waits", [BUSY.format(goes_on="True"), "import time\ntime.sleep(60)\n"])
def test_a_mistake_that_never_answers_is_given_up(bench: Bench, waits: str) -> None:
    """A loop and a sleep are left out, with all mistakes after them; relations get the rest."""
    thrice = REFERENCE.replace("x * 2", "x * 3")
    mistakes = {"known": [thrice], "stuck": [waits + thrice], "after": [thrice]}
    with bench.engine.run(bench.plan(thrice)) as run:
        run.collect_report()
        assert list(run.collect_evidence(REFERENCE, mistakes, seconds=0.5)) == ["known"]
        assert run.collect_relations(REFERENCE, seconds=0.5) == ()
