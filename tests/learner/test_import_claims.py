"""What a journal says is done is counted beside its text, and never taken out of it."""

from __future__ import annotations

from datetime import date

import pytest

from grader.course.model import Course, Phase, Unit
from grader.learner.importer.claims import boxes, status_words
from grader.learner.importer.journal_reader import read_journal
from grader.learner.importer.text.pieces import write_markdown

UNITS = ("tokenizer", "embeddings", "attention", "lora")
COURSE = Course(
    "Small", (Phase("one", "One", (1, 2), tuple(Unit(u, u.title(), "", ()) for u in UNITS)),)
)


def claims(text: str) -> list[tuple[str, bool]]:
    """The words of each claim, and whether it says done."""
    return [(claim.text, claim.done) for claim in read_journal(text, COURSE).claims]


def table(head: str, *rows: str) -> str:
    """A table as Markdown."""
    return "\n".join([head, "|".join(["", *["---"] * (head.count("|") - 1), ""]), *rows]) + "\n"


TEXTS = {
    "two lists that weigh": "# GRU or not\n\nGRU:\n\n- ✅ small\n- ❌ slow\n\nSo what?\n",
    "what a test found": "## Checked\n\n- padding is masked ✅\n- it runs on a CPU ✅\n",
    "a report": table("| Test | Status |", "| shapes | ✅ passed |", "| NaN | done |"),
    "a report below its heading": "## Test results\n\n" + table("| It | Status |", "| a | ✅ |"),
    "questions answered": "Does it need a mask?\n\n- training: yes\n- serving: no\n",
    "a comparison": table("| Idea | GPT | BERT |", "| causal | ✅ | ❌ |"),
    "what was done, in sentences": "- Built a tokenizer.\n- Implemented attention (done)\n",
    "words at the end": "- Sampling (in progress)\n- LoRA: done\n",
    "a table of people": table("| Name | State |", "| Ada | Ohio |", "| Lin | Utah |"),
    "an array": "- [x, y] are axes\n- a[x] is read\n- []byte in Go\n- [-] dropped\n",
    "a link and a footnote": "- [x](https://example.org)\n- [x][1]\n\n[1]: https://example.org/1\n",
    "code": "```\n- [x] done\n```\n\n    - [x] indented\n",
    "only bullets": "- ☑ quick\n- ☑ small\n",
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=[*TEXTS])
def test_what_is_no_tick_is_no_claim(text: str) -> None:
    """Signs in front of bullets, answers, reports of tests and sentences stay text alone."""
    assert claims(text) == []


@pytest.mark.parametrize("text", TEXTS.values(), ids=[*TEXTS])
def test_text_stays_as_it_was(text: str) -> None:
    """The note has every line, in its order."""
    left = write_markdown(list(read_journal(text, COURSE).leftovers))
    wanted = [line for line in text.split("\n") if line.strip() and not line.startswith("[1]:")]
    assert [line for line in left.split("\n") if line.strip() and line[:3] != "[1]"] == wanted


@pytest.mark.parametrize("mark", ["x", "X", "√", "✓", "✔", "✔️", "✅", " x "])
@pytest.mark.parametrize("bullet", ["-", "*", "+", "1.", "2)"])
def test_a_box_is_ticked_in_many_ways(mark: str, bullet: str) -> None:
    """Any tick between brackets counts, in any kind of list."""
    assert claims(f"{bullet} [{mark}] read\n{bullet} [ ] write\n") == [
        ("read", True),
        ("write", False),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("- [x]read\n- []  later\n", [("read", True), ("later", False)]),
        ("- ☐ read\n- ☑ write\n", [("read", False), ("write", True)]),
        ("［x］ 読む\n", [("読む", True)]),
        ("[x] read\n[ ] write\n", [("read", True), ("write", False)]),
        ("- Week 1\n  - [x] read\n    - [ ] twice\n", [("read", True), ("twice", False)]),
        (
            "- [x] read **the** [paper](https://e.org)\n  at night\n",
            [("read the paper at night", True)],
        ),
        ("> - [x] read\n", [("read", True)]),
        ("## [x] Masks\n\nDone at last.\n", [("Masks", True)]),
        ("- [/] half\n- [~] some\n", [("half", False), ("some", False)]),
    ],
)
def test_boxes_count_wherever_they_stand(text: str, expected: list[tuple[str, bool]]) -> None:
    """In nested items, quotations, plain lines and headings, with or without a blank."""
    assert claims(text) == expected
    assert not read_journal(text, COURSE).left_out


