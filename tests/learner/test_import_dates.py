"""Dates of journals are read as people write them, in many languages and in many places."""

from __future__ import annotations

from datetime import date

import pytest

from grader.course.model import Course, Phase, Unit
from grader.learner.importer.contents import JournalContents
from grader.learner.importer.dates import counts, file_days, order, parser, years
from grader.learner.importer.days import context
from grader.learner.importer.days.context import DayContext
from grader.learner.importer.journal_reader import read_journal
from grader.learner.importer.text.pieces import write_markdown

COURSE = Course("Small", (Phase("one", "One", (1, 2), (Unit("lora", "LoRA", "", ()),)),))
TODAY = date(2026, 3, 1)


def read(text: str, first: date | None = None, year: int | None = None) -> JournalContents:
    """What a journal holds, read in March 2026."""
    return read_journal(text, COURSE, context=DayContext(None, year, None, first, TODAY))


def days(text: str, first: date | None = None) -> dict[str, str]:
    """The days of a journal and their Markdown."""
    return {str(day.day): write_markdown(list(day.pieces)) for day in read(text, first).days}


def kept(text: str) -> str:
    """What stays in the note."""
    return write_markdown(list(read(text).leftovers))


@pytest.mark.parametrize(
    "words",
    [
        *("Sonntag, den 20. Juli 2025", "20.Juli 2025", "So., 20.07.2025", "Am 20. Juli 2025"),
        *("dimanche 20 juillet 2025", "Le 20 juillet 2025", "dim. 20 juil. 2025"),
        *("20 de julio de 2025", "domingo, 20 de jul. de 2025", "El 20 de julio de 2025"),
        *("20 de julho de 2025", "Domingo, 20 de Julho de 2025", "20/jul/2025"),
        *("domenica 20 luglio 2025", "20 lug 2025", "zondag 20 juli 2025", "zo 20 jul. 2025"),
        *("niedziela, 20 lipca 2025", "20 lip 2025 r.", "20 июля 2025 г.", "вс, 20 июля 2025"),
        *("20 липня 2025", "20 Temmuz 2025 Pazar", "20 TEMMUZ 2025", "söndag 20 juli 2025"),
        *("20. července 2025", "2025年7月20日", "2025年7月20日（周日）", "2025年07月20日 星期日"),
        *("２０２５年７月２０日", "2025年7月20日(日)", "2025年7月20日 日曜日", "令和7年7月20日"),
        *("2025년 7월 20일", "2025년 7월 20일 일요일", "2025. 7. 20. (일)", "2025.07.20(일)"),
        *("20-Jul-2025", "20-Jul-25", "Jul-20-2025", "2025-Jul-20", "2025 July 20"),
        *("July 20 , 2025", "July 20th, '25", "20 Jul ’25", "Sun Jul 20 2025"),
        *("20250720", "2025_07_20", "[2025-07-20]", "[[2025-07-20]]", "#12 2025-07-20"),
        *("Date: 2025-07-20", "Datum: 20.07.2025", "日期：2025-07-20", "Study log, 20 July 2025"),
        *("二〇二五年七月二十日", "2025年七月二十日", "20.07.2025 г."),
        *("1. July 20, 2025", "Log for July 20, 2025", "20/07/2025", "07/20/2025"),
    ],
)
def test_a_date_is_read_in_every_spelling(words: str) -> None:
    """Months, weekdays, digits and marks of a dozen languages name the same day."""
    found = parser.parse_date(words)
    assert found is not None
    assert (found.year, found.month, found.day) == (2025, 7, 20)
    assert found.weekdays in (frozenset(), frozenset({6}), frozenset({5, 6}))


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("Day 1: softmax (2025-07-20)", (2025, 7, 20)),
        ("Layer norm - July 21, 2025", (2025, 7, 21)),
        ("softmax | 2025-07-20 | 2h", (2025, 7, 20)),
        ("Day 4 | 23 Jul 2025 | masks", (2025, 7, 23)),
        ("Tag 3 20.07.2025", (2025, 7, 20)),
        ("第3天 2025年7月20日", (2025, 7, 20)),
        ("1일차 2025.07.20", (2025, 7, 20)),
        ("Day 1, 20 July 2025", (2025, 7, 20)),
        ("Day 2.5: Jul 21, 2025", (2025, 7, 21)),
        ("Chapter 3 - May 5", (None, 5, 5)),
    ],
)
def test_a_date_may_stand_behind_a_title(words: str, expected: tuple[int | None, int, int]) -> None:
    """At the end, in brackets or between marks it is the heading's day."""
    found = parser.parse_date(words)
    assert found is not None
    assert (found.year, found.month, found.day) == expected
    assert found.more


