"""A journal from elsewhere is read as its writer meant it, and nothing in it is lost."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from grader.course.model import Course, Phase, Unit
from grader.learner.importer.contents import JournalContents
from grader.learner.importer.dates import order, parser, years
from grader.learner.importer.files import encoding, mojibake
from grader.learner.importer.journal_reader import read_journal
from grader.learner.importer.links import addresses
from grader.learner.importer.text import lists, table_cells
from grader.learner.importer.text.pieces import Heading, add_definitions, write_markdown

JOURNALS = Path(__file__).parents[1] / "support" / "journals"
UNITS = ("tokenizer", "data", "embeddings", "attention", "blocks", "training", "lora")
COURSE = Course(
    "Small", (Phase("one", "One", (1, 2), tuple(Unit(u, u.title(), "", ()) for u in UNITS)),)
)


def found(name: str, **more: int) -> JournalContents:
    """What one of the journals beside the tests holds."""
    whole = mojibake.repair_mojibake(encoding.decode((JOURNALS / name).read_bytes())[0])[0]
    return read_journal(whole, COURSE, **more)


def kept(name: str) -> str:
    """What of a journal is left for a note."""
    return write_markdown(list(found(name).leftovers))


def day(words: str) -> tuple[int | None, int, int] | None:
    """Year, month and day of a heading."""
    said = parser.parse_date(words)
    return None if said is None else (said.year, said.month, said.day)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("Sunday, 20 July 2025", (2025, 7, 20)),
        ("2025-07-20", (2025, 7, 20)),
        ("2025/7/20 read a book", (2025, 7, 20)),
        ("Jul 20", (None, 7, 20)),
        ("Thursday 24th July", (None, 7, 24)),
        ("Sept 3, 2024", (2024, 9, 3)),
        ("20th of July, 2025", (2025, 7, 20)),
        ("July 20, 2025 (Sunday)", (2025, 7, 20)),
        ("20/07/2025", (2025, 7, 20)),
        ("07/20/2025", (2025, 7, 20)),
        ("20.07.2025", (2025, 7, 20)),
        ("03.04.2025", (2025, 4, 3)),
        ("Day 3 (Jul 22)", (None, 7, 22)),
        ("Day 3: Jul 22, 2025 – tokenizers", (2025, 7, 22)),
        ("📅 2025-07-20", (2025, 7, 20)),
        ("May 5 ways to sleep", None),
        ("Notes from May 2024", None),
        ("March 2025", None),
        ("3.1.24. Markov chains", None),
        ("Phase 1: Foundations (2-4 weeks)", None),
        ("Day 3", None),
        ("GPT-2 in 2019", None),
    ],
)
def test_headings_are_read_as_days(
    words: str, expected: tuple[int | None, int, int] | None
) -> None:
    """A heading is a day when it begins with one, and nothing else is."""
    assert day(words) == expected


def test_digits_alone_count_when_other_dates_tell_their_order() -> None:
    """``03/04`` is in April beside ``20/04``, in March beside ``04/20``, and open alone."""
    read = [parser.parse_date(words) for words in ("03/04/2025", "20/04/2025")]
    other = [parser.parse_date(words) for words in ("03/04/2025", "04/20/2025")]
    first, second = (order.resolve_order([w for w in ws if w]) for ws in (read, other))
    assert (first[0].month, second[0].month) == (4, 3)  # type: ignore[union-attr]
    assert order.resolve_order([w for w in read[:1] if w]) == [None]


def test_an_open_order_is_told_and_kept() -> None:
    """A date that can be read two ways goes into no day; its text stays in the note."""
    held = read_journal("# 03/04/2025\n- read\n", COURSE)
    assert held.days == ()
    assert "day and month are ambiguous" in held.remarks[0].text
    assert write_markdown(list(held.leftovers)) == "# 03/04/2025\n\n- read"


@pytest.mark.parametrize(
    ("headings", "first", "expected"),
    [
        (["Dec 30", "Jan 2, 2025", "Jan 3"], None, [2024, 2025, 2025]),
        (["Dec 30, 2024", "Jan 2", "Mar 1"], None, [2024, 2025, 2025]),
        (["Mar 1, 2025", "Feb 27", "Dec 30"], None, [2025, 2025, 2024]),
        (["Dec 30", "Jan 2"], 2023, [2023, 2024]),
        (["Dec 30", "Jan 2"], None, [None, None]),
    ],
)
def test_a_year_follows_from_its_neighbours(
    headings: list[str], first: int | None, expected: list[int | None]
) -> None:
    """The year that puts a day nearest to the one beside it is its own."""
    days = [said for words in headings if (said := parser.parse_date(words))]
    assert years.infer_years(days, first) == expected


def test_a_heading_above_names_the_year() -> None:
    """Below ``2023`` and ``May 2023`` the days are of that year."""
    held = read_journal("# Log 2023\n## May 4\n- a\n# May 2022\n## May 5\n- b\n", COURSE)
    assert [d.day for d in held.days] == [date(2023, 5, 4), date(2022, 5, 5)]


def test_days_without_a_year_are_named() -> None:
    """Where nothing tells the year, the headings are given back to be asked about."""
    held = read_journal("## May 4\n- a\n", COURSE)
    assert [(r.line, r.text) for r in held.yearless] == [(1, "May 4")]
    assert read_journal("## May 4\n- a\n", COURSE, year=2024).days[0].day == date(2024, 5, 4)


def test_a_day_keeps_nested_lists_links_and_headings_to_the_letter() -> None:
    """What stands below a date is the learner's own lines, sub-headings among them."""
    held = found("dated.md")
    assert [d.day.day for d in held.days] == [3, 5, 6, 6, 11]
    lines = (JOURNALS / "dated.md").read_text("utf-8").split("\n")
    assert write_markdown(list(held.days[0].pieces)) == "\n".join(lines[12:17])
    assert "### Late that night\n\nOne more passed." in write_markdown(list(held.days[1].pieces))
    assert "It took two evenings." in held.days[1].pieces[0].text


