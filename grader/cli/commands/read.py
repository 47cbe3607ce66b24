"""``grade read``: the reading list, and where the learner is with each entry."""

from __future__ import annotations

import re
from collections.abc import Sequence

import click

from grader.base.errors import GroundworkError, UsageError
from grader.cli.commands.arguments import open_session
from grader.cli.console import readings as shown
from grader.cli.console.terminal import complain, say_exactly
from grader.course.model import KINDS
from grader.learner.model import ReadingState
from grader.learner.reading_list import find_by_url, find_next, map_uses, search
from grader.services.own_reading import NOTHING, About, check_address
from grader.services.readings import Added, add_reading, list_readings, mark_reading
from grader.services.session import Session

_ADDRESS = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:\S.*|[\w-]+(?:\.[\w-]+)+/\S*", re.DOTALL)


def _complete(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """Return the ids that begin so; none when the course or the records cannot be read."""
    try:
        return [item.id for item in list_readings(open_session()) if item.id.startswith(incomplete)]
    except GroundworkError:
        return []


@click.command()
@click.argument("words", nargs=-1, metavar="[ID | URL [TITLE]]", shell_complete=_complete)
@click.option("--done", is_flag=True, help="Mark it as done.")
@click.option("--next", "after", is_flag=True, help="Mark it as what to read next.")
@click.option("--inbox", is_flag=True, help="Put it back into the inbox.")
@click.option(
    "--kind",
    type=click.Choice(KINDS),
    metavar="KIND",
    help=f"Kind of your own entry: {', '.join(KINDS)}.",
)
@click.option("--authors", default="", help="Of your own entry.")
@click.option("--year", type=int, help="Of your own entry.")
@click.option("--objective", multiple=True, help="An objective that your own entry counts towards.")
@click.option("--search", "search", metavar="WORDS", help="Entries that contain all the words.")
@click.option("--all", "whole", is_flag=True, help="Show open entries too.")
@click.option("--json", "as_json", is_flag=True, help="One JSON value and nothing else.")
def read(
    words: tuple[str, ...],
    done: bool,
    after: bool,
    inbox: bool,
    kind: str | None,
    authors: str,
    year: int | None,
    objective: tuple[str, ...],
    search: str | None,
    whole: bool,
    as_json: bool,
) -> None:
    """Show the reading list; with an ID, mark that entry as being read.

    An ID may be a part of the title or an address. An address with a title puts an entry of
    your own into the inbox.
    """
    session, about = open_session(), About(kind or "", authors, year, objective)
    state = _choose_state(done, after, inbox)
    if words and search is None:
        _show_one(session, words, state, about, as_json)
    elif state or about != NOTHING:
        raise UsageError("name a reading: grade read ID; grade read lists them")
    elif search is not None:
        _show_found(session, " ".join((search, *words)), as_json)
    else:
        _show_all(session, whole, as_json)
    for warning in session.records.warnings:
        complain(f"records: {warning}")


def _choose_state(done: bool, after: bool, inbox: bool) -> ReadingState | None:
    chosen: dict[ReadingState, bool] = {"done": done, "next": after, "inbox": inbox}
    given = [state for state, wanted in chosen.items() if wanted]
    if len(given) > 1:
        raise UsageError(f"choose one of {' and '.join(f'--{state}' for state in given)}")
    return given[0] if given else None


def _show_one(
    session: Session, words: Sequence[str], state: ReadingState | None, about: About, as_json: bool
) -> None:
    """Add or mark one entry, and show it."""
    added = _add_if_url(session, words, about)
    if added is None:
        name = words[0] if _ADDRESS.fullmatch(words[0]) else " ".join(words)
        added = Added(mark_reading(session, name, state or "reading"), new=False)
    elif state:
        added = added._replace(item=mark_reading(session, added.item.id, state))
    naming = map_uses(session.course)
    if as_json:
        say_exactly(shown.format_one_json(added.item, added.new, naming))
    else:
        shown.show_one(added.item, naming.get(added.item.id, ()))


def _add_if_url(session: Session, words: Sequence[str], about: About) -> Added | None:
    """Return the entry that an address with a title makes; None where one of the list is meant."""
    if not _ADDRESS.fullmatch(words[0]):
        if about != NOTHING:
            options = "--kind, --authors, --year and --objective"
            raise UsageError(f"{options} are for an entry of your own: grade read URL")
        return None
    url = words[0] if ":" in words[0].partition("/")[0] else f"https://{words[0]}"
    check_address(url)
    if len(words) == 1:
        if find_by_url(list_readings(session), url):
            return None
        raise UsageError(f'the list has no {url[:200]} yet; give a title: grade read URL "title"')
    added = add_reading(session, url, " ".join(words[1:]), about)
    if not added.new:
        complain(f"Already in the list, {added.item.state}; nothing was added.")
    return added


def _show_found(session: Session, wanted: str, as_json: bool) -> None:
    """Show what a search has found."""
    items = search(list_readings(session), wanted)
    if as_json:
        say_exactly(shown.format_json(items, None, map_uses(session.course)))
    else:
        shown.show_found(items, wanted)


def _show_all(session: Session, whole: bool, as_json: bool) -> None:
    """Show the list, and what to read next."""
    items = list_readings(session)
    upcoming, naming = (
        find_next(items, session.course, session.read_progress().next),
        map_uses(session.course),
    )
    if as_json:
        say_exactly(shown.format_json(items, upcoming, naming))
    else:
        shown.show_list(items, whole)
        shown.show_next(upcoming, naming.get(upcoming.id, ()) if upcoming else ())