@pytest.mark.parametrize(
    "words",
    [
        *("Updated 2025-07-20", "Last updated: July 20, 2025", "Start: 2025-07-20"),
        *("Meeting on 2025-07-20 with Bob", "Exam 20.07.2025", "Stand: 20.07.2025"),
        *("Version 2025.07.20", "Top 10 dec 2024 papers", "10 Mar 5 Dez", "Part 1/2"),
        *("v4.0.1 - January 6th, 2019", "1.0.2 / 2015-10-07", "2016-06-23, Version 5.12.0"),
        *("[12.4.0](https://e.org) (2026-05-15)", "c-libutl 20160225"),
        *("3.1. Markov", "1.2 Setup", "v1.2.3", "10.0.0.1", "GPT-4 in March", "Mai 2025"),
    ],
)
def test_other_dates_and_numbers_are_no_day(words: str) -> None:
    """What is updated, due or started on a date, and what only looks like one, is no day."""
    assert parser.parse_date(words) is None


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("Day 1,2 : Jul 20 , Jul 21 , 2025", (2025, 7, 20)),
        ("Week 1 (Jul 14 - Jul 20, 2025)", (2025, 7, 14)),
        ("14.–20. Juli 2025", (2025, 7, 14)),
        ("July 14-20, 2025", (2025, 7, 14)),
        ("2025-07-14 to 2025-07-20", (2025, 7, 14)),
        ("Du 14 au 20 juillet 2025", (2025, 7, 14)),
        ("14 juli t/m 20 juli 2025", (2025, 7, 14)),
        ("2025年7月14日～7月20日", (2025, 7, 14)),
        ("Dec 29 - Jan 4, 2026", (2025, 12, 29)),
        ("2025.07.14~07.20", (2025, 7, 14)),
        ("2025年7月14日至20日", (2025, 7, 14)),
        ("vom 14. bis 20. Juli 2025", (2025, 7, 14)),
        ("KW 29/2025", (2025, 7, 14)),
        ("20.07. - 22.07.2025", (2025, 7, 20)),
        ("Week of July 14, 2025", (2025, 7, 14)),
    ],
)
def test_a_range_is_its_first_day(words: str, expected: tuple[int, int, int]) -> None:
    """The year of its end is the year of its beginning, but for December and January."""
    found = parser.parse_date(words)
    assert found is not None
    assert (found.year, found.month, found.day) == expected
    assert found.spans


def test_a_range_is_told() -> None:
    """The remark names the day under which it is filed, and the heading stays."""
    held = read("## Week 1 (Jul 14 - Jul 20, 2025)\n\n- a\n")
    assert [str(day.day) for day in held.days] == ["2025-07-14"]
    assert "several days; filed under the first, Monday, 14 July 2025" in held.remarks[0].text


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["Friday 4/7/2025", "Saturday 5/7/2025"], ["2025-07-04", "2025-07-05"]),
        (["Fri 4/7/2025", "6/7/2025"], ["2025-07-04", "2025-07-06"]),
        (["7/5/2025", "7/6/2025", "7/7/2025", "7/8/2025"], ["2025-07-05", "2025-07-06"]),
        (["2025.07.20", "25.07.21", "25.07.22"], ["2025-07-20", "2025-07-21"]),
        (["20.07.25", "21.07.25", "23.07.25"], ["2025-07-20", "2025-07-21"]),
        (["25.07.21 (월)", "25.07.22 (화)"], ["2025-07-21", "2025-07-22"]),
        (["7/20/25", "7/21/25"], ["2025-07-20", "2025-07-21"]),
        (["200725", "210725"], ["2025-07-20", "2025-07-21"]),
        (["250720", "250722"], ["2025-07-20", "2025-07-22"]),
        (["2025.07.20 (일)", "07.22", "08.03"], ["2025-07-20", "2025-07-22"]),
    ],
)
def test_the_order_is_settled(lines: list[str], expected: list[str]) -> None:
    """A weekday, a clear date, or days that follow one another show which number is the day."""
    found = list(days("".join(f"## {line}\n\ntext\n\n" for line in lines)))
    assert found[:2] == expected
    assert len(found) == len(lines)


