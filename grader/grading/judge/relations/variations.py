"""Other values of one argument: a number squared, a text in lower case, a mask inverted.

Each comes with the words that complete "what is expected if ...", in which {} is the argument.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Callable, Iterator
from typing import Any

import torch

Vary = Callable[[Any], Any]
Variation = tuple[str, Vary]

SMALL = (1e-5, 1e-6, 1e-8, 1e-12)
"""What a small constant usually is, as the eps of a norm or of Adam."""


def list_variations(value: Any) -> Iterator[Variation]:
    """Yield the variations of an argument of this kind, the likely ones first.

    A variation may raise for another value of the same argument, and returns it unchanged where
    there is nothing to vary.
    """
    if isinstance(value, bool):
        yield f"{{}} were {not value}", lambda one: not one
    elif isinstance(value, (int, float)):
        yield from _vary_number(value)
    elif isinstance(value, str):
        yield from _TEXTS.items()
    elif type(value) in (list, bytes):
        yield from _SEQUENCES.items()
    elif isinstance(value, torch.Tensor):
        yield from _vary_tensor(value)


def _vary_number(value: float) -> Iterator[Variation]:
    kind = type(value)
    yield "{} were 0", lambda one: kind(0)
    yield "{} were 1", lambda one: kind(1)
    yield "{} were 1 less", lambda one: one - 1
    yield "{} were 1 more", lambda one: one + 1
    yield "{} were squared", lambda one: one * one
    yield "{} were its square root", math.isqrt if kind is int else math.sqrt
    yield "{} were twice as large", lambda one: one * 2
    yield "{} were half as large", lambda one: one / 2 if kind is float else one // 2
    if kind is int:
        yield "{} were two thirds as large", lambda one: 2 * one // 3
    elif 0 < value < 0.1:
        yield from ((f"{{}} were {small:g}", lambda one, small=small: small) for small in SMALL)


_TEXTS: dict[str, Vary] = {
    "{} were in lower case": lambda text: text.lower(),
    "{} were stripped of white space at its ends": lambda text: text.strip(),
    "{} had a space in front": lambda text: " " + text,
    "{} had U+FEFF in front": lambda text: "\ufeff" + text,
    "{} lacked its last character": lambda text: text[:-1],
    "{} lacked its first character": lambda text: text[1:],
    "{} were normalised (NFC)": lambda text: unicodedata.normalize("NFC", text),
    "{} were normalised (NFKC)": lambda text: unicodedata.normalize("NFKC", text),
    "every line of {} ended with \\n": lambda text: text.replace("\r\n", "\n").replace("\r", "\n"),
    "{} had no characters beyond ASCII": lambda text: text.encode("ascii", "ignore").decode(),
}
_SEQUENCES: dict[str, Vary] = {
    "{} lacked its last entry": lambda entries: entries[:-1],
    "{} lacked its first entry": lambda entries: entries[1:],
    "{} were in reverse order": lambda entries: entries[::-1],
    "{} were sorted": lambda entries: type(entries)(sorted(entries)),
    "each entry of {} were there once": lambda entries: type(entries)(dict.fromkeys(entries)),
}


def _vary_tensor(value: torch.Tensor) -> Iterator[Variation]:
    if value.dtype == torch.bool:
        yield "{} had True and False exchanged", lambda one: ~one
        yield "{} were True everywhere", torch.ones_like
    else:
        yield "{} were 0 everywhere", torch.zeros_like
    if value.dim() >= 2:
        yield "every row had the {} of the first", _repeat_first
        yield "{} were transposed", lambda one: one.mT.contiguous()
    if value.dim():
        yield "{} were in reverse order along its last dimension", lambda one: one.flip(-1)
    if not value.dtype.is_floating_point and value.dtype != torch.bool:
        yield "{} were 1 less everywhere", lambda one: one - 1
        yield "{} were 1 more everywhere", lambda one: one + 1


def _repeat_first(value: torch.Tensor) -> torch.Tensor:
    return value[:1].expand_as(value).contiguous()
