"""Templates: what is filled in is text, and a block is one line."""

from __future__ import annotations

from pathlib import Path

import pytest
from jinja2 import UndefinedError
from markupsafe import Markup

from grader.base.templating import Templates


@pytest.fixture
def templates(tmp_path: Path) -> Templates:
    """Two templates, one of several lines; texts are put in lower case before they are escaped."""
    (tmp_path / "plain.txt").write_text("<p>{{ words }}</p>\n")
    (tmp_path / "block.html").write_text(
        "{% if words %}\n  <p>\n    {{ words }}</p>\n\n  <hr>\n{% endif %}\n"
    )
    return Templates(tmp_path, str.lower)


def test_a_text_is_cleaned_and_escaped(templates: Templates) -> None:
    """A text from elsewhere is no markup, whatever the template is called."""
    assert templates.fill("plain.txt", words='<B> & "C"') == "<p>&lt;b&gt; &amp; &#34;c&#34;</p>"


def test_markup_and_numbers_stay_as_they_are(templates: Templates) -> None:
    """What was cleaned before is neither cleaned nor escaped again."""
    assert templates.fill("plain.txt", words=Markup("<B>")) == "<p><B></p>"
    assert templates.fill("plain.txt", words=2) == "<p>2</p>"


def test_a_block_is_one_line_that_begins_no_code(templates: Templates) -> None:
    """Line breaks and indentation of the template go, and a backtick is an entity."""
    block = templates.fill_line("block.html", words="`a` b")
    assert block == "<p>&#96;a&#96; b</p><hr>"
    assert isinstance(block, Markup)


def test_what_is_not_given_is_an_error(templates: Templates) -> None:
    """A template never shows an empty place for a name that was misspelt."""
    with pytest.raises(UndefinedError):
        templates.fill("plain.txt", word="a")
