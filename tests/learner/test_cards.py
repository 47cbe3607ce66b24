"""Cards from notes, their schedules, and how they leave for Anki and for the terminal."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from grader.cli.console.markdown import render_markdown, strip_markdown
from grader.grading.outcome import Standing
from grader.learner import spaced_repetition
from grader.learner.model import Card, CardSchedule
from grader.learner.notes import Notes, rendering
from grader.learner.notes.anki import format_anki_file
from grader.learner.notes.card_reader import read_cards
from grader.learner.notes.cards import collect_cards
from grader.learner.settings import Settings

BERLIN = Settings(time_zone="Europe/Berlin")
NOON = datetime(2026, 11, 22, 11, tzinfo=UTC)


def found(text: str) -> list[tuple[str, str]]:
    """Questions and answers of a text."""
    return [(card.question, card.answer) for card in read_cards(text, "a.md")]


def html(text: str) -> str:
    """The HTML of a learner's text."""
    return rendering.render_html(text, lambda tag, address: address)


# What is a card


@pytest.mark.parametrize("sign", ["-", "+", ""])
def test_a_question_callout_is_a_card_however_it_folds(sign: str) -> None:
    """Its title asks and its body answers."""
    assert found(f"> [!question]{sign} Why *m*?\n> So $e^m$ fits.") == [
        ("Why *m*?", "So $e^m$ fits.")
    ]


def test_an_answer_keeps_lists_code_formulas_and_paragraphs() -> None:
    """The quotation's marks go, everything else stays as it was written."""
    answer = (
        "One.\n\n- a\n  - b\n\n```python\nx = 1  # > y\n\nz\n```\n\n$$\ne^x\n$$\n\n"
        "| a | b |\n|---|---|\n| 1 | 2 |"
    )
    quoted = "\n".join(f"> {line}".rstrip() for line in answer.split("\n"))
    assert found(f"text\n\n> [!QUESTION]- All?\n{quoted}\n\nmore") == [("All?", answer)]


def test_callouts_in_lists_and_quotations_are_cards_too() -> None:
    """Only the marks of their own depth are taken away; a lazy line belongs to the answer."""
    text = (
        "- item\n  > [!question]- In?\n  > yes\n  lazy\n\n"
        "> > [!question] Deep?\n> > no\n> >\n> > > said"
    )
    assert [(q, a.replace("  ", "")) for q, a in found(text)] == [
        ("In?", "yes\nlazy"),
        ("Deep?", "no\n\n> said"),
    ]


def test_a_callout_inside_an_answer_belongs_to_the_answer() -> None:
    """The outer question is the card."""
    text = "> [!question]- Outer?\n> text\n> > [!question]- Inner?\n> > no"
    assert [question for question, _ in found(text)] == ["Outer?"]


@pytest.mark.parametrize(
    "text",
    [
        "> [!question]-\n> no title",
        "> [!question]- No answer?",
        "> [!question]- No answer?\n>\n> \n",
        "> [!note]- Title\n> body",
        "> a quotation [!question]- in it\n> b",
        "```\n> [!question]- Fenced?\n> no\n```",
        "    > [!question]- Indented?\n    > no",
        "~~~markdown\n| Question | Answer |\n|---|---|\n| a | b |\n~~~",
        "<!--\n> [!question]- Commented?\n> no\n-->",
        "| Question | Answer | More |\n|---|---|---|\n| a | b | c |",
        "| Answer | Question |\n|---|---|\n| a | b |",
        "| Question | Answer |\n|---|---|\n| only | |\n| | only |",
        "> [!question",
        "",
    ],
)
def test_what_is_no_card(text: str) -> None:
    """No title, no answer, other callouts, code, comments and other tables make none."""
    assert found(text) == []


def test_a_table_of_questions_and_answers_is_cards() -> None:
    """The heads in any case, with or without markup; cells keep their Markdown."""
    text = (
        "|  **QUESTION** | answer|\n|:-|-:|\n| What is `a \\| b`? | **or**, $x$ |\n| Two | a<br>b |"
    )
    assert found(text) == [("What is `a | b`?", "**or**, $x$"), ("Two", "a<br>b")]
    assert [card.line for card in read_cards("\n\n" + text, "a.md")] == [5, 6]


