"""The reading list: addresses, ids, states and what is read next, with real files."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from site_workspace import lay

from grader.base.errors import UsageError
from grader.base.paths import Workspace
from grader.base.urls import explain_refusal, normalize_url
from grader.course.model import Course, Resource
from grader.learner.journal import Journal
from grader.learner.model import Reading, ReadingState
from grader.learner.reading_list import (
    Item,
    filter_by_state,
    find_next,
    guess_kind,
    join_lists,
    make_id,
    search,
)
from grader.services.own_reading import About
from grader.services.readings import (
    add_reading,
    find_reading,
    list_readings,
    log_reading,
    mark_reading,
    open_table,
)
from grader.services.session import Session

RESOURCES = """resources:
  - {id: norm2016, title: Layer Normalization, kind: paper, url: "https://arxiv.org/abs/1607.06450",
     authors: "Ba, Kiros, Hinton", year: 2016, objectives: [explain]}
  - {id: book, title: "Numbers: a book", kind: book, url: "https://example.org/numbers/"}
  - {id: more, title: More numbers, kind: book, url: "https://example.org/more"}
"""
TALK = "https://www.youtube.com/watch?v=kCc8FmEb1nY"


@pytest.fixture
def session(tmp_path: Path) -> Session:
    """A course of three exercises and three readings, untouched."""
    own = lay(tmp_path / "ws")
    own.resources_file.write_text(RESOURCES, "utf-8")
    return Session.open(own)


def again(session: Session) -> Session:
    """The same workspace as another command finds it."""
    return Session.open(Workspace(session.workspace.root))


def states(session: Session) -> dict[str, str]:
    """The state of each entry."""
    return {item.id: item.state for item in list_readings(again(session))}


# Addresses

SAME = [
    ("https://example.org/a", "http://example.org/a"),
    ("https://example.org/a", "https://www.example.org/a/"),
    ("https://example.org/a", "HTTPS://EXAMPLE.org:443/a"),
    ("https://example.org", "https://example.org/index.html"),
    ("https://example.org/a", "https://example.org/a?utm_source=x&utm_medium=y&fbclid=z"),
    ("https://example.org/a?p=1&q=2", "https://example.org/a?q=2&ref=z&p=1"),
    ("https://example.org/a", "https://example.org/a#the-second-section"),
    ("https://example.org/%7Eme", "https://example.org/~me"),
    ("https://arxiv.org/abs/1706.03762", "https://arxiv.org/pdf/1706.03762"),
    ("https://arxiv.org/abs/1706.03762", "http://export.arxiv.org/pdf/1706.03762v5.pdf"),
    ("https://arxiv.org/abs/1706.03762v7", "https://arxiv.org/html/1706.03762"),
    ("https://arxiv.org/abs/1706.03762", "https://doi.org/10.48550/arXiv.1706.03762"),
    (TALK, "https://youtu.be/kCc8FmEb1nY?si=abc"),
    (TALK, f"{TALK}&list=PLx&index=2&ab_channel=Somebody&t=90s"),
    (TALK, "https://m.youtube.com/live/kCc8FmEb1nY"),
    ("https://github.com/karpathy/nanoGPT", "https://github.com/Karpathy/nanogpt.git"),
    ("https://github.com/karpathy/nanoGPT", "https://github.com/karpathy/nanoGPT?tab=readme#x"),
]
APART = [
    ("https://example.org/a", "https://example.org/b"),
    ("https://example.org/a", "https://example.org/A"),
    ("https://example.org/a", "https://example.org:8080/a"),
    ("https://example.org/a?p=1", "https://example.org/a?p=2"),
    ("https://example.org/a?p=1&p=2", "https://example.org/a?p=2"),
    ("https://example.org/#/one", "https://example.org/#/two"),
    ("https://arxiv.org/abs/1706.03762", "https://arxiv.org/abs/1706.03763"),
    (TALK, "https://www.youtube.com/watch?v=kCc8FmEb1ny"),
    ("https://www.youtube.com/playlist?list=A", "https://www.youtube.com/playlist?list=B"),
    ("https://github.com/a/b", "https://github.com/a/b/issues"),
]
REFUSED = [
    ("javascript:alert(1)", "https://"),
    ("data:text/html,<script>alert(1)</script>", "https://"),
    ("file:///etc/passwd", "https://"),
    ("//example.org/a", "https://"),
    ("https://", "no host name"),
    ("https:///a", "no host name"),
    ("https://a b.org/", "not a host name"),
    ("https://example.org/a b", "write %20"),
    ("https://example.org/<script>", "write %3C"),
    ('https://example.org/"onload=x', "write %22"),
    ("https://example.org/a\nb", "control character"),
    ("https://example.org/\x1b[31m", "control character"),
    ("https://example.org/\u202egpj", "control character"),
    ("https://example.org/\ud800", "control character"),
    ("https://me:secret@example.org/", "leave that out"),
    ("https://example.org:99999/", "cannot be read"),
    ("https://[bad/", "cannot be read"),
    ("https://example.org/" + "a" * 2000, "the limit is 2000"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_addresses_of_the_same_thing(one: str, other: str) -> None:
    """Scheme, tracking, a slash, a section, arXiv's forms and a video's make no difference."""
    assert normalize_url(one) == normalize_url(other)


@pytest.mark.parametrize(("one", "other"), APART)
def test_addresses_of_different_things(one: str, other: str) -> None:
    """What leads elsewhere is another entry."""
    assert normalize_url(one) != normalize_url(other)


@pytest.mark.parametrize(("url", "why"), REFUSED)
def test_addresses_that_are_not_taken(session: Session, url: str, why: str) -> None:
    """Each is refused with what is wrong, and nothing is written."""
    with pytest.raises(UsageError, match="not accepted") as caught:
        add_reading(session, url, "A title")
    assert why in str(caught.value)
    assert not open_table(session).path.exists()


@pytest.mark.parametrize("url", [pair[0] for pair in [*SAME, *APART]])
def test_usual_addresses_are_taken(url: str) -> None:
    """None of the addresses above is refused."""
    assert explain_refusal(url) == ""


def test_a_field_of_a_thousand_parameters_is_no_trouble() -> None:
    """An absurd query neither fails nor is it taken for another."""
    url = "https://example.org/a?" + "&".join(f"p{n}=1" for n in range(1000))
    assert normalize_url(url) == normalize_url(f"{url}&utm_source=x")


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("https://arxiv.org/pdf/1706.03762", "paper"),
        (TALK, "video"),
        ("https://github.com/karpathy/nanoGPT", "codebase"),
        ("https://github.com/karpathy/nanoGPT/issues/1", "article"),
        ("https://example.org/", "article"),
    ],
)
def test_the_kind_is_guessed_from_the_address(url: str, kind: str) -> None:
    """Papers, videos and repositories are known by where they lie."""
    assert guess_kind(url) == kind


# Ids


def test_an_id_is_made_from_the_title_and_stays_the_same() -> None:
    """Any form of the address gives the same id, and another address another one."""
    title = "Let's build GPT: from scratch, in code, spelled out."
    made = make_id(title, TALK)
    assert made.startswith("lets-build-gpt-from-scratch-")
    assert made == make_id(title, "http://youtu.be/kCc8FmEb1nY")
    assert made != make_id(title, "https://example.org/")
    assert len(made) <= 33


@pytest.mark.parametrize("title", ["注意力", "!!!", "é" * 300, "-", "../../etc/passwd"])
def test_an_id_is_plain_whatever_the_title(title: str) -> None:
    """Letters, digits and hyphens, never empty."""
    made = make_id(title, TALK)
    assert made.replace("-", "").isalnum() and made.isascii() and not made.startswith("-")


def test_two_entries_of_one_title_stay_two(session: Session) -> None:
    """Their addresses keep them apart, also when clones that know of one each are merged."""
    one = add_reading(session, "https://example.org/1", "Lecture 1").item
    other = add_reading(session, "https://example.org/2", "Lecture 1").item
    assert one.id != other.id
    assert {one.id, other.id} <= {*states(session)}


# Finding


@pytest.mark.parametrize(
    "name",
    [
        *("norm2016", "NORM2016", "Layer Normalization", "layer norm", "norm20"),
        *("https://arxiv.org/pdf/1607.06450v1", "  layer   NORMALIZATION "),
    ],
)
def test_an_entry_is_found_by_id_title_or_address(session: Session, name: str) -> None:
    """A part of the title is enough where only one has it; case makes no difference."""
    assert find_reading(session, name).id == "norm2016"


def test_a_name_that_fits_several_names_them(session: Session) -> None:
    """The entries are told with their titles, and none is chosen."""
    with pytest.raises(UsageError, match="matches 2 readings") as caught:
        find_reading(session, "numbers")
    assert "book (Numbers: a book)" in str(caught.value)
    assert "more (More numbers)" in str(caught.value)


def test_a_near_miss_is_answered_with_what_was_meant(session: Session) -> None:
    """A slip in the id or in the title finds the entry."""
    for name in ("nrom2016", "Layer Normalisation"):
        with pytest.raises(UsageError, match=r"did you mean norm2016\?"):
            find_reading(session, name)


@pytest.mark.parametrize("name", ["", " ", "zzzz", "x" * 100_000, "\x1b[31m", "(", "..", "\0"])
def test_a_name_of_nothing_is_a_usage_error(session: Session, name: str) -> None:
    """Nothing is found, nothing fails, and the message stays short."""
    with pytest.raises(UsageError, match="no reading is called") as caught:
        find_reading(session, name)
    assert len(str(caught.value)) < 600


def test_a_search_wants_every_word(session: Session) -> None:
    """Title, authors, year and kind are searched."""
    items = list_readings(session)
    assert [item.id for item in search(items, "hinton 2016")] == ["norm2016"]
    assert [item.id for item in search(items, "numbers BOOK")] == ["book", "more"]
    assert search(items, "hinton numbers") == []


# States


def test_a_mark_is_kept_with_its_day(session: Session) -> None:
    """Another command finds the state, and the day of the last change."""
    mark_reading(session, "norm2016", "next")
    assert states(session) == {"norm2016": "next", "book": "open", "more": "open"}
    done = mark_reading(again(session), "layer norm", "done")
    assert (done.state, done.day) == ("done", session.get_today().isoformat())
    assert states(session)["norm2016"] == "done"


def test_the_same_mark_twice_keeps_the_first_day(session: Session) -> None:
    """What is done stays done on its day."""
    early = Reading("done", "2026-01-02", "2026-01-02T10:00:00+00:00")
    open_table(session).put({"norm2016": early})
    assert mark_reading(session, "norm2016", "done").day == "2026-01-02"
    assert open_table(session).get("norm2016") == early


def test_a_mark_changes_nothing_else_of_an_own_entry(session: Session) -> None:
    """Title, address, authors and objectives stay as they were given."""
    about = About("video", "Karpathy", 2023, ("explain",))
    added = add_reading(session, f"  {TALK} ", "Let's build\n GPT", about).item
    assert (added.state, added.own, added.resource.title) == ("inbox", True, "Let's build GPT")
    mark_reading(again(session), "lets build", "done")
    kept = open_table(session).get(added.id)
    assert kept is not None and kept.state == "done"
    assert (kept.title, kept.url, kept.kind) == ("Let's build GPT", TALK, "video")
    assert (kept.authors, kept.year, kept.objectives) == ("Karpathy", 2023, ("explain",))


@pytest.mark.parametrize(
    "url", ["http://arxiv.org/pdf/1607.06450.pdf", "https://example.org/numbers?utm_source=x"]
)
def test_what_the_course_lists_is_not_added_again(session: Session, url: str) -> None:
    """Whatever the form of the address; nothing is written."""
    added = add_reading(session, url, "Another title")
    assert (added.new, added.item.own) == (False, False)
    assert not open_table(session).path.exists()


def test_an_own_entry_is_not_added_again(session: Session) -> None:
    """The second time says where it is, and keeps the first title."""
    first = add_reading(session, TALK, "The first title")
    second = add_reading(again(session), "http://youtu.be/kCc8FmEb1nY/?si=x", "The second title")
    assert (first.new, second.new) == (True, False)
    assert second.item.resource.title == "The first title"
    assert len(open_table(session).read_all()) == 1


def test_the_course_may_catch_up(session: Session) -> None:
    """An own entry that the course comes to list is one entry, in the state that it had."""
    mark_reading(session, add_reading(session, "https://example.org/new", "Yours").item.id, "done")
    entry = "  - {id: theirs, title: Theirs, kind: book, url: 'https://www.example.org/new/'}\n"
    session.workspace.resources_file.write_text(RESOURCES + entry, "utf-8")
    later = again(session)
    assert states(later)["theirs"] == "done"
    assert len(list_readings(later)) == 4
    mark_reading(later, "theirs", "next")
    assert states(later)["theirs"] == "next"


def test_an_entry_that_left_the_course_is_kept(session: Session) -> None:
    """It is listed by its id, in its state."""
    mark_reading(session, "more", "done")
    session.workspace.resources_file.write_text(RESOURCES.partition("  - {id: more")[0], "utf-8")
    assert states(session)["more"] == "done"
    assert find_reading(again(session), "more").own


@pytest.mark.parametrize(
    ("title", "about", "why"),
    [
        ("", About(), "the title is empty"),
        (" \n\t ", About(), "the title is empty"),
        ("x" * 301, About(), "the limit is 300"),
        ("a\x1b[31mb", About(), "the title contains a control character"),
        ("a\u202eb", About(), "the title contains a control character"),
        ("A", About(authors="\x07"), "the list of authors contains a control character"),
        ("A", About(kind="poem"), "the kinds are paper, book"),
        ("A", About(year=12), "not a year of publication"),
        ("A", About(objectives=("nope",)), "the objectives are explain, later"),
    ],
)
def test_what_cannot_be_shown_is_refused(
    session: Session, title: str, about: About, why: str
) -> None:
    """Each with what is wrong; nothing is written."""
    with pytest.raises(UsageError, match=why):
        add_reading(session, TALK, title, about)
    assert not open_table(session).path.exists()


# What comes next


def test_what_is_read_next(session: Session) -> None:
    """First what waits as next, then what is being read, then the next exercise's, the inbox."""
    course = session.course

    def upcoming(exercise: str | None = "attention/softmax") -> str | None:
        found = find_next(list_readings(session), course, exercise)
        return found and found.id

    assert upcoming() == "book"
    assert upcoming("numbers/double") is None
    mark_reading(session, "more", "inbox")
    assert (upcoming(), upcoming(None)) == ("book", "more")
    mark_reading(session, "norm2016", "reading")
    assert upcoming() == "norm2016"
    mark_reading(session, "more", "next")
    assert upcoming() == "more"
    for name in ("more", "norm2016", "book"):
        mark_reading(session, name, "done")
    assert upcoming() is None


