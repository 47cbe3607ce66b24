"""The map: where boxes and lines stand, for invented courses of every shape, and its page."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, pairwise
from pathlib import Path
from random import Random

import pytest
from bs4 import BeautifulSoup, Tag
from studied_course import course as real_course

from grader.base.paths import Workspace
from grader.course.loader.loading import load
from grader.course.model import Course, Exercise, Milestone, Phase, Unit
from grader.grading.outcome import Standing
from grader.learner.progress import survey
from grader.site.links import LinkResolver
from grader.site.pages import map as page
from grader.site.pages.map_layout import DOWN, HEIGHT, WIDTH, ExercisePlace, MapLayout, lay_out
from grader.site.site_data import SiteData

EVIL = "<script>alert('x')</script> `|` \"quoted\" & *b* [a](javascript:alert(1))"


def exercise(name: str, needs: tuple[str, ...] = (), title: str = "") -> Exercise:
    """An exercise about nothing."""
    return Exercise(name, title or name.title(), "Do it.", ("f",), 5, (), needs)


def random_units(seed: int, units: int, most: int) -> list[Unit]:
    """Units whose exercises need others without a circle, some of them of another phase.

    In every second course a need may also be one of a later unit, or later in the same unit.
    """
    chance, known = Random(seed), ["elsewhere/one", "elsewhere/two"]
    names = [f"u{u}/e{n}" for u in range(units) for n in range(chance.randint(0, most))]
    made: dict[str, Exercise] = {}
    for name in chance.sample(names, len(names)) if seed % 2 else names:
        needs = tuple(chance.sample(known, min(len(known), chance.choice((0, 1, 1, 2, 5)))))
        made[name] = exercise(name, needs)
        known.append(name)
    return [
        Unit(
            f"u{u}", f"Unit {u}", "Things.", tuple(made[n] for n in names if n.startswith(f"u{u}/"))
        )
        for u in range(units)
    ]


SHAPES = [(seed, units, most) for seed in range(12) for units, most in ((1, 20), (6, 8), (12, 12))]


@pytest.fixture(params=SHAPES, ids=str)
def units(request: pytest.FixtureRequest) -> list[Unit]:
    """The units of one invented phase."""
    return random_units(*request.param)


def is_crossing(box: ExercisePlace, x: float, top: float, bottom: float) -> bool:
    """Whether an upright line from top to bottom runs through the box."""
    beside = abs(box.x - x) >= WIDTH / 2
    return not beside and top < box.y + HEIGHT / 2 and bottom > box.y - HEIGHT / 2


def test_boxes_keep_apart(units: list[Unit]) -> None:
    """No two boxes overlap or touch, and each lies inside its own lane and no other."""
    drawn = lay_out(units)
    for one, other in combinations(drawn.boxes, 2):
        assert abs(one.x - other.x) > WIDTH or abs(one.y - other.y) > HEIGHT
    lanes = {lane.unit: lane for lane in drawn.lanes}
    for box in drawn.boxes:
        lane = lanes[box.unit]
        assert lane.x < box.x - WIDTH / 2
        assert box.x + WIDTH / 2 < lane.x + lane.width
        assert box.y + HEIGHT / 2 < drawn.height
    for left, right in pairwise(drawn.lanes):
        assert left.x + left.width < right.x


def test_every_exercise_stands_there_once(units: list[Unit]) -> None:
    """Those of the phase have one box each; those of another one have one where needed."""
    boxes = lay_out(units).boxes
    own = [box.exercise for box in boxes if not box.elsewhere]
    assert sorted(own) == sorted(e.id for unit in units for e in unit.exercises)
    needed = {need for unit in units for e in unit.exercises for need in e.needs}
    assert sorted(box.exercise for box in boxes if box.elsewhere) == sorted(needed - set(own))


def test_every_need_is_a_line_that_leads_down(units: list[Unit]) -> None:
    """From the lower edge of what is needed to the upper edge of what needs it, never up."""
    drawn = lay_out(units)
    boxes = {box.exercise: box for box in drawn.boxes}
    needs = sorted((need, e.id) for unit in units for e in unit.exercises for need in e.needs)
    assert sorted((line.need, line.exercise) for line in drawn.lines) == needs
    for line in drawn.lines:
        assert boxes[line.need].row < boxes[line.exercise].row
        assert line.points[0] == (boxes[line.need].x, boxes[line.need].y + HEIGHT / 2)
        assert line.points[-1][1] == boxes[line.exercise].y - HEIGHT / 2
        assert abs(line.points[-1][0] - boxes[line.exercise].x) < WIDTH / 2
        assert all(above[1] <= below[1] for above, below in pairwise(line.points))


def test_no_line_runs_through_a_box(units: list[Unit]) -> None:
    """Curves stay between two rows, and the upright ways between them meet no box."""
    drawn = lay_out(units)
    for line in drawn.lines:
        for number, ((x, y), (_, to_y)) in enumerate(pairwise(line.points)):
            if number == 1:
                assert not any(is_crossing(box, x, y, to_y) for box in drawn.boxes)
            else:
                assert to_y - y <= DOWN - HEIGHT + 1e-9
                rows = [box.y for box in drawn.boxes]
                assert not any(
                    y + 1e-9 < r + HEIGHT / 2 and to_y - 1e-9 > r - HEIGHT / 2 for r in rows
                )


def test_the_same_course_gives_the_same_picture() -> None:
    """Nothing in the layout depends on chance or on the order of a set."""
    assert lay_out(random_units(3, 8, 10)) == lay_out(random_units(3, 8, 10))


def test_a_chain_goes_straight_down() -> None:
    """One lane, one column: each row holds the next exercise, and every line is straight."""
    chain = [exercise(f"u/e{n}", (f"u/e{n - 1}",) if n else ()) for n in range(2)]
    drawn = lay_out([Unit("u", "U", "", tuple(chain))])
    assert [(box.row, box.slot) for box in drawn.boxes] == [(0, 0), (1, 0)]
    assert {x for line in drawn.lines for x, _ in line.points} == {drawn.boxes[0].x}


def test_nothing_to_draw_is_an_empty_picture() -> None:
    """Units without exercises take no room."""
    empty = lay_out([Unit("u", "U", "", ())])
    assert empty == MapLayout((), (), (), 0.0, 0.0)


def site(course: Course, standings: dict[str, Standing] | None = None) -> SiteData:
    """What the map shows of a course."""
    known = standings or {}
    return SiteData(Workspace(Path("/nowhere")), course, survey(course, known, {}), known)


def map_figure(course: Course, standings: dict[str, Standing] | None = None) -> BeautifulSoup:
    """The map's page, as the Markdown that MkDocs gets."""
    made = site(course, standings)
    return BeautifulSoup(page.render_pages(made, LinkResolver(made))["map.md"], "html.parser")