@pytest.mark.parametrize(
    ("text", "cards"),
    [
        ("What is *m*? :: The $max$", [("What is *m*?", "The $max$")]),
        ("What is m?::The max", [("What is m?", "The max")]),
        ("什么是注意力？::加权平均", [("什么是注意力？", "加权平均")]),
        ("a query:: asks\nwords\na key ::answers", [("a query", "asks"), ("a key", "answers")]),
        (
            "- the loss of b :: `a::b`\n  - in x? :: y",
            [("the loss of b", "`a::b`"), ("in x?", "y")],
        ),
        ("> quoted or not :: yes", [("quoted or not", "yes")]),
        ("a token ::: ein Wort", [("a token", "ein Wort"), ("ein Wort", "a token")]),
        ("the sum of p :: 1 <!--SR:!2026-12-01,3,250-->", [("the sum of p", "1")]),
        ("what $a::b$ is (a::b) :: [c::d](u)", [("what $a::b$ is (a::b)", "[c::d](u)")]),
    ],
)
def test_a_line_with_two_colons_is_a_card(text: str, cards: list[tuple[str, str]]) -> None:
    """As Obsidian's plugin has it; three colons ask both ways, and schedules are no answer."""
    assert found(text) == cards


@pytest.mark.parametrize(
    "text",
    [
        "use std::vector here, or torch::Tensor",
        "call torch::nn::Linear :: or not",
        "`a b :: c` and $a b :: c$",
        "```cpp\nstd::vector x :: y\n```\n\n    a b :: c",
        "status:: done",
        "[due date:: 2026-12-01] and (in a bracket :: too)",
        "[a link :: here](u) https://a.b/c ::",
        "- [ ] a task :: or not",
        ":: no question",
        "no answer ::",
        "no answer? :: <!--SR:!2026-12-01,3,250-->",
        "a row :::: of four",
        "a b :: c :: d",
        "# A heading :: of two",
        "| a b :: c | d |\n|---|---|\n| a b :: c | d |",
    ],
)
def test_other_colons_are_text(text: str) -> None:
    """C++, code, formulas, fields, tasks, headings and tables ask nothing, and stay as they are."""
    assert found(text) == []
    assert "<details" not in html(text)


def test_a_line_card_unfolds_on_its_page_and_leaves_the_lines_around_it() -> None:
    """Between two paragraphs of what stood above and below it; tags in it are gone or words."""
    page = html("above\n\nfirst\nWhy *so*? :: It <script>x</script>fits\nlast")
    assert "<p>first</p>" in page
    assert "<p>last</p>" in page
    folded = '<details class="question">\n<summary>Why <em>so</em>?</summary>\n<p>It fits</p>'
    assert folded in page
    assert [card.line for card in read_cards("a\n\nb\nc d :: e", "a.md")] == [4]


@pytest.mark.parametrize(
    ("matter", "about"),
    [
        ("about: attention/softmax", ("attention/softmax",)),
        ("title: x\nabout: 'softmax' # the first", ("softmax",)),
        ("about: [attention/softmax, numbers/double]", ("attention/softmax", "numbers/double")),
        ("about:\n  - a/b\n  - c/d\ntags: [e]", ("a/b", "c/d")),
        ("about: a/b, a/b, c/d", ("a/b", "c/d")),
        ("title: about", ()),
    ],
)
def test_front_matter_says_what_a_notes_cards_are_about(matter: str, about: tuple[str]) -> None:
    """One exercise, several, or none; the line numbers count the front matter."""
    (card,) = read_cards(f"---\n{matter}\n---\n> [!question]- a\n> b", "a.md")
    assert card.about == about
    assert card.line == matter.count("\n") + 4


# Which card it is