def test_wrong_weekdays_and_second_headings_are_told_and_kept() -> None:
    """The date counts; the heading stays in the entry, and both entries of a day are there."""
    held = found("dated.md")
    told = [(r.line, r.text.partition(": ")[2]) for r in held.remarks]
    assert (28, "that date is a Thursday; the date is used") in told
    assert any(line == 31 and "second heading" in text for line, text in told)
    assert write_markdown(list(held.days[2].pieces)).startswith(
        "## Sunday, 6 February 2025\n\n* Rest"
    )
    assert "## Day 9 (Feb 11) – masks" in write_markdown(list(held.days[4].pieces))


def test_a_date_that_is_none_stays_in_the_note() -> None:
    """The calendar's own errors are told, and the text is kept."""
    held = read_journal("# 31 February 2025\nhello\n", COURSE)
    assert "there is no such date" in held.remarks[0].text
    assert write_markdown(list(held.leftovers)) == "# 31 February 2025\n\nhello"


def test_a_day_ends_at_the_next_heading_of_its_level() -> None:
    """What follows at the same level or above is no part of the day, in bold or not."""
    held = read_journal("## 2025-01-02\na\n### more\nb\n## Plans\nc\n", COURSE)
    assert [p.text for p in held.days[0].pieces] == ["a", "b"]
    bold = read_journal("**2025-01-02**\n\na\n\n**Learned:**\n\n- b\n\n# Plans\n\nc\n", COURSE)
    assert [p.text for p in bold.days[0].pieces] == ["a", "- b"]


