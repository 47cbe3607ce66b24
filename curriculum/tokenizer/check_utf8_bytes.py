"""What is asked of UTF-8."""

from grader.engine.expect import equal, holds

HAND = [
    ("a", [0x61]),
    ("é", [0xC3, 0xA9]),
    ("€", [0xE2, 0x82, 0xAC]),
    ("😀", [0xF0, 0x9F, 0x98, 0x80]),
    ("n°1", [0x6E, 0xC2, 0xB0, 0x31]),
]
"""Texts and their bytes, worked by hand."""

EDGES = [0x00, 0x7F, 0x80, 0x7FF, 0x800, 0xD7FF, 0xE000, 0xFEFF, 0xFFFF, 0x10000, 0x10FFFF]
"""The first and the last code points of each length, and the neighbours of the surrogates."""

ROWS = [range(0x80), range(0x80, 0x800), range(0x800, 0xD800), range(0x10000, 0x110000)]


def test_a_text_becomes_a_list_of_numbers(to_bytes):
    """The bytes are a list of ints, and an empty text has none."""
    got = to_bytes("aé")
    holds(type(got) is list, "the bytes of a text are a list", got=got)
    for byte in got:
        holds(type(byte) is int, "each byte is an int", want="ints from 0 to 255", got=byte)
    equal(to_bytes(""), [], say="an empty text has no bytes")


def test_characters_worked_by_hand(to_bytes):
    """The letters a and é, the euro sign and an emoji have one, two, three and four bytes."""
    for text, ids in HAND:
        equal(to_bytes(text), ids, say=f"the bytes of {text!r}")


def test_each_length_begins_and_ends_at_its_code_points(to_bytes):
    """The last character of each row of the table and the first of the next are right."""
    for c in EDGES:
        equal(to_bytes(chr(c)), list(chr(c).encode()), say=f"U+{c:04X}")


def test_random_texts_have_pythons_bytes(to_bytes, rng):
    """Fresh texts of characters of every length have the bytes that str.encode gives."""
    for _ in range(50):
        text = _text(rng)
        equal(to_bytes(text), list(text.encode()), say=f"the bytes of {text!r}")


def test_surrogates_are_no_characters(to_bytes):
    """A text that holds half of a UTF-16 pair is refused, wherever it stands."""
    for text in ("\ud800", "\udfff", "a\udbffb", "\ud83d\ude00"):
        _refused(to_bytes, text, f"{text!r} holds a surrogate")


def test_bytes_worked_by_hand_become_text(from_bytes):
    """The bytes of a, é, the euro sign and an emoji become a str with these characters."""
    for text, ids in HAND:
        equal(from_bytes(ids), text, say=f"the text of {ids}")
    equal(from_bytes([]), "", say="no bytes are an empty text")


def test_every_text_comes_back_from_its_bytes(from_bytes, rng):
    """Fresh texts, and those at the ends of each length, come back as they were."""
    edges = "".join(map(chr, EDGES))
    for text in ["\ufeffa", edges, *(_text(rng) for _ in range(50))]:
        equal(from_bytes(list(text.encode())), text, say=f"the bytes of {text!r}")


def test_bytes_that_make_no_whole_character_are_refused(from_bytes):
    """A character that breaks off, a byte 10xxxxxx of none, and a byte of no row are refused."""
    for ids in ([0xC3], [0xE2, 0x82], [0xF0, 0x9F, 0x98], [0xC3, 0x61], [0xE2, 0xC3, 0xA9]):
        _refused(from_bytes, ids, "a character breaks off")
    for ids in ([0xE2, 0x82, 0x61], [0xF0, 0x9F, 0x98, 0xC3, 0xA9], [0xE2, 0x61, 0x61]):
        _refused(from_bytes, ids, "another character begins before this one has ended")
    for ids in ([0x80], [0x61, 0xBF], [0xC3, 0xA9, 0xA9]):
        _refused(from_bytes, ids, "a byte 10xxxxxx belongs to no character")
    for ids in ([0xF8, 0x88, 0x80, 0x80, 0x80], [0xFF], [0xFE, 0x80, 0x80, 0x80]):
        _refused(from_bytes, ids, f"0x{ids[0]:X} stands in no row of the table")


def test_each_character_has_one_spelling_only(from_bytes):
    """More bytes than a character needs are refused, though the bits would fit."""
    for ids in ([0xC0, 0xAF], [0xC1, 0xBF], [0xE0, 0x80, 0xAF], [0xE0, 0x9F, 0xBF]):
        _refused(from_bytes, ids, "a shorter row of the table fits")
    for ids in ([0xF0, 0x80, 0x80, 0xAF], [0xF0, 0x8F, 0xBF, 0xBF]):
        _refused(from_bytes, ids, "a shorter row of the table fits")


def test_bytes_of_no_character_are_refused(from_bytes):
    """Spelled surrogates, code points above 0x10FFFF, and ids that are no bytes are refused."""
    for ids in ([0xED, 0xA0, 0x80], [0xED, 0xBF, 0xBF]):
        _refused(from_bytes, ids, "these are the bits of a surrogate")
    for ids in ([0xF4, 0x90, 0x80, 0x80], [0xF7, 0xBF, 0xBF, 0xBF]):
        _refused(from_bytes, ids, "there is no code point above 0x10FFFF")
    for ids in ([256], [-1], [0x161], [0xC3, 0x1A9]):
        _refused(from_bytes, ids, "an id is no byte")


def test_the_ids_stay_as_they_were(from_bytes):
    """Reading leaves the list of ids as it was."""
    ids = [0x61, 0xC3, 0xA9]
    from_bytes(ids)
    equal(ids, [0x61, 0xC3, 0xA9], say="the list that went in has changed")


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
    holds(False, f"{why}: {of} is to raise ValueError", want="ValueError", got=ascii(got))
