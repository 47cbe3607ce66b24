"""What Obsidian's users write in a note is shown as they mean it, and other text stays text."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from grader.cli.console.markdown import render_markdown
from grader.learner.notes import markup, rendering
from grader.learner.notes.hashtag import normalize_tag


def shown(text: str) -> BeautifulSoup:
    """The HTML of a note without links, parsed."""
    return BeautifulSoup(rendering.render_html(text, lambda tag, address: None), "html.parser")


# Highlights


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("a ==b c== d", ["b c"]),
        ("==one== and ==two==", ["one", "two"]),
        ("这是==重点==内容", ["重点"]),
        ("==over\ntwo lines==", ["over\ntwo lines"]),
        ("- ==in== an item\n\n> and ==quoted==", ["in", "quoted"]),
        ("| a |\n|---|\n| ==cell== |", ["cell"]),
        ("(==in brackets==).", ["in brackets"]),
        ("==`code` and $x$==", ["code and x"]),
        ("**bold ==both==**", ["both"]),
        ("==a **bold** word==", ["a bold word"]),
    ],
)
def test_text_between_two_equals_signs_is_marked(text: str, marked: list[str]) -> None:
    """Also across a line's end, around code and other markup, and between letters of Chinese."""
    assert [mark.text for mark in shown(text).find_all("mark")] == marked


@pytest.mark.parametrize(
    "text",
    [
        "if x == 1 and y == 2",
        "x==1 and y==2",
        "a !== b and c === d and e <== f",
        "`==a==` and $a ==b== c$",
        "```\n==a==\n```",
        "==open",
        "==== four ====",
        "\\==a==",
        "**a ==b** c==",
        "one ==paragraph\n\nand another==",
    ],
)
def test_comparisons_code_and_single_marks_are_not_marked(text: str) -> None:
    """The signs stay as they were written."""
    page = shown(text)
    assert not page.find_all("mark")
    assert page.get_text().count("=") == text.count("=") or page.math


def test_a_heading_is_named_without_its_marks() -> None:
    """The words of a heading hold no sign of markup, and no space that nobody wrote."""
    found = markup.list_headings("# A ==new== norm\n\n## 这是==重点==\n\n## un**bound**ed")
    assert [heading.words for heading in found] == ["A new norm", "这是重点", "unbounded"]


# Definitions


def test_a_term_and_its_definitions_are_a_list() -> None:
    """Each line with a colon is a definition, with markup of its own."""
    page = shown("BPE\n: joins the most *frequent* pair\n: has merges\n\nlogit\n\n: a score\n")
    assert [term.text.strip() for term in page.find_all("dt")] == ["BPE", "logit"]
    assert [d.text.strip() for d in page.find_all("dd")] == [
        "joins the most frequent pair",
        "has merges",
        "a score",
    ]
    assert page.em


@pytest.mark.parametrize(
    "text",
    ["takes\n~ 5 minutes", "a\n:no space", "see:\nb", ": alone", "a\n\n\n: too far"],
)
def test_other_colons_and_tildes_define_nothing(text: str) -> None:
    """A line with ``~`` means "about", and a colon needs a term above and a space after it."""
    assert not shown(text).dl


def test_a_definition_is_indented_in_a_terminal() -> None:
    """Below its term, as the answer of a card may hold one."""
    assert render_markdown("BPE\n: joins pairs") == ["BPE", "", "    joins pairs"]


# Formulas on lines of their own, within a paragraph


@pytest.mark.parametrize(
    ("text", "before", "after"),
    [
        ("so $$x^2$$ holds", "so ", " holds"),
        ("so $$ x^2 $$ holds", "so ", " holds"),
        ("so $$\nx^2\n$$ holds", "so ", " holds"),
        ("so\n$$\nx^2\n$$\nholds", "so", "holds"),
        ("so\n$$x^2$$\nholds", "so", "holds"),
        ("> so\n> $$x^2$$\n> holds", "so", "holds"),
        ("1. so\n   $$\n   x^2\n   $$\n   holds", "so", "holds"),
    ],
)
def test_double_dollars_display_a_formula_anywhere(text: str, before: str, after: str) -> None:
    """Inside a sentence and right below its first line; the text around it stays."""
    page = shown(text)
    (formula,) = page.find_all("math")
    assert formula["display"] == "block"
    assert formula.text == "x2"
    formula.extract()
    assert "$" not in page.text
    assert page.text.strip().startswith(before.strip())
    assert page.text.strip().endswith(after.strip())


