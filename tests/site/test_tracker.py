"""The tracker, the history and the mistakes: what they count, and what they say of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from grader.base.paths import Workspace
from grader.course.model import Course, Exercise, Hint, Phase, Unit
from grader.course.source.claims import Claim
from grader.course.source.docstrings import strip_docstrings
from grader.grading.outcome import Attempt, Standing, Status
from grader.learner.progress import survey
from grader.site.links import LinkResolver
from grader.site.mistake_history import MetMistake, find_first_broken, find_met_mistakes
from grader.site.pages import history, mistakes, tracker
from grader.site.pages.exercise_table import count_seconds, format_span, render_exercise_table
from grader.site.site_data import SiteData

EVIL = "<script>alert('x')</script> `|` \"quoted\" & *b* [a](javascript:alert(1))"
HINTS = tuple(Hint(level, "Think.") for level in (1, 2, 3))
CLAIMS = (Claim("test_a", "A holds.", 1, ()), Claim("test_b", "B holds.", 2, ()))
SAYS = {"halved": "half of it", "doubled": "twice of it"}


@pytest.mark.parametrize(
    ("passed", "words"),
    [
        (None, "–"),
        (59, "under 1 min"),
        (60, "1 min"),
        (59 * 60 + 59, "59 min"),
        (60 * 60, "1 h"),
        (2 * 3600 + 10 * 60 + 59, "2 h 10 min"),
        (24 * 3600 - 1, "23 h 59 min"),
        (24 * 3600, "1 day"),
        (35 * 3600, "1 day"),
        (36 * 3600, "2 days"),
        (84 * 3600, "4 days"),
        (400 * 24 * 3600, "400 days"),
    ],
)
def test_a_span_in_honest_words(passed: int | None, words: str) -> None:
    """Minutes, hours with minutes, and from a day on the nearest number of days."""
    assert format_span(passed) == words


@pytest.mark.parametrize(
    ("first", "last", "passed"),
    [
        ("2026-10-25T00:30:00+00:00", "2026-10-25T02:30:01+00:00", 7201),
        ("2026-10-25T23:00:00+02:00", "2026-10-25T21:00:00+00:00", 0),
        ("2026-10-25T10:00:00+00:00", "2026-10-25T09:00:00+00:00", None),
        ("yesterday", "2026-10-25T09:00:00+00:00", None),
        ("2026-10-25T10:00:00", "2026-10-25T11:00:00+00:00", None),
        (None, "2026-10-25T09:00:00+00:00", None),
    ],
)
def test_time_between_two_records(first: str | None, last: str, passed: int | None) -> None:
    """Whole seconds across zones; what is missing, unreadable or backwards is unknown."""
    assert count_seconds(first, last) == passed


# Mistakes


def attempt_at(minute: int, a: Status, b: Status, mistake: str | None = None) -> Attempt:
    """An attempt at that minute, on the day of its ten minutes."""
    passed = a == b == "passed"
    return Attempt(
        exercise="u/e",
        verdict="passed" if passed else "failed",
        checks={"test_b": b, "test_a": a},
        seed=1,
        seconds=0.5,
        file_hash="f" * 64,
        checks_hash="c" * 64,
        at=f"2026-11-22T20:{minute:02}:00+00:00",
        day=f"2026-11-{minute // 10 + 1:02}",
        mistake=mistake,
    )


def site(*attempts: Attempt, title: str = "Halve", standing: Standing | None = None) -> SiteData:
    """What the pages show of one exercise and its attempts."""
    exercises = (Exercise("u/e", title, "Do it.", ("e",), 5, HINTS),)
    course = Course("C", (Phase("p", "P", (1, 2), (Unit("u", "Unit", "Things.", exercises),)),))
    known = {"u/e": standing} if standing else {}
    return SiteData(
        workspace=Workspace(Path("/nowhere")),
        course=course,
        progress=survey(course, known, {}),
        standings=known,
        attempts=attempts,
        claims={"u/e": CLAIMS},
        mistakes={"u/e": SAYS},
    )


def summary(one: MetMistake) -> tuple[str, str, str, str | None, int, int]:
    """What is told of a mistake, in short."""
    ended = one.fixed.day if one.fixed else None
    return one.mistake, one.claim, one.first.day, ended, one.seen, one.attempts


def test_a_mistake_is_fixed_when_its_claim_holds() -> None:
    """Not when another mistake hides it, but when the check that it broke passes."""
    found = find_met_mistakes(
        site(
            attempt_at(0, "failed", "failed", "halved"),
            attempt_at(10, "failed", "failed", "doubled"),
            attempt_at(20, "failed", "failed"),
            attempt_at(30, "passed", "failed"),
            attempt_at(40, "passed", "passed"),
        ),
        "u/e",
    )
    assert [summary(one) for one in found] == [
        ("halved", "A holds.", "2026-11-01", "2026-11-04", 1, 3),
        ("doubled", "A holds.", "2026-11-02", "2026-11-04", 1, 2),
    ]


def test_a_mistake_that_comes_back_is_one_mistake() -> None:
    """Met first, seen twice, fixed after the last time; the claim is that of the last time."""
    (one,) = find_met_mistakes(
        site(
            attempt_at(0, "failed", "failed", "halved"),
            attempt_at(10, "passed", "failed", None),
            attempt_at(20, "passed", "failed", "halved"),
            attempt_at(30, "passed", "passed"),
        ),
        "u/e",
    )
    assert summary(one) == ("halved", "B holds.", "2026-11-01", "2026-11-04", 2, 3)


def test_a_mistake_is_not_fixed_until_then() -> None:
    """Without a later attempt, and with one that still breaks, nothing is fixed."""
    (fresh,) = find_met_mistakes(site(attempt_at(0, "failed", "failed", "halved")), "u/e")
    assert summary(fresh) == ("halved", "A holds.", "2026-11-01", None, 1, 0)
    assert history.describe_mistake(fresh) == "Made on 1 November 2026, not fixed yet."
    (older,) = find_met_mistakes(
        site(attempt_at(0, "failed", "failed", "halved"), attempt_at(10, "failed", "failed")), "u/e"
    )
    assert (
        history.describe_mistake(older)
        == "Made on 1 November 2026, not fixed yet after 1 more attempt."
    )


def test_checks_that_are_gone_break_last() -> None:
    """The first broken check follows the check file, and old names come after all others."""
    attempt = replace(
        attempt_at(0, "passed", "failed"), checks={"gone": "failed", "test_b": "failed"}
    )
    assert find_first_broken(("test_a", "test_b"), attempt) == "test_b"
    assert find_first_broken((), attempt) == "gone"
    assert find_first_broken(("test_a",), replace(attempt, checks={})) is None


def mistakes_page(shown: SiteData) -> BeautifulSoup:
    """The page of mistakes as MkDocs gets it."""
    return BeautifulSoup(
        mistakes.render_pages(shown, LinkResolver(shown))["mistakes.md"], "html.parser"
    )


def test_the_mistakes_page_begins_with_what_is_not_fixed() -> None:
    """Not fixed ones come first, then fixed ones, newest first, and then what each unit cost."""
    page = mistakes_page(
        site(
            attempt_at(0, "failed", "failed", "halved"),
            attempt_at(10, "passed", "failed", "doubled"),
            attempt_at(20, "failed", "passed", EVIL),
        )
    )
    unfixed, fixed = page.find_all("ul")
    assert [item.p.text for item in unfixed.find_all("li")] == [EVIL]
    assert [item.p.text for item in fixed.find_all("li")] == ["twice of it", "half of it"]
    assert "Failed check: B holds." in fixed.text
    assert "Made on 2 November 2026, fixed on 3 November 2026, 1 attempt later." in fixed.text
    assert "| [Unit](units/u/index.md) | 3 | 2 | 2 |" in page.text


def test_the_mistakes_page_says_why_it_is_empty() -> None:
    """Nothing met is explained, and has no empty headings."""
    text = mistakes_page(site()).text
    assert "it is listed here, with the day" in text
    assert "##" not in text


def test_the_mistakes_page_stays_small() -> None:
    """Of a thousand fixed mistakes the newest 150 stand there, and the rest are counted."""
    attempts = []
    for number in range(1000):
        attempts.append(
            replace(attempt_at(0, "failed", "failed", f"m{number}"), at=f"{number:04}a")
        )
        attempts.append(replace(attempt_at(0, "passed", "passed"), at=f"{number:04}b"))
    page = mistakes_page(site(*attempts))
    items = [item.p.text for item in page.ul.find_all("li")]
    assert items[:2] == ["m999", "m998"]
    assert len(items) == 150
    assert "And 850 earlier ones, on the exercises' pages." in page.text


# The history's picture


def test_the_picture_shows_the_share_of_checks() -> None:
    """A bar per attempt, half as high for half of the checks; the pass has a dot."""
    figure = BeautifulSoup(
        history.draw_attempts(
            [attempt_at(0, "failed", "passed"), attempt_at(10, "passed", "passed")], 2
        ),
        "html.parser",
    )
    half, whole = figure.select(".gw-try")
    assert float(whole.rect["height"]) == 2 * float(half.rect["height"])
    assert (half.circle is None, whole.circle is None) == (True, False)
    assert figure.svg["aria-label"] == "2 attempts, checks passed: 1 of 2, 2 of 2"
    assert figure.figcaption.text.startswith("1 November 2026 to 2 November 2026: 2 attempts")


def test_a_long_history_draws_the_last_attempts() -> None:
    """Of 20,000 attempts 60 are drawn and 20 listed, and both say so."""
    many = [attempt_at(0, "failed", "passed")] * 20_000
    shown = site(*many)
    exercise = next(shown.course.iterate_exercises())
    page = history.render_history(shown, exercise, shown.list_attempts("u/e"))
    soup = BeautifulSoup(page, "html.parser")
    assert len(soup.select(".gw-try")) == 60
    assert "the last 60 of 20000 attempts" in soup.figcaption.text
    assert len(soup.select("tbody tr")) == 20
    assert "And 19980 earlier attempts." in page
    assert len(page) < 20_000


def test_an_attempt_without_checks_has_a_mark() -> None:
    """A file that could not be graded is drawn too, and counts none of none."""
    nothing = replace(attempt_at(0, "failed", "failed"), checks={}, verdict="error")
    figure = BeautifulSoup(history.draw_attempts([nothing], 1), "html.parser")
    assert len(figure.select(".gw-try rect")) == 1
    assert figure.svg["aria-label"] == "1 attempt, checks passed: 0 of 0"


# The tracker


def row(shown: SiteData) -> list[tuple[str, str | None]]:
    """Text and sort value of each cell of the one exercise's row."""
    (found,) = BeautifulSoup(
        render_exercise_table(shown, "tracker.md"), "html.parser"
    ).tbody.find_all("tr")
    return [(cell.text, cell.get("data-value")) for cell in found.find_all("td")]


