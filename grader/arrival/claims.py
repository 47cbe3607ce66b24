"""What is said to be done or planned, and of which units of the course it speaks."""

from __future__ import annotations

import re
from collections.abc import Mapping

from grader.course import Course

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
"""How a line begins that says what its writer made."""

_SPEAKS: Mapping[str, str] = {
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
"""The words by which a claim speaks of a unit; a unit that is not here is known by its title."""


def box(words: str) -> tuple[str, bool] | None:
    """A check list's item without its box or sign, and whether it is ticked."""
    if found := _BOX.match(words):
        return words[found.end() :].strip(), found[1] not in ("", " ", "~", "/", "-")
    if found := _SIGNS.match(words):
        rest, done = words[found.end() :].strip(), found[1] in _DONE_SIGN
        return (_without_word(rest), done) if rest else None
    if found := _LAST_SIGN.search(words):
        return words[: found.start()].strip(), found[1] in _DONE_SIGN
    if found := _LAST_WORD.search(words):
        said = found["one"] or found["two"]
        return words[: found.start()].strip(), bool(re.fullmatch(_DONE, said, re.IGNORECASE))
    return None


def _without_word(words: str) -> str:
    return _LAST_WORD.sub("", words)


def status(cell: str) -> tuple[bool, str]:
    """Whether a status says that something is done, and its words where they say more."""
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
    plainly = re.fullmatch(r"planned|to ?do|open|", words, re.IGNORECASE)
    return False, "" if plainly else words


def is_past(words: str) -> bool:
    """Whether a line says that its writer has made something."""
    return bool(_PAST.match(words))


def units(words: str, course: Course) -> tuple[str, ...]:
    """The units of the course of which the words speak, in course order."""
    return tuple(unit.id for unit in course.units() if _speaks(words, unit.id, unit.title))


def _speaks(words: str, unit: str, title: str) -> bool:
    pattern = _SPEAKS.get(unit) or re.escape(title)
    return bool(re.search(rf"\b(?:{pattern})\b", words, re.IGNORECASE))
