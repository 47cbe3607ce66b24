"""The home page: what is next, how far each phase has come, the last days of the log."""

from __future__ import annotations

from grader.course import Phase
from grader.journal import Entry
from grader.pages.log import excerpt
from grader.pages.objectives import short
from grader.pages.places import Places, day_anchor, exercise_page, month_page
from grader.pages.scene import Scene
from grader.pages.words import attribute, count, escape, sign, slug, to, wide
from grader.progress import State, Total

_DAYS = 3
"""Days of the log that the home page shows."""

_BAR: tuple[State, ...] = ("passed", "stale", "started", "skipped")


def pages(scene: Scene, places: Places) -> dict[str, str]:
    """The home page."""
    parts = [f"# {escape(scene.course.title)}", _next(scene), _progress(scene)]
    return {"index.md": wide("\n\n".join([*parts, short(scene), _log(scene, places)]) + "\n")}


def _next(scene: Scene) -> str:
    following = scene.progress.next
    if following is None:
        total = scene.progress.total.exercises
        return f"All {total} exercises are passed." if total else "The course has no exercises yet."
    exercise = scene.course.exercise(following)
    stub = scene.workspace.shown(scene.workspace.stub(following))
    lines = [
        f"## Next: [{escape(exercise.title)}]({exercise_page(following)})",
        f"{sign(scene.progress.states[following])} · about {count(exercise.minutes, 'minute')}",
        f"{escape(exercise.summary)} Write it in `{stub}`, then type:",
        f"```sh\ngrade {following}\n```",
        _opens(scene),
    ]
    return "\n\n".join(line for line in lines if line)


def _opens(scene: Scene) -> str:
    titles = [
        f"[{escape(scene.course.exercise(opened).title)}]({exercise_page(opened)})"
        for opened in scene.progress.opens
    ]
    return f"A pass opens {', '.join(titles)}." if titles else ""


def _progress(scene: Scene) -> str:
    total = scene.progress.total
    share = f"{total.passed} of {count(total.exercises, 'exercise')} passed, {total.percent} %"
    bars = "".join(_phase(phase, scene.progress.phases[phase.id]) for phase in scene.course.phases)
    return f'## Progress\n\n{share}\n\n<figure class="gw-phases">{bars}</figure>'


def _phase(phase: Phase, total: Total) -> str:
    title = attribute(phase.title)
    return (
        f'<div class="gw-phase"><a href="tracker.html#{slug(phase.title)}">{title}</a>'
        f"<span>{_said(total)}</span>{bar(total, phase.title)}</div>"
    )


def _said(total: Total) -> str:
    """A total in words: what the bar shows."""
    if not total.exercises:
        return "planned"
    counts = {state: getattr(total, state) for state in _BAR[1:]}
    more = [f"{number} {state}" for state, number in counts.items() if number]
    return ", ".join([f"{total.passed} of {total.exercises} passed", *more])


def bar(total: Total, name: str) -> str:
    """A total as a bar, its colours from the page's style."""
    drawn, x = [], 0.0
    for state in _BAR:
        width = 100 * getattr(total, state) / total.exercises if total.exercises else 0.0
        if width:
            drawn.append(f'<rect class="gw-{state}" x="{x:.2f}" width="{width:.2f}" height="4"/>')
        x += width
    label = attribute(f"{name}: {_said(total)}")
    return (
        f'<svg class="gw-bar" viewBox="0 0 100 4" preserveAspectRatio="none" role="img" '
        f'aria-label="{label}"><rect class="gw-track" width="100" height="4"/>'
        f"{''.join(drawn)}</svg>"
    )


def _log(scene: Scene, places: Places) -> str:
    if not scene.entries:
        return '## Log\n\nNothing yet. Add a line with `grade log "what you did"`.'
    days = [_day(entry, places) for entry in scene.entries[:_DAYS]]
    return "\n\n".join(["## Log", *days, "[All days](log/index.md)"])


def _day(entry: Entry, places: Places) -> str:
    from grader.journal import title

    link = f"{to('index.md', month_page(entry.day))}#{day_anchor(entry.day)}"
    return f"### [{title(entry.day)}]({link})\n\n{excerpt(entry, places, 'index.md')}"