def test_a_row_says_and_sorts() -> None:
    """Each cell in words, and beside it the number or day that it is sorted by."""
    standing = Standing(
        "u/e",
        attempts=4,
        first_attempt_at="2026-11-20T20:00:00+00:00",
        passed_at="2026-11-20T22:10:00+00:00",
        passed_day="2026-11-20",
        hints=2,
    )
    assert row(site(standing=standing)) == [
        ("Halve", None),
        ("● passed", "0"),
        ("4", "4"),
        ("20 November 2026", "2026-11-20"),
        ("2 h 10 min", "7800"),
        ("2 of 3", "2"),
        ("Unit", None),
    ]
    at_once = replace(standing, passed_at=standing.first_attempt_at)
    assert row(site(standing=at_once))[4] == ("first try", "0")


def test_an_untouched_row_has_dashes() -> None:
    """What is not known is a dash, and has no value to be sorted by."""
    cells = row(site(title=EVIL))
    assert cells[0] == (EVIL, None)
    assert cells[1:6] == [("○ not started", "4"), ("0", "0"), ("–", ""), ("–", ""), ("–", "0")]


def test_hostile_records_stay_words_in_the_tracker() -> None:
    """A day edited by hand, or a title with HTML, is text on the page."""
    bad = Standing("u/e", 1, passed_at="x", passed_day=EVIL)
    shown = site(title=EVIL, standing=bad)
    page = BeautifulSoup(
        tracker.render_pages(shown, LinkResolver(shown))["tracker.md"], "html.parser"
    )
    assert not page.find_all(["script", "img"])
    assert page.text.count("alert('x')") >= 3


# The reference beside the learner's code

SOURCE = '''"""What it is about."""

import torch


class Half:
    """Half."""

    rate = 2

    def of(self, x):
        """Give half.

        of x
        """

        # the half
        return x / self.rate  # """not one"""

    def nothing(self):
        """Only words."""
'''
BARE = '''import torch


class Half:
    rate = 2

    def of(self, x):
        # the half
        return x / self.rate  # """not one"""

    def nothing(self):
        """Only words."""'''


def test_docstrings_are_left_out() -> None:
    """Comments and all else stay; a body of words alone, and what is no Python, stay whole."""
    assert strip_docstrings(SOURCE) == BARE
    assert strip_docstrings("def f(:\n") == "def f(:\n"
    assert strip_docstrings(SOURCE.replace("\n", "\r")) == BARE
    assert strip_docstrings('def f(): """x"""; return 1\n') == 'def f(): """x"""; return 1'