def test_a_file_named_like_a_day_is_that_day() -> None:
    """All of ``2025-01-02.md`` goes to its day, unless headings say other days."""
    held = read_journal("# 2025-01-02\n\n- [x] a\n\n# B\n\nc\n", COURSE, day=date(2025, 1, 2))
    assert [d.day for d in held.days] == [date(2025, 1, 2)]
    assert write_markdown(list(held.days[0].pieces)) == "- [x] a\n\n# B\n\nc"
    assert [(c.text, c.done) for c in held.claims] == [("a", True)]
    assert held.leftovers == ()


def test_question_tables_stay_where_they_stood() -> None:
    """A table of cards is one in the note already; a cell too many is a remark."""
    assert found("rich.md").questions == ()
    assert "| Which axis is `dim=-1`?      | The last one. | It moves with the rank. |" in kept(
        "rich.md"
    )
    assert any(r.line == 38 and "more cells" in r.text for r in found("rich.md").remarks)


def test_a_table_that_the_site_takes_for_no_cards_has_its_cards_beside_it() -> None:
    """``Q`` and ``A`` become Question and Answer; a source beside them is kept in brackets."""
    held = read_journal("| Q | A | Source |\n|-|-|-|\n| a? | b | c |\n", COURSE)
    assert [piece.text for piece in held.questions] == ["| a? | b (c) |"]
    assert write_markdown(list(held.leftovers)) == "| Q | A | Source |\n|-|-|-|\n| a? | b | c |"


def test_glossaries_stay_where_they_stood() -> None:
    """A table of terms is no reading list, though it has links, and a list of terms is none."""
    assert "| **Stride** | the step in memory | [here](https://example.org/stride)" in kept(
        "rich.md"
    )
    assert all("stride" not in reading.url.split("/")[-1:] for reading in found("rich.md").readings)
    held = read_journal("# Glossary\n\n- **KV**: keys\n  and values\n", COURSE)
    assert write_markdown(list(held.leftovers)) == "# Glossary\n\n- **KV**: keys\n  and values"
    assert held.readings == ()


def test_reading_lists_give_title_address_state_and_author() -> None:
    """Tables and lists are read, with the state that their heading says."""
    readings = {r.title: r for r in found("rich.md").readings}
    assert readings["The drawn transformer"].state == "next"
    assert readings["Strides, slowly"].state == "inbox"
    assert readings["Strides, slowly"].authors == "Lin Example"
    assert readings["Second steps"].authors == "Ada Example"
    assert readings["nameless-book"].url == "https://example.org/books/nameless-book/"
    assert len(readings) == 9


def test_reading_lists_stay_in_the_note() -> None:
    """Entries are counted beside the text, comments and second links or not."""
    left = kept("rich.md")
    for words in ("the same as text", "the paper", "Read it first.", "The same again", "A board"):
        assert words in left


def test_titles_without_links_are_readings_below_their_heading() -> None:
    """A paper in quotes with its authors is an entry; boxes say what is read."""
    assert [(r.title, r.authors, r.kind) for r in found("plan.md").readings] == [
        ("Attention Is All You Need", "Vaswani et al.", "paper"),
        ("A paper of no fame", "", "paper"),
    ]
    held = read_journal("## Books\n- [x] One\n- [ ] Two\n", COURSE)
    assert [r.state for r in held.readings] == ["done", "inbox"]


def test_an_address_that_is_no_page_makes_no_reading() -> None:
    """Relative and dangerous addresses stay in the note, as text."""
    held = read_journal("# Links\n- [a](b.md)\n- [x](javascript:alert(1))\n", COURSE)
    assert held.readings == ()
    assert len(held.leftovers) == 2
    assert held.links == (("b.md", 2),)


@pytest.mark.parametrize(
    ("heading", "expected"),
    [
        *((words, True) for words in ("Papers", "Courses and Tutorials", "Reading List", "Inbox:")),
        *((words, True) for words in ("📚 Resources", "Books I own", "Free training resources")),
        *((words, False) for words in ("Post-training", "Paper reproductions", "Next Steps")),
        *((words, False) for words in ("Data Loading", "Video generation with diffusion", "Stack")),
    ],
)
def test_headings_of_reading_lists(heading: str, expected: bool) -> None:
    """A list of things to read is told by its heading, and by few others."""
    assert lists.is_reading_list(Heading(2, heading, heading, 1)) is expected


