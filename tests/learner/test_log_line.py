"""A line of the log: what is written is harmless Markdown, and its minutes can be read back."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from grader.base.errors import UsageError
from grader.learner.log_line import format_line, sum_minutes
from grader.learner.notes import rendering

URL = "https://example.org/a"


def shown(text: str) -> BeautifulSoup:
    """The line as a page shows it."""
    return BeautifulSoup(
        rendering.render_html(f"- {text}", lambda tag, address: None), "html.parser"
    )


def test_words_alone_are_left_as_they_are() -> None:
    """What a learner writes is their own Markdown."""
    assert format_line("read *all* of `softmax`") == "read *all* of `softmax`"


def test_minutes_stand_at_the_end_of_the_first_line() -> None:
    """Also where more lines follow, and where there are no words."""
    assert format_line("read", minutes=25) == "read (25 min)"
    assert format_line("read\nand more", minutes=25) == "read (25 min)\nand more"
    assert format_line("", minutes=5) == "Studied (5 min)"


@pytest.mark.parametrize("minutes", [1, 25, 60, 1440])
@pytest.mark.parametrize("words", ["read", "", "a\nb", "ends so (5 min)", "(x)", "`code`"])
def test_written_minutes_are_read_back(minutes: int, words: str) -> None:
    """Whatever the words are, the minutes of one line come back."""
    assert sum_minutes(format_line(words, minutes=minutes)) == minutes
    assert sum_minutes(format_line(words, minutes=minutes, verb="Read", url=URL)) == minutes


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("- a (25 min)\n- b (1 h 20 min)\n  - c (2 h)  \n- d (1.5 h)\r\n", 25 + 80 + 120 + 90),
        ("- (25 min) before its end\n- in 25 min\n- (25 minutes)\n- ()\n- ( )\n", 0),
        ("```\n- a (25 min)\n```\n- b (5 min)\n", 5),
        ("- ````md\n  ```\n  x (25 min)\n  ````\n- b (5 min)\n", 5),
        ("- a (900 min)\n- b (900 min)\n", 1440),
        ("", 0),
    ],
    ids=["forms", "others", "fence", "fence-in-list", "a-day-has-24-hours", "empty"],
)
def test_a_days_minutes_are_summed(text: str, minutes: int) -> None:
    """Only lines that end in minutes or hours in brackets count."""
    assert sum_minutes(text) == minutes


TITLES = [
    "CS336 lecture 2",
    "a_b and *c* and __d__ and _e_",
    "[x](javascript:alert(1))",
    "]( <script>alert(1)</script>",
    "`tick` and \\ and $x^2$ and ~~y~~",
    "a &lt; b &amp; c & d | e",
    "![p](q) <https://b.example>",
    "two\nlines \x1b[31mred\x1b[0m",
]


@pytest.mark.parametrize("title", TITLES)
def test_a_title_is_only_words(title: str) -> None:
    """A page shows the title as it was typed, as the one link, and nothing else of it is markup."""
    found = shown(format_line(title, verb="Watched", url=URL))
    (link,) = found.find_all("a")
    assert link["href"] == URL
    assert link.text == " ".join(title.replace("\x1b[31m", "").replace("\x1b[0m", "").split())
    assert {tag.name for tag in found.find_all(True)} == {"ul", "li", "a"}


def test_an_address_without_a_title_stands_for_itself() -> None:
    """It is a link on the page, too."""
    assert format_line(" ", verb="Watched", url=URL) == f"Watched <{URL}>"
    assert shown(f"Watched <{URL}>").a["href"] == URL


@pytest.mark.parametrize(
    ("url", "written"),
    [
        ("https://e.org/a_(b)", "https://e.org/a_%28b%29"),
        ("HTTP://e.org/x?y=<z>#f", "HTTP://e.org/x?y=%3Cz%3E#f"),
        ("https://e.org/%20ok", "https://e.org/%20ok"),
        ("https://e.org/Größe", "https://e.org/Gr%C3%B6%C3%9Fe"),
    ],
)
def test_signs_that_end_a_link_are_encoded(url: str, written: str) -> None:
    """Brackets and letters of other scripts are written as percent codes."""
    assert format_line("x", url=url) == f"[x]({written})"


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "ftp://e.org",
        "//e.org",
        "example.org/a",
        "https://",
        "https://e.org/a b",
        "https://e.org/a\nb",
        "https://e.org/\x1b[31m",
        "https://e.org\\@evil.org",
        "https://[::1",
    ],
)
def test_another_address_than_a_pages_is_refused(url: str) -> None:
    """What is no http or https address is a usage error that shows it harmlessly."""
    with pytest.raises(UsageError, match="not the address of a page") as caught:
        format_line("x", verb="Watched", url=url)
    assert "\x1b" not in str(caught.value)
