"""Tables that say what is done: the column with the status, and the one that says of what."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from grader.learner.importer.claims.boxes import read_box, spell_signs
from grader.learner.importer.claims.status_words import describe_status, is_sign, read_status
from grader.learner.importer.text import table_cells
from grader.learner.importer.text.pieces import Heading, Piece


def _compile(*names: str) -> re.Pattern[str]:
    return re.compile("|".join(names), re.IGNORECASE)


_STATUS = _compile(
    r"(?:my |current |study |learning )?(?:status|state|progress)",
    r"stand|zustand|fortschritt|statut|état|avancement|estado|progreso|progresso|stato",
    r"avanzamento|voortgang|postęp|durum|ilerleme|статус|состояние|прогресс",
    r"状态|狀態|進捗|状況|進捗状況|进度|進度|完成情况|状態|상태|진행 ?상황|진행 ?상태|진도",
)
_ASKS = _compile(
    r"done|completed?|finished|erledigt|fertig|abgeschlossen|fait|terminé|fini|hecho|completado",
    r"terminado|feito|concluído|fatto|completato|klaar|gedaan|zrobione|ukończone|готово|сделано",
    r"выполнено|tamamlandı|bitti|完成|已完成|是否完成|完了|済|완료|완료 ?여부|[✅✓✔☑]\ufe0f?",
)
"""A column that asks whether something is done: yes and no are its answers."""
_READ = _compile(
    r"read|watched|studied|learned|learnt|implemented|coded|solved|gelesen|gesehen|lue?s?|vue?s?",
    r"leídos?|vistos?|lidos?|letti?|gelezen|przeczytane|прочитано|okundu|已读|已讀|読了|読んだ|읽음",
)
"""A column that asks whether something was read, watched or tried out."""
_COUNTER = _compile(
    r"|#|no|nr|num(?:ber)?|id|n°|№|week|day|date|month|phase|step|order|priority|time|hours?",
    r"duration|(?:due|start|end|target)(?: date)?|deadline|woche|tag|datum|monat|zeit|dauer",
    r"semaine|jour|mois|semana|día|dia|fecha|data|mes|mês|settimana|giorno|mese|dzień|tydzień",
    r"hafta|gün|tarih|неделя|день|дата|месяц|周|週|周数|天|日期|日|第几周|時間|时间|주|주차|날짜|일차",
)
_COUNTED = re.compile(
    r"(?:(?:week|wk|day|phase|step|part|no|nr|chapter|ch|woche|tag|kapitel|semaine|jour|semana"
    r"|día|dia|settimana|неделя|день|hafta|gün|lecture|lec|module|unit|w|d|第)\.?\s*)?"
    r"#?\s*\d[\d\s.,/:–-]*(?:周|週|天|日|章|주차|주|일차|일)?",
    re.IGNORECASE,
)
"""What stands in a column that counts: ``3``, ``Week 3``, ``2025-07-20``."""
_TOPIC = _compile(
    r"(?:main |study |learning )?(?:topics?|tasks?|what|titles?|subjects?|lessons?|exercises?)",
    r"assignments?|projects?|components?|goals?|milestones?|themen?|aufgaben?|inhalt|sujets?",
    r"thèmes?|tâches?|temas?|tareas?|assuntos?|tarefas?|argoment[oi]|compiti?|onderwerp|taak",
    r"temat|zadanie|konu|görev|темы?|задач[аи]|задани[ея]|主题|主題|内容|內容|任务|任務|作业|课程",
    r"テーマ|課題|タスク|주제|내용|과제",
)
_CHECKED = _compile(
    r"(?:unit |my )?(?:tests?|checks?|assertions?)(?: run| results?| passed| cases?)?|testfälle?",
    r"测试|テスト|테스트",
)
"""A column, or a heading, of what software passes, not of what somebody has learned."""


@dataclass(frozen=True, slots=True)
class StatusRow:
    """What a row of a table says is done, or is not done yet."""

    words: str
    done: bool
    detail: str
    line: int


def list_status_rows(rows: Sequence[Piece]) -> Iterator[StatusRow]:
    """Yield the rows of a table that have a status; none where the table has no such column."""
    names = [_strip(name) for name in table_cells.split_cells(rows[0].head.split("\n")[0])]
    cells = [table_cells.fit_row(piece.text, len(names))[0] for piece in rows]
    plain = [[table_cells.extract_cell_words(spell_signs(cell)) for cell in row] for row in cells]
    column = _find_status(names, plain)
    if column is None or _is_test_report(names, rows[0].above):
        return
    statuses = _read_column(
        [row[column] for row in plain], asks=bool(_ASKS.fullmatch(names[column]))
    )
    order = _order_topics(names, plain, column)
    for piece, row, done in zip(rows, plain, statuses, strict=True):
        first = next((n for n in order if re.search(r"\w", row[n])), None)
        if done is not None and first is not None:
            others = (row[n] for n in range(len(names)) if n not in (first, column))
            more = "" if _read_cell_box(row[column]) else describe_status(row[column])
            detail = "; ".join(part for part in (more, *others) if part.strip(" –—-"))
            yield StatusRow(row[first], done, detail, piece.line)


def _is_test_report(names: Sequence[str], above: Sequence[Heading]) -> bool:
    """Return True for a table of what software passes, not of what somebody has learned."""
    heading = above[-1].words if above else ""
    return any(_CHECKED.fullmatch(name) for name in (*names, heading))


def _read_column(cells: Sequence[str], *, asks: bool) -> list[bool | None]:
    """Return what each status says; an empty one is "not yet" beside ticks."""
    read = [_read(cell, asks=asks) for cell in cells]
    has_ticks = any(done and len(cell) < 4 for cell, done in zip(cells, read, strict=True))
    blank = False if asks or has_ticks else None
    return [done if cell else blank for cell, done in zip(cells, read, strict=True)]


def find_status_column(names: Sequence[str]) -> int | None:
    """Return the column whose head names a status, or else asks whether something is done."""
    heads = [_strip(name) for name in names]
    found = (
        n
        for kind in (_STATUS, _ASKS, _READ)
        for n, head in enumerate(heads)
        if kind.fullmatch(head)
    )
    return next(found, None)


def _find_status(names: Sequence[str], rows: Sequence[Sequence[str]]) -> int | None:
    """Return the column with the status: its head says so, or it holds nothing but boxes.

    Below an empty head a sign alone is a box as well.
    """
    if (found := find_status_column(names)) is not None:
        return found
    for n in range(len(names)):
        held = [row[n] for row in rows if row[n]]
        if held and all(_read_cell_box(cell) or (not names[n] and is_sign(cell)) for cell in held):
            return n
    return None


def _read(cell: str, *, asks: bool) -> bool | None:
    box = _read_cell_box(cell)
    return box[1] if box else read_status(cell, asks=asks)


def _read_cell_box(cell: str) -> tuple[str, bool] | None:
    """Return the box of a cell; a box alone is one too."""
    return read_box(f"{cell} .")


def _order_topics(names: Sequence[str], rows: Sequence[Sequence[str]], status: int) -> list[int]:
    """Return the columns that may say what a row is about, the most telling one first.

    A column of topics says more than any other; one of weeks or numbers says it only where there
    is nothing else.
    """

    def rank(n: int) -> int:
        held = [row[n] for row in rows if row[n]]
        if _COUNTER.fullmatch(names[n]) or all(_COUNTED.fullmatch(cell) for cell in held):
            return 2
        return 0 if _TOPIC.fullmatch(names[n]) else 1

    return sorted((n for n in range(len(names)) if n != status), key=lambda n: (rank(n), n))


def _strip(name: str) -> str:
    """Return a column's head without markup and the signs around its words."""
    plain = re.sub(r"[*_`]", "", name).strip()
    return re.sub(r"^[^\w#✅✓✔☑]+|[^\w#°️✅✓✔☑]+$", "", plain).strip()