def test_what_no_evidence_settles_stays_open() -> None:
    """Two dates a month or a day apart, and two weekdays that contradict, settle nothing."""
    assert days("## 7/5/2025\n\na\n") == {}
    found = [parser.parse_date(words) for words in ("13/4/2025", "4/13/2025", "4/5/2025")]
    assert order.resolve_order([one for one in found if one])[2] is None


def test_a_year_that_stands_in_the_heading_is_never_missing() -> None:
    """A blank before the comma, an apostrophe and a year further on all count."""
    text = "## July 1 , 2024\n\na\n\n## 2 Jul '24\n\nb\n\n## Day 3 (Jul 3) 2024\n\nc\n"
    assert list(days(text)) == ["2024-07-01", "2024-07-02", "2024-07-03"]


def test_only_the_heading_without_a_year_is_refused() -> None:
    """The rest is read as before, and a year is proposed that fits the weekday."""
    held = read("## Sun, 20 July\n\na\n\n# Questions\n\n| Question | Answer |\n|-|-|\n| q? | a |\n")
    assert [(one.line, one.text) for one in held.yearless] == [(1, "Sun, 20 July")]
    assert held.open_days.likely_year == 2025
    assert "| q? | a |" in write_markdown(list(held.leftovers))


def test_a_slip_in_the_year_stays_in_the_note() -> None:
    """A date years away from both neighbours, or in the future, is asked about."""
    held = read("## 09/15/2025\n\na\n\n## 09/17/2035\n\nb\n")
    assert [str(day.day) for day in held.days] == ["2025-09-15"]
    assert "is it 2025?" in held.remarks[0].text
    held = read("## 2024-12-30\n\na\n\n## 2024-01-02\n\nb\n\n## 2025-01-03\n\nc\n")
    assert [str(day.day) for day in held.days] == ["2024-12-30", "2025-01-03"]
    assert years.find_slips([date(2023, 5, 1), date(2025, 5, 2), date(2025, 5, 3)]) == {}
    assert years.find_slips([date(1925, 5, 1), date(2025, 5, 2), date(2025, 5, 3)]) == {0: 2025}


def test_numbers_that_nothing_shows_to_be_dates_are_sections() -> None:
    """``1.2`` and ``2/3`` are dates beside dates of their level, or if one can only be a day."""
    text = "## {}\n\na\n\n## {}\n\nb\n"
    assert list(days(text.format("2.7.2025", "3.7."))) == ["2025-07-02", "2025-07-03"]
    assert read(text.format("1.1", "1.2")).remarks == ()
    assert [one.text for one in read(text.format("7/1", "7/2")).open_days.hints] == ["7/1", "7/2"]
    assert len(read(text.format("7/12", "7/13")).yearless) == 2
    text = "## 2025-07-20\n\n### 1.2\n\na\n"
    assert days(text) == {"2025-07-20": "### 1.2\n\na"}


HTML = """<h1 align="center">Hundred days</h1>

<h3>Day 1 - Sunday, July 20th, 2025</h3>
Read about softmax.

<h3>Day 2 - Monday, July 21st, 2025</h3>

Wrote <b>layer norm</b>.

<h3>Thanks</h3>

To all.
"""


def test_headings_in_html_are_headings() -> None:
    """``<h3>`` opens a day, its words stay, and another one ends the day."""
    assert days(HTML) == {
        "2025-07-20": "<h3>Day 1 - Sunday, July 20th, 2025</h3>\n\nRead about softmax.",
        "2025-07-21": "<h3>Day 2 - Monday, July 21st, 2025</h3>\n\nWrote <b>layer norm</b>.",
    }
    assert "<h3>Thanks</h3>\n\nTo all." in kept(HTML)
    assert read(HTML).title == "Hundred days"


