"""An entry that a learner adds to the reading list: what is known of it, checked."""

from __future__ import annotations

import unicodedata
from typing import NamedTuple

from grader.base import clock
from grader.base.errors import UsageError
from grader.base.urls import explain_refusal
from grader.course.model import KINDS
from grader.learner import reading_list
from grader.learner.model import Reading
from grader.services.session import Session

LONGEST_TITLE = 300


class About(NamedTuple):
    """What is known of an own entry beside its address and title."""

    kind: str = ""
    """Guessed from the address where it is empty."""
    authors: str = ""
    year: int | None = None
    objectives: tuple[str, ...] = ()


NOTHING = About()


def make_reading(session: Session, url: str, title: str, about: About) -> Reading:
    """Return the entry, in the inbox; ``UsageError`` names what cannot be shown."""
    check_address(url)
    names = dict.fromkeys(about.objectives)
    return Reading(
        state="inbox",
        day=session.get_today().isoformat(),
        changed_at=clock.format_now(),
        title=_check_line(title, "the title"),
        url=url,
        kind=_check_kind(about.kind) if about.kind else reading_list.guess_kind(url),
        authors=_check_line(about.authors, "the list of authors") if about.authors else "",
        year=_check_year(about.year),
        objectives=tuple(_check_objective(session, name) for name in names),
    )


def check_address(url: str) -> None:
    """Raise ``UsageError`` where an address is not taken."""
    if why := explain_refusal(url):
        raise UsageError(f"this address is not accepted: {why}")


def _check_line(text: str, what: str) -> str:
    """Return the text on one line; ``UsageError`` where it is none to show."""
    line = " ".join(text.split())
    if not line:
        raise UsageError(f'{what} is empty; write it after the address: grade read URL "title"')
    if len(line) > LONGEST_TITLE:
        raise UsageError(f"{what} has {len(line)} characters; the limit is {LONGEST_TITLE}")
    if any(unicodedata.category(char) in ("Cc", "Cf", "Cs") and char != "\u200d" for char in line):
        raise UsageError(f"{what} contains a control character; leave it out")
    return line


def _check_kind(kind: str) -> str:
    if kind not in KINDS:
        raise UsageError(f"unknown kind {kind!r}; the kinds are {', '.join(KINDS)}")
    return kind


def _check_year(year: int | None) -> int | None:
    if year is not None and not 1600 <= year <= 2100:
        raise UsageError(f"{year} is not a year of publication; write one from 1600 to 2100")
    return year


def _check_objective(session: Session, name: str) -> str:
    known = [objective.id for objective in session.course.objectives]
    if name not in known:
        raise UsageError(f"unknown objective {name!r}; the objectives are {', '.join(known)}")
    return name
