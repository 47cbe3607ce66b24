"""Which units of the course a claim is about."""

from __future__ import annotations

import re
from collections.abc import Mapping

from grader.course.model import Course

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


def find_units(words: str, course: Course) -> tuple[str, ...]:
    """Return the units of the course that the words mention, in course order."""
    return tuple(
        unit.id for unit in course.iterate_units() if _mentions(words, unit.id, unit.title)
    )


def _mentions(words: str, unit: str, title: str) -> bool:
    pattern = _UNIT_WORDS.get(unit) or re.escape(title)
    return bool(re.search(rf"\b(?:{pattern})\b", words, re.IGNORECASE))