@pytest.mark.parametrize(
    "text",
    [
        "20.07.2025:\nread\n\n21.07.2025:\nwrote\n",
        "20.07.2025\nread\n21.07.2025\nwrote\n",
        "*20 July 2025*\n\nread\n\n*21 July 2025*\n\nwrote\n",
        "**2025-07-20**\nread\n\n**2025-07-21**\nwrote\n",
        "<h3>\nJuly 20, 2025\n</h3>\nread\n\n<center><h3>July 21, 2025</h3></center>\n\nwrote\n",
        "<p><strong>July 20, 2025</strong></p>\n\nread\n\n<p>July 21, 2025</p>\n\nwrote\n",
        "# 2025-07\n\n## 07-20\n\nread\n\n## Mon 07-21\n\nwrote\n",
        "<b>July 20, 2025</b>\n\nread\n\n<b>July 21, 2025</b>\n\nwrote\n",
        "2025年7月20日\n\nread\n\n2025年7月21日\n\nwrote\n",
        "# July 2025\n\n## 20\n\nread\n\n## Mon 21st\n\nwrote\n",
        "# 2025\n\n## July\n\n### 20\n\nread\n\n### 21\n\nwrote\n",
        "## 7/20\n\nread\n\n## 7/21/2025\n\nwrote\n",
        "# 2025\n\n## 07\n\n### 20\n\nread\n\n### 21\n\nwrote\n",
        "2025-07-20\n----------\n\nread\n\n2025-07-21\n----------\n\nwrote\n",
    ],
)
def test_lines_that_are_only_a_date_open_a_day(text: str) -> None:
    """Plain, in italics or bold, with a colon or below their month: what follows is the day's."""
    assert days(f"# Log\n\n{text}") == {"2025-07-20": "read", "2025-07-21": "wrote"}


def test_lines_that_begin_with_a_date_keep_their_words() -> None:
    """``2025-07-20: read`` is the day's text as it stands, and so is a heading with no text."""
    text = "2025-07-20: read a paper\n2025-07-21: wrote code\n\nand tests\n\n## Jul 22: slept\n"
    text += "\nJuly 23, 2025 at 9:12 PM\n\nlate\n"
    assert days(text) == {
        "2025-07-20": "2025-07-20: read a paper",
        "2025-07-21": "2025-07-21: wrote code\n\nand tests",
        "2025-07-22": "## Jul 22: slept",
        "2025-07-23": "July 23, 2025 at 9:12 PM\n\nlate",
    }


def test_a_date_line_below_a_heading_dates_its_section() -> None:
    """``**Date:**`` stays, and the heading above it stays with what follows."""
    text = (
        "# Log\n\n## Softmax\n\n**Date:** 20 July 2025\n\nread\n\n## Norms\nDate: 2025-07-21\n\nb\n"
    )
    assert days(text) == {
        "2025-07-20": "## Softmax\n\n**Date:** 20 July 2025\n\nread",
        "2025-07-21": "## Norms\n\nDate: 2025-07-21\n\nb",
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "- **2025-07-20**: softmax\n  - the shift\n- also that day\n- 2025-07-21 - norms\n",
            {
                "2025-07-20": "- **2025-07-20**: softmax\n  - the shift\n- also that day",
                "2025-07-21": "- 2025-07-21 - norms",
            },
        ),
        (
            "- Week 1\n  - 2025-07-20: a\n    - more\n- Week 2\n  - 2025-07-28: b\n",
            {
                "2025-07-20": "- 2025-07-20: a\n  - more",
                "2025-07-28": "- 2025-07-28: b",
            },
        ),
        (
            "## July 2025\n\n- 20: softmax\n- 21st - norms\n",
            {"2025-07-20": "- 20: softmax", "2025-07-21": "- 21st - norms"},
        ),
        (
            "20.07.2025 Softmax gelesen.\n21.07.2025 Normen.\n",
            {"2025-07-20": "20.07.2025 Softmax gelesen.", "2025-07-21": "21.07.2025 Normen."},
        ),
        (
            "# 2025\n\n1) 20.07. softmax\n2) 21.07. norms\n",
            {"2025-07-20": "1) 20.07. softmax", "2025-07-21": "2) 21.07. norms"},
        ),
        (
            "**Day 1 (July 20, 2025):** read\n\n**Day 2 (July 21, 2025):** wrote\n",
            {
                "2025-07-20": "**Day 1 (July 20, 2025):** read",
                "2025-07-21": "**Day 2 (July 21, 2025):** wrote",
            },
        ),
        (
            "- [x] 20 июля 2025 — softmax\n- [ ] 21 июля 2025 — norms\n",
            {
                "2025-07-20": "- [x] 20 июля 2025 — softmax",
                "2025-07-21": "- [ ] 21 июля 2025 — norms",
            },
        ),
        (
            "| Datum | Thema |\n|---|---|\n| 20.07.2025 | a |\n| | b |\n| 21.07.2025 | c |\n",
            {
                "2025-07-20": "| Datum | Thema |\n|---|---|\n| 20.07.2025 | a |\n| | b |",
                "2025-07-21": "| Datum | Thema |\n|---|---|\n| 21.07.2025 | c |",
            },
        ),
        (
            "<details>\n<summary>July 20, 2025</summary>\n\n### Notes\n\na\n\n</details>\n\n"
            "<details><summary><b>July 21, 2025</b></summary>\nb\n</details>\n\nBye.\n",
            {
                "2025-07-20": "<details>\n<summary>July 20, 2025</summary>\n\n### Notes\n\na\n\n"
                "</details>",
                "2025-07-21": "<details><summary><b>July 21, 2025</b></summary>\nb\n</details>",
            },
        ),
    ],
)
def test_items_rows_and_folds_are_entries(text: str, expected: dict[str, str]) -> None:
    """A list, a table or folds with dates are a log; each entry is kept as it was written."""
    assert days(f"# Log\n\n{text}") == expected