def test_a_claim_has_its_line_its_heading_and_its_units() -> None:
    """A line such as ``To do:`` comes with the heading above it."""
    held = read_journal(
        "# Plan\n\n## Week 1\n\nTo do:\n\n- [ ] LoRA\n- [x] a BPE tokenizer\n\n# Later\n", COURSE
    )
    assert [(c.text, c.heading, c.line, c.units) for c in held.claims] == [
        ("LoRA", "Week 1 · To do", 7, ("lora",)),
        ("a BPE tokenizer", "Week 1 · To do", 8, ("tokenizer",)),
    ]


def test_ticks_of_days_count_and_stay_in_the_log() -> None:
    """The same words on two days are two claims, and both days keep their lists."""
    held = read_journal("## 2025-01-02\n- [x] Read\n## 2025-01-03\n- [x] Read\n", COURSE)
    assert [(c.text, c.day) for c in held.claims] == [
        ("Read", date(2025, 1, 2)),
        ("Read", date(2025, 1, 3)),
    ]
    assert [p.text for day in held.days for p in day.pieces] == ["- [x] Read"] * 2


@pytest.mark.parametrize(
    "cell",
    [
        *(
            "done",
            "Done!",
            "**Finished**",
            "✅ Complete",
            "✔️",
            "[x]",
            "100%",
            "100 %",
            "7/7",
            "4 of 4",
        ),
        *(
            "✅ erledigt",
            "fertig",
            "terminé",
            "TERMINÉE",
            "fini ✅",
            "completado",
            "Hecho",
            "concluído",
        ),
        *(
            "completato",
            "klaar",
            "ukończone",
            "готово",
            "выполнено",
            "tamamlandı",
            "Bitti",
            "已完成",
        ),
        *(
            "完成",
            "完了",
            "済み",
            "완료",
            "✅ who knows",
            "Done (2 h)",
            "done, twice",
            "done 20.07.",
            "🟢",
        ),
    ],
)
def test_a_status_says_done_in_many_languages(cell: str) -> None:
    """A tick counts whatever follows, and a word counts where it is known."""
    assert claims(table("| Topic | Status |", f"| Masks | {cell} |")) == [("Masks", True)]


@pytest.mark.parametrize(
    "cell",
    [
        *(
            "planned",
            "TODO",
            "[ ]",
            "❌",
            "⬜",
            "not done",
            "In progress",
            "WIP",
            "3/7",
            "40%",
            "open",
        ),
        *(
            "offen",
            "in Arbeit",
            "à faire",
            "en cours",
            "pendiente",
            "em andamento",
            "in corso",
            "bezig",
        ),
        *(
            "w trakcie",
            "в процессе",
            "devam ediyor",
            "进行中",
            "未完成",
            "未着手",
            "진행 중",
            "📝 Planned",
        ),
        *("🟡 later", "🟢 in progress", "🚧 soon"),
    ],
)
def test_a_status_says_not_yet_in_many_languages(cell: str) -> None:
    """A word for work to come or under way is a claim that is not done."""
    assert claims(table("| Topic | Status |", f"| Masks | {cell} |")) == [("Masks", False)]


@pytest.mark.parametrize(
    "cell", ["Understood", "N/A", "?", "–", "so-so", "2025-07-20", "", "almost done"]
)
def test_a_status_that_is_not_known_makes_no_claim(cell: str) -> None:
    """What nobody can read as done or not done is left to the text."""
    assert claims(table("| Topic | Status |", f"| Masks | {cell} |", "| RoPE | done |")) == [
        ("RoPE", True)
    ]


