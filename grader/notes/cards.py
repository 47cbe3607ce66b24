"""Cards from notes: question callouts, and tables headed Question and Answer."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace

import orjson
from markdown_it.token import Token

from grader.cache import Cache
from grader.learner import Card
from grader.notes import markup
from grader.notes.note import Kind, Notes

MADE_BY = "2"
"""Raise it when cards come out differently, so that kept ones are made again."""


@dataclass(frozen=True, slots=True)
class Pile:
    """The cards of all notes, each question once."""

    cards: tuple[Card, ...] = ()
    """In the order of the notes."""
    doubled: tuple[tuple[Card, Card], ...] = ()
    """A card whose question stands in the notes before, and that earlier card, which is asked."""


def pile(notes: Notes) -> Pile:
    """The cards of the notes; what a note held when it was last read is kept by its bytes."""
    first: dict[str, Card] = {}
    doubled = []
    for place, kind, source in notes.sources():
        for card in _kept(Cache(notes.cache), place, kind, source):
            if card.id in first:
                doubled.append((card, first[card.id]))
            else:
                first[card.id] = card
    return Pile(tuple(first.values()), tuple(doubled))


def cards(text: str, place: str, about: tuple[str, ...] = ()) -> list[Card]:
    """The cards of one Markdown text, in its order."""
    text = markup.without_controls(text)
    about = about_of(text) or about
    return [
        Card(identity(words), question, answer, place, line, about)
        for words, question, answer, line in _found(text)
        if question and answer
    ]


def about_of(text: str) -> tuple[str, ...]:
    """The exercises that the front matter names: one, several with commas, or a YAML list."""
    matter = markup.front_matter(text) if text.startswith("---") else ""
    said = re.search(r"^about:[ \t]*([^\n#]*)((?:\n[ \t]*-[ \t][^\n#]*)*)", matter, re.MULTILINE)
    return _names(re.split(r",|\n[ \t]*-[ \t]", said[1].strip(" []") + said[2])) if said else ()


def _names(said: list[str]) -> tuple[str, ...]:
    names = (name.strip().strip("\"'").strip() for name in said)
    return tuple(dict.fromkeys(name for name in names if name))


def identity(words: str) -> str:
    """A card's id: a hash of its question's words, whatever their case, spaces and last mark."""
    plain = " ".join(unicodedata.normalize("NFKC", words).casefold().split())
    return hashlib.sha256((plain.rstrip(" ?!.:") or plain).encode()).hexdigest()[:16]


def _kept(cache: Cache, place: str, kind: Kind, source: bytes) -> list[Card]:
    name = hashlib.sha256(source).hexdigest()
    if (kept := cache.get("cards", MADE_BY, place, name)) is not None:
        rows = orjson.loads(kept["cards"])
        return [Card(**{**row, "about": tuple(row["about"])}) for row in rows]
    made = _notebook(source, place) if kind == "notebook" else cards(_text(source), place)
    text = orjson.dumps([asdict(card) for card in made]).decode()
    cache.put({"cards": text}, "cards", MADE_BY, place, name)
    return made


def _text(source: bytes) -> str:
    return source.decode("utf-8-sig", "replace")


def _notebook(source: bytes, place: str) -> list[Card]:
    """The cards of a notebook's Markdown cells; a notebook that cannot be read has none."""
    try:
        whole = orjson.loads(_text(source))
        cells = [
            (number, "".join(cell["source"]))
            for number, cell in enumerate(whole["cells"], 1)
            if cell["cell_type"] == "markdown"
        ]
    except (orjson.JSONDecodeError, LookupError, TypeError):
        return []
    about = _about_in(whole.get("metadata"))
    return [
        replace(card, line=number) for number, text in cells for card in cards(text, place, about)
    ]


def _about_in(metadata: object) -> tuple[str, ...]:
    """What a notebook's metadata says under ``groundwork``."""
    held = metadata.get("groundwork") if isinstance(metadata, dict) else None
    about = held.get("about") if isinstance(held, dict) else None
    items = about if isinstance(about, list) else [about]
    return _names([name for item in items if isinstance(item, str) for name in item.split(",")])


_Found = tuple[str, str, str, int]
"""A question's words, the question and the answer as Markdown, and the line."""


def _found(text: str) -> Iterator[_Found]:
    tokens, lines = markup.tokens(text), text.splitlines()
    quoted, past = 0, 0
    for n, token in enumerate(tokens):
        if n < past:
            continue
        if token.type == "callout_open" and token.meta["kind"] == "question":
            past = _end(tokens, n)
            yield from _callout(tokens[n:past], lines, quoted + 1)
        elif token.type == "table_open":
            past = _end(tokens, n)
            yield from _table(tokens[n:past])
        elif token.type in ("blockquote_open", "callout_open", "alert_open"):
            quoted += 1
        elif token.type in ("blockquote_close", "callout_close", "alert_close"):
            quoted -= 1


def _end(tokens: list[Token], n: int) -> int:
    """The index after the token that closes the one at ``n``."""
    close = tokens[n].type.replace("_open", "_close")
    level = tokens[n].level
    return next(
        (
            m + 1
            for m in range(n, len(tokens))
            if (tokens[m].type, tokens[m].level) == (close, level)
        ),
        len(tokens),
    )


def _callout(tokens: list[Token], lines: list[str], quoted: int) -> Iterator[_Found]:
    """The card of a callout: its title asks, its body answers."""
    first, last = tokens[0].map or [0, 0]
    body = "\n".join(_unquoted(line, quoted) for line in lines[first + 1 : last])
    if tokens[0].meta["title"]:
        yield _words(tokens[2]), tokens[0].meta["title"], body.strip("\n").rstrip(), first + 1


def _unquoted(line: str, depth: int) -> str:
    for _ in range(depth):
        line = re.sub(
            r"^[ \t]*>(?: |\t)?", lambda m: "  " if m[0][-1] == "\t" else "", line, count=1
        )
    return line


def _table(tokens: list[Token]) -> Iterator[_Found]:
    """The cards of a table of two columns, when they are headed Question and Answer."""
    rows: list[tuple[int, list[Token]]] = []
    for token in tokens:
        if token.type == "tr_open":
            rows.append(((token.map or [0])[0] + 1, []))
        elif token.type == "inline":
            rows[-1][1].append(token)
    if not rows or [_words(c).strip().casefold() for c in rows[0][1]] != ["question", "answer"]:
        return
    for line, (question, answer) in rows[1:]:
        yield _words(question), question.content.strip(), answer.content.strip(), line


def _words(inline: Token) -> str:
    """A question without its markup."""
    breaks = ("softbreak", "hardbreak")
    return "".join(" " if t.type in breaks else t.content for t in inline.children or [])
