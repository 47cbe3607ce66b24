"""The grammar of notes: which Markdown is parsed, and how it is rendered before cleaning."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.admon import admon_plugin
from mdit_py_plugins.amsmath import amsmath_plugin
from mdit_py_plugins.gfm import gfm_plugin

from grader.learner.notes.callout import add_callouts
from grader.learner.notes.clean import is_remote
from grader.learner.notes.comments import add_comments
from grader.learner.notes.definition_list import add_definition_lists
from grader.learner.notes.dollar_formula import add_dollar_formulas
from grader.learner.notes.elements import write_element, write_text
from grader.learner.notes.hashtag import add_hashtags
from grader.learner.notes.highlight import add_highlights
from grader.learner.notes.line_card import add_line_cards
from grader.learner.notes.tex_brackets import add_tex_brackets
from grader.learner.notes.wikilink import add_wikilinks

FORMULAS = {"math_inline": False, "math_inline_double": True, "math_block": True, "amsmath": True}
"""The tokens that are formulas, and whether each is displayed on a line of its own."""

_BARE_TAG = re.compile(r"</?([A-Za-z][\w-]*)>")
_NAMES = """
a abbr address applet area article aside audio b base basefont bdi bdo bgsound big blink
blockquote body br button canvas caption center cite code col colgroup command content data
datalist dd del details dfn dialog dir div dl dt element em embed fieldset figcaption figure
font footer form frame frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html i iframe
img input ins isindex kbd keygen label legend li link listing main map mark marquee math menu
menuitem meta meter multicol nav nobr noembed noframes noscript object ol optgroup option
output p param picture plaintext portal pre progress q rb rp rt rtc ruby s samp script search
section select shadow slot small source spacer span strike strong style sub summary sup svg
table tbody td template textarea tfoot th thead time title tr track tt u ul var video wbr xmp
"""
_HTML_NAMES = frozenset(_NAMES.split())


@cache
def get_parser() -> MarkdownIt:
    """Return the one parser: CommonMark with what GitHub, Obsidian and MkDocs add to it.

    Those are tables, tasks, alerts, footnotes, formulas, admonitions, callouts, wikilinks,
    definition lists, highlights, tags and cards on a line; and comments, which are hidden.
    """
    parser = (
        MarkdownIt("commonmark")
        .use(add_wikilinks)
        .use(gfm_plugin, front_matter=True)
        .use(add_dollar_formulas)
        .use(amsmath_plugin)
        .use(admon_plugin)
        .use(add_callouts)
        .use(add_line_cards)
        .use(add_tex_brackets)
        .use(add_comments)
        .use(add_definition_lists)
        .use(add_highlights)
        .use(add_hashtags)
    )
    parser.add_render_rule("image", _render_image)
    parser.add_render_rule("fence", _render_code)
    parser.add_render_rule("code_block", _render_code)
    parser.add_render_rule("html_inline", _render_tag)
    parser.add_render_rule("alert_open", _render_alert)
    parser.add_render_rule("alert_title_open", _render_alert_title)
    for kind in FORMULAS:
        parser.add_render_rule(kind, _render_formula)
    return parser


def _render_formula(self: Any, tokens: list[Token], n: int, options: Any, env: Any) -> str:
    display = FORMULAS[tokens[n].type]
    held: str = env["formulas"].hold(tokens[n].content, display)
    # Within a paragraph no block may stand: MathML itself is displayed on a line of its own.
    return write_element(self, "div", {}, held, options, env) + "\n" if tokens[n].block else held


def _render_image(self: Any, tokens: list[Token], n: int, options: Any, env: Any) -> str:
    """Render the learner's own image; one on another host becomes a link, so nothing is loaded."""
    address = str(tokens[n].attrs.get("src", ""))
    alt = self.renderInlineAsText(tokens[n].children or [], options, env)
    if is_remote(address) and not address.startswith("data:"):
        return write_element(self, "a", {"href": address}, alt or address, options, env)
    return write_element(self, "img", {"src": address, "alt": alt}, "", options, env)


def _render_tag(self: Any, tokens: list[Token], n: int, options: Any, env: Any) -> str:
    tag = tokens[n].content
    return write_text(self, tag, options, env) if _is_word(tag) else tag


def _is_word(html: str) -> bool:
    """Return True for a bare tag like ``<pad>``: a token of a vocabulary, not an HTML element."""
    bare = _BARE_TAG.fullmatch(html)
    return bare is not None and bare[1].casefold() not in _HTML_NAMES


def _render_alert(self: Any, tokens: list[Token], n: int, options: Any, env: Any) -> str:
    kind = str(tokens[n].attrs.get("class", "")).rpartition("-")[2]
    name = f"admonition {_ALERTS.get(kind, kind)}"
    return _open_with_class(self, tokens[n : n + 2], name, options, env)


def _render_alert_title(self: Any, tokens: list[Token], n: int, options: Any, env: Any) -> str:
    return _open_with_class(self, tokens[n : n + 2], "admonition-title", options, env)


def _open_with_class(self: Any, tokens: list[Token], name: str, options: Any, env: Any) -> str:
    """Render the tag of the first token with this class alone; the second shows what follows."""
    opening = tokens[0].copy(attrs={"class": name})
    return str(self.renderToken([opening, *tokens[1:]], 0, options, env))


_ALERTS = {"important": "info", "caution": "danger"}
"""GitHub's alerts that the theme has under another name."""


def _render_code(self: Any, tokens: list[Token], n: int, options: Any, env: Any) -> str:
    language = (tokens[n].info.split() or ["text"])[0]
    if language == "mermaid":
        return _render_diagram(self, tokens[n].content, options, env)
    return highlight_code(tokens[n].content, language) + "\n"


def _render_diagram(self: Any, source: str, options: Any, env: Any) -> str:
    """Render the source of a diagram, which the page's script finds by its class."""
    opening = [
        Token("pre_open", "pre", 1, attrs={"class": "gw-mermaid"}),
        Token("code_open", "code", 1),
    ]
    closing = [Token("code_close", "code", -1), Token("pre_close", "pre", -1)]
    text = Token("text", "", 0, content=source)
    return str(self.renderInline([*opening, text, *closing], options, env)) + "\n"


def highlight_code(code: str, language: str) -> str:
    """Return a code block with Pygments' classes; code in an unknown language stays plain."""
    from pygments import highlight  # type: ignore[import-untyped]
    from pygments.formatters import HtmlFormatter  # type: ignore[import-untyped]
    from pygments.lexers import get_lexer_by_name  # type: ignore[import-untyped]
    from pygments.util import ClassNotFound  # type: ignore[import-untyped]

    try:
        lexer = get_lexer_by_name(language.strip("{}."), stripnl=False)
    except ClassNotFound:
        lexer = get_lexer_by_name("text", stripnl=False)
    html = highlight(code, lexer, HtmlFormatter(cssclass="highlight", wrapcode=True))
    return str(html).strip()
