"""What is asked of GPT-2's pre-tokenization."""

import unicodedata

from grader.engine.expect import equal, holds

LETTERS = "abstmdlrveXÉßΩжא中あ한ǅʰª"
NUMBERS = "0379٣५²½Ⅷ〇"
WHITE = " \t\n\r\u00a0\u2003\u3000\u0085"
ENDINGS = ("s", "d", "m", "t", "ll", "ve", "re")
OTHERS = ".,!?-_'’€+😀\u0301\u200b\u0000\x1c"


def test_the_pieces_are_a_list_that_joins_to_the_text(pretokenize, rng):
    """The pieces are a list of strings, none empty, and end to end they are the text."""
    for text in ["", "one, two\n", *(_text(rng, 17) for _ in range(11))]:
        got = pretokenize(text)
        holds(type(got) is list, "the pieces are a list", got=got)
        for piece in got:
            holds(type(piece) is str and piece != "", "each piece is a text, none empty", got=piece)
        equal("".join(got), text, say="the pieces end to end are the text")


def test_a_sentence_worked_by_hand(pretokenize):
    """Words, numbers and signs take the space before them along."""
    want = ["In", " 1984", ",", " we", " met", " (", "all", " 12", ")."]
    equal(pretokenize("In 1984, we met (all 12)."), want)


def test_letters_numbers_and_others_never_share_a_piece(pretokenize):
    """A piece ends where the kind of character changes."""
    for text, want in [
        ("abc123", ["abc", "123"]),
        ("12ab?!", ["12", "ab", "?!"]),
        ("snake_case", ["snake", "_", "case"]),
        ("3.14", ["3", ".", "14"]),
        ("1000000", ["1000000"]),
        ("e-mail--yes", ["e", "-", "mail", "--", "yes"]),
    ]:
        equal(pretokenize(text), want, say=f"the pieces of {text!r}")


def test_the_end_of_a_contraction_is_a_piece(pretokenize):
    """An apostrophe with s, d, m, t, ll, ve or re is a piece, wherever letters follow."""
    for end in ENDINGS:
        equal(pretokenize(f"we'{end} go"), ["we", f"'{end}", " go"], say=f"we'{end} go")
    equal(
        pretokenize("'so 'tis"),
        ["'s", "o", " '", "tis"],
        say="' at the beginning, or behind a space",
    )
    equal(pretokenize("we'llama"), ["we", "'ll", "ama"], say="letters may follow")


def test_other_apostrophes_are_signs_like_any_other(pretokenize):
    """Capitals, other letters, a second apostrophe and a curly one make no contraction."""
    for text, want in [
        ("IT'S", ["IT", "'", "S"]),
        ("we'LL", ["we", "'", "LL"]),
        ("o'clock", ["o", "'", "clock"]),
        ("I'v", ["I", "'", "v"]),
        ("a''s", ["a", "''", "s"]),
        ("it’s", ["it", "’", "s"]),
        ("(it)'s", ["(", "it", ")'", "s"]),
    ]:
        equal(pretokenize(text), want, say=f"the pieces of {text!r}")


def test_a_run_of_spaces_leaves_its_last_to_the_word(pretokenize):
    """Of several spaces before a word the last one goes with the word."""
    for text, want in [
        ("a b", ["a", " b"]),
        ("a   b", ["a", "  ", " b"]),
        ("a   12  !", ["a", "  ", " 12", " ", " !"]),
        ("  a", [" ", " a"]),
        ("a  's", ["a", " ", " '", "s"]),
    ]:
        equal(pretokenize(text), want, say=f"the pieces of {text!r}")