@pytest.mark.parametrize(
    ("head", "row", "meaning"),
    [
        ("| Question | Answer |", "| a | b |", "questions"),
        ("| **Term** | Definition | Links |", "| a | b | [c](https://e.org) |", "other"),
        ("| Component | Status | Description |", "| a | done | b |", "other"),
        ("| Paper | Link | Status |", "| a | https://e.org | done |", "readings"),
        ("| Category | Title | Comment |", "| a | [b](https://e.org) | c |", "readings"),
        ("| Name | Age |", "| a | 3 |", "other"),
        ("| Category | Advice | Source |", "| a | b | [c](https://e.org) |", "other"),
    ],
)
def test_a_table_is_told_by_its_head(head: str, row: str, meaning: str) -> None:
    """Its columns say what a table is; where they do not, it stays a table in the note."""
    assert table_cells.find_columns(head, [row]).meaning == meaning


def test_every_line_of_a_journal_has_a_place() -> None:
    """No word of the chapters is lost, and half-finished items stay half finished."""
    whole = (JOURNALS / "chapters.md").read_text("utf-8")
    assert [line for line in whole.split("\n") if line.strip()] == [
        line for line in kept("chapters.md").split("\n") if line.strip()
    ]


def test_comments_folds_and_front_matter_are_kept() -> None:
    """HTML comments and folds stay; the lines between dashes are what a note begins with."""
    left = kept("rich.md")
    assert found("rich.md").front.tags == ("llm", "notes")
    assert "<!-- to be written: strides -->" in left
    assert "<details>\n<summary>Aside</summary>" in left
    assert found("rich.md").title == "My model notebook"


def test_rules_stay_between_what_stays_together() -> None:
    """A rule is kept inside the note and inside a day; between two days it says nothing more."""
    held = read_journal(
        "a\n\n---\n\n# B\n\n***\n\nc\n\n---\n\n# 2025-01-02\n\nd\n\n---\n\ne\n", COURSE
    )
    assert write_markdown(list(held.leftovers)) == "a\n\n---\n\n# B\n\n***\n\nc"
    assert write_markdown(list(held.days[0].pieces)) == "d\n\n---\n\ne"


def test_a_date_in_a_comment_or_a_fence_is_no_day() -> None:
    """Only headings that Markdown sees are headings."""
    held = read_journal("<!--\n# 2025-01-02\n-->\n\n```\n# 2025-01-03\n```\n", COURSE)
    assert held.days == ()


def test_links_defined_elsewhere_go_along() -> None:
    """An entry that refers to an address at the file's end gets that line too."""
    held = found("dated.md")
    piece = held.days[2].pieces[0]
    assert "https://example.org/later" in add_definitions(piece.text, held.definitions)
    assert "example.org/later" not in kept("dated.md")


def test_pictures_beside_the_journal_are_found_and_moved() -> None:
    """Markdown, HTML and Obsidian's pictures get a new address; other links and text do not."""
    assert [a for a, _ in found("rich.md").pictures] == ["figures/boxes.png", "figures/gone.png"]
    before = '![a](f/x%20y.png "t") [f/x.png](f/x.png) <img width=3 src="f/x.png"> ![[f/x.png|40]]'
    after = addresses.replace_addresses(before, {"f/x%20y.png": "n/1.png", "f/x.png": "n/2.png"})
    assert '![a](n/1.png "t")' in after
    assert '<img width=3 src="n/2.png">' in after
    assert "![f/x.png](n/2.png)" in after
    assert "[f/x.png](" in after


