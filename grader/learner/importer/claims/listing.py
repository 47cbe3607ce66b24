"""What a journal says is done or planned: boxes and status tables, read beside the text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby

from grader.course.model import Course
from grader.learner.entry_text import name_day
from grader.learner.importer.claims.boxes import list_boxes, read_box
from grader.learner.importer.claims.status_tables import list_status_rows
from grader.learner.importer.contents import StatusClaim
from grader.learner.importer.text.pieces import Heading, Piece

_LAST_REAL = 6
"""The level of the smallest heading; those beyond are lines that serve as one."""


def list_claims(
    pieces: Sequence[Piece], course: Course, day: date | None = None
) -> Iterator[StatusClaim]:
    """Yield the claims in pieces that stand together: those of a day, or those of no day.

    The text is left as it is. A claim is counted beside it.
    """
    for _, held in groupby(pieces, lambda piece: piece.block):
        block = list(held)
        place = name_headings(block[0].above) or (name_day(day) if day else "")
        found: list[tuple[str, bool, str, int]] = []
        if block[0].head:
            found = [(row.words, row.done, row.detail, row.line) for row in list_status_rows(block)]
        else:
            ballots = any("☐" in piece.text for piece in block)
            boxes = (box for piece in block for box in list_boxes(piece, ballots=ballots))
            found = [(box.words, box.done, "", box.line) for box in boxes]
        for words, done, detail, line in found:
            units = _find_units(words, course)
            yield StatusClaim(words, done, detail, units, line, place, day)


def list_heading_claims(headings: Iterable[Heading], course: Course) -> Iterator[StatusClaim]:
    """Yield the claims of headings that have a box."""
    for heading in headings:
        if box := read_box(heading.words):
            yield StatusClaim(box[0], box[1], "", _find_units(box[0], course), heading.line)


def name_headings(above: Sequence[Heading]) -> str:
    """Return the words of the nearest heading, and of the lines in bold or before a colon below it.

    A line such as ``To do:`` alone does not say where a box stood.
    """
    real = [n for n, heading in enumerate(above) if heading.level <= _LAST_REAL]
    near = above[real[-1] :] if real else above
    return " · ".join(heading.words for heading in near if heading.words)


_UNIT_WORDS: Mapping[str, str] = {
    "tokenizer": r"tokeni[sz]\w*|token ids?|bpe|byte[- ]pair|wordpiece|sentencepiece",
    "data": r"data ?loaders?|datasets?|corpus|batching|sliding window of tokens",
    "embeddings": r"embeddings?|positional|positions?|rope|rotary|sinusoidal",
    "attention": r"(?:\w+-)?attention|causal mask\w*",
    "blocks": (
        r"transformer (?:building )?blocks?|layer ?norm\w*|rms ?norm\w*|feed-?forward|ffn|gelu"
        r"|swiglu|glu|normali[sz]ation|residual\w*|shortcut\w*"
    ),
    "model": (
        r"(?:tiny|complete|whole|decoder-only|small|gpt2?-?style|gpt)[ -]?(?:\w+ )?"
        r"(?:transformer|language model|llm)|transformer (?:language )?models?|(?:nano)?gpt(?:-?2)?"
        r"(?:-?style)? (?:language )?models?|llama"
    ),
    "training": r"training loops?|pre-?train\w*|cross-?entropy|optimi[sz]ers?|adamw?|loss function",
    "sampling": r"sampling|temperature|top-?[kp]",
    "kv_cache": r"kv[- ]?cach\w*|key-value cach\w*",
    "quantization": r"quanti[sz]\w*|int8|int4",
    "lora": r"lora|low-rank adapt\w*",
    "finetuning": r"fine-?tun\w*|instruction tuning",
}
"""The words by which a claim mentions a unit; any other unit is mentioned by its title."""


def _find_units(words: str, course: Course) -> tuple[str, ...]:
    """Return the units of the course that the words mention, in course order."""
    return tuple(
        unit.id for unit in course.iterate_units() if _mentions(words, unit.id, unit.title)
    )


def _mentions(words: str, unit: str, title: str) -> bool:
    pattern = _UNIT_WORDS.get(unit) or re.escape(title)
    return bool(re.search(rf"\b(?:{pattern})\b", words, re.IGNORECASE))
