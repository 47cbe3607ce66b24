"""The checks of GPT-2's pre-tokenization."""

import unicodedata
from itertools import accumulate

from grader.checks import equal, holds

LETTERS = "abstmdlrveXÉßΩжא中一あ한ǅʰªठ𝐀𠀀"
NUMBERS = "0379٣५²½Ⅷ〇𝟘"
WHITE = " \t\n\r\u00a0\u2003\u3000\u0085"
ENDINGS = ("s", "d", "m", "t", "ll", "ve", "re")
OTHERS = ".,!?-_'’€+😀\u0301\u093f\u200b\u0000\x1c\ufeff"


def test_the_pieces_are_a_list_of_strings(pretokenize):
    """pretokenize returns a list of str, none of them empty, and [] for an empty text."""
    got = pretokenize("one, two")
    holds(type(got) is list, "pretokenize returns a list", want="a list of str", got=got)
    for piece in got:
        holds(type(piece) is str, "each piece is a str", want="a list of str", got=got)
        holds(piece != "", "no piece is empty", want="['one', ',', ' two']", got=got)
    equal(pretokenize(""), [], say="an empty text has no pieces")


def test_a_sentence_worked_by_hand(pretokenize):
    """A word, a number and punctuation each include the one space before them."""
    want = ["In", " 1984", ",", " we", " met", " (", "all", " 12", ")."]
    _claim(pretokenize("In 1984, we met (all 12)."), want)


def test_letters_numbers_and_others_never_share_a_piece(pretokenize):
    """A piece ends where the kind of character changes: letters, numbers, other characters."""
    for text, want in [
        ("abc123", ["abc", "123"]),
        ("12ab?!", ["12", "ab", "?!"]),
        ("HelloWorld", ["HelloWorld"]),
        ("snake_case", ["snake", "_", "case"]),
        ("3.14", ["3", ".", "14"]),
        ("1000000", ["1000000"]),
        ("e-mail--yes", ["e", "-", "mail", "--", "yes"]),
    ]:
        _claim(pretokenize(text), want, say=f"the pieces of {text!r}")


def test_the_end_of_a_contraction_is_a_piece(pretokenize):
    """An apostrophe with s, d, m, t, ll, ve or re is a piece, also if letters follow."""
    for end in ENDINGS:
        _claim(pretokenize(f"we'{end} go"), ["we", f"'{end}", " go"], say=f"we'{end} go")
    _claim(pretokenize("we'llama"), ["we", "'ll", "ama"], say="letters may follow")


def test_an_apostrophe_alone_begins_a_contraction(pretokenize):
    """The beginning of the text, a number or a line end may come before a contraction."""
    for text, want in [
        ("'re", ["'re"]),
        ("'so 'tis", ["'s", "o", " '", "tis"]),
        ("80's", ["80", "'s"]),
        ("a\n'm", ["a", "\n", "'m"]),
    ]:
        _claim(pretokenize(text), want, say=f"the pieces of {text!r}")


def test_other_apostrophes_are_signs_like_any_other(pretokenize):
    """Upper case, other letters, a second apostrophe and a curly one are no contraction."""
    for text, want in [
        ("IT'S", ["IT", "'", "S"]),
        ("we'LL", ["we", "'", "LL"]),
        ("o'clock", ["o", "'", "clock"]),
        ("I'v", ["I", "'", "v"]),
        ("a''s", ["a", "''", "s"]),
        ("it’s", ["it", "’", "s"]),
        ("(it)'s", ["(", "it", ")'", "s"]),
    ]:
        _claim(pretokenize(text), want, say=f"the pieces of {text!r}")


def test_a_run_of_spaces_leaves_its_last_to_the_word(pretokenize):
    """Of several spaces before a word only the last one belongs to the word's piece."""
    for text, want in [
        ("a b", ["a", " b"]),
        ("a   b", ["a", "  ", " b"]),
        ("a   12  !", ["a", "  ", " 12", " ", " !"]),
        ("a     b c", ["a", "    ", " b", " c"]),
        ("  a", [" ", " a"]),
        ("a  's", ["a", " ", " '", "s"]),
    ]:
        _claim(pretokenize(text), want, say=f"the pieces of {text!r}")


def test_only_a_plain_space_goes_with_a_word(pretokenize):
    """A tab, a line end or other white space before a word is a piece of its own."""
    for blank in ("\n", "\t", "\r", "\u00a0", "\u3000"):
        _claim(pretokenize(f"a{blank}b"), ["a", blank, "b"], say=f"{blank!r} before b")
        _claim(pretokenize(f"a {blank}b"), ["a", " ", blank, "b"], say=f"{f' {blank}b'!r}")
    _claim(pretokenize("if x:\n\n    y"), ["if", " x", ":", "\n\n   ", " y"])
    _claim(pretokenize("a\n\nb"), ["a", "\n", "\n", "b"])
    _claim(pretokenize("a\t \n !"), ["a", "\t \n", " !"])


def test_white_space_at_the_end_is_one_piece(pretokenize):
    """At the end of the text a run of white space is one piece."""
    for text, want in [
        ("a   ", ["a", "   "]),
        ("a ", ["a", " "]),
        ("a \n\t\n", ["a", " \n\t\n"]),
        ("   ", ["   "]),
        ("\n", ["\n"]),
        ("a.\r\n", ["a", ".", "\r\n"]),
    ]:
        _claim(pretokenize(text), want, say=f"the pieces of {text!r}")


