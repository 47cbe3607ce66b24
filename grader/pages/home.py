"""The home page: where the learner stands, what is next, the year, progress, the last days."""

from __future__ import annotations

from datetime import date

from grader.course import Phase, Unit
from grader.journal import title
from grader.pages.day import Diary
from grader.pages.objectives import short
from grader.pages.places import Places, day_page, exercise_page, unit_page
from grader.pages.scene import Scene
from grader.pages.words import address, alone, attribute, component, count, escape, sign, slug
from grader.pages.year import Done, year
from grader.progress import State, Study, Total, study_days

_DAYS = 3
"""Days of the log that the home page shows."""

_PAGE = "index.md"
_BAR: tuple[State, ...] = ("passed", "stale", "started", "skipped")


def pages(scene: Scene, places: Places) -> dict[str, str]:
    """The home page."""
    diary = Diary.of(scene, places)
    done = {day: (len(diary.graded.get(day, ())), day in diary.entries) for day in diary.days()}
    parts = [
        f"# {escape(scene.course.title)}",
        _figures(scene, study_days(done, scene.today, scene.settings.is_off)),
        _next(scene),
        _year(scene, done),
        _progress(scene),
        short(scene),
        _log(diary),
    ]
    return {_PAGE: alone("\n\n".join(part for part in parts if part) + "\n")}


def _figures(scene: Scene, study: Study) -> str:
    """The figures that one looks for first, each with what it counts."""
    total = scene.progress.total
    told = [
        (total.passed, f"of {count(total.exercises, 'exercise')} passed, {total.percent} %"),
        (study.recent, "of the last 30 days studied"),
        (study.streak, f"{'day' if study.streak == 1 else 'days'} in a row{_today(scene, study)}"),
        (study.longest, f"{'day' if study.longest == 1 else 'days'} in the longest row"),
    ]
    items = "".join(f"<li><strong>{number}</strong> {words}</li>" for number, words in told)
    return f'<ul class="gw-figures">{items}</ul>'


def _today(scene: Scene, study: Study) -> str:
    if study.today:
        return ""
    return "; today is a day off" if scene.settings.is_off(scene.today) else "; not yet today"


def _next(scene: Scene) -> str:
    following = scene.progress.next
    if following is None:
        total = scene.progress.total.exercises
        return f"All {total} exercises are passed." if total else "The course has no exercises yet."
    exercise = scene.course.exercise(following)
    stub = scene.workspace.shown(scene.workspace.stub(following))
    state = sign(scene.progress.states[following])
    lines = [
        f"<p>{state} · about {count(exercise.minutes, 'minute')}</p>",
        f"<p>{escape(exercise.summary)} Write it in <code>{attribute(stub)}</code>, then type:</p>",
        f"<pre><code>grade {attribute(following)}</code></pre>",
        _opens(scene),
    ]
    head = f"## Next: [{escape(exercise.title)}]({exercise_page(following)})"
    return f'{head}\n\n<div class="gw-next">{"".join(lines)}</div>'


def _opens(scene: Scene) -> str:
    titles = [
        f'<a href="{address(_PAGE, exercise_page(opened))}">'
        f"{escape(scene.course.exercise(opened).title)}</a>"
        for opened in scene.progress.opens
    ]
    return f"<p>A pass opens {', '.join(titles)}.</p>" if titles else ""


def _year(scene: Scene, done: Done) -> str:
    past = {day: what for day, what in done.items() if day <= scene.today}
    return f"## The year\n\n{year(past, scene.today, scene.settings.is_off)}"


def _progress(scene: Scene) -> str:
    total = scene.progress.total
    share = f"{total.passed} of {count(total.exercises, 'exercise')} passed, {total.percent} %"
    bars = "".join(_phase(scene, phase) for phase in scene.course.phases)
    more = "[The tracker](tracker.md) has every exercise, [the pace](pace.md) the hours and weeks."
    return f'## Progress\n\n{share}. {more}\n\n<figure class="gw-phases">{bars}</figure>'


def _phase(scene: Scene, phase: Phase) -> str:
    total = scene.progress.phases[phase.id]
    units = "".join(_unit(scene, unit) for unit in phase.units)
    return (
        f'<div class="gw-phase"><a href="tracker.html#{slug(phase.title)}">'
        f"{attribute(phase.title)}</a>"
        f"<span>{_said(total)}</span>{bar(total, phase.title)}"
        f"{f'<ul>{units}</ul>' if units else ''}</div>"
    )


def _unit(scene: Scene, unit: Unit) -> str:
    total = scene.progress.units[unit.id]
    there = address(_PAGE, unit_page(unit.id))
    return (
        f'<li><a href="{there}">{attribute(unit.title)}</a> {component(total)}{_thin(total)}</li>'
    )


def _said(total: Total) -> str:
    """A total in words: what the bar shows."""
    if not total.exercises:
        return "planned"
    counts = {state: getattr(total, state) for state in _BAR[1:]}
    more = [f"{number} {state}" for state, number in counts.items() if number]
    return ", ".join([f"{total.passed} of {total.exercises} passed", *more])


def bar(total: Total, name: str) -> str:
    """A total as a bar that says what it shows, its colours from the page's style."""
    label = attribute(f"{name}: {_said(total)}")
    return _drawn(total, f'role="img" aria-label="{label}"')


def _thin(total: Total) -> str:
    """A bar beside words that say the same."""
    return _drawn(total, 'aria-hidden="true"')


def _drawn(total: Total, says: str) -> str:
    drawn, x = [], 0.0
    for state in _BAR:
        width = 100 * getattr(total, state) / total.exercises if total.exercises else 0.0
        if width:
            drawn.append(f'<rect class="gw-{state}" x="{x:.2f}" width="{width:.2f}" height="4"/>')
        x += width
    return (
        f'<svg class="gw-bar" viewBox="0 0 100 4" preserveAspectRatio="none" {says}>'
        f'<rect class="gw-track" width="100" height="4"/>{"".join(drawn)}</svg>'
    )


def _log(diary: Diary) -> str:
    days = sorted(diary.entries, reverse=True)[:_DAYS]
    if not days:
        return '## Log\n\nNothing yet. Add a line with `grade log "what you did"`.'
    return "\n\n".join(["## Log", *(_day(diary, day) for day in days), "[All days](log/index.md)"])


def _day(diary: Diary, day: date) -> str:
    return f"### [{title(day)}]({day_page(day)})\n\n{diary.excerpt(day, _PAGE, shift=3)}"
