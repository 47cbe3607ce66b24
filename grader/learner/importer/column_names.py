"""The names of columns, in a dozen languages: of a status, of what is counted, of topics."""

from __future__ import annotations

import re


def _compile(*names: str) -> re.Pattern[str]:
    return re.compile("|".join(names), re.IGNORECASE)


STATUS = _compile(
    r"(?:my |current |study |learning )?(?:status|state|progress)",
    r"stand|zustand|fortschritt|statut|état|avancement|estado|progreso|progresso|stato",
    r"avanzamento|voortgang|postęp|durum|ilerleme|статус|состояние|прогресс",
    r"状态|狀態|進捗|状況|進捗状況|进度|進度|完成情况|状態|상태|진행 ?상황|진행 ?상태|진도",
)
ASKS = _compile(
    r"done|completed?|finished|erledigt|fertig|abgeschlossen|fait|terminé|fini|hecho|completado",
    r"terminado|feito|concluído|fatto|completato|klaar|gedaan|zrobione|ukończone|готово|сделано",
    r"выполнено|tamamlandı|bitti|完成|已完成|是否完成|完了|済|완료|완료 ?여부|[✅✓✔☑]\ufe0f?",
)
"""A column that asks whether something is done: yes and no are its answers."""
READ = _compile(
    r"read|watched|studied|learned|learnt|implemented|coded|solved|gelesen|gesehen|lue?s?|vue?s?",
    r"leídos?|vistos?|lidos?|letti?|gelezen|przeczytane|прочитано|okundu|已读|已讀|読了|読んだ|읽음",
)
"""A column that asks whether something was read, watched or tried out."""
COUNTER = _compile(
    r"|#|no|nr|num(?:ber)?|id|n°|№|week|day|date|month|phase|step|order|priority|time|hours?",
    r"duration|(?:due|start|end|target)(?: date)?|deadline|woche|tag|datum|monat|zeit|dauer",
    r"semaine|jour|mois|semana|día|dia|fecha|data|mes|mês|settimana|giorno|mese|dzień|tydzień",
    r"hafta|gün|tarih|неделя|день|дата|месяц|周|週|周数|天|日期|日|第几周|時間|时间|주|주차|날짜|일차",
)
COUNTED = re.compile(
    r"(?:(?:week|wk|day|phase|step|part|no|nr|chapter|ch|woche|tag|kapitel|semaine|jour|semana"
    r"|día|dia|settimana|неделя|день|hafta|gün|lecture|lec|module|unit|w|d|第)\.?\s*)?"
    r"#?\s*\d[\d\s.,/:–-]*(?:周|週|天|日|章|주차|주|일차|일)?",
    re.IGNORECASE,
)
"""What stands in a column that counts: ``3``, ``Week 3``, ``2025-07-20``."""
TOPIC = _compile(
    r"(?:main |study |learning )?(?:topics?|tasks?|what|titles?|subjects?|lessons?|exercises?)",
    r"assignments?|projects?|components?|goals?|milestones?|themen?|aufgaben?|inhalt|sujets?",
    r"thèmes?|tâches?|temas?|tareas?|assuntos?|tarefas?|argoment[oi]|compiti?|onderwerp|taak",
    r"temat|zadanie|konu|görev|темы?|задач[аи]|задани[ея]|主题|主題|内容|內容|任务|任務|作业|课程",
    r"テーマ|課題|タスク|주제|내용|과제",
)
CHECKED = _compile(
    r"(?:unit |my )?(?:tests?|checks?|assertions?)(?: run| results?| passed| cases?)?|testfälle?",
    r"测试|テスト|테스트",
)
"""A column, or a heading, of what software passes, not of what somebody has learned."""
