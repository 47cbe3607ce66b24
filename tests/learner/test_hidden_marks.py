"""Formulas between TeX's own brackets are drawn; comments and ids of Obsidian are not."""

from __future__ import annotations

import pytest

from grader.learner.notes.code_spans import split_code
from grader.learner.notes.comments import remove_comments
from grader.learner.notes.rendering import render_html


def rendered(text: str) -> str:
    """The HTML of a note without links."""
    return render_html(text, lambda tag, address: None)


@pytest.mark.parametrize(
    ("text", "formulas"),
    [
        (r"loss \(L = -\log p\), with \(p\)", 2),
        ("\\[\nz\n=\nw\n\\]", 1),
        ("\\[ z = w \\]", 1),
        ("1. first\n   \\[\n   a^2 + b^2\n   \\]\n2. second", 1),
        (r"so \[ z^2 \] holds", 1),
        ("> \\[ z = w \\]", 1),
        ("| a | b |\n|-|-|\n| \\(z_1\\) | x |", 1),
        ("- \\[ \\] open\n- \\[x\\] done", 0),
        (r"as they say \(see below\) in \[3\]", 0),
        (r"`\(z\)` and \\(z\\)", 0),
        ("\\[\nnever closed = 1\n\nend", 0),
        ("    \\[ z = w \\]", 0),
    ],
)
def test_brackets_of_tex_are_formulas_where_they_hold_one(text: str, formulas: int) -> None:
    """What chats paste is drawn, and an escaped bracket of Markdown stays one."""
    html = rendered(text)
    assert html.count("<math") == formulas
    assert html.count("</math>") == formulas


def test_what_stands_around_a_formula_stays() -> None:
    """Items, sentences and their marks are as they were."""
    html = rendered("1. first:\n   \\[\n   a\n   \\]\n2. \\(b\\), then\n")
    assert html.count("<li>") == 2
    assert "</math>, then" in html


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a %%b%% c", "a  c"),
        ("a\n\n%%\nb\n\nc\n%%\n\nd", "a\n\n\n\n\n\n\n\nd"),
        ("a\n\n%%\nb", "a\n\n\n"),
        ("a ^b12\n\n- c ^d-e\n- f", "a\n\n- c\n- f"),
        ("| a |\n|-|\n| b |\n\n^tab1", "| a |\n|-|\n| b |\n\n"),
        ("`%%a%%` ``^b12``", "`%%a%%` ``^b12``"),
        ("```\n%%time\na ^b12\n```\n", "```\n%%time\na ^b12\n```\n"),
        ("50%% and 60%%", "50%% and 60%%"),
        ("x ^2\n\ny ^T", "x ^2\n\ny ^T"),
        ("a [^1]\n\n[^1]: b", "a [^1]\n\n[^1]: b"),
        ("a ^b12 goes on", "a ^b12 goes on"),
    ],
)
def test_comments_and_ids_are_hidden_and_all_else_stays(text: str, shown: str) -> None:
    """Each line keeps its number, and code keeps its signs."""
    assert remove_comments(text) == shown
    assert shown.count("\n") == text.count("\n")


def test_a_comment_is_on_no_page() -> None:
    """The HTML of a note and the words of its headings are without it."""
    html = rendered("# Title ^t1t1\n\nWords %%ask **Ada**%% here.\n\n%%\nlater\n%%\n\n- x ^b1\n")
    assert "Ada" not in html
    assert "later" not in html
    assert "^" not in html


@pytest.mark.parametrize(
    "text", ["a\r\n`b\x0bc` d", "````\n```\n````\nx", "- ~~~\n  a\n  ~~~\nb `c", "`` a ` b ``\n`"]
)
def test_code_and_prose_together_are_the_text(text: str) -> None:
    """No letter is lost where a text is split."""
    assert "".join(part for part, _ in split_code(text)) == text