def test_only_a_plain_space_goes_with_a_word(pretokenize):
    """A tab, a line end or another white-space character before a word is a piece of its own."""
    for blank in ("\n", "\t", "\r", "\u00a0", "\u3000"):
        equal(pretokenize(f"a{blank}b"), ["a", blank, "b"], say=f"{blank!r} before b")
        equal(pretokenize(f"a {blank}b"), ["a", " ", blank, "b"], say=f"{f' {blank}b'!r}")
    equal(pretokenize("if x:\n\n    y"), ["if", " x", ":", "\n\n   ", " y"])
    equal(pretokenize("a\n\nb"), ["a", "\n", "\n", "b"])


def test_white_space_at_the_end_is_one_piece(pretokenize):
    """At the end of the text a run of white space stays whole."""
    for text, want in [
        ("a   ", ["a", "   "]),
        ("a ", ["a", " "]),
        ("a \n\t\n", ["a", " \n\t\n"]),
        ("   ", ["   "]),
    ]:
        equal(pretokenize(text), want, say=f"the pieces of {text!r}")


def test_every_script_has_letters_and_numbers(pretokenize):
    """Letters and numbers are those of Unicode, in every script, and marks are neither."""
    for text, want in [
        ("où été", ["où", " été"]),
        ("Привет мир", ["Привет", " мир"]),
        ("中文2字", ["中文", "2", "字"]),
        ("x²+½", ["x", "²", "+", "½"]),
        ("Ⅷ٣५", ["Ⅷ٣५"]),
        ("ok😀😀", ["ok", "😀😀"]),
        ("e\u0301te", ["e", "\u0301", "te"]),
    ]:
        equal(pretokenize(text), want, say=f"the pieces of {text!r}")


def test_white_space_is_what_unicode_says(pretokenize):
    """White space are the 25 characters with that property, and not U+001C to U+001F or U+200B."""
    spaces = "\t\n\v\f\r \u0085\u00a0\u1680\u2028\u2029\u202f\u205f\u3000"
    for blank in spaces + "".join(map(chr, range(0x2000, 0x200B))):
        equal(pretokenize(f"!{blank}"), ["!", blank], say=f"U+{ord(blank):04X} is white space")
    for sign in "\x1c\x1d\x1e\x1f\u200b\u180e":
        equal(pretokenize(f"!{sign}"), [f"!{sign}"], say=f"U+{ord(sign):04X} is no white space")


def test_random_texts_follow_the_definition(pretokenize, rng):
    """Fresh texts of all kinds of characters are cut as the six rules say."""
    for _ in range(100):
        text = _text(rng, 23)
        equal(pretokenize(text), _by_definition(text), say=f"the pieces of {text!r}")


def _text(rng, most):
    """Runs of all kinds, with contractions among them."""
    text = ""
    while len(text) < most:
        kind = rng.choice([LETTERS, NUMBERS, WHITE, OTHERS, " ", "'"])
        text += "".join(rng.choices(kind, k=rng.randint(1, 3)))
        text += rng.choice(["", "", "'s", "'ll", "'re", "  "])
    return text


def _by_definition(text):
    """The pieces, with each rule tried in turn."""
    pieces = []
    while text:
        length = _contraction(text) or _word(text) or _blank(text)
        pieces.append(text[:length])
        text = text[length:]
    return pieces


def _contraction(text):
    """Rule 1: the length of the piece, or 0."""
    return next((len(end) + 1 for end in ENDINGS if text.startswith("'" + end)), 0)


def _word(text):
    """Rules 2 to 4."""
    start = 1 if text.startswith(" ") else 0
    kind = _kind(text[start : start + 1])
    end = start
    while end < len(text) and _kind(text[end]) == kind != "white":
        end += 1
    return end if end > start else 0


def _blank(text):
    """Rules 5 and 6."""
    end = 0
    while end < len(text) and _kind(text[end]) == "white":
        end += 1
    return end if end == len(text) else max(end - 1, 1)


def _kind(c):
    """What kind of character it is."""
    if c == "" or (c.isspace() and c not in "\x1c\x1d\x1e\x1f"):
        return "white"
    first = unicodedata.category(c)[0]
    return first if first in "LN" else "other"
