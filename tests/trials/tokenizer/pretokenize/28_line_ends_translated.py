# wrong: \r\n becomes \n before cutting | violates: "joined end to end they are the text"
import regex

PATTERN = regex.compile(r"""'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+""")


def pretokenize(text: str) -> list[str]:
    """Cut a text into pieces as GPT-2 does."""
    return PATTERN.findall(text.replace("\r\n", "\n"))