@pytest.mark.parametrize(
    "text",
    [
        "## Schedule\n\n- 2025-07-20: softmax\n- 2025-07-21: norms\n",
        "## Log\n\n- bought a book\n- 2025-07-20: read it\n- liked it\n",
        "| Date | Open | Sold |\n|---|---|---|\n| 2025-07-20 | 3.1 | 3.2M |\n",
        "## Notes\n\n- Attention (12 June 2017)\n- GPT-2 (14 February 2019)\n",
    ],
)
def test_plans_and_lists_about_something_else_are_no_log(text: str) -> None:
    """A schedule, publications, prices, and a list with one dated item stay in the note."""
    assert days(text) == {}
    assert kept(text) == text.strip()


def test_what_looks_like_a_day_and_is_kept_is_named() -> None:
    """Its lines are listed; a line in a block of code is not."""
    held = read("## Plan\n\n- 2025-07-20: a\n- b\n\n```\n2025-07-20: log\n```\n")
    assert [(one.line, one.text) for one in held.open_days.hints] == [(3, "2025-07-20: a")]


def test_a_section_between_two_days_belongs_to_the_first() -> None:
    """One that comes after the last day, or is a list of its own kind, does not."""
    text = "## 2025-07-20\na\n## Thoughts\nb\n## 2025-07-21\nc\n## Papers\n- [d](https://e.org)\n"
    assert days(text) == {"2025-07-20": "a\n\n## Thoughts\n\nb", "2025-07-21": "c"}
    assert len(read(text).readings) == 1


def test_numbered_days_are_counted_from_the_first() -> None:
    """``Day 3`` is two days after the first; in ``Week 2`` the numbers may start again."""
    text = "# Log\n\n## Day 1: softmax\n\na\n\n## Day 3\n\nb\n\n# Week 2\n\n## Day 1\n\nc\n"
    assert days(text, date(2025, 7, 20)) == {
        "2025-07-20": "## Day 1: softmax\n\na",
        "2025-07-22": "## Day 3\n\nb",
        "2025-07-27": "## Day 1\n\nc",
    }
    held = read(f"Start: 2025-07-20\n\n{text}")
    assert held.days == ()
    assert [one.text for one in held.open_days.numbered] == ["Day 1: softmax", "Day 3", "Day 1"]
    assert held.open_days.start == date(2025, 7, 20)


