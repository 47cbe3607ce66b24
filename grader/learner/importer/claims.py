"""What a line claims to be done or planned, and which units of the course it is about."""

from __future__ import annotations

import re
from collections.abc import Mapping

from grader.course.model import Course

_DONE_SIGN = "✅☑✔✓🟢🗸"
_OPEN_SIGN = "❌⬜☐🔲⏳🚧🔜◻□🟡🔴🟠✗✘"
_SIGNS = re.compile(rf"^([{_DONE_SIGN}{_OPEN_SIGN}])\ufe0f?\s*")
_BOX = re.compile(r"^\[([ xX✓✔~/-]?)\]\s+")
_LAST_SIGN = re.compile(rf"\s*([{_DONE_SIGN}{_OPEN_SIGN}])\ufe0f?$")
_DONE = r"done|complete|completed|finished|passed|yes|x"
_OPEN = (
    r"planned|planning|to ?do|todo|open|not (?:yet )?(?:started|done|begun|completed?)"
    r"|in progress|in[- ]work|wip|started|ongoing|pending|next|no|incomplete|upcoming|later"
    r"|blocked|skipped"
)
_LAST_WORD = re.compile(
    rf"\s*(?:\((?P<one>{_DONE}|{_OPEN})\)|[:–—-]\s+(?P<two>{_DONE}|{_OPEN}))[.!]?$", re.IGNORECASE
)
_PAST = re.compile(
    r"(?:(?:successfully|progressively|finally)\s+)?"
    r"(?:(?:implemented|built|created|completed|finished|wrote|coded|developed|architected)\b(?!-)"
    r"|(?:trained|pre-?trained|fine-?tuned|converted)\s+(?:the|a|an|my|our|it|on|\w+ \w+ to)\b)",
    re.IGNORECASE,
)
"""How a line begins that says what its writer built."""

_UNIT_WORDS: Mapping[str, str] = {
    "tokenizer": r"tokeni[sz]\w*|token ids?|bpe|byte[- ]pair|wordpiece|sentencepiece",
    "data": r"data ?loaders?|datasets?|corpus|batching|sliding window of tokens",
    "embeddings": r"embeddings?|positional|positions?|rope|rotary|sinusoidal",
    "attention": r"(?:\w+-)?attention|causal mask\w*",
    "blocks": (
        r"transformer (?:building )?blocks?|layer ?norm\w*|rms ?norm\w*|feed-?forward|ffn|gelu"
        r"|swiglu|glu|normali[sz]ation|residual\w*|shortcut\w*"
    ),
    "model": (
        r"(?:tiny|complete|whole|decoder-only|small|gpt2?-?style|gpt)[ -]?(?:\w+ )?"
        r"(?:transformer|language model|llm)|transformer (?:language )?models?|(?:nano)?gpt(?:-?2)?"
        r"(?:-?style)? (?:language )?models?|llama"
    ),
    "training": r"training loops?|pre-?train\w*|cross-?entropy|optimi[sz]ers?|adamw?|loss function",
    "sampling": r"sampling|temperature|top-?[kp]",
    "kv_cache": r"kv[- ]?cach\w*|key-value cach\w*",
    "quantization": r"quanti[sz]\w*|int8|int4",
    "lora": r"lora|low-rank adapt\w*",
    "finetuning": r"fine-?tun\w*|instruction tuning",
}
"""The words by which a claim mentions a unit; any other unit is mentioned by its title."""


def read_box(words: str) -> tuple[str, bool] | None:
    """Return a check list's item without its box or sign, and True if it is ticked.

    People tick items in four ways: a box or a sign in front, and a sign or a word at the end. None
    for an item that is neither ticked nor open.
    """
    if found := _BOX.match(words):
        return words[found.end() :].strip(), found[1] not in ("", " ", "~", "/", "-")
    if found := _SIGNS.match(words):
        rest, done = words[found.end() :].strip(), found[1] in _DONE_SIGN
        return (_strip_status_word(rest), done) if rest else None
    if found := _LAST_SIGN.search(words):
        return words[: found.start()].strip(), found[1] in _DONE_SIGN
    if found := _LAST_WORD.search(words):
        word = found["one"] or found["two"]
        return words[: found.start()].strip(), bool(re.fullmatch(_DONE, word, re.IGNORECASE))
    return None


def _strip_status_word(words: str) -> str:
    return _LAST_WORD.sub("", words)


def read_status(cell: str) -> tuple[bool, str]:
    """Return True if a status says that something is done, and its words where they say more."""
    plain = re.sub(r"[*_`]", "", cell).strip()
    sign = _SIGNS.match(plain)
    rest = _SIGNS.sub("", plain).strip(" .!")
    if (ticked := _BOX.match(f"{plain} ")) and not rest.strip("[]xX "):
        return ticked[1] in "xX✓✔", ""
    words = re.sub(r"^[^\w%]+", "", rest)
    if re.fullmatch(_DONE + r"|100 ?%", words, re.IGNORECASE):
        return True, ""
    if sign and not words:
        return sign[1] in _DONE_SIGN, ""
    says_nothing_more = re.fullmatch(r"planned|to ?do|open|", words, re.IGNORECASE)
    return False, "" if says_nothing_more else words


def is_past(words: str) -> bool:
    """Return True if a line says that its writer has built something."""
    return bool(_PAST.match(words))


def find_units(words: str, course: Course) -> tuple[str, ...]:
    """Return the units of the course that the words mention, in course order."""
    return tuple(
        unit.id for unit in course.iterate_units() if _mentions(words, unit.id, unit.title)
    )


def _mentions(words: str, unit: str, title: str) -> bool:
    pattern = _UNIT_WORDS.get(unit) or re.escape(title)
    return bool(re.search(rf"\b(?:{pattern})\b", words, re.IGNORECASE))
