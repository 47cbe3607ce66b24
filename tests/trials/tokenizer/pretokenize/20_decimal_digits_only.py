# wrong: only decimal digits are numbers, so ½ and ² are other characters | violates: "a number one whose category begins with N"
import regex

PATTERN = regex.compile(r"""'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\d+| ?[^\s\p{L}\d]+|\s+(?!\S)|\s+""")


def pretokenize(text: str) -> list[str]:
    """Cut a text into pieces as GPT-2 does."""
    return PATTERN.findall(text)