def test_numbers_between_two_dates_that_agree_are_counted() -> None:
    """Day 1 and Day 4 with their dates say what Day 2 was."""
    text = "## Day 1 (2025-07-20)\na\n## Day 2\nb\n## Day 4 (2025-07-23)\nc\n"
    assert list(days(text)) == ["2025-07-20", "2025-07-21", "2025-07-23"]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        *((f"{word} 12", 12) for word in ("Day", "Tag", "Jour", "Día", "Giorno", "День", "Gün")),
        *(("第12天", 12), ("第十二天", 12), ("12日目", 12), ("12일차", 12), ("day_12 masks", 12)),
        *(
            ("Day12", 12),
            ("R1D12", 12),
            ("Day Twelve", 12),
            ("#12", None),
            ("Daylight 12", None),
            ("12 things", None),
            ("11. Tag and sign", None),
            ("11. Tag", 11),
        ),
    ],
)
def test_numbers_of_days(words: str, expected: int | None) -> None:
    """A dozen languages number their days."""
    found = counts.read_count(parser.normalize(words).replace("_", " "))
    assert (found.number if found else None) == expected


@pytest.mark.parametrize(
    ("words", "week"),
    [("w3", 3), ("w12: masks", 12), ("week 3", 3), ("w3c", None), ("w\\d3", None)],
)
def test_numbers_of_weeks(words: str, week: int | None) -> None:
    """A heading such as ``W3`` gives a week its number."""
    found = counts.read_count(words)
    assert (found.number if found and found.kind == "week" else None) == week


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        *((name, "2025-07-23") for name in ("2025_07_23", "20250723", "2025.07.23", "23-07-2025")),
        *(
            (name, "2025-07-23")
            for name in ("2025-07-23-softmax", "July 23rd, 2025", "23. Juli 2025")
        ),
        *((name, "2025-07-23") for name in ("2025/07/23", "2025/July/23", "2025/07-July/23")),
        *((name, "2025-07-23") for name in ("2025/2025-07/23", "2025/07-23", "2025/0723")),
        *(
            (name, "2025-07-23")
            for name in ("2025-07-23/README", "2025年7月23日", "log 2025-07-23")
        ),
        *(
            (name, None)
            for name in ("README", "01-intro", "03-04-2025", "2025/chapter1", "2025-07")
        ),
        ("2025-W30", "2025-07-21"),
    ],
)
def test_names_of_files_are_days(path: str, expected: str | None) -> None:
    """A name, or a name in the folders of its year and month, says the day of the file."""
    (found,) = file_days.read_file_dates([((), path.split("/"))])
    assert (str(found.day) if found.day else None) == expected


def test_names_of_files_settle_one_another_and_count() -> None:
    """One clear name shows the order of all; ``Day6/README.md`` has a number."""
    names = (["25-07-2025"], ["03-08-2025"], ["Week 2", "Day6", "README"])
    one, other, counted = file_days.read_file_dates([((), name) for name in names])
    assert (one.day, other.day) == (date(2025, 7, 25), date(2025, 8, 3))
    assert (counted.day, counted.count, counted.week) == (None, 6, 2)


def test_names_of_six_digits_and_without_a_year() -> None:
    """Six digits are settled by the other files, and a year that is missing can be given."""
    names = (["250730"], ["250802"], ["July 20"])
    one, other, open_one = file_days.read_file_dates([((), name) for name in names], TODAY)
    assert (one.day, other.day) == (date(2025, 7, 30), date(2025, 8, 2))
    assert open_one.day is None
    given = DayContext(None, 2025, None, None, TODAY)
    assert context.complete_context(open_one, given).day == date(2025, 7, 20)


def test_front_matter_gives_the_day_of_a_page() -> None:
    """All of a page with one date on top belongs to that day."""
    text = "---\ntitle: Six\ndate: 2025-07-20\n---\n\n# Six\n\nRead.\n"
    assert days(text) == {"2025-07-20": "# Six\n\nRead."}


def test_a_week_with_weekdays_is_split() -> None:
    """Below a heading that names the week, ``Monday`` is its Monday."""
    text = "## KW 30 (21.–27.07.2025)\n\n### Montag\n\na\n\n### Freitag\n\nb\n"
    assert days(text) == {"2025-07-21": "a", "2025-07-25": "b"}


def test_a_heading_that_looks_like_a_day_is_no_section_of_the_day_before() -> None:
    """A slip in the month's name is named, and the text stays in the note."""
    held = read("## 20 July 2025\n\na\n\n## 21 Jluy 2025\n\nb\n\n## 22 July 2025\n\nc\n")
    assert [str(day.day) for day in held.days] == ["2025-07-20", "2025-07-22"]
    assert "looks like a day" in held.remarks[0].text
    assert write_markdown(list(held.leftovers)) == "## 21 Jluy 2025\n\nb"


