"""How ordinary the letters of a text are, if it was written in a certain character set."""

from __future__ import annotations

import re
import unicodedata

_HAN = {
    "gb18030": ("gb2312", 0xB0, 0xD7),
    "big5": ("big5", 0xA4, 0xC6),
    "cp932": ("euc_jp", 0xB0, 0xCF),
    "euc_jp": ("euc_jp", 0xB0, 0xCF),
}
"""Where the usual characters of a set stand: an encoding, and its first bytes from and to."""
_FREQUENT = {
    "gb18030": (
        "的一是不了在人有我他这中大来上国个到说们为子和你地出道也时年得就那要下以生会自着"
        "去之过家学对可她里后小么心多天而能好都然没日于起还发成事只作当想看文无开手十用主"
        "行方又如前所本见经头面公同三已老从动两长知民样现分将外但身些与高意进把法此实回二"
        "理今月习课记录第周读完数据模型注力语言训练机器代码"
    ),
    "big5": (
        "的一是不了在人有我他這中大來上國個到說們為子和你地出道也時年得就那要下以生會自著"
        "去之過家學對可她裡後小麼心多天而能好都然沒日於起還發成事只作當想看文無開手十用主"
        "行方又如前所本見經頭面公同三已老從動兩長知民樣現分將外但身些與高意進把法此實回二"
        "理今月習課記錄第週讀完數據模型注力語言訓練機器程式"
    ),
    "cp949": (
        "이다는에의을를가고하지기도로리사한서인어나자대아그시정일은보수만해제부전들게과와"
        "으오주스있었했습니까공학라면것요소년월날화목금토읽완료현구문"
    ),
    "cp1251": "оеаинтсрвлкмдпу",
    "koi8_r": "оеаинтсрвлкмдпу",
    "cp1253": "αοιετσνηυρπκλάίέό",
}
"""The most frequent characters: a handful of them stands in every sentence."""
_LATIN = {
    "cp1252": "äöüßéèêëàâáãåæçíìîïñóòôõøúùûœœ",
    "cp1250": "ąćęłńóśźżáčďéěíňřšťúůýžőűăâîşţđ",
    "cp1254": "çğıöşüİâî",
    "mac_roman": "äöüßéèêëàâáçñíóúôîï",
}
_ALPHABETS = ("cp1251", "koi8_r", "cp1253")
_SIGNS = set("–—‘’“”„…•·°§€£«»±×÷²³µ©®™¼½¾†‰¿¡\u00a0")
_WORD = re.compile(r"[^\W\d_]+")
_SYLLABLES = re.compile("[\uac00-\ud7a3]")
_KANA = re.compile("[\u3041-\u30fe]")
_WIDE_SIGNS = re.compile("[\u2000-\u206f\u2190-\u27bf\u3000-\u303f\uff01-\uff5e]")
_LONGEST_RUN = 3
"""Letters with accents that stand side by side in a word of a Latin script."""


def measure_letters(charset: str, text: str) -> float:
    """Return the share of the letters beyond ASCII that are ordinary in that character set."""
    if charset in _LATIN:
        return _measure_latin(charset, text)
    if charset in _HAN:
        share = _measure_han(charset, text)
    elif charset == "cp949":
        share = _measure_korean(text)
    else:
        share = _measure_alphabet("GREEK" if charset == "cp1253" else "CYRILLIC", text)
    return share * (0.7 + 0.3 * _measure_frequent(charset, text))


def _measure_frequent(charset: str, text: str) -> float:
    """Return 1 where the most frequent characters are as frequent as in a sentence."""
    letters = [letter.lower() for letter in _list_beyond(text)]
    if charset in ("cp932", "euc_jp"):
        found = sum(bool(_KANA.match(letter)) for letter in letters)
    else:
        found = sum(letter in _FREQUENT[charset] for letter in letters)
    usual = 0.6 if charset in _ALPHABETS else 0.2
    return min(1.0, found / max(1, len(letters)) / usual)


def _list_beyond(text: str) -> list[str]:
    return [letter for letter in text if not letter.isascii() and not _WIDE_SIGNS.match(letter)]


def _measure_han(charset: str, text: str) -> float:
    letters = _list_beyond(text)
    kana = sum(bool(_KANA.match(letter)) for letter in letters)
    usual = sum(_is_usual(letter, *_HAN[charset]) for letter in letters)
    total = max(1, len(letters))
    if charset in ("gb18030", "big5"):
        return usual / total
    # A Japanese sentence has kana; without any the same bytes are rather Chinese.
    return (usual + kana) / total * (1.0 if kana or total < 6 else 0.6)


def _is_usual(letter: str, encoding: str, first: int, last: int) -> bool:
    try:
        code = letter.encode(encoding)
    except UnicodeEncodeError:
        return False
    return len(code) == 2 and first <= code[0] <= last


def _measure_korean(text: str) -> float:
    letters = _list_beyond(text)
    usual = sum(_is_usual(letter, "euc_kr", 0xB0, 0xC8) for letter in letters)
    return usual / max(1, len(letters))


def _measure_alphabet(script: str, text: str) -> float:
    """Measure words of one script whose capitals stand at their beginning."""
    total = good = 0
    for word in _WORD.findall(text):
        beyond = [letter for letter in word if not letter.isascii()]
        total += len(beyond)
        in_case = word[1:].islower() or word.isupper() or len(word) == 1
        if len(beyond) == len(word) and in_case:
            good += sum(unicodedata.name(letter, "").startswith(script) for letter in word)
    total += sum(letter not in _SIGNS and not letter.isalpha() for letter in _list_beyond(text))
    accents = script != "GREEK" or re.search("[άέήίόύώ]", text)  # nearly every Greek word has one
    return good / max(1, total) * (1.0 if accents else 0.8)


def _measure_latin(charset: str, text: str) -> float:
    """Measure accents that stand by themselves among other letters; signs stand outside words."""
    letters = set(_LATIN[charset]) | set(_LATIN[charset].upper().replace("SS", ""))
    total = good = 0
    for found in re.finditer(r"[^\W\d_]*[^\x00-\x7f][\w\u00a0-\u00bf]*", text):
        letters_only = "".join(letter for letter in found[0] if letter.isalpha())
        in_case = letters_only[1:].islower() or letters_only.isupper() or len(letters_only) < 2
        for run in re.findall(r"[^\x00-\x7f]+", found[0]):
            total += len(run)
            if len(run) <= _LONGEST_RUN and in_case:
                good += sum(_fits(letter, letters, found[0]) for letter in run)
    return good / max(1, total)


def _fits(letter: str, letters: set[str], word: str) -> bool:
    if letter in _SIGNS:
        return (
            not re.search(rf"[^\W\d_]{re.escape(letter)}[^\W\d_]", word) or letter in "’·\u00a0—–"
        )
    return letter in letters