@pytest.mark.parametrize(
    ("head", "row", "expected"),
    [
        ("| Week | Topic | Status |", "| Week 1 | masks | ✅ |", ("masks", "Week 1")),
        ("| # | Status | Paper summary |", "| 3 | done | LoRA |", ("LoRA", "3")),
        ("| Done | What |", "| [x] | masks |", ("masks", "")),
        (
            "| Date | Module | Topic | Done? |",
            "| 1 May | Basics | masks | yes |",
            ("masks", "1 May; Basics"),
        ),
        ("| 周 | 内容 | 状态 |", "| 第1周 | 掩码 | 已完成 |", ("掩码", "第1周")),
        ("| Woche | Thema | Stand |", "| 1 | Masken | fertig |", ("Masken", "1")),
        ("| Day | Status |", "| Day 1 | done |", ("Day 1", "")),
        ("| | Part |", "| [x] | masks |", ("masks", "")),
        ("| Topic | Notes | Progress |", "| masks | slow | 5/5 |", ("masks", "5/5; slow")),
    ],
)
def test_a_claim_is_the_telling_column(head: str, row: str, expected: tuple[str, str]) -> None:
    """The topic says what is done; a week or a number only where there is nothing else."""
    (claim,) = read_journal(table(head, row), COURSE).claims
    assert (claim.text, claim.detail, claim.done) == (*expected, True)


def test_an_empty_cell_beside_ticks_is_not_yet() -> None:
    """In a column of ticks, nothing is the sign for what is to come."""
    text = table("| Topic | Status |", "| a | ✅ |", "| b | |")
    assert claims(text) == [("a", True), ("b", False)]


@pytest.mark.parametrize(
    "heading", ["Papers", "Reading", "Resources", "论文", "Lektüre", "Must-read papers"]
)
def test_boxes_below_a_reading_list_are_readings(heading: str) -> None:
    """A ticked one is done and an open one is in the inbox; none is a claim, and all stay text."""
    text = f"# Study\n\n## {heading}\n\n- [x] Layer norm\n- [ ] [RoPE](https://e.org/r) by Su\n"
    held = read_journal(text, COURSE)
    assert [(r.title, r.state, r.authors) for r in held.readings] == [
        ("Layer norm", "done", ""),
        ("RoPE", "inbox", "Su"),
    ]
    assert held.claims == ()
    assert "- [x] Layer norm\n- [ ] [RoPE]" in write_markdown(list(held.leftovers))


def test_boxes_of_lectures_and_nested_ones_are_claims() -> None:
    """What is to be done below ``Lectures`` and inside a reading is no reading."""
    held = read_journal(
        "## Lectures\n- [x] The third\n\n## Books\n- [ ] B\n  - [x] its start\n", COURSE
    )
    assert [c.text for c in held.claims] == ["The third", "its start"]


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("# Reading\n\n## Papers\n\n- [A](https://e.org/a)\n", "inbox"),
        ("# Currently reading\n\n## Papers\n\n- [A](https://e.org/a)\n", "inbox"),
        ("# Currently reading\n\n- [A](https://e.org/a)\n", "reading"),
        ("# List\n\n## Reading\n\n- [A](https://e.org/a)\n", "inbox"),
        ("# Papers\n\n## Reading\n\n- [A](https://e.org/a)\n\n## Done\n\nNone.\n", "reading"),
        ("# Notes\n\n## Currently reading\n\n- [A](https://e.org/a)\n", "reading"),
        ("# Books\n\n## Read\n\n- [A](https://e.org/a)\n", "done"),
        ("# Books\n\n## Read\n\n- [ ] [A](https://e.org/a)\n", "inbox"),
    ],
)
def test_a_title_does_not_make_everything_being_read(text: str, state: str) -> None:
    """The page's title names no state, and "Reading" does only beside other states."""
    assert [reading.state for reading in read_journal(text, COURSE).readings] == [state]


def test_a_page_about_a_course_is_no_reading_list() -> None:
    """Links of a page whose title ends in "course" or "tutorial" are no entries to read."""
    for title in ("My notes on the course", "The LLM tutorial", "CS336 lectures"):
        assert read_journal(f"# {title}\n\n- [a](https://e.org/a)\n", COURSE).readings == ()