def test_a_card_goes_by_its_questions_words(tmp_path: Path) -> None:
    """Another answer, markup, case, spacing, place or form leave its id as it is."""
    forms = [
        "> [!question]- What is a **logit**?\n> a score",
        "> [!question]+ what is  a logit\n> something else",
        "| Question | Answer |\n|---|---|\n| What is a logit ? | a |",
        "> [!question] What is a _logit_?\n>\n> - c",
    ]
    assert len({read_cards(text, f"{n}.md")[0].id for n, text in enumerate(forms)}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("$x^2$", "$x_2$"),
        ("a+b?", "a-b?"),
        ("<pad>", "<bos>"),
        ("`a`", "`b`"),
        ("Ω", "ω_0"),
    ],
)
def test_questions_that_differ_in_a_sign_are_two_cards(one: str, other: str) -> None:
    """Formulas, code, operators and tokens count as words."""
    ids = {read_cards(f"> [!question]- What is {q}\n> x", "a")[0].id for q in (one, other)}
    assert len(ids) == 2


def notes(folder: Path, **texts: str) -> Notes:
    """A folder of notes."""
    for name, text in texts.items():
        (folder / f"{name}.md").write_text(text, "utf-8")
    return Notes(folder, folder.parent / "cache")


def test_the_same_question_twice_is_one_card_and_named(tmp_path: Path) -> None:
    """The first in the order of the notes is asked; the other is told with both places."""
    (tmp_path / "notes").mkdir()
    held = notes(
        tmp_path / "notes",
        a="> [!question]- One?\n> first",
        b="text\n\n> [!question]- one\n> second\n\n> [!question]- Two?\n> x",
    )
    found = collect_cards(held)
    assert [(card.question, card.answer) for card in found.cards] == [
        ("One?", "first"),
        ("Two?", "x"),
    ]
    ((second, first),) = found.doubled
    assert (second.place, second.line, first.place, first.line) == ("b.md", 3, "a.md", 1)
    assert collect_cards(held) == found  # from what was kept


def test_notebooks_have_cards_in_their_markdown_cells_only(tmp_path: Path) -> None:
    """Code and outputs ask nothing; a broken notebook and other bytes are no cards and no error."""
    folder = tmp_path / "notes"
    folder.mkdir()
    question = "> [!question]- {}?\n> yes"
    shown = {"output_type": "display_data", "metadata": {}, "data": {"text/markdown": question}}
    whole = {
        "cells": [
            {"cell_type": "markdown", "metadata": {}, "source": ["# T\n", "text"]},
            {"cell_type": "code", "metadata": {}, "source": question, "outputs": [shown]},
            {"cell_type": "markdown", "metadata": {}, "source": question.format("Two")},
        ],
        "metadata": {"groundwork": {"about": "softmax"}},
        "nbformat": 4,
        "nbformat_minor": 4,
    }
    (folder / "n.ipynb").write_text(json.dumps(whole), "utf-8")
    for name, data in {
        "x.ipynb": b"{",
        "y.ipynb": b"[1]",
        "z.md": b"\xff> [!question]- a\n> b",
    }.items():
        (folder / name).write_bytes(data)
    found = collect_cards(Notes(folder, tmp_path / "cache"))
    assert [(c.question, c.place, c.line, c.about) for c in found.cards] == [
        ("Two?", "n.ipynb", 3, ("softmax",))
    ]


# Callouts on pages


def test_callouts_are_boxes_that_fold() -> None:
    """``-`` is folded, ``+`` open, none does not fold; kinds are those that the theme knows."""
    assert html("> [!question]- Why *so*?\n> because") == (
        '<details class="question">\n<summary>Why <em>so</em>?</summary>\n'
        "<p>because</p>\n</details>"
    )
    assert html("> [!faq]+\n> b").startswith('<details class="question" open="">\n<summary>Faq<')
    assert html("> [!caution] Mind\n> b").startswith('<div class="admonition warning">')
    assert "<blockquote>" in html("> no callout\n> [!question]- later")
    assert html("> [!NOTE]\n> b").startswith('<div class="admonition note">')


