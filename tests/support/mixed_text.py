"""A megabyte of mixed text, the same on every run: what a tokenizer meets, and what breaks it."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from itertools import cycle, islice
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = {
    "CJK": ((0x4E00, 0x9FFF), (0x3040, 0x30FF), (0xAC00, 0xD7A3)),
    "others": ((0x0400, 0x04FF), (0x05D0, 0x05EA), (0x0620, 0x06D3), (0x0904, 0x0939)),
    "emoji": ((0x1F300, 0x1F64F), (0x1F680, 0x1F6C5), (0x2600, 0x26FF)),
    "signs": ((0x21, 0x2F), (0x2010, 0x2027), (0x2190, 0x22FF), (0x0300, 0x036F)),
    "any": ((0x00, 0xD7FF), (0xE000, 0x2FFFF)),
}
JOINTS = ("\u200d", "\ufe0f", "\U0001f3fd", "", " ", "x")
WHITE = " \t\n\r\u00a0\u2003\u3000\u0085\u2028"
ENDINGS = ("'s", "'S", "'t", "'ll", "'re", "'ve", "'d", "'m", "''s", "’s", "'")


def mixed(size: int = 1_000_000, seed: int = 4) -> str:
    """A text of at least ``size`` bytes in UTF-8: English, code, scripts, emoji, white space."""
    rng = random.Random(seed)
    english = (ROOT / "curriculum" / "data" / "shakespeare.txt").read_text("utf-8")
    code = "\n".join(path.read_text("utf-8") for path in sorted(ROOT.glob("grader/**/*.py")))
    kinds: list[Callable[[], str]] = [
        lambda: _piece(rng, english, 3000),
        lambda: _piece(rng, code, 2000),
        lambda: _letters(rng, "CJK", 300, joint=("", "", "，", "。", " ")),
        lambda: _letters(rng, "others", 200, joint=("", "", "", " ")),
        lambda: _letters(rng, "emoji", 100, joint=JOINTS),
        lambda: _letters(rng, "signs", 100, joint=("", " ", "a", "7")),
        lambda: _letters(rng, "any", 100, joint=("", " ")),
        lambda: "".join(rng.choices(WHITE, k=rng.randint(1, 99))),
        lambda: rng.choice(WHITE) * rng.randint(1, 300),
        lambda: "".join(f"we{rng.choice(ENDINGS)}{rng.choice(('', ' '))}" for _ in range(50)),
        lambda: " ".join(str(rng.randrange(10 ** rng.randint(1, 19))) for _ in range(50)),
        lambda: _piece(rng, english, 3).strip() * rng.randint(10, 99),
    ]
    return "".join(_until(size, (kind() for kind in cycle(kinds))))


def _until(size: int, pieces: Iterator[str]) -> Iterator[str]:
    """As many of the pieces as have so many bytes."""
    while size > 0:
        (piece,) = islice(pieces, 1)
        size -= len(piece.encode("utf-8"))
        yield piece


def _piece(rng: random.Random, text: str, length: int) -> str:
    """Some of a text, from any place."""
    start = rng.randrange(len(text) - length)
    return text[start : start + length]


def _letters(rng: random.Random, script: str, count: int, joint: tuple[str, ...]) -> str:
    """Letters of a script, with something between them."""
    ranges = rng.choices(SCRIPTS[script], k=count)
    return "".join(chr(rng.randint(*limits)) + rng.choice(joint) for limits in ranges)
