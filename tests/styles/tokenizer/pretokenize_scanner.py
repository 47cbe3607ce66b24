"""Pre-tokenization by hand, one character after the other."""

import unicodedata

ENDS = ["'s", "'t", "'re", "'ve", "'m", "'ll", "'d"]


def kind(letter):
    """What kind of character it is."""
    if letter.isspace() and not "\x1c" <= letter <= "\x1f":
        return " "
    category = unicodedata.category(letter)
    return category[0] if category[0] in "LN" else "?"


def pretokenize(text):
    """Cut a text into pieces."""
    pieces = []
    i = 0
    while i < len(text):
        end = next((e for e in ENDS if text.startswith(e, i)), None)
        if end is not None:
            pieces.append(end)
            i += len(end)
            continue
        start = i
        if text[i] == " " and i + 1 < len(text) and kind(text[i + 1]) != " ":
            i += 1
        wanted = kind(text[i])
        while i < len(text) and kind(text[i]) == wanted:
            i += 1
        if wanted == " " and i < len(text) and i - start > 1:
            i -= 1
        pieces.append(text[start:i])
    return pieces