@pytest.mark.parametrize("sign", ["✅", "📝", "❌", "☑️", "⏳"])
def test_signs_that_went_through_mac_roman_are_repaired(sign: str) -> None:
    """A tick that stands alone looks odd to no heuristic, and is told by its bytes."""
    broken = sign.encode().decode("mac_roman")
    assert mojibake.repair_mojibake(f"- {broken} done\nx\n") == (f"- {sign} done\nx\n", [1])


@pytest.mark.parametrize("words", ["It’s fine", "naïve café", "“quoted” – yes", "✅ Done"])
def test_letters_that_went_through_windows_are_repaired(words: str) -> None:
    """What ftfy tells is repaired, and the line is named."""
    import ftfy  # noqa: F401 - it brings the code page

    assert mojibake.repair_mojibake(words.encode().decode("sloppy-windows-1252")) == (words, [1])


CLEAN = [
    "naïve café „Wort“ «mot» “quotes” … – ½ ° × ÷ ≤ ≈ ∑ ∂ ‰ €",
    "日本語の文章 混合 中文 한국어 русский עברית العربية ไทย",
    "✅ 📝 😀 👩‍💻 🇩🇪 ☑️ ①",
    r"$\alpha_{i}^2 \le \sum_j x_j$ and α ≤ β, ∇L, ℝ^n",
    'code `"Ã©".encode("latin-1")` and ``s = "â€™"``',
    "‚single low‘ quotes, ﬁgure ligature, ｆｕｌｌ width, e\u0301 combining",
    "&amp; &lt; stay, and a tab\there",
    "Ångström, Übergröße, ÑANDÚ, Č, ő, Ã, Â alone",
]


@pytest.mark.parametrize("words", CLEAN)
def test_clean_text_is_left_as_it_is(words: str) -> None:
    """Code, formulas, other scripts and signs are nobody's accident."""
    assert mojibake.repair_mojibake(words) == (words, [])


def test_code_is_never_repaired() -> None:
    """A lesson on encodings may show what an encoding error looks like."""
    fenced = "```python\nprint('Ã©')\n```\nÃ© é\n- ~~~\n  â€™\n  ~~~\n"
    assert mojibake.repair_mojibake(fenced) == (fenced.replace("Ã© é", "é é"), [4])


_MENDED = ("schön, grün, süß – gern café", "UTF-8 with some bytes of Windows-1252")


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"\xef\xbb\xbfa\r\nb\rc", ("a\nb\nc", "")),
        ("grün".encode("utf-16"), ("grün", "UTF-16")),
        ("abcdé".encode("utf-16-le"), ("abcdé", "UTF-16")),
        ("abcdé".encode("utf-16-be"), ("abcdé", "UTF-16")),
        ("grün – ja".encode("cp1252"), ("grün – ja", "Windows-1252")),
        ("schön, grün, süß – gern".encode() + b" caf\xe9", _MENDED),
    ],
)
def test_other_encodings_are_read_and_named(data: bytes, expected: tuple[str, str]) -> None:
    """BOM, line ends, UTF-16 and Western code pages make no difference."""
    assert encoding.decode(data) == expected


@pytest.mark.parametrize(
    "data", [b"\x89PNG\r\n\x1a\n\0\0", bytes(range(256)), b"\xff\xfe\x00", b"a\x81"]
)
def test_what_is_no_text_is_refused(data: bytes) -> None:
    """A picture or a program is no journal."""
    with pytest.raises(encoding.NotText):
        encoding.decode(data)


def test_a_big_journal_is_read_in_time_that_grows_with_it() -> None:
    """Three thousand days are as many, each with its own piece."""
    start = date(1999, 1, 1).toordinal()
    whole = "".join(f"## {date.fromordinal(start + n)}\n- read {n}\n\n" for n in range(3_000))
    held = read_journal(whole, COURSE)
    assert len({d.day for d in held.days}) == 3_000
    assert held.leftovers == ()
