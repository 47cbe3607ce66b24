# wrong: the text is normalised to NFC first | violates: "joined end to end they are the text"
import unicodedata


def kind(character: str) -> str:
    """Return one of letter, number, space, other."""
    category = unicodedata.category(character)
    if category[0] == "L":
        return "letter"
    if category[0] == "N":
        return "number"
    if character.isspace() and not "\x1c" <= character <= "\x1f":
        return "space"
    return "other"


def pretokenize(text: str) -> list[str]:
    """Cut a text into pieces as GPT-2 does, without regular expressions."""
    text = unicodedata.normalize("NFC", text)
    kinds = [kind(character) for character in text]
    pieces = []
    start = 0
    while start < len(text):
        for ending in ("'s", "'t", "'re", "'ve", "'m", "'ll", "'d"):
            if text.startswith(ending, start):
                stop = start + len(ending)
                break
        else:
            first = start
            if text[start] == " " and start + 1 < len(text) and kinds[start + 1] != "space":
                first = start + 1
            stop = first
            while stop < len(text) and kinds[stop] == kinds[first]:
                stop += 1
            if kinds[first] == "space" and stop < len(text) and stop - start > 1:
                stop -= 1
        pieces.append(text[start:stop])
        start = stop
    return pieces