def test_what_waits_longest_comes_first_and_what_is_done_last() -> None:
    """Within a state the order is that of the changes; done ones the other way round."""

    def put(name: str, state: ReadingState, day: str) -> Item:
        return Item(Resource(name, name, "book", ""), state, day, changed_at=f"{day}T10:00:00")

    items = [put("b", "next", "2026-02-01"), put("a", "next", "2026-01-01")]
    assert [item.id for item in filter_by_state(items, "next")] == ["a", "b"]
    done = [item._replace(state="done") for item in items]
    assert [item.id for item in filter_by_state(done, "done")] == ["b", "a"]


def test_the_later_of_two_marks_counts() -> None:
    """An own entry and the course's of the same address: the one changed last."""
    course = Course("C", (), (), (Resource("it", "It", "book", "https://example.org/it"),))
    early = Reading(
        "next", "2026-01-01", "2026-01-01T10:00:00+00:00", "It", "http://example.org/it"
    )
    late = Reading("done", "2026-02-01", "2026-02-01T10:00:00+00:00")
    assert join_lists(course, {"it": late, "own": early})[0].state == "done"
    swapped = {"it": replace(late, changed_at="2025-01-01T10:00:00+00:00"), "own": early}
    assert [item.state for item in join_lists(course, swapped)] == ["next"]


