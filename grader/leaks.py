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

    def __str__(self) -> str:
        return f"{self.what} ({self.shown})"


def leaks(text: str) -> list[Leak]:
    """What in the text should not be published, in the order of lines."""
    found = {
        span: Leak(text.count("\n", 0, span[0]) + 1, what, shown)
        for span, what, shown in _found(text)
    }
    return [found[span] for span in sorted(found)]


def _found(text: str) -> Iterator[tuple[tuple[int, int], str, str]]:
    taken: list[tuple[int, int]] = []
    for what, form, fits in _FORMS:
        for match in form.finditer(text):
            span = match.span(1)
            if fits(match[1]) and not any(a < span[1] and span[0] < b for a, b in taken):
                taken.append(span)
                yield span, what, _beginning(match[1])


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

_FORMS: list[tuple[str, re.Pattern[str], Callable[[str], bool]]] = [
    ("a private key", re.compile(r"(-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----)"), _any),
    ("a token of GitHub", re.compile(r"(?<!\w)(gh[pousr]_[A-Za-z0-9]{30,})"), _any),
    ("a token of GitHub", re.compile(r"(?<!\w)(github_pat_[A-Za-z0-9_]{22,})"), _any),
    ("a token of GitLab", re.compile(r"(?<!\w)(glpat-[\w-]{20,})"), _any),
    ("a token of Hugging Face", re.compile(r"(?<!\w)(hf_[A-Za-z0-9]{30,})"), _any),
    ("an API key", re.compile(r"(?<![\w-])(sk-[A-Za-z0-9_-]{20,})"), _random),
    ("a key of Google", re.compile(r"(?<!\w)(AIza[0-9A-Za-z_-]{35})(?![\w-])"), _any),
    ("a key of Amazon", re.compile(r"(?<![\w+/])((?:AKIA|ASIA)[A-Z0-9]{16})(?![\w+/])"), _any),
    ("a token of Slack", re.compile(r"(?<!\w)(xox[abeprs]-(?=[A-Za-z-]*\d)[\w-]{10,})"), _any),
    ("a token of npm", re.compile(r"(?<!\w)(npm_[A-Za-z0-9]{36})"), _any),
    ("a token of PyPI", re.compile(r"(?<!\w)(pypi-[A-Za-z0-9_-]{50,})"), _any),
    ("a signed token", re.compile(r"(?<!\w)(eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{8,})"), _any),
    ("a password in an address", re.compile(r"://[^\s/:@]{1,100}:([^\s/@:]{3,100})@"), _any),
    ("something like a secret", re.compile(_ASSIGNED, re.IGNORECASE), _random),
    (
        "a home path",
        re.compile(r"(?:(?<=file://)|(?<![\w.~}+/-]))(/(?:home|Users)/[^\W_][\w.-]*)"),
        _user,
    ),
    ("a home path", re.compile(r"(?<!\w)([A-Za-z]:\\{1,2}Users\\{1,2}\w[\w.-]*)"), _user),
]
"""The most telling forms first: a stretch of text counts once."""