def test_a_reading_table_takes_its_state_from_its_column() -> None:
    """``Status`` beside titles says which of them are read."""
    text = table(
        "| Paper | Link | Status |",
        "| A | https://e.org/a | ✅ read |",
        "| B | https://e.org/b | |",
    )
    held = read_journal(text, COURSE)
    assert [(r.title, r.state) for r in held.readings] == [("A", "done"), ("B", "inbox")]
    assert held.claims == ()


def test_unknown_marks_and_words_are_left_alone() -> None:
    """A dropped item of Obsidian is no box, and yes is an answer only where a column asks."""
    assert boxes.read_box("[-] dropped") is None
    assert status_words.read_status("yes") is None
    assert status_words.read_status("yes", asks=True) is True


@pytest.mark.parametrize(
    ("cell", "done"),
    [
        ('<input type="checkbox" checked>', True),
        ("<input type=checkbox disabled>", False),
        (":white_check_mark:", True),
        (":x:", False),
        ("&check;", True),
        ("✖️", False),
    ],
)
def test_boxes_of_html_and_signs_of_github_count(cell: str, done: bool) -> None:
    """What a site draws as a box or a sign is one."""
    assert claims(table("| Topic | Done |", f"| Masks | {cell} |")) == [("Masks", done)]


def test_boxes_of_html_count_in_lists() -> None:
    """An item whose box is HTML is ticked like any other."""
    assert claims('- <input type="checkbox" checked> read\n- <input type="checkbox"> write\n') == [
        ("read", True),
        ("write", False),
    ]


def test_a_plan_with_links_is_a_list_of_claims_and_of_readings() -> None:
    """The topic is the claim; what its row links to is a reading, with the state of the row."""
    held = read_journal(
        table(
            "| Day | Topic | Resources | Status |", "| 1 | Masks | [A talk](https://e.org/t) | ✅ |"
        ),
        COURSE,
    )
    assert [(c.text, c.detail) for c in held.claims] == [("Masks", "1; A talk")]
    assert [(r.title, r.state) for r in held.readings] == [("A talk", "done")]


@pytest.mark.parametrize(
    ("item", "title", "authors"),
    [
        ("**Norms** - [arxiv](https://e.org/n)", "Norms", ""),
        ("Norms: https://e.org/n - short", "Norms", ""),
        ("[ ] Norms (https://e.org/n)", "Norms", ""),
        ("<https://e.org/n>", "https://e.org/n", ""),
        ("Norms (Ba et al., 2016)", "Norms", "Ba et al."),
        ("[[Norms]]", "Norms", ""),
    ],
)
def test_a_link_that_says_nothing_takes_the_words_before_it(
    item: str, title: str, authors: str
) -> None:
    """The title of "arxiv" or "here" stands before the link."""
    (reading,) = read_journal(f"## Papers\n\n- {item}\n", COURSE).readings
    assert (reading.title, reading.authors) == (title, authors)


def test_of_two_columns_the_status_counts() -> None:
    """Beside a status, a column such as "Watched" is a detail of it."""
    text = table("| Lesson | Watched | Status |", "| Masks | ✅ | in progress |")
    assert claims(text) == [("Masks", False)]


def test_a_sign_below_an_empty_head_is_a_box() -> None:
    """A column of signs without a name says what is done; a comparison has names."""
    assert claims(table("| | Topic |", "| ✅ | a |", "| ⬜ | b |")) == [("a", True), ("b", False)]
    assert claims(table("| | Small | Large |", "| fits | ✅ | ❌ |")) == []


def test_text_between_two_rules_is_no_front_matter() -> None:
    """Only fields are front matter; a text that begins with a rule is text."""
    held = read_journal("---\nSome words.\n\n- [x] a\n---\nMore: b.\n", COURSE)
    assert held.front.lines == ""
    assert [c.text for c in held.claims] == ["a"]
    assert read_journal("---\ntitle: A\n---\nB\n", COURSE).title == "A"


def test_front_matter_without_text_is_listed() -> None:
    """Nothing is imported of it, and the reason stands where lines are left out."""
    for text in ("---\ntitle: A\n---\n", "---\ntitle: A\n---\n\n## 2025-01-02\n\nb\n"):
        (left,) = read_journal(text, COURSE).left_out
        assert (left.line, left.text) == (1, "front matter without a text that it could head")
