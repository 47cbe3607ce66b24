"""Which texts a search finds, and in which order."""

from __future__ import annotations

from grader.services.search_ranking import SearchText, find_hits

LONG = SearchText("lesson", "a/long", "A lesson", "A lesson", "a.md", 1, [(1, "soft"), (9, "max")])
TITLE = SearchText("exercise", "a/softmax", "a/softmax Softmax", "Turn logits.", "s.py", 4)
PART = SearchText("note", "n.md", "n.md Note", "Note", "n.md", 1, [(3, "the softmaxes of rows")])
TERM = SearchText("term", "softmax", "softmax", "softmax: probabilities", "g.yml", 2)


def test_every_word_has_to_occur() -> None:
    """The words may be on different lines; case makes no difference."""
    assert [hit.name for hit in find_hits([LONG, TITLE], "SOFT max")] == ["a/softmax", "a/long"]
    assert find_hits([LONG], "soft other") == [] and find_hits([LONG], "  ") == []


def test_names_come_before_titles_and_titles_before_lines() -> None:
    """A text's whole name comes first, then a word of its title, then the beginning of a word."""
    found = find_hits([PART, TITLE, TERM], "softmax")
    assert [hit.name for hit in found] == ["a/softmax", "softmax", "n.md"]
    assert found[2].line == 3 and found[2].text == "the softmaxes of rows"


def test_the_line_with_the_most_of_the_words_is_shown() -> None:
    """Further lines with one of the words are counted."""
    lines = [(1, "heads"), (2, "query heads share"), (3, "a query"), (4, "nothing")]
    (hit,) = find_hits([LONG._replace(lines=lines)], "query heads")
    assert (hit.line, hit.more) == (2, 2)
    parts = [(1, "a query"), (2, "subqueryof theheadsof")]
    (hit,) = find_hits([LONG._replace(lines=parts)], "query heads")
    assert hit.line == 2


def test_two_texts_at_one_line_are_one_hit() -> None:
    """A card and the note in which it stands are not both shown for the same line."""
    card = SearchText("card", "id", "What is it?", "What is it?", "n.md", 3, [(3, "an answer")])
    note = PART._replace(lines=[(3, "> [!question]- What is it?")])
    assert [hit.kind for hit in find_hits([card, note], "what")] == ["card"]
