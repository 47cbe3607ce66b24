# wrong: splits at white space with str.split, so that spaces are lost | violates: "joined end to end they are the text"
import regex


def pretokenize(text: str) -> list[str]:
    """Cut a text into pieces as GPT-2 does."""
    pattern = regex.compile(r"'s|'t|'re|'ve|'m|'ll|'d|\p{L}+|\p{N}+|[^\s\p{L}\p{N}]+")
    return [piece for word in text.split() for piece in pattern.findall(word)]
