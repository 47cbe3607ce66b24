# wrong: a contraction counts only if no letter follows it | violates: "an apostrophe ' followed by s, d, m, t, ll, ve or re (in lower case)"
"""Pre-tokenization with the six rules as six patterns, tried in order."""
import regex as re

RULES = [
    re.compile(pattern)
    for pattern in (
        r"'(?:[sdmt]|ll|ve|re)\b",
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
