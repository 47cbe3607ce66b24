"""The words beside a date that say what it is the date of."""

from __future__ import annotations

import re

from grader.learner.importer.dates.calendar_names import make_weekday_pattern, normalize
from grader.learner.importer.dates.counts import read_count

_LABELS = (
    r"date|datum|fecha|data|дата|tarih|日期|日付|날짜|when|log|entry|journal|diary|notes?|study log"
    r"|posted|written|today|heute|created(?: at| time)?(?=\s?:)"
    r"|daily log|dev log|devlog|lerntagebuch|tagebuch|updates?|progress|week of"
    r"|week starting|week"
)
_LEADS = r"on|vom|for|from|am|den|der|le|du|el|del|il|em|op|от|za"
_NO_DAY = re.compile(
    r"(?<!\w)(?:last|updated|updates?:|modified|edited|starts?|started|starting|begins?|began|begun|due"
    r"|deadline|created|published|released?|submitted|accessed|retrieved|since|until|till|by|before"
    r"|after|ends?|ended|ending|exam|expires|version|born|target|eta|stand|aktualisiert|seit|bis|ab"
    r"|frist|beginn|inicio|hasta|desde|atualizado|mis a jour|depuis|начало|обновлено|с|до"
    r"|更新|开始|開始|截止|시작|수정)(?!\w)"
)

_RELEASE = re.compile(r"[\W_]*v?\d+(?:\.\d+)+\W")


def is_release(after: str) -> bool:
    """Return True if the words behind a date say what was released on it: ``Version 2.1``."""
    return bool(re.match(r"\W*(?:version|release|v\d+\.\d)", after))


def is_about_other(before: str) -> bool:
    """Return True if the words before a date say that it is no day of the journal: ``Due``."""
    return bool(_NO_DAY.search(before) or _RELEASE.match(before))


def strip_labels(before: str) -> str:
    """Return what stands before a date without words that only say that it is one."""
    while (count := read_count(before)) and count.kind != "other":
        before = before[count.end :]
    before = re.sub(rf"^[\W_]*(?:\d{{1,3}}[.):]?\s+)?(?:(?:{_LABELS})(?!\w)[\W_]*)*", "", before)
    return re.sub(rf"^(?:{_LEADS})\s*$", "", before)


def is_like_date(words: str) -> bool:
    """Return True if a heading seems to name a day that ``parse_date`` does not understand."""
    text = normalize(words)
    if not any(mark.isdigit() for mark in text):
        return False
    weekday = rf"[\W_]*{make_weekday_pattern()}\W+\d{{1,2}}(?![\d:]|\s?(?:am|pm|h|uhr|min)(?!\w))"
    date_of_year = r"[\W_]*\d{1,2}\W*[^\W\d_]{3,12}\W*(?:19|20)\d\d(?!\d)"
    week = r"[\W_]*(?:week|woche|semaine|semana)\s?\d\d?\W{1,3}(?:19|20)\d\d(?!\d)"
    return any(re.match(pattern, text) for pattern in (weekday, date_of_year, week))
