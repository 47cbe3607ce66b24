"""The words and signs by which a status says that something is done, or is not done yet."""

from __future__ import annotations

import re
import unicodedata

_TICKS = "✅☑✔✓🗸√"
DONE_SIGNS = f"{_TICKS}🟢"
OPEN_SIGNS = "❌⬜☐🔲⏳🚧🔜◻□🟡🔴🟠✗✘✖✕🔄⌛"
_VARIANT = "\ufe0f"

_DONE = (
    "done, complete, completed, finished, passed, solved, implemented,"
    "erledigt, fertig, abgeschlossen, geschafft, bestanden, gemacht,"
    "terminé, terminée, fini, finie, fait, faite, achevé, complété,"
    "completado, completada, terminado, terminada, hecho, hecha, finalizado, finalizada, listo,"
    "concluído, concluída, feito, feita, completo, completa, pronto,"
    "completato, completata, fatto, fatta, finito, terminato, concluso,"
    "klaar, afgerond, voltooid, gedaan, af,"
    "zrobione, ukończone, ukończony, ukończona, gotowe, zakończone, skończone,"
    "готово, сделано, завершено, завершен, завершена, выполнено, пройдено, закончено, прочитано,"
    "tamamlandı, bitti, yapıldı, tamam, klart, klar, färdig, ferdig, hotovo, dokončeno,"
    "已完成, 完成, 完成了, 做完, 做完了, 已做完, 完结, 已完結, 搞定, 已结束, 已读完,"
    "完了, 済, 済み, 終了, 完成済み, 완료, 완료됨, 완료함, 끝, 완성, 했음"
)
_OPEN = (
    "planned, planning, to do, todo, to-do, open, not started, not yet started, not yet, not done,"
    "not yet done, not begun, not complete, not completed, not finished, unfinished, in progress,"
    "in-progress, in work, wip, started, ongoing, pending, next, incomplete, upcoming, later,"
    "blocked, skipped, to be done, half done, half way, halfway, partial, partially done, doing,"
    "offen, geplant, ausstehend, in arbeit, läuft, angefangen, begonnen, nicht begonnen,"
    "noch offen, nicht fertig, nicht erledigt,"
    "à faire, en cours, prévu, planifié, en attente, pas commencé, non commencé, commencé,"
    "pendiente, en progreso, en curso, en proceso, por hacer, planeado, planificado, sin empezar,"
    "no iniciado, empezado, pendente, em andamento, em progresso, a fazer, planejado,"
    "não iniciado, in corso, da fare, in sospeso, pianificato, non iniziato,"
    "bezig, gepland, te doen, niet begonnen, nog niet begonnen, mee bezig,"
    "w trakcie, do zrobienia, planowane, zaplanowane, nie rozpoczęte, w toku,"
    "в процессе, в работе, не начато, запланировано, ожидает, начато, в планах, не готово,"
    "не сделано, devam ediyor, bekliyor, planlandı, başlanmadı, yapılacak, pågår, planerad,"
    "noch nicht, pas encore, todavía no, aún no, ainda não, non ancora, nog niet, jeszcze nie,"
    "nie zaczęte, nie zaczęto, ещё нет, пока нет, henüz değil, 未, まだ, 아직,"
    "进行中, 進行中, 未完成, 未开始, 未開始, 待办, 待辦, 待完成, 待开始, 计划中, 計劃中, 没开始,"
    "学习中,"
    "未完了, 未着手, 予定, 作業中, 着手中, 진행중, 진행 중, 미완료, 예정, 시작 전, 시작전, 대기"
)
_YES = "yes, y, x, ja, oui, sí, si, sim, tak, да, evet, 是, はい, 예, ok"
_NO = "no, n, nein, non, não, nee, nie, нет, hayır, 否, いいえ, 아니오"


def _fold(words: str) -> str:
    """Return the words in lower case and without accents, which many people leave out."""
    plain = unicodedata.normalize("NFKD", words.casefold().replace("ı", "i"))
    return " ".join("".join(c for c in plain if not unicodedata.combining(c)).split())


def _list_words(words: str) -> frozenset[str]:
    return frozenset(_fold(word) for word in words.split(",") if word.strip())


_DONE_WORDS, _OPEN_WORDS = _list_words(_DONE), _list_words(_OPEN)
_YES_WORDS, _NO_WORDS = _list_words(_YES), _list_words(_NO)
_SIGN = re.compile(rf"([{DONE_SIGNS}{OPEN_SIGNS}]){_VARIANT}?\s*")
_FRACTION = re.compile(r"\(?\s*(\d{1,4})\s*(?:/|of|von|sur|de|из)\s*(\d{1,4})\s*\)?")
_PERCENT = re.compile(r"(\d{1,3})(?:[.,]\d+)?\s*[%％]")
_TAIL = re.compile(r"\s*(?:[(（\[,;:：–—]|\s-\s|\d|\b(?:on|in|am|le|el|il|em|op)\s+\d)")
"""How the rest of a status begins that adds to its first words and does not change them."""


def read_status(cell: str, *, asks: bool = False) -> bool | None:
    """Return whether a status says done or not yet; None when it says neither.

    A tick in front or at the end counts, whatever the words beside it. Otherwise the words have to
    be known, and beside words that are not known another sign counts. ``asks`` is for a column
    that asks, such as ``Done?``: there yes and no are answers.
    """
    plain = re.sub(r"[*_`~]", "", cell).strip()
    sign = _SIGN.match(plain) or _find_last_sign(plain)
    if sign and sign[1] in _TICKS:
        return True
    known = _read_words(_SIGN.sub("", plain), asks=asks)
    return sign[1] in DONE_SIGNS if sign and known is None else known


def is_sign(cell: str) -> bool:
    """Return True if a cell holds a sign and nothing else."""
    return bool(_SIGN.fullmatch(cell.strip()))


def _find_last_sign(plain: str) -> re.Match[str] | None:
    return re.search(rf"([{DONE_SIGNS}{OPEN_SIGNS}]){_VARIANT}?\s*$", plain)


def _read_words(words: str, *, asks: bool = False) -> bool | None:
    plain = words.strip(" .!。！\t")
    plain = re.sub(r"^[^\w(\[（%％]+", "", plain).strip()
    if found := _FRACTION.fullmatch(plain):
        return int(found[1]) >= int(found[2]) if int(found[2]) else None
    if found := _PERCENT.fullmatch(plain):
        return int(found[1]) >= 100
    if (known := _look_up(plain.strip("()（）[]"), asks=asks)) is not None:
        return known
    tail = _TAIL.search(plain)
    return _look_up(plain[: tail.start()], asks=asks) if tail and tail.start() else None


def _look_up(words: str, *, asks: bool) -> bool | None:
    folded = _fold(words)
    if folded in _DONE_WORDS or (asks and folded in _YES_WORDS):
        return True
    if folded in _OPEN_WORDS or (asks and folded in _NO_WORDS):
        return False
    return None


def describe_status(cell: str) -> str:
    """Return what a status says beside done and not yet; empty if it says nothing more."""
    plain = _SIGN.sub("", re.sub(r"[*_`~]", "", cell)).strip(" .!")
    words = re.sub(r"^[^\w(]+", "", plain).strip()
    says_no_more = _look_up(words, asks=True) is not None and _fold(words) not in _TELLING
    return "" if says_no_more or re.fullmatch(r"100 ?%", words) else words


_TELLING = _OPEN_WORDS - _list_words("planned, to do, todo, to-do, open, not done")
"""Words that say how far something has come, and not only that it is not done."""
