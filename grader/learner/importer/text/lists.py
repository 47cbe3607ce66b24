"""What the headings above a list say of it, and its items."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence

from markdown_it.token import Token

from grader.learner.importer.text.pieces import Heading
from grader.learner.model import ReadingState

_KINDS = {
    "paper": r"papers?",
    "book": r"books?",
    "course": r"courses?|lectures?",
    "codebase": r"codebases?|repos(?:itor(?:y|ies))?|code bases?",
    "video": r"videos?|watch(?:list| list)?|to watch|playlists?",
    "article": r"articles?|blogs?|blog posts?",
}
_WORDS = "|".join(
    (
        *_KINDS.values(),
        r"resources?|readings?(?: lists?)?|to read|inbox|next up|tutorials?|links?|references"
        r"|bibliography",
    )
)
_ELSEWHERE = (
    r"zu lesen|liste de lecture|lista de lectura|lista de leitura|lista di lettura|te lezen"
    r"|do przeczytania|почитать|список чтения|okuma listesi|okunacaklar|要读|待读|読みたい|읽을 것|"
    r"bücher|ressourcen|quellen|literatur|leseliste|lektüre|livres|ressources|à lire|libros"
    r"|recursos|lecturas|por leer|livros|leituras|artigos|artículos|libri|risorse|letture"
    r"|da leggere|boeken|bronnen|leeslijst|książki|zasoby|kaynaklar|kitaplar|книги|статьи"
    r"|ресурсы|материалы|литература|论文|書籍|书籍|书单|资源|资料|参考资料|参考文献|阅读|阅读清单|阅读列表|链接|論文|リソース|読書リスト"
    r"|논문|자료|참고 ?자료|읽을거리"
)
_REST = r"(?:\s*[,/&+(:–—-].*| (?:and|to|for|on|of|i|about|worth)\b.*)?"
_LISTS = re.compile(rf"(?:.* )?(?:{_WORDS}|{_ELSEWHERE}){_REST}", re.IGNORECASE)
_COLLECTIONS = re.compile(
    r"(?:.* )?(?:papers|books|courses|codebases|code bases|repos|repositories|videos|watch ?list"
    r"|to watch|playlists|articles|blogs|blog posts|resources|readings?(?: lists?)?|to read|inbox"
    rf"|next up|tutorials|links|references|bibliography|{_ELSEWHERE}){_REST}",
    re.IGNORECASE,
)
_STATES: tuple[tuple[ReadingState, str], ...] = (
    ("inbox", r"inbox|to read|to watch|backlog|later"),
    ("next", r"next(?: up)?|up next"),
    ("reading", r"(?:currently |now )?(?:reading|watching)(?: now)?|in progress|current"),
    ("done", r"(?:already )?(?:done|read|watched|finished|completed)"),
)
_NOUN = re.compile(r"reading|watching", re.IGNORECASE)
_LONGEST_HEADING = 6
"""Words beyond which a heading is a sentence, not the name of a list."""


def is_reading_list(heading: Heading) -> bool:
    """Return True if a list below this heading is one of things to read."""
    short = len(heading.words.split()) <= _LONGEST_HEADING
    return short and bool(_LISTS.fullmatch(_strip_signs(heading)))


def is_collection(heading: Heading) -> bool:
    """Return True if each item below this heading is something to read, with a link or without.

    ``Papers`` says so. ``CS336 course`` or ``Lectures`` do not: their items may be what to do.
    """
    short = len(heading.words.split()) <= _LONGEST_HEADING
    return short and bool(_COLLECTIONS.fullmatch(_strip_signs(heading)))


def find_states(headings: Iterable[Heading]) -> frozenset[str]:
    """Return the states that the headings of a journal name, but for a bare "Reading"."""
    words = (_strip_signs(heading) for heading in headings)
    return frozenset(filter(None, (_name_state(one) for one in words if not _NOUN.fullmatch(one))))


def find_state(
    above: Sequence[Heading], title: Heading | None, states: Collection[str]
) -> ReadingState:
    """Return the reading state that the nearest heading names; ``inbox`` where none does.

    The page's title names none but for the list directly below it. "Reading" is the name of a list
    as well: it says "being read" only beside headings that name other states.
    """
    for heading in reversed(above):
        words = _strip_signs(heading)
        is_bare = bool(_NOUN.fullmatch(words)) and not states
        is_far = heading == title and heading != above[-1]
        if not is_bare and not is_far and (state := _name_state(words)):
            return state
    return "inbox"


def _name_state(words: str) -> ReadingState | None:
    found = (name for name, pattern in _STATES if re.fullmatch(pattern, words, re.IGNORECASE))
    return next(found, None)


def find_kind(above: Sequence[Heading]) -> str:
    """Return the kind of resource that the nearest heading names; empty where none does."""
    for heading in reversed(above):
        for name, pattern in _KINDS.items():
            if re.search(rf"\b(?:{pattern})\b", _strip_signs(heading), re.IGNORECASE):
                return name
    return ""


def _strip_signs(heading: Heading) -> str:
    return re.sub(r"^[^\w]+|[^\w)]+$", "", heading.words)


def split_items(tokens: Sequence[Token]) -> list[list[Token]]:
    """Return the tokens of each item of the outermost list."""
    items: list[list[Token]] = []
    base = tokens[0].level + 1
    for token in tokens:
        if token.type == "list_item_open" and token.level == base:
            items.append([])
        if items and token.level >= base:
            items[-1].append(token)
    return items


def find_first_line(item: Sequence[Token]) -> Token | None:
    """Return the inline token that an item begins with; None when it begins otherwise."""
    if len(item) > 2 and item[1].type == "paragraph_open":
        return item[2]
    return None


def is_single(item: Sequence[Token]) -> bool:
    """Return True if an item is one paragraph."""
    return sum(token.type == "inline" for token in item) == 1 and len(item) <= 5