def test_callouts_are_harmless() -> None:
    """Scripts, handlers and script links in title or body are gone, an odd kind gets no class."""
    evil = "<script>alert(1)</script><img src=x onerror=alert(1)>[a](javascript:alert(1))"
    for made in (html(f"> [!question]- {evil}\n> {evil}"), html(f"> [!onload]- {evil}\n> {evil}")):
        assert "<script" not in made
        assert "onerror" not in made
        assert 'href="javascript' not in made
    assert html("> [!onload]- a\n> b").startswith("<details>")


def test_tokens_in_angle_brackets_are_words() -> None:
    """``<pad>`` stands on the page as it was written; real tags and attributes are HTML."""
    assert html("Is <pad> or <Bos> in </unk-1>?") == (
        "<p>Is &lt;pad&gt; or &lt;Bos&gt; in &lt;/unk-1&gt;?</p>"
    )
    assert html("a <b>x</b> <pad onclick=y> <script>z</script>") == "<p>a <b>x</b>  </p>"


# What is due


def test_answers_lead_from_a_new_card_to_ever_longer_waits() -> None:
    """Good answers on the day push the next day further out, at most a year."""
    recall, now, waits = None, NOON, []
    for _ in range(9):
        recall = spaced_repetition.grade_card(recall, "good", now, BERLIN)
        due = spaced_repetition.find_due_day(recall, BERLIN)
        waits.append((due - BERLIN.find_day(now)).days)
        now = datetime.fromisoformat(recall.due)
    assert waits == sorted(waits)
    assert waits[0] >= 1
    assert waits[-1] == spaced_repetition.LONGEST
    assert (recall.reviews, recall.lapses, recall.step) == (9, 0, None)


def test_the_four_answers_stand_in_their_order() -> None:
    """The worse it went the sooner it comes back, and never on the same day."""
    known = spaced_repetition.grade_card(
        spaced_repetition.grade_card(None, "good", NOON, BERLIN),
        "good",
        NOON + timedelta(2),
        BERLIN,
    )
    for recall, now in ((None, NOON), (known, NOON + timedelta(12))):
        days = list(spaced_repetition.preview_days(recall, now, BERLIN).values())
        assert days == sorted(days)
        assert days[0] > BERLIN.find_day(now)
        assert days[0] < days[-1]
    lapsed = spaced_repetition.grade_card(known, "again", NOON + timedelta(12), BERLIN)
    assert (lapsed.lapses, lapsed.reviews) == (1, 3)
    assert lapsed.stability < known.stability


def test_a_card_is_due_by_the_learners_day() -> None:
    """Answered at half past three in the night, it belongs to the day before."""
    night = datetime(2026, 11, 23, 2, 30, tzinfo=UTC)  # 03:30 in Berlin
    morning = night + timedelta(hours=1)
    for moment, day in ((night, date(2026, 11, 22)), (morning, date(2026, 11, 23))):
        recall = spaced_repetition.grade_card(None, "again", moment, BERLIN)
        assert spaced_repetition.find_due_day(recall, BERLIN) == day + timedelta(days=1)


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Etc/GMT+12", "Europe/Berlin", ""])
@pytest.mark.parametrize("hour", [0, 4, 12])
def test_days_hold_in_every_zone_and_when_clocks_change(zone: str, hour: int) -> None:
    """The wait is the same number of the learner's days wherever and whenever they live."""
    settings = Settings(time_zone=zone, day_begins=hour)
    for month in (3, 11):
        start = datetime(2026, month, 27, 17, tzinfo=UTC)
        recall = spaced_repetition.grade_card(None, "good", start, settings)
        assert (
            spaced_repetition.find_due_day(recall, settings) - settings.find_day(start)
        ).days == 2
        again = spaced_repetition.grade_card(
            recall, "good", datetime.fromisoformat(recall.due), settings
        )
        utc = Settings(time_zone="UTC")
        noon = datetime(2026, month, 27, 12, tzinfo=UTC)
        same = spaced_repetition.grade_card(
            spaced_repetition.grade_card(None, "good", noon, utc), "good", noon + timedelta(2), utc
        )
        assert again.stability == same.stability