def test_entries_in_the_future_stay_in_the_note() -> None:
    """A table of what is to come is no log."""
    text = "| Date | Topic |\n|---|---|\n| 2026-04-01 | a |\n| 2026-04-02 | b |\n"
    assert days(text) == {}
    assert len(read(text).remarks) == 2


@pytest.mark.parametrize("words", ["Set 1: warm-up", "Led 5", "Sub 2", "Pro 3", "Mag 7"])
def test_short_names_of_other_languages_do_not_lead(words: str) -> None:
    """Only English puts the month first, so ``Set 1`` is no 1 September."""
    assert parser.parse_date(words) is None


def test_a_page_of_one_day_is_not_split_by_a_word_that_is_a_month() -> None:
    """In a file that is named like a day, one heading with another day has to give its year."""
    context = DayContext(date(2025, 7, 20), 2025, None, None, TODAY)
    held = read_journal("Some.\n\n**Mars 21**\n\nMore.\n", COURSE, context=context)
    assert [str(day.day) for day in held.days] == ["2025-07-20"]
    held = read_journal("Some.\n\n**2025-07-22**\n\nMore.\n", COURSE, context=context)
    assert [str(day.day) for day in held.days] == ["2025-07-22"]


def test_folds_around_days_stay_in_the_note() -> None:
    """The days inside come without the tags, which stay in pairs."""
    fold = "<details>\n<summary>Week {0}</summary>\n\n### 2025-07-2{0}\n\ntext\n\n</details>\n\n"
    text = fold.format(1) + fold.format(2)
    assert days(text) == {"2025-07-21": "text", "2025-07-22": "text"}
    assert kept(text).count("<details>") == kept(text).count("</details>") == 2
    text = f"## 2025-07-19\n\nbefore\n\n{text}"
    assert days(text) == {"2025-07-19": "before", "2025-07-21": "text", "2025-07-22": "text"}
    assert "2025-07" not in kept(text)


def test_a_year_above_the_first_day_counts_and_is_told() -> None:
    """``Log of 2025`` gives the year, with a remark; a text that names a year does not."""
    held = read("Log of 2025\n\n## May 4\n\na\n")
    assert [str(day.day) for day in held.days] == ["2025-05-04"]
    assert "the year 2025 is taken from line 1" in held.remarks[0].text
    held = read(f"{'A paper of 2017 that I have read again. ' * 3}\n\n## May 4\n\na\n")
    assert held.days == ()


def test_the_date_line_of_a_page_is_the_day_of_the_page() -> None:
    """Below the title of a page with no other date it gives the page its day."""
    text = "# Masks\n\n*2025-07-20 · 2h*\n\na\n\n## More\n\nb\n"
    assert list(days(text)) == ["2025-07-20"]
    assert kept(text) == ""


def test_dates_at_the_end_of_items_and_in_heads_of_tables_are_named() -> None:
    """They may be days or not, so the text stays and its lines are listed."""
    text = "- softmax (2025-07-20)\n- norms (2025-07-21)\n\n"
    text += "| | Mon 21.07. | Tue 22.07. |\n|---|---|---|\n| a | 1 | 2 |\n\n"
    text += "| What | Begun |\n|---|---|\n| a | 2025-07-20 |\n\nRead: 2025-07-20\n"
    assert [one.line for one in read(text).open_days.hints] == [1, 2, 6, 10, 12]


def test_a_line_of_a_sentence_is_no_day() -> None:
    """A date to which a paragraph happens to be wrapped stays in its paragraph."""
    text = "The first version was made at the meeting\non August 5th 2021.\n\nIt stayed.\n"
    assert days(text) == {}
    assert kept(text) == text.strip()


def test_a_month_above_a_day_is_no_section_of_it() -> None:
    """``## April`` with one empty day below it keeps its place."""
    text = "# Log\n\n## April\n\n### 2025-04-01\n"
    assert days(text) == {}
    assert days("# Masks\n\n## Date: 2025-04-01\n\n## Idea\n\na\n") == {
        "2025-04-01": "# Masks\n\n## Date: 2025-04-01\n\n## Idea\n\na"
    }
