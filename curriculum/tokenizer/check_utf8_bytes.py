"""The checks of UTF-8."""

from grader.checks import equal, holds

HAND = [
    ("a", [0x61]),
    ("é", [0xC3, 0xA9]),
    ("€", [0xE2, 0x82, 0xAC]),
    ("😀", [0xF0, 0x9F, 0x98, 0x80]),
    ("n°1", [0x6E, 0xC2, 0xB0, 0x31]),
]
"""Texts and their bytes, worked by hand."""

EDGES = [0x00, 0x7F, 0x80, 0x7FF, 0x800, 0xD7FF, 0xE000, 0xFFFF, 0x10000, 0x10FFFF]
"""The first and the last code points of each length, and the neighbours of the surrogates."""

KEPT = ["\ufeffa", "a\ufeff", "a\r\nb\r", "e\u0301\u212b", " a \n", "a\0b", "\ufffd"]
"""What other decoders drop or change: byte order marks, line ends, accents, blanks, NUL."""

ROWS = [
    range(0x80),
    range(0x80, 0x800),
    range(0x800, 0xD800),
    range(0xE000, 0x10000),
    range(0x10000, 0x110000),
]


def test_a_text_becomes_a_list_of_numbers(to_bytes):
    """to_bytes returns a list of ints, empty for an empty text."""
    got = to_bytes("aé")
    holds(type(got) is list, "to_bytes returns a list", want="a list of ints", got=got)
    for byte in got:
        holds(
            type(byte) is int,
            "each byte in the list is an int",
            want="ints from 0 to 255",
            got=byte,
        )
    equal(to_bytes(""), [], say="an empty text has no bytes")


def test_characters_worked_by_hand(to_bytes):
    """The characters a, é, € and 😀 are encoded in one, two, three and four bytes."""
    for text, ids in HAND:
        equal(to_bytes(text), ids, say=f"the bytes of {text!r}")


def test_each_length_begins_and_ends_at_its_code_points(to_bytes):
    """The last code point of each row of the table and the first of the next are correct."""
    for c in EDGES:
        equal(to_bytes(chr(c)), list(chr(c).encode()), say=f"the bytes of U+{c:04X}")


def test_every_character_is_encoded_and_nothing_is_added(to_bytes):
    """U+FEFF, line ends, accents, blanks and NUL are encoded as they are."""
    for text in KEPT:
        equal(to_bytes(text), list(text.encode()), say=f"the bytes of {text!a}")


def test_random_texts_have_pythons_bytes(to_bytes, rng):
    """Random texts, short ones and one of 3,000 characters, have the bytes of str.encode."""
    for _ in range(50):
        text = _text(rng)
        equal(to_bytes(text), list(text.encode()), say=f"the bytes of {text!r}")
    text = "".join(_text(rng) for _ in range(500))
    equal(to_bytes(text), list(text.encode()), say=f"a text of {len(text)} characters")


def test_surrogates_are_no_characters(to_bytes):
    """A text that contains a surrogate from 0xD800 to 0xDBFF raises ValueError."""
    for text in ("\ud83d", "\ud800", "\udbff", "a\ud83db", "\ud83d\ude00"):
        _refused(to_bytes, text, f"{text!r} contains a surrogate")


def test_second_halves_of_pairs_are_no_characters(to_bytes):
    """A text that contains a surrogate from 0xDC00 to 0xDFFF raises ValueError."""
    for text in ("\ude00", "\udc00", "\udfff", "a\ude00b"):
        _refused(to_bytes, text, f"{text!r} contains a surrogate")


def test_bytes_worked_by_hand_become_text(from_bytes):
    """The bytes of a, é, € and 😀 are decoded to a str with these characters."""
    for text, ids in HAND:
        equal(from_bytes(ids), text, say=f"the text of {ids}")
    equal(from_bytes([]), "", say="an empty list is an empty text")


def test_the_first_and_last_characters_of_each_length_are_decoded(from_bytes):
    """The last code point of each row of the table and the first of the next are decoded."""
    for c in EDGES:
        equal(from_bytes(list(chr(c).encode())), chr(c), say=f"the character U+{c:04X}")


def test_every_character_is_decoded_and_none_is_changed(from_bytes):
    """U+FEFF, line ends, accents, blanks and NUL are decoded as they are."""
    for text in KEPT:
        equal(from_bytes(list(text.encode())), text, say=f"the bytes of {text!a}")


def test_every_text_comes_back_from_its_bytes(from_bytes, rng):
    """Random texts, short ones and one of 3,000 characters, are decoded from their bytes."""
    for _ in range(50):
        text = _text(rng)
        equal(from_bytes(list(text.encode())), text, say=f"the bytes of {text!r}")
    text = "".join(_text(rng) for _ in range(500))
    equal(from_bytes(list(text.encode())), text, say=f"a text of {len(text)} characters")


def test_a_character_cut_off_at_the_end_is_refused(from_bytes):
    """A last character that lacks bytes raises ValueError."""
    for ids in ([0xC3], [0xE2, 0x82], [0xF0, 0x9F, 0x98], [0x61, 0xE2], [0xC3, 0xA9, 0xF0, 0x9F]):
        _refused(from_bytes, ids, "the last character is cut off")