@pytest.mark.parametrize(
    "text",
    ["kill $$ now", "rated $$ of $$$", "`$$x$$`", "$$ $$", "a $$\n\n$$ b", "\\$\\$x\\$\\$"],
)
def test_other_double_dollars_are_text(text: str) -> None:
    """Without an end, with nothing between them, with a third one, escaped or in code."""
    page = shown(text)
    assert not page.find_all("math")
    assert page.text.count("$") == text.count("$")


def test_a_paragraph_with_a_displayed_formula_stays_one() -> None:
    """The formula is no block, so the paragraph does not end before it."""
    page = shown("so $$x^2$$ holds")
    assert len(page.find_all("p")) == 1
    assert page.p.math


# Tags


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("#bpe and #attention/heads, #to-do_2", ["bpe", "attention/heads", "to-do_2"]),
        ("- read #bpe.\n- #mlp (again)\n\n> #bpe", ["bpe", "mlp"]),
        ("#注意力 #хвост #हिन्दी #cafe\u0301", ["注意力", "хвост", "हिन्दी", "café"]),
        ("**#bold** ==#marked==", ["bold", "marked"]),
        ("#y1984 #a//b/ #2024/plan", ["y1984", "a/b", "2024/plan"]),
        ("| a |\n|---|\n| #cell |", ["cell"]),
        ("one\n#two", ["two"]),
    ],
)
def test_words_behind_a_sign_are_tags(text: str, tags: list[str]) -> None:
    """Letters of any script, digits, ``_``, ``-`` and ``/``, at the beginning of a word."""
    assert markup.list_hashtags(text) == tags


@pytest.mark.parametrize(
    "text",
    [
        "#1984 #12 #_ #-",
        "# Heading\n\n## With #tag in it",
        "a#b https://example.org/#part &#35;x (see#x)",
        "`#code` and $x #y$ and \\(a = #b\\)",
        "```c\n#include <stdio.h>\n```\n\n    #define X 1",
        "[a #link](u) [[note #x]] <a href='u'>in #html</a> https://a.b/ #",
        "\\#escaped ##double %%#hidden%%",
        "#" + "x" * 101,
    ],
)
def test_numbers_headings_code_formulas_and_links_hold_no_tag(text: str) -> None:
    """What only looks like a tag is text."""
    assert markup.list_hashtags(text) == []


def test_a_tag_that_leads_nowhere_is_text() -> None:
    """Where there is no page for it, as in a file for Anki, its letters stay."""
    assert shown("see #bpe here").p.decode_contents() == "see #bpe here"


@pytest.mark.parametrize(
    ("words", "tag"),
    [
        ("deep learning", "deep-learning"),
        ("#bpe", "bpe"),
        ("a / b c", "a/b-c"),
        ("../../etc/passwd", "etc/passwd"),
        ("C++", "C"),
        ("2024", ""),
        ("<b>!</b>", "b/b"),
        ("", ""),
    ],
)
def test_words_of_front_matter_become_tags(words: str, tag: str) -> None:
    """Other signs part words; without a letter there is none."""
    assert normalize_tag(words) == tag


# Diagrams


def test_a_diagram_of_mermaids_is_its_source_until_it_is_drawn() -> None:
    """Each letter as it was written, in a class that the page's script looks for."""
    source = 'graph TD\n  A["<script>x</script>"] --> B\n  click A href "javascript:x"\n'
    page = shown(f"```mermaid\n{source}```\n\n```python\nx = 1\n```\n")
    assert page.select_one("pre.gw-mermaid > code").text == source
    assert not page.find_all(["script", "a"])
    assert page.select_one(".highlight .n").text == "x"
