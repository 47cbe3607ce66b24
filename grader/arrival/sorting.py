"""Sorts what stands below no date: which table, list or item is what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

from markdown_it.token import Token

from grader.address import identity, refusal
from grader.arrival import claims, lists, tables
from grader.arrival.blocks import Block, inline, parsed, words
from grader.arrival.found import Claim, Heading, Listed, Piece, Remark, Table
from grader.course import Course


@dataclass(slots=True)
class Sorted:
    """What was found, kind by kind."""

    course: Course
    questions: list[Piece] = field(default_factory=list)
    glossary: list[Piece] = field(default_factory=list)
    listed: list[Listed] = field(default_factory=list)
    said: list[Claim] = field(default_factory=list)
    left: list[Piece] = field(default_factory=list)
    told: list[Remark] = field(default_factory=list)

    addresses: set[str] = field(default_factory=set)

    def listed_before(self) -> bool:
        """Whether the last entry leads where another does, so that only a note keeps its words."""
        last = self.listed[-1]
        name = identity(last.url) if last.url else last.title
        before = name in self.addresses
        self.addresses.add(name)
        return before

    @property
    def tables(self) -> tuple[tuple[Table, tuple[Piece, ...]], ...]:
        """The rows for the note of questions and for that of terms."""
        return ("questions", tuple(self.questions)), ("glossary", tuple(self.glossary))

    @property
    def readings(self) -> tuple[Listed, ...]:
        """The entries of reading lists, in order."""
        return tuple(self.listed)

    @property
    def claims(self) -> tuple[Claim, ...]:
        """What is said to be done or planned, each once."""
        return tuple(dict.fromkeys(self.said))

    @property
    def leftovers(self) -> tuple[Piece, ...]:
        """What has no place of its own, and what says more than its place can hold."""
        return tuple(self.left)

    @property
    def remarks(self) -> tuple[Remark, ...]:
        """What the learner should know."""
        return tuple(self.told)


def sort(rest: Sequence[tuple[Block | None, Piece]], course: Course) -> Sorted:
    """Everything that stands below no date, each piece in its place."""
    into = Sorted(course)
    for number, held in groupby(rest, lambda pair: pair[1].block):
        block, piece = next(held)
        if block is None or number < 0 or block.kind not in ("table", "list"):
            into.left.append(piece)
        elif block.kind == "table":
            _table(block, into)
        else:
            _list(block, into)
    return into


def placed(piece: Piece, above: tuple[Heading, ...]) -> Piece:
    """The piece below these headings."""
    return replace(piece, above=above)


def _table(block: Block, into: Sorted) -> None:
    names = tables.cells(block.pieces[0].head.split("\n")[0])
    what = tables.columns(block.pieces[0].head, [piece.text for piece in block.pieces])
    for piece in block.pieces:
        row, more = tables.row(piece.text, len(names))
        if more:
            into.told.append(Remark(piece.line, "a row with more cells than its head; joined"))
        if what.meaning == "questions":
            _question(piece, row, what, into)
        elif what.meaning == "glossary":
            head = tables.head([name or " " for name in names])
            into.glossary.append(replace(piece, text=tables.line(row), head=head))
        elif what.meaning == "readings":
            _reading_row(block, piece, row, what, into)
        elif what.meaning == "status":
            _status_row(piece, row, names, what, into)
        else:
            into.left.append(piece)


def _question(piece: Piece, row: list[str], what: tables.Columns, into: Sorted) -> None:
    """A row for the table of two columns; what else stands in it joins the answer."""
    answer = row[what.second]
    more = [cell for n, cell in enumerate(row) if n not in (what.first, what.second) and cell]
    answer += f" ({'; '.join(more)})" if more else ""
    if not row[what.first] or not answer:
        into.told.append(Remark(piece.line, "a question or its answer is empty; no card yet"))
    line = tables.line([row[what.first], answer])
    into.questions.append(replace(piece, text=line, head=tables.head(["Question", "Answer"])))


def _reading_row(
    block: Block, piece: Piece, row: list[str], what: tables.Columns, into: Sorted
) -> None:
    title = _words(row[what.first])
    item = lists.items(parsed(f"- {row[what.second]}"))
    source = lists.source(item[0]) if item else None
    if not title or source is None or (source.url and refusal(source.url)):
        into.left.append(piece)
        return
    others = [cell for n, cell in enumerate(row) if n not in (what.first, what.second) and cell]
    authors = [by for cell in others if (by := lists.author(_words(cell)))]
    where = lists.state(block.above), lists.kind(block.above)
    into.listed.append(
        Listed(title, source.url, *where, (authors or [source.authors])[0], piece.line, piece)
    )
    if len(others) > len(authors) or into.listed_before():
        into.left.append(piece)


def _status_row(
    piece: Piece, row: list[str], names: list[str], what: tables.Columns, into: Sorted
) -> None:
    text = _words(row[what.first])
    if not text:
        into.left.append(piece)
        return
    done, more = claims.status(_words(row[what.second]))
    used = (what.first, what.second)
    others = [_words(cell) for n, cell in enumerate(row) if n not in used]
    detail = "; ".join(part for part in (more, *others) if part.strip(" –—-"))
    units = claims.units(text, into.course)
    into.said.append(Claim(text, done, detail, units, piece.line))
    if "](" in piece.text or "://" in piece.text:
        into.left.append(piece)


def _list(block: Block, into: Sorted) -> None:
    items = lists.items(block.tokens)
    pairs = list(zip(block.pieces, items, strict=True))
    nearest = block.above[-1] if block.above else None
    if nearest and lists.is_glossary(nearest):
        into.glossary += block.pieces
    elif nearest and lists.is_reading_list(nearest):
        for piece, item in pairs:
            _reading(block, piece, item, into)
    elif any(lists.is_reading_list(heading) for heading in block.above):
        for piece, item in pairs:
            _reading(block, piece, item, into, linked=True)
    else:
        _checks(pairs, into)


def _reading(
    block: Block, piece: Piece, item: list[Token], into: Sorted, *, linked: bool = False
) -> None:
    source = lists.source(item)
    ours = source is not None and (source.url or (lists.is_single(item) and not linked))
    if source is None or not ours or (source.url and refusal(source.url)):
        into.left.append(piece)
        return
    state = lists.state(block.above)
    if source.ticked is not None:
        state = "done" if source.ticked else state
    if "[](" in piece.text:
        into.told.append(Remark(piece.line, f"a link without words; called {source.title!r}"))
    kind = lists.kind(block.above)
    into.listed.append(
        Listed(source.title, source.url, state, kind, source.authors, piece.line, piece)
    )
    if not source.whole or into.listed_before():
        into.left.append(piece)


def _checks(pairs: list[tuple[Piece, list[Token]]], into: Sorted) -> None:
    """The items of a check list; it stays in the note too unless every item is one and no more."""
    every = all(_is_check(item) for _, item in pairs)
    for piece, item in pairs:
        for token in item:
            if token.type == "inline":
                _check(piece, item, token, into)
        if not every:
            into.left.append(piece)


def _is_check(item: list[Token]) -> bool:
    inlines = [token for token in item if token.type == "inline"]
    links = any(c.type in ("link_open", "image") for t in inlines for c in t.children or [])
    code = any(token.type in ("fence", "code_block", "html_block") for token in item)
    return not links and not code and bool(inlines) and all(claims.box(words(t)) for t in inlines)


def _check(piece: Piece, item: list[Token], token: Token, into: Sorted) -> None:
    said = words(token)
    line = piece.line + (token.map or [0])[0] - (item[0].map or [0])[0]
    units = claims.units(said, into.course)
    if ticked := claims.box(said):
        into.said.append(Claim(ticked[0], ticked[1], "", units, line))
    elif claims.is_past(said) and units:
        into.said.append(Claim(said.rstrip("."), True, "", units, line))


def _words(cell: str) -> str:
    """A cell's words without markup."""
    return words(inline(cell.replace(r"\|", "|")))