def test_every_script_has_letters_and_numbers(pretokenize):
    """Letters and numbers are Unicode's, in every script and above 0xFFFF."""
    for text, want in [
        ("où été", ["où", " été"]),
        ("Привет мир", ["Привет", " мир"]),
        ("中文2字", ["中文", "2", "字"]),
        ("ʰªǅ!", ["ʰªǅ", "!"]),
        ("a𝐀𠀀!", ["a𝐀𠀀", "!"]),
    ]:
        _claim(pretokenize(text), want, say=f"the pieces of {text!r}")


def test_a_number_is_what_unicode_says(pretokenize):
    """Digits of every script, ², ½ and Ⅷ are numbers; the numerals 一, 二 and 三 are letters."""
    for text, want in [
        ("a1٣५b", ["a", "1٣५", "b"]),
        ("x²+½", ["x", "²", "+", "½"]),
        ("nⅧ.", ["n", "Ⅷ", "."]),
        ("第一三", ["第一三"]),
        ("三1〇", ["三", "1〇"]),
        ("a𝟘", ["a", "𝟘"]),
    ]:
        _claim(pretokenize(text), want, say=f"the pieces of {text!r}")


def test_marks_and_symbols_are_other_characters(pretokenize):
    """A combining mark, a symbol and a control character are neither letter nor number."""
    for text, want in [
        ("ok😀😀", ["ok", "😀😀"]),
        ("5€ +", ["5", "€", " +"]),
        ("e\u0301te", ["e", "\u0301", "te"]),
        ("\u0939\u093f!", ["\u0939", "\u093f!"]),
        ("a\x00b", ["a", "\x00", "b"]),
    ]:
        _claim(pretokenize(text), want, say=f"the pieces of {text!r}")


def test_no_character_is_changed(pretokenize):
    """U+FEFF, line ends, accents and capitals are in the pieces as they are in the text."""
    for text, want in [
        ("\ufeffa", ["\ufeff", "a"]),
        ("a\r\nb\rc", ["a", "\r", "\n", "b", "\r", "c"]),
        ("e\u0301", ["e", "\u0301"]),
        ("\u212bﬁ", ["\u212bﬁ"]),
        ("É", ["É"]),
    ]:
        _claim(pretokenize(text), want, say=f"the pieces of {text!a}")


def test_white_space_is_what_unicode_says(pretokenize):
    """White space is Unicode's 25 characters, without U+001C to U+001F and U+200B."""
    spaces = "\t\n\v\f\r \u0085\u00a0\u1680\u2028\u2029\u202f\u205f\u3000"
    for blank in spaces + "".join(map(chr, range(0x2000, 0x200B))):
        _claim(pretokenize(f"!{blank}"), ["!", blank], say=f"U+{ord(blank):04X} is white space")
    for sign in "\x1c\x1d\x1e\x1f\u200b\u180e":
        _claim(pretokenize(f"!{sign}"), [f"!{sign}"], say=f"U+{ord(sign):04X} is not white space")


def test_a_piece_may_be_long(pretokenize):
    """A run of 3,000 letters, numbers, other characters or spaces is one piece."""
    for sign in "é7-":
        _claim(pretokenize(f" {sign * 3000}"), [f" {sign * 3000}"], say=f"3,000 times {sign!r}")
    _claim(pretokenize(" " * 3000 + "a"), [" " * 2999, " a"], say="3,000 spaces before a word")


def test_joined_end_to_end_the_pieces_are_the_text(pretokenize, rng):
    """The pieces of random texts, joined end to end, are the text."""
    for text in ["one, two\n", *(_text(rng, 17) for _ in range(11))]:
        got = pretokenize(text)
        holds(
            type(got) is list and all(type(piece) is str for piece in got),
            "pretokenize returns a list of str",
            got=got,
        )
        equal("".join(got), text, say="joined end to end, the pieces must be the text")


def test_random_texts_follow_the_definition(pretokenize, rng):
    """Random texts, short ones and one of 3,000 characters, are cut as the six rules say."""
    for _ in range(100):
        text = _text(rng, 23)
        _claim(pretokenize(text), _by_definition(text), say=f"the pieces of {text!r}")
    text = _text(rng, 3000)
    _claim(pretokenize(text), _by_definition(text), say="the pieces of a text of 3,000 characters")


def _claim(got, want, say=""):
    """Claim that these are the pieces, and say which cut is missing or too many."""
    if type(got) is list and all(type(piece) is str for piece in got):
        text, (ours, theirs) = "".join(want), (_cuts(pieces) for pieces in (got, want))
        if "".join(got) == text and ours != theirs:
            at = min(ours ^ theirs)
            left, right = text[max(at - 12, 0) : at], text[at : at + 12]
            what = "is missing" if at in theirs else "is one too many"
            say = f"{say}{': ' if say else ''}the cut between {left!r} and {right!r} {what}"
    equal(got, want, say=say)


def _cuts(pieces):
    """Where one piece ends and the next begins, as positions in the text."""
    return set(accumulate(map(len, pieces[:-1])))


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
