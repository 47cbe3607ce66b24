"""Mentions of exercises, readings and notes: linked on a page, and found in the log by day.

Code and links are left alone.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from datetime import date

from grader.base import render_cache
from grader.learner.journal import Entry
from grader.learner.log_line import list_prose_lines
from grader.site.formatting import make_relative
from grader.site.name_index import NameIndex, TargetKind
from grader.site.templating import draw_link

_TAG = re.compile(r"(<[^>]*>)")
_UNLINKED_TAGS = {"a", "code", "pre", "math", "summary"}
_CODE = re.compile(r"(`+)(?!`).*?(?<!`)\1(?!`)")


def link_mentions(index: NameIndex, clean: str, page: str) -> str:
    """Return clean HTML in which everything that it mentions is a link from that page."""
    sources = ("linked", index.digest, clean, page)
    return str(render_cache.compute(lambda: _link_html(index, clean, page), *sources))


def _link_html(index: NameIndex, clean: str, page: str) -> str:
    parts, depth = [], 0
    for piece in _TAG.split(clean):
        if piece.startswith("<"):
            depth += _count_nesting(piece)
            parts.append(piece)
        else:
            parts.append(piece if depth > 0 else _link_text(index, piece, page))
    return "".join(parts)


def _link_text(index: NameIndex, escaped: str, page: str) -> str:
    text = html.unescape(escaped)
    done, at = [], 0
    for start, end, target in index.find_mentions(text):
        there = re.sub(r"\.md\b", ".html", make_relative(page, target.page))
        done += [html.escape(text[at:start], quote=False), draw_link(there, text[start:end])]
        at = end
    return "".join([*done, html.escape(text[at:], quote=False)]) if done else escaped


def find_mention_days(
    entries: Iterable[Entry], index: NameIndex
) -> dict[tuple[TargetKind, str], tuple[date, ...]]:
    """Return for each thing, by kind and id, the days whose entries mention it, newest first."""
    found: dict[tuple[TargetKind, str], set[date]] = {}
    for entry in entries:
        for kind, id in _list_mentioned(entry.text, index):
            found.setdefault((kind, id), set()).add(entry.day)
    return {target: tuple(sorted(days, reverse=True)) for target, days in found.items()}


def _list_mentioned(text: str, index: NameIndex) -> list[tuple[TargetKind, str]]:
    """List what a day's text mentions, by kind and id."""

    def compute() -> list[tuple[TargetKind, str]]:
        rows = (index.find_mentions(_CODE.sub(" ", row)) for row in list_prose_lines(text))
        return [(mention.target.kind, mention.target.id) for row in rows for mention in row]

    return [(kind, id) for kind, id in render_cache.compute(compute, "named", index.digest, text)]


def _count_nesting(tag: str) -> int:
    """Return 1 for a start tag whose content gets no links, -1 for its end tag, else 0."""
    name = re.match(r"</?([a-z0-9]+)", tag)
    if name is None or name[1] not in _UNLINKED_TAGS:
        return 0
    return -1 if tag.startswith("</") else 1