# The log


def test_a_reading_in_the_log_is_being_read(session: Session) -> None:
    """The line holds title and address; what was done before stays done."""
    today = session.get_today()
    path, item = log_reading(session, today, "layer norm", "why the mean goes", minutes=25)
    assert item.state == "reading"
    line = "- Read [Layer Normalization](https://arxiv.org/abs/1607.06450): why the mean goes"
    assert f"{line} (25 min)\n" in path.read_text("utf-8")
    assert log_reading(session, today, "norm2016", "", done=True)[1].state == "done"
    assert log_reading(session, today, "norm2016", "once more")[1].state == "done"
    assert states(session)["norm2016"] == "done"


def test_a_name_of_nothing_leaves_the_log_alone(session: Session) -> None:
    """The error comes before anything is written."""
    with pytest.raises(UsageError):
        log_reading(session, session.get_today(), "zzzz", "words")
    assert Journal(session.workspace.log).read_entries() == []


# Two shells at once

SHELL = """
import sys
from pathlib import Path
from grader.services.session import Session
from grader.services.readings import add_reading, mark_reading
from grader.base.paths import Workspace

session = Session.open(Workspace(Path(sys.argv[1])))
for number in range(12):
    url = f"https://example.org/{sys.argv[2]}/{number}"
    item = add_reading(session, url, f"Title {number}").item
    mark_reading(session, item.id, "done")
    add_reading(session, f"https://example.org/both/{number}?utm_source={sys.argv[2]}", "Both")
"""


@pytest.mark.slow
def test_two_shells_at_once_lose_nothing(session: Session) -> None:
    """Each adds and marks its own; what both add at once is there once."""
    root = str(session.workspace.root)
    shells = [subprocess.Popen([sys.executable, "-c", SHELL, root, name]) for name in ("a", "b")]
    assert [shell.wait(120) for shell in shells] == [0, 0]
    rows = json.loads(open_table(session).path.read_text("utf-8"))["readings"]
    assert len(rows) == 36
    assert sum(row["state"] == "done" for row in rows.values()) == 24
    assert len({normalize_url(row["url"]) for row in rows.values()}) == 36