def test_a_character_cut_off_by_a_letter_is_refused(from_bytes):
    """An ASCII character where a continuation byte is due raises ValueError."""
    for ids in (
        [0xC3, 0x61],
        [0xE2, 0x82, 0x61],
        [0xE2, 0x61, 0xAC],
        [0xF0, 0x9F, 0x61, 0x80],
        [0xE2, 0x82, 0x2C, 0x61],
        [0xE2, 0x61, 0x61],
    ):
        _refused(from_bytes, ids, "an ASCII character cuts the character off")


def test_a_character_cut_off_by_another_is_refused(from_bytes):
    """The first byte of another character where a continuation byte is due raises ValueError."""
    for ids in (
        [0xC3, 0xC3, 0xA9],
        [0xC3, 0xE9],
        [0xE2, 0x82, 0xC3, 0xA9],
        [0xE2, 0xC3, 0xA9],
        [0xE2, 0xC2, 0xAC],
        [0xF0, 0x9F, 0x98, 0xC3, 0xA9],
        [0xF0, 0x9F, 0xD8, 0x80],
    ):
        _refused(from_bytes, ids, "another character's first byte cuts the character off")


def test_a_continuation_byte_alone_is_refused(from_bytes):
    """A continuation byte that belongs to no character raises ValueError."""
    for ids in ([0x80], [0x61, 0xBF], [0xC3, 0xA9, 0xA9], [0xA3, 0xA9], [0xBF, 0xBF, 0xBF, 0xBF]):
        _refused(from_bytes, ids, "a continuation byte 10xxxxxx belongs to no character")


def test_bytes_of_no_row_are_refused(from_bytes):
    """The bytes 0xF8 to 0xFF, which are in no row of the table, raise ValueError."""
    for ids in ([0xFF], [0x61, 0xFE], *([byte, 0x9F, 0x98, 0x80] for byte in range(0xF8, 0x100))):
        _refused(from_bytes, ids, f"0x{max(ids):X} is in no row of the table")
    _refused(from_bytes, [0xF8, 0x80, 0x9F, 0x98, 0x80], "0xF8 is in no row of the table")


def test_two_bytes_for_an_ascii_character_are_refused(from_bytes):
    """An overlong encoding of an ASCII character in two bytes raises ValueError."""
    for ids in ([0xC0, 0xAF], [0xC1, 0xBF], [0xC0, 0x80]):
        _refused(from_bytes, ids, "the first row of the table fits")


def test_more_bytes_than_a_character_needs_are_refused(from_bytes):
    """An overlong encoding in three or four bytes raises ValueError."""
    for ids in (
        [0xE0, 0x80, 0xAF],
        [0xE0, 0x9F, 0xBF],
        [0xF0, 0x80, 0x80, 0xAF],
        [0xF0, 0x8F, 0xBF, 0xBF],
    ):
        _refused(from_bytes, ids, "a shorter row of the table fits")


def test_the_bytes_of_a_surrogate_are_refused(from_bytes):
    """The three bytes that a surrogate up to 0xDBFF would have raise ValueError."""
    for ids in ([0xED, 0xA0, 0xBD], [0xED, 0xA0, 0x80], [0xED, 0xAF, 0xBF]):
        _refused(from_bytes, ids, "these are the bits of a surrogate")
    _refused(from_bytes, [0xED, 0xA0, 0xBD, 0xED, 0xB8, 0x80], "these are two surrogates")


def test_the_bytes_of_a_second_half_are_refused(from_bytes):
    """The three bytes that a surrogate from 0xDC00 would have raise ValueError."""
    for ids in ([0xED, 0xB8, 0x80], [0xED, 0xB0, 0x80], [0xED, 0xBF, 0xBF]):
        _refused(from_bytes, ids, "these are the bits of a surrogate")


def test_code_points_that_are_too_large_are_refused(from_bytes):
    """Four bytes whose bits are a code point above 0x10FFFF raise ValueError."""
    for ids in ([0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xF7, 0xBF, 0xBF, 0xBF]):
        _refused(from_bytes, ids, "no code point is above 0x10FFFF")


def test_ints_that_are_no_bytes_are_refused(from_bytes):
    """An int below 0 or above 255 raises ValueError, wherever it is."""
    for ids in ([256], [0x161], [-1], [-159], [0x1C3, 0xA9], [-61, 0xA9]):
        _refused(from_bytes, ids, f"{ids[0]} is not a byte")
    for byte in (0x1A9, -87, 0x41A9, 2**40 + 0xA9):
        _refused(from_bytes, [0xC3, byte], f"{byte} is not a byte")


def test_the_ids_stay_as_they_were(from_bytes):
    """from_bytes does not change its argument."""
    ids = [0x61, 0xC3, 0xA9]
    from_bytes(ids)
    equal(ids, [0x61, 0xC3, 0xA9], say="from_bytes changed the list that it was given")


def _text(rng):
    """Up to eleven characters, of each length about as many."""
    return "".join(chr(rng.choice(rng.choice(ROWS))) for _ in range(rng.randint(1, 11)))


def _refused(function, argument, why):
    """The call raises ValueError."""
    try:
        got = function(argument)
    except ValueError:
        return
    of = argument if isinstance(argument, list) else ascii(argument)
    holds(False, f"{why}, so {of} must raise ValueError", want="ValueError", got=ascii(got))
