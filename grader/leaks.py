"""What a learner would rather not publish: home paths, and what looks like a token or a key.

Forms are well known or the text itself calls them a secret, so that hashes of commits, tensors
and pictures in base64 are left alone. What is found is never told in full.
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


def leaks(text: str) -> list[Leak]:
    """What in the text should not be published, each thing once, by its first line."""
    found: dict[tuple[str, str], list[int]] = {}
    for start, what, secret in sorted(_found(text)):
        found.setdefault((what, secret), []).append(start)
    return [
        Leak(text.count("\n", 0, starts[0]) + 1, what, _beginning(secret), len(starts))
        for (what, secret), starts in found.items()
    ]


def _found(text: str) -> Iterator[tuple[int, str, str]]:
    """Where each begins, what it is and how it reads; a stretch of text counts once."""
    taken = bytearray(len(text))
    small = text.lower()
    for what, needed, form, fits in _FORMS:
        for match in form.finditer(text) if needed in small else ():
            start, end = match.span(1)
            if fits(match[1]) and not any(taken[start:end]):
                taken[start:end] = b"\1" * (end - start)
                yield start, what, match[1]


def _beginning(secret: str) -> str:
    """As much of a secret as finds it again: at most a quarter, at most eight characters."""
    return f"{secret[: min(8, len(secret) // 4)]}…"


def _random(word: str) -> bool:
    """Whether a word is drawn by chance rather than written: small, large and digits, or hex."""
    kinds = (str.islower, str.isupper, str.isdigit)
    mixed = all(any(map(kind, word)) for kind in kinds)
    return mixed or bool(re.fullmatch(r"(?=.*[a-f])(?=.*\d)[0-9a-f]{32,}", word))


def _any(word: str) -> bool:
    return True


def _user(path: str) -> bool:
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
        _any,
    ),
    ("a token of GitHub", "gh", re.compile(r"(?<!\w)(gh[pousr]_[A-Za-z0-9]{30,})"), _any),
    ("a token of GitHub", "github_pat_", re.compile(r"(?<!\w)(github_pat_\w{22,})"), _any),
    ("a token of GitLab", "glpat-", re.compile(r"(?<!\w)(glpat-[\w-]{20,})"), _any),
    ("a token of Hugging Face", "hf_", re.compile(r"(?<!\w)(hf_[A-Za-z0-9]{30,})"), _any),
    ("an API key", "sk-", re.compile(r"(?<![\w-])(sk-[A-Za-z0-9_-]{20,})"), _random),
    ("a key of Google", "aiza", re.compile(r"(?<!\w)(AIza[0-9A-Za-z_-]{35})(?![\w-])"), _any),
    ("a key of Amazon", "akia", re.compile(r"(?<![\w+/])(AKIA[A-Z0-9]{16})(?![\w+/])"), _any),
    ("a key of Amazon", "asia", re.compile(r"(?<![\w+/])(ASIA[A-Z0-9]{16})(?![\w+/])"), _any),
    (
        "a token of Slack",
        "xox",
        re.compile(r"(?<!\w)(xox[abeprs]-(?=[A-Za-z-]*\d)[\w-]{10,})"),
        _any,
    ),
    ("a token of npm", "npm_", re.compile(r"(?<!\w)(npm_[A-Za-z0-9]{36})"), _any),
    ("a token of PyPI", "pypi-", re.compile(r"(?<!\w)(pypi-[A-Za-z0-9_-]{50,})"), _any),
    ("a signed token", ".eyj", re.compile(r"(?<!\w)(eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{8,})"), _any),
    ("a password in an address", "@", re.compile(r"://[^\s/:@]{1,100}:([^\s/@:]{3,100})@"), _any),
    *(
        ("something like a secret", word, re.compile(_ASSIGNED, re.IGNORECASE), _random)
        for word in ("token", "passw", "secret", "key")
    ),
    (
        "a home path",
        "/home/",
        re.compile(r"(?:(?<=file://)|(?<![\w.~}+/-]))(/home/[^\W_][\w.-]*)"),
        _user,
    ),
    (
        "a home path",
        "/users/",
        re.compile(r"(?:(?<=file://)|(?<![\w.~}+/-]))(/Users/[^\W_][\w.-]*)"),
        _user,
    ),
    (
        "a home path",
        "\\users\\",
        re.compile(r"(?<!\w)([A-Za-z]:\\{1,2}Users\\{1,2}\w[\w.-]*)"),
        _user,
    ),
]
"""What it is, what the text in small letters must hold for it, its form, and a further test.

The most telling forms come first: a stretch of text counts once.
"""
