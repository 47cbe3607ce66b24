# right: one compiled pattern for each rule, tried in order, long property names
"""Pre-tokenization with the six rules as six patterns, tried in order."""
import regex as re

RULES = [
    re.compile(pattern)
    for pattern in (
        r"'(?:[sdmt]|ll|ve|re)",
        r"\u0020?\p{Letter}+",
        r"\u0020?\p{Number}+",
        r"\u0020?[^\p{White_Space}\p{Letter}\p{Number}]+",
        r"\p{White_Space}+(?=\p{White_Space}|\Z)",
        r"\p{White_Space}+",
    )
]


def pretokenize(text: str) -> list[str]:
    """Cut a text into pieces as GPT-2 does."""
    pieces: list[str] = []
    position = 0
    while position < len(text):
        found = next(m for rule in RULES if (m := rule.match(text, position)))
        pieces.append(found.group())
        position = found.end()
    return pieces
