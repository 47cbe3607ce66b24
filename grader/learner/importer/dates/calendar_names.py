"""The names of months and weekdays in the languages that study journals are written in."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from functools import cache

LANGUAGES = (
    *("en", "de", "fr", "es", "pt", "it", "nl", "pl"),
    *("ru", "uk", "tr", "sv", "da", "nb", "cs"),
)
RARER = ("ca", "el", "sr", "bg", "fi", "ro", "hu", "id")
"""Languages of which only the whole names are known: their short ones are words of others."""
_SHORT_MONTHS = {"sept": 9, "mrz": 3, "maerz": 3, "fev": 2, "фев": 2, "сен": 9, "ноя": 11}
_SHORT_WEEKDAYS = {"tues": 1, "wednes": 2, "weds": 2, "thur": 3, "thurs": 3}
_EASTERN_WEEKDAY = re.compile(
    r"(?:(?:星期|周|週|礼拜|禮拜)(?P<zh>[一二三四五六日天])|(?P<ja>[月火水木金土日])(?:曜日?)?"
    r"|(?P<ko>[월화수목금토일])(?:요일)?)"
)
_EASTERN = {"zh": "一二三四五六日", "ja": "月火水木金土日", "ko": "월화수목금토일"}


def normalize(words: str) -> str:
    """Return the words in small letters without accents, with plain digits, dashes and marks."""
    if words.isascii():
        return " ".join(words.casefold().split())
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", words).casefold())
    plain = "".join(mark for mark in plain if not unicodedata.combining(mark))
    plain = unicodedata.normalize("NFC", plain).translate(_PLAIN)
    return " ".join(plain.split())


_PLAIN = str.maketrans(
    {"ı": "i", "’": "'", "‘": "'", "–": "-", "—": "-", "−": "-", "‑": "-", "〜": "~", "\ufe0f": ""}
)


_NUMERALS = "〇一二三四五六七八九"
_IN_NUMERALS = re.compile(
    rf"(?:(?P<year>[零{_NUMERALS}]{{4}})年)?(?P<month>[{_NUMERALS}十]{{1,2}})月"
    rf"(?P<day>[{_NUMERALS}十]{{1,3}})(?=[日号號])"
)


def write_digits(text: str) -> str:
    """Return the text with Chinese dates in digits: ``七月二十日`` is ``7月20日``."""
    return _IN_NUMERALS.sub(_write_date, text)


def _write_date(found: re.Match[str]) -> str:
    year = "".join(str(_NUMERALS.index(mark)) for mark in (found["year"] or "").replace("零", "〇"))
    month, day = (read_numeral(found[part]) for part in ("month", "day"))
    return (f"{year}年" if year else "") + f"{month}月{day}"


def read_numeral(marks: str) -> int:
    """Return the number below 100 that Chinese numerals write."""
    tens, ten, ones = marks.rpartition("十")
    if not ten:
        return int("".join(str(_NUMERALS.index(mark)) for mark in marks))
    return (_NUMERALS.index(tens) if tens else 1) * 10 + (_NUMERALS.index(ones) if ones else 0)


@cache
def number_months() -> dict[str, int]:
    """Return the number of each month's name, as ``normalize`` writes it."""
    from babel.dates import get_month_names

    found = _collect(get_month_names)
    return {name: numbers.copy().pop() for name, numbers in found.items()} | _SHORT_MONTHS


@cache
def list_leading_months() -> list[str]:
    """Return the names that may stand before the day: English ones, and long ones.

    Elsewhere the day comes first, and short names are words: ``Set 3`` is no 3 September.
    """
    from babel.dates import get_month_names

    english = {
        normalize(name)
        for width in ("wide", "abbreviated")
        for name in get_month_names(width, "format", "en").values()
    }
    return [name for name in number_months() if name in english | {"sept"} or len(name) > 4]


@cache
def number_weekdays() -> dict[str, frozenset[int]]:
    """Return the numbers of each weekday's name; Turkish and German share a few short ones."""
    from babel.dates import get_day_names

    found = {name: frozenset(numbers) for name, numbers in _collect(get_day_names).items()}
    return found | {name: frozenset({number}) for name, number in _SHORT_WEEKDAYS.items()}


def _collect(get_names: Callable[..., object]) -> dict[str, set[int]]:
    found: dict[str, set[int]] = {}
    for language in (*LANGUAGES, *RARER):
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated") if language in LANGUAGES else ("wide",):
                names = get_names(width, context, language)
                for number, name in names.items():  # type: ignore[attr-defined]
                    found.setdefault(normalize(name).rstrip("."), set()).add(number)
    return found


def join_names(names: Iterable[str]) -> str:
    """Return a pattern for any of the names, the longest first."""
    return _join(tuple(names))


@cache
def _join(names: tuple[str, ...]) -> str:
    return "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))


def read_weekday(word: str) -> frozenset[int]:
    """Return the weekdays that a word can name; none where it names none."""
    word = word.strip().rstrip(".")
    if found := _EASTERN_WEEKDAY.fullmatch(word):
        language = found.lastgroup or "zh"
        return frozenset({_EASTERN[language].index(found[language].replace("天", "日"))})
    return number_weekdays().get(word, frozenset())


@cache
def make_weekday_pattern() -> str:
    """Return a pattern for a weekday in any of the languages."""
    eastern = re.sub(r"\?P<\w+>", "?:", _EASTERN_WEEKDAY.pattern)
    return rf"(?:(?<!\w)(?:{join_names(number_weekdays())})(?!\w)|{eastern})"