def test_late_evening_and_next_morning_are_a_day_apart() -> None:
    """Nine hours between them, and the second answer still counts as a day later."""
    evening = datetime(2026, 11, 22, 21, tzinfo=UTC)
    first = spaced_repetition.grade_card(None, "good", evening, BERLIN)
    next_day = spaced_repetition.grade_card(first, "good", evening + timedelta(hours=9), BERLIN)
    same_day = spaced_repetition.grade_card(first, "good", evening + timedelta(hours=3), BERLIN)
    assert next_day.stability != same_day.stability


def kept(days_ago: int, stability: float = 10.0, due_in: int = 0) -> CardSchedule:
    """A schedule that was reviewed so many days before noon."""
    last = (NOON - timedelta(days_ago)).isoformat(timespec="seconds")
    due = (NOON + timedelta(due_in)).isoformat(timespec="seconds")
    return CardSchedule(due, last, "review", stability, 5.0, None, 3)


def test_the_likeliest_forgotten_is_asked_first_and_new_ones_come_last() -> None:
    """Due ones by falling risk, then new ones in the notes' order up to the day's limit."""
    recalls = {"safe": kept(10), "risky": kept(60), "later": kept(1, due_in=3)}
    settings = replace(BERLIN, new_cards=2)
    ids = ["n1", "safe", "n2", "later", "risky", "n3"]
    turn = spaced_repetition.plan_day(ids, recalls, date(2026, 11, 22), settings)
    assert turn == (("risky", "safe"), ("n1", "n2"), 1)
    today = replace(kept(0, due_in=2), reviews=1)
    turn = spaced_repetition.plan_day(
        ids, {**recalls, "begun": today, "exercise:a/b": today}, date(2026, 11, 22), settings
    )
    assert (turn.new, turn.held_back) == (("n1",), 2)


def test_states_and_chances_follow_the_days() -> None:
    """New, learning, known, due; the chance falls to 90 percent on the due day."""
    today = date(2026, 11, 22)
    assert spaced_repetition.find_state(None, today, BERLIN) == "new"
    assert spaced_repetition.find_state(kept(1, 2.0, 1), today, BERLIN) == "learning"
    assert spaced_repetition.find_state(kept(1, 20.0, 19), today, BERLIN) == "known"
    assert spaced_repetition.find_state(kept(20, 20.0, 0), today, BERLIN) == "due"
    assert spaced_repetition.estimate_recall(kept(20, 20.0), today, BERLIN) == pytest.approx(
        0.9, abs=1e-6
    )
    assert spaced_repetition.estimate_recall(kept(0, 20.0), today, BERLIN) == 1.0


@pytest.mark.parametrize(
    "odd",
    [
        replace(kept(5), due="soon", last_review="never"),
        replace(kept(5), stability=-1.0, difficulty=99.0),
        replace(kept(5), state="relearning"),
        replace(kept(5), state="learning", step=0),
        replace(kept(-500)),
    ],
)
def test_an_odd_schedule_is_due_or_not_but_no_fault(odd: CardSchedule) -> None:
    """What an edited or merged file may hold is put right by the next answer."""
    for choice in spaced_repetition.CHOICES:
        after = spaced_repetition.grade_card(odd, choice, NOON, BERLIN)
        assert spaced_repetition.find_due_day(after, BERLIN) > BERLIN.find_day(NOON)
        assert after.state == "review"
    assert 0 <= spaced_repetition.estimate_recall(odd, date(2026, 11, 22), BERLIN) <= 1
    spaced_repetition.find_due_day(odd, BERLIN)


