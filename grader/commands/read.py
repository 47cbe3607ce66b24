"""``grade read``: the reading list, and where the learner is with each entry."""

from __future__ import annotations

import re
from collections.abc import Sequence

import click

from grader.commands.names import desk
from grader.console import readings as shown
from grader.console.paint import complain, say
from grader.course import KINDS
from grader.errors import GroundworkError, UsageError
from grader.learner import ReadingState
from grader.practice import Desk
from grader.practice.readings import NOTHING, About, Added, add, check_address, mark, reading_list
from grader.readinglist import at, following, searched, uses

_ADDRESS = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:\S.*|[\w-]+(?:\.[\w-]+)+/\S*", re.DOTALL)


def _complete(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """The ids that begin so; none when the course or the records cannot be read."""
    try:
        return [item.id for item in reading_list(desk()) if item.id.startswith(incomplete)]
    except GroundworkError:
        return []


@click.command()
@click.argument("words", nargs=-1, metavar="[ID | URL [TITLE]]", shell_complete=_complete)
@click.option("--done", is_flag=True, help="It is read.")
@click.option("--next", "after", is_flag=True, help="It is what to read next.")
@click.option("--inbox", is_flag=True, help="Back into the inbox.")
@click.option(
    "--kind",
    type=click.Choice(KINDS),
    metavar="KIND",
    help=f"Of your own entry: {', '.join(KINDS)}.",
)
@click.option("--authors", default="", help="Of your own entry.")
@click.option("--year", type=int, help="Of your own entry.")
@click.option("--objective", multiple=True, help="An objective that your own entry counts towards.")
@click.option("--search", "search", metavar="WORDS", help="The entries that hold all the words.")
@click.option("--all", "whole", is_flag=True, help="Also what you have put nowhere yet.")
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
    """The reading list; with an ID that entry is being read.

    An ID may be a part of the title or an address. An address with a title puts an entry of
    your own into the inbox.
    """
    place, about = desk(), About(kind or "", authors, year, objective)
    state = _state(done, after, inbox)
    if words and search is None:
        _one(place, words, state, about, as_json)
    elif state or about != NOTHING:
        raise UsageError("name the reading that is meant: grade read ID; grade read lists them")
    elif search is not None:
        _found(place, " ".join((search, *words)), as_json)
    else:
        _all(place, whole, as_json)
    for warning in place.records.warnings:
        complain(f"records: {warning}")


def _state(done: bool, after: bool, inbox: bool) -> ReadingState | None:
    chosen: dict[ReadingState, bool] = {"done": done, "next": after, "inbox": inbox}
    given = [state for state, wanted in chosen.items() if wanted]
    if len(given) > 1:
        raise UsageError(f"choose one of {' and '.join(f'--{state}' for state in given)}")
    return given[0] if given else None


def _one(
    place: Desk, words: Sequence[str], state: ReadingState | None, about: About, as_json: bool
) -> None:
    """Add or mark one entry, and show it."""
    added = _added(place, words, about)
    if added is None:
        name = words[0] if _ADDRESS.fullmatch(words[0]) else " ".join(words)
        added = Added(mark(place, name, state or "reading"), new=False)
    elif state:
        added = added._replace(item=mark(place, added.item.id, state))
    naming = uses(place.course)
    if as_json:
        say(shown.one_as_json(added.item, added.new, naming))
    else:
        shown.show_one(added.item, naming.get(added.item.id, ()))


def _added(place: Desk, words: Sequence[str], about: About) -> Added | None:
    """The entry that an address with a title makes; None where one of the list is meant."""
    if not _ADDRESS.fullmatch(words[0]):
        if about != NOTHING:
            raise UsageError("--kind and the like are for an entry of your own: grade read URL")
        return None
    url = words[0] if ":" in words[0].partition("/")[0] else f"https://{words[0]}"
    check_address(url)
    if len(words) == 1:
        if at(reading_list(place), url):
            return None
        raise UsageError(f'the list has no {url[:200]} yet; give a title: grade read URL "title"')
    added = add(place, url, " ".join(words[1:]), about)
    if not added.new:
        complain(f"Already in the list, {added.item.state}; nothing was added.")
    return added


def _found(place: Desk, wanted: str, as_json: bool) -> None:
    """Show what a search has found."""
    items = searched(reading_list(place), wanted)
    if as_json:
        say(shown.as_json(items, None, uses(place.course)))
    else:
        shown.show_found(items, wanted)


def _all(place: Desk, whole: bool, as_json: bool) -> None:
    """Show the list, and what to read next."""
    items = reading_list(place)
    upcoming, naming = following(items, place.course, place.progress().next), uses(place.course)
    if as_json:
        say(shown.as_json(items, upcoming, naming))
    else:
        shown.show_list(items, whole)
        shown.show_next(upcoming, naming.get(upcoming.id, ()) if upcoming else ())
