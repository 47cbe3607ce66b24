"""What a learner would rather not publish: home paths, and what looks like a token or a key.

Forms are well known or the text itself calls them a secret, so that hashes of commits, tensors
and pictures in base64 are left alone. What is found is never shown in full.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Leak:
    """One thing that should be looked at before the site is published."""

    line: int
    what: str
    shown: str
    """Its beginning, never the whole."""

    times: int = 1

    def __str__(self) -> str:
        often = f", {self.times} times" if self.times > 1 else ""
        return f"{self.what} ({self.shown}{often})"


def find_leaks(text: str) -> list[Leak]:
    """Return what in the text should not be published, each thing once, by its first line."""
    found: dict[tuple[str, str], list[int]] = {}
    for start, what, secret in sorted(_scan(text)):
        found.setdefault((what, secret), []).append(start)
    return [
        Leak(text.count("\n", 0, starts[0]) + 1, what, _abbreviate(secret), len(starts))
        for (what, secret), starts in found.items()
    ]


def _scan(text: str) -> Iterator[tuple[int, str, str]]:
    """Yield where each begins, what it is and its text; a stretch of text counts once."""
    taken = bytearray(len(text))
    small = text.lower()
    for what, needed, form, fits in _FORMS:
        for match in form.finditer(text) if needed in small else ():
            start, end = match.span(1)
            if fits(match[1]) and not any(taken[start:end]):
                taken[start:end] = b"\1" * (end - start)
                yield start, what, match[1]


def _abbreviate(secret: str) -> str:
    """Return as much of a secret as finds it again: at most a quarter, and eight characters."""
    return f"{secret[: min(8, len(secret) // 4)]}…"


def _looks_random(word: str) -> bool:
    """Return True if a word looks random: lower case, upper case and digits, or hexadecimal."""
    kinds = (str.islower, str.isupper, str.isdigit)
    mixed = all(any(map(kind, word)) for kind in kinds)
    return mixed or bool(re.fullmatch(r"(?=.*[a-f])(?=.*\d)[0-9a-f]{32,}", word))


def _accept(word: str) -> bool:
    return True


def _names_user(path: str) -> bool:
    return path.rpartition("/")[2].rpartition("\\")[2].casefold() not in {"shared", "public"}


_ASSIGNED = (
    r"(?:token|passw(?:or)?d|secret|api[_-]?key|access[_-]?key|private[_-]?key)[\"']?"
    r"(?:\s*[:=]\s*|\s+is\s+)(?:[bfru]?[\"'])?(?:Bearer\s+)?([A-Za-z0-9+/_=-]{20,})"
)

_FORMS: list[tuple[str, str, re.Pattern[str], Callable[[str], bool]]] = [
    (
        "a private key",
        "private key",
        re.compile(r"(-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----)"),
        _accept,
    ),
    ("a GitHub token", "gh", re.compile(r"(?<!\w)(gh[pousr]_[A-Za-z0-9]{30,})"), _accept),
    ("a GitHub token", "github_pat_", re.compile(r"(?<!\w)(github_pat_\w{22,})"), _accept),
    ("a GitLab token", "glpat-", re.compile(r"(?<!\w)(glpat-[\w-]{20,})"), _accept),
    ("a Hugging Face token", "hf_", re.compile(r"(?<!\w)(hf_[A-Za-z0-9]{30,})"), _accept),
    ("an API key", "sk-", re.compile(r"(?<![\w-])(sk-[A-Za-z0-9_-]{20,})"), _looks_random),
    ("a Google key", "aiza", re.compile(r"(?<!\w)(AIza[0-9A-Za-z_-]{35})(?![\w-])"), _accept),
    ("an Amazon key", "akia", re.compile(r"(?<![\w+/])(AKIA[A-Z0-9]{16})(?![\w+/])"), _accept),
    ("an Amazon key", "asia", re.compile(r"(?<![\w+/])(ASIA[A-Z0-9]{16})(?![\w+/])"), _accept),
    (
        "a Slack token",
        "xox",
        re.compile(r"(?<!\w)(xox[abeprs]-(?=[A-Za-z-]*\d)[\w-]{10,})"),
        _accept,
    ),
    ("an npm token", "npm_", re.compile(r"(?<!\w)(npm_[A-Za-z0-9]{36})"), _accept),
    ("a PyPI token", "pypi-", re.compile(r"(?<!\w)(pypi-[A-Za-z0-9_-]{50,})"), _accept),
    (
        "a signed token",
        ".eyj",
        re.compile(r"(?<!\w)(eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{8,})"),
        _accept,
    ),
    (
        "a password in a URL",
        "@",
        re.compile(r"://[^\s/:@]{1,100}:([^\s/@:]{3,100})@"),
        _accept,
    ),
    *(
        ("what looks like a secret", word, re.compile(_ASSIGNED, re.IGNORECASE), _looks_random)
        for word in ("token", "passw", "secret", "key")
    ),
    (
        "a home path",
        "/home/",
        re.compile(r"(?:(?<=file://)|(?<![\w.~}+/-]))(/home/[^\W_][\w.-]*)"),
        _names_user,
    ),
    (
        "a home path",
        "/users/",
        re.compile(r"(?:(?<=file://)|(?<![\w.~}+/-]))(/Users/[^\W_][\w.-]*)"),
        _names_user,
    ),
    (
        "a home path",
        "\\users\\",
        re.compile(r"(?<!\w)([A-Za-z]:\\{1,2}Users\\{1,2}\w[\w.-]*)"),
        _names_user,
    ),
]
"""What it is, what the text in small letters must hold for it, its form, and a further test.

The most specific forms come first: a stretch of text counts once.
"""