def boxes(soup: BeautifulSoup) -> Iterator[Tag]:
    """Every box of the pictures."""
    yield from soup.select("svg g.gw-box")


def test_a_box_says_its_state_by_sign_word_and_colour() -> None:
    """Passed, open and next: in words, in the label that is read aloud, and by a class."""
    units = (Unit("u", "U", "", (exercise("u/a"), exercise("u/b", ("u/a",)))),)
    passed = Standing("u/a", 1, passed_at="2026-11-22T20:00:00+00:00")
    course = Course("C", (Phase("p", "P", (1, 2), units),))
    first, second = boxes(map_figure(course, {"u/a": passed}))
    assert "gw-passed" in first["class"]
    assert first.select_one(".gw-word").text == "● passed"
    assert first.a["aria-label"] == "U/A: passed"
    assert {"gw-open", "gw-next"} <= set(second["class"])
    assert second.a["aria-label"] == "U/B: not started, next"
    assert second.path["class"] == ["gw-from-passed"]


def test_the_path_on_the_map_goes_from_milestone_to_milestone() -> None:
    """Exercises in the path's order, the milestone after them, and what follows it."""
    a, b, c = exercise("u/a"), exercise("u/b"), exercise("u/c", ("u/d",))
    d = exercise("u/d")
    half = Milestone("half", "Half of it", "You have half of it.", ("u/b",))
    course = Course(
        "C",
        (Phase("p", "P", (1, 2), (Unit("u", "U", "", (a, b, c, d)),)),),
        path=(b, a, half, d),
        milestones=(half,),
    )
    passed = {"u/b": Standing("u/b", 1, passed_at="2026-11-22T20:00:00+00:00")}
    soup = map_figure(course, passed)
    first, second = soup.select(".gw-path > li")
    assert [link["aria-label"] for link in first.select("a.gw-step")] == [
        "U/B: passed",
        "U/A: not started, next",
    ]
    assert first.select_one(".gw-milestone").text == "Half of it ◆ reachedYou have half of it."
    assert [link["href"] for link in second.select("a")] == ["units/u/d.html"]
    labels = [box.a["aria-label"] for box in boxes(soup)]
    assert labels.count("U/C: not started, optional") == 1
    assert [label for label in labels if label.endswith(", optional")] == [labels[-1]]
    assert soup.text.count("○ not started optional") == 1


def test_a_course_without_a_path_has_the_map_alone() -> None:
    """No heading and no word of a path or of optional exercises."""
    course = Course("C", (Phase("p", "P", (1, 2), (Unit("u", "U", "", (exercise("u/a"),)),)),))
    text = map_figure(course).text
    assert "path" not in text and "optional" not in text and "## P" in text


def test_titles_are_words_on_the_map() -> None:
    """A hostile title of phase, unit or exercise is text in the picture and in the list."""
    units = (Unit("u", EVIL, EVIL, (exercise("u/a", title=EVIL),)),)
    soup = map_figure(Course(EVIL, (Phase("p", EVIL, (1, 2), units),)))
    assert not soup.find_all("script")
    assert next(boxes(soup)).a["aria-label"].startswith("<script>alert('x')</script>")
    assert soup.svg.desc.text.startswith("The exercises of <script>alert('x')</script> `|`")
    assert all(not name.startswith("on") for tag in soup.find_all(True) for name in tag.attrs)


def test_the_real_course_fits_a_desk(tmp_path: Path) -> None:
    """No phase of the course is drawn wider than a page 1280 pixels wide has room for."""
    own = real_course(tmp_path / "ws")
    for phase in load(own).phases:
        assert lay_out(phase.units).width + 16 <= 1172, phase.id
