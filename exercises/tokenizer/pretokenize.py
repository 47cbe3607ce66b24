"""Pre-tokenization: cut a text into words before any bytes are joined.

Not here: ids for the pieces, and joining bytes inside them.
"""

import regex


def pretokenize(text: str) -> list[str]:
    """Cut a text into pieces as GPT-2 does, so that no token can contain parts of two words.

    From the start of the text, the first of these rules that matches gives the next piece, and
    the piece is as long as possible:

        1. an apostrophe ' followed by s, d, m, t, ll, ve or re (in lower case)
        2. letters, with one space before them if there is one
        3. numbers, with one space before them if there is one
        4. other characters, with one space before them if there is one
        5. white space up to the end of the text, or up to, but without, the last white-space
           character before something else
        6. white space

    A letter is a character whose general category in Unicode begins with L, a number one whose
    category begins with N. White space is the characters with the property White_Space: those
    for which ``str.isspace`` is true, without U+001C to U+001F. All others are "other
    characters", an apostrophe and a combining mark among them. Rules 2 to 4 take only a plain
    space, U+0020, and apart from it a piece has one kind of character.

    Args:
        text: any text without surrogates, also an empty one.

    Returns:
        A new list of the pieces, none of them empty; joined end to end they are the text.

    >>> pretokenize("It's  12 years!")
    ['It', "'s", ' ', ' 12', ' years', '!']

    The library ``regex`` may be used, as may ``unicodedata``. Not to be used: a tokenizer
    library. Source: Radford et al., 2019, section 2.2, and ``encoder.py`` of their code.
    """
    raise NotImplementedError("write pretokenize (about 9 lines)")
