"""What comes next, how far it has gone, and what there is."""

from __future__ import annotations

from itertools import zip_longest

from grader.console.paint import bar, paint, say, say_all, terminal_width, width, wrapped
from grader.course import Course, Exercise, Hint
from grader.progress import Progress, State, Study

SIGNS: dict[State, tuple[str, str]] = {
    "passed": ("[x]", "good"),
    "stale": ("[~]", "odd"),
    "skipped": ("[-]", "faint"),
    "started": ("[/]", "odd"),
    "open": ("[ ]", "plain"),
}


LAST_HINT = "That was the last hint."


def asks_to_reveal(exercise: Exercise) -> str:
    """The question before a solution is shown that was not earned."""
    return f"{exercise.id} is not passed yet. Show its solution, and record that it was shown?"


def show_next(exercise: Exercise, where: str, lesson: str, progress: Progress) -> None:
    """Five lines: what to open, what it asks for, what to type."""
    done = f"{progress.total.passed} of {progress.total.exercises} passed"
    state = progress.states[exercise.id]
    word = "" if state == "open" else f", {state}"
    say(
        f"{paint(exercise.id, 'name')}  {paint(exercise.title, 'strong')}"
        f"{paint(f'  about {exercise.minutes} minutes{word}; {done}', 'faint')}"
    )
    say_all(introduction(exercise, where, lesson))
    say(f"{paint('Then', 'strong')}    grade        stuck? grade hint {exercise.id}")


def introduction(exercise: Exercise, where: str, lesson: str) -> list[str]:
    """What an exercise asks for, where to write it and what to read before."""
    names = ", ".join(exercise.names)
    return [
        wrapped(exercise.summary),
        f"{paint('Open', 'strong')}    {where}  and write {names}: its docstring is the contract",
        f"{paint('Lesson', 'strong')}  {lesson}",
    ]


def show_done(course: Course) -> None:
    """Nothing is left."""
    say(done(course))


def done(course: Course) -> str:
    """That nothing is left, and what could be done still."""
    return f"Every exercise of {course.title} is passed. grade --mine puts your own parts together."


def show_pass(exercise: Exercise, progress: Progress, following: str) -> None:
    """After a pass: what it opened, how far it has gone, what is next."""
    compare = f"compare with the reference: grade solution {exercise.id}"
    say(f"{far(progress)}   {compare}")
    if following:
        say(f"{paint('Next', 'strong')}  {following}")


def far(progress: Progress) -> str:
    """A bar, and how many are passed."""
    total = progress.total
    passed = f"{total.passed} of {total.exercises} passed ({total.percent} %)"
    return f"{bar(total.passed, total.exercises)} {passed}"


def show_status(course: Course, progress: Progress, study: Study) -> None:
    """Progress by phase and unit, the days, and what is next."""
    total = progress.total
    say(f"{paint(course.title, 'strong')}  {total.passed} of {total.exercises} passed")
    for phase in course.phases:
        tally = progress.phases[phase.id]
        count = f"{tally.passed}/{tally.exercises}" if tally.exercises else "to come"
        head = f"{phase.title} ({phase.weeks[0]} to {phase.weeks[1]} weeks)"
        say(f"\n{bar(tally.passed, tally.exercises)} {count:>8}  {paint(head, 'strong')}")
        for unit in phase.units:
            tally = progress.units[unit.id]
            count = f"{tally.passed}/{tally.exercises}"
            say(f"{bar(tally.passed, tally.exercises)} {count:>8}    {unit.title}")
    streak = f"{study.streak} day{'s' * (study.streak != 1)} in a row"
    yet = "" if study.today else "; nothing yet today"
    say(f"\nStudied on {study.recent} of the last 30 days; {streak}{yet}.")
    if progress.next is not None:
        say(f"{paint('Next', 'strong')}  {progress.next}   (type: grade)")


def show_list(course: Course, progress: Progress) -> None:
    """Every exercise with its state, and what an open one waits for."""
    for phase in course.phases:
        say(paint(f"{phase.title}", "strong") + ("" if phase.units else "  to come"))
        for unit in phase.units:
            say(f"  {unit.title}")
            for exercise in unit.exercises:
                say(row(exercise, progress))
    legend = "[x] passed  [/] started  [ ] open  [-] skipped  [~] stale: grade it again"
    say(paint(f"\n{legend}", "faint"))


def row(exercise: Exercise, progress: Progress) -> str:
    """An exercise in a list: its state, name, title, and what it waits for."""
    sign, kind = SIGNS[progress.states[exercise.id]]
    missing = [
        need.removeprefix(f"{exercise.unit}/")
        for need in exercise.needs
        if progress.states[need] in ("open", "started")
    ]
    tail = f"  after {', '.join(missing)}" if missing else ""
    mark = paint(" <- next", "strong") if exercise.id == progress.next else ""
    room = max(20, width() - 46)
    title = exercise.title if len(exercise.title) <= room else exercise.title[: room - 1] + "…"
    left = terminal_width() - 43 - len(title) - len(" <- next")
    tail = tail if len(tail) <= left else f"{tail[: max(0, left - 1)]}…"
    return f"    {paint(sign, kind)} {exercise.id:<34} {title}{paint(tail, 'faint')}{mark}"


def show_hints(exercise: Exercise, hints: tuple[Hint, ...]) -> None:
    """All hints seen so far, the new one last, and whether there is another."""
    say_all(told(hints))
    left = len(exercise.hints) - len(hints)
    more = f"{left} more: grade hint {exercise.id}" if left else LAST_HINT
    say(paint(more, "faint"))


def told(hints: tuple[Hint, ...]) -> list[str]:
    """The hints, each with its number."""
    return [wrapped(hint.text, "   ", f"{paint(str(hint.level), 'strong')}  ") for hint in hints]


def show_beside(exercise: Exercise, reference: str, own: str) -> None:
    """The reference, and the learner's file."""
    say_all(beside(exercise, reference, own))


def beside(exercise: Exercise, reference: str, own: str) -> list[str]:
    """The reference, and beside it the learner's file where the terminal is wide enough."""
    left, right = reference.splitlines(), own.splitlines()
    columns = max((len(line) for line in [*left, *right]), default=0)
    if not own or 2 * columns + 3 > terminal_width():
        lines = [paint(f"--- the reference: solutions/{exercise.id}.py", "strong"), *left]
        if own:
            lines += [paint(f"--- yours: exercises/{exercise.id}.py", "strong"), *right]
        return lines
    head = paint(f"{'the reference':<{columns}} | yours", "strong")
    pairs = zip_longest(left, right, fillvalue="")
    return [head, *(f"{ours:<{columns}} | {theirs}" for ours, theirs in pairs)]


def counted(cards: int, exercises: int) -> str:
    """``3 cards and 1 exercise``; nothing where there are none."""
    told = [
        f"{number} {noun}{'s' * (number != 1)}"
        for number, noun in ((cards, "card"), (exercises, "exercise"))
        if number
    ]
    return " and ".join(told)


def reminder(cards: int, exercises: int) -> str:
    """One line on what is due; empty where nothing is."""
    told = counted(cards, exercises)
    verb = "is" if cards + exercises == 1 else "are"
    return f"{told} {verb} due: grade review" if told else ""