def test_passed_exercises_come_back_four_weeks_after_their_first_pass() -> None:
    """One not passed has no schedule, and one solved again keeps its own."""
    at = "2026-10-25T11:00:00+00:00"
    standings = {"a/b": Standing("a/b", passed_at=at), "c/d": Standing("c/d", attempts=3)}
    held = spaced_repetition.schedule_exercises(standings, {}, ["a/b", "c/d", "e/f"])
    assert list(held) == ["exercise:a/b"]
    assert spaced_repetition.find_due_day(held["exercise:a/b"], BERLIN) == date(2026, 11, 22)
    assert spaced_repetition.schedule_exercises(standings, {"exercise:a/b": kept(1)}, ["a/b"]) == {
        "exercise:a/b": kept(1)
    }


@pytest.mark.parametrize(
    ("failures", "minutes", "choice"),
    [(0, 5, "easy"), (0, 15, "good"), (1, 5, "hard"), (4, 500, "hard")],
)
def test_solving_again_comes_to_an_answer(failures: int, minutes: float, choice: str) -> None:
    """The first go and the time decide."""
    assert spaced_repetition.grade_repeat(failures, minutes, planned=20) == choice


# Leaving for Anki


def rows(text: str) -> list[list[str]]:
    """The rows of the file below its head."""
    lines = text.split("\n")
    body = "\n".join(line for line in lines if not line.startswith("#"))
    return list(csv.reader(io.StringIO(body), delimiter="\t"))


def test_the_file_for_anki_has_its_heads_stable_ids_and_clean_html() -> None:
    """Tabs, quotes and lines are quoted; formulas are MathJax; nothing is loaded or run."""
    card = Card(
        "abc",
        "Is $a<b$ <script>x</script>?",
        'a\t"b"\n\n![cat](cat.png) <img src=x onerror=y> [l](other.md)\n\n'
        "$$\nx\n$$\n\n```py\n#\n```",
        "deep/my note.md",
        3,
        ("attention/softmax",),
    )
    text = format_anki_file([card, replace(card, id="def", answer="b", about=())])
    assert text.split("\n")[:6] == [
        "#separator:tab",
        "#html:true",
        "#notetype:Basic",
        "#deck:Groundwork",
        "#guid column:1",
        "#tags column:4",
    ]
    (one, two) = rows(text)
    assert one[0] == "groundwork-abc"
    assert one[1].startswith("Is \\(a&lt;b\\)")
    assert '\t"b"' in one[2] and "[picture: cat]" in one[2] and "\\[x\\]" in one[2]
    for bad in ("<script", "onerror", "<img", "other.md"):
        assert bad not in text
    assert one[3] == "groundwork notes::deep::my_note attention::softmax"
    assert two == ["groundwork-def", one[1], "<p>b</p>", "groundwork notes::deep::my_note"]


# In the terminal


def test_markdown_is_readable_in_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lists keep their depth, code its lines, tables their cells; prose is wrapped."""
    monkeypatch.setenv("COLUMNS", "40")
    text = (
        "An **answer** with `code`, $x^2$ and so many words that it wraps.\n\n- a\n  - b\n- c\n\n"
        "2. two\n3. three\n\n```py\nx  =  1\n```\n\n> said\n\n"
        "| a | b |\n|---|---|\n| 1 | 2 |\n\n$$\ny\n$$"
    )
    assert render_markdown(text) == [
        "An answer with `code`, $x^2$ and so many",
        "words that it wraps.",
        "",
        "- a",
        "  - b",
        "- c",
        "",
        "2. two",
        "3. three",
        "",
        "    x  =  1",
        "",
        "> said",
        "",
        "a | b",
        "1 | 2",
        "",
        "    y",
    ]


def test_nothing_in_a_card_steers_the_terminal() -> None:
    """Escape sequences and characters that turn the text are spelled out or gone."""
    evil = "a\x1b[31m \x1b]0;t\x07 \u202e `\x9b2J` <pad> <b>x</b>"
    for text in (
        strip_markdown(evil),
        *render_markdown(evil),
        *render_markdown(f"```\n{evil}\n```"),
    ):
        assert not any(c in text for c in "\x1b\x07\x9b\u202e")
    assert strip_markdown("is <pad> or <b>x</b><br>`y`?") == "is <pad> or x `y`?"
    assert strip_markdown("# 1. no heading") == "# 1. no heading"
