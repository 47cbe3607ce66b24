"""The checks of bigram counts."""

import torch

from grader.checks import equal, formed, holds, load_shared, shaped

shared = load_shared(__file__)


def test_the_result_is_a_list_of_letters_and_a_tensor_of_counts(bigram):
    """bigram returns a tuple: a list of V strings, and an int64 tensor of shape (V, V)."""
    letters, counts = _split(bigram("banana"), "banana")
    formed(letters, "list of 3", "the letters of 'banana'")
    for letter in letters:
        holds(type(letter) is str, "each letter is a str", want="a str", got=letter)
    shaped(counts, (3, 3), torch.int64, say="the counts of 'banana', which has 3 letters")


def test_the_letters_are_sorted_and_each_is_there_once(bigram):
    """The letters are the different characters of the text in the order of sorted."""
    for text in ("banana", "zyx", "Bob and Abe", "b1B-a\nA", "né€e😀É"):
        equal(_split(bigram(text), text)[0], sorted(set(text)), say=f"the letters of {text!r}")


def test_pairs_counted_by_hand(bigram):
    """In "abab", b follows a twice, and a follows b once."""
    want = torch.tensor([[0, 2], [1, 0]])
    equal(_split(bigram("abab"), "abab")[1], want, say="the counts of 'abab'")


def test_rows_are_first_characters_and_columns_second_ones(bigram):
    """counts[i, j] counts letters[i] followed by letters[j], not the other way round."""
    want = torch.tensor([[0, 1, 0], [0, 0, 1], [0, 0, 0]])
    equal(_split(bigram("abc"), "abc")[1], want, say="'abc': ab is in row a, bc in row b")
    want = torch.tensor([[0, 0, 2], [1, 0, 0], [2, 0, 0]])
    equal(_split(bigram("banana"), "banana")[1], want, say="'banana': b is followed by a, once")


def test_nothing_follows_the_last_character(bigram):
    """A text of n characters has n - 1 pairs: the last character is not followed by the first."""
    counts = _split(bigram("abcd"), "abcd")[1]
    shaped(counts, (4, 4), torch.int64, say="the counts of 'abcd'")
    equal(counts[3], torch.zeros(4, dtype=torch.int64), say="row d of 'abcd', which ends with d")
    for text in ("ab", "abcabca", "the theme"):
        counts = _split(bigram(text), text)[1]
        size = len(set(text))
        shaped(counts, (size, size), torch.int64, say=f"the counts of {text!r}")
        total = int(counts.sum())
        say = f"the counts of {text!r}, which has {len(text)} characters, sum to {len(text) - 1}"
        holds(total == len(text) - 1, say, want=len(text) - 1, got=total)


def test_a_pair_counts_each_time_it_occurs(bigram):
    """A pair that occurs many times is counted each time, also where it overlaps itself."""
    equal(_split(bigram("aaaa"), "aaaa")[1], torch.tensor([[3]]), say="'aaaa' has three times aa")
    want = torch.tensor([[299, 1], [0, 0]])
    equal(_split(bigram("a" * 300 + "b"), "aa...ab")[1], want, say="300 times a, then b")
    want = torch.tensor([[39_999, 1], [0, 0]])
    equal(_split(bigram("a" * 40_000 + "b"), "aa...ab")[1], want, say="40,000 times a, then b")
    want = torch.tensor([[0, 300], [299, 0]])
    equal(_split(bigram("ab" * 300), "abab...")[1], want, say="300 times 'ab'")


def test_every_character_counts_as_itself(bigram):
    """Spaces, line ends, digits, punctuation and capitals are characters like any other."""
    for text in (
        " a  b ",
        "\na\n\nb\n",
        "a\r\nb\tc",
        "Aa aA",
        "x=1; y!",
        "é e\u0301 €😀€",
        "ab\n cd",
    ):
        letters, counts = _split(bigram(text), text)
        equal(letters, sorted(set(text)), say=f"the letters of {text!r}")
        equal(counts, shared.count_pairs(text, sorted(set(text))), say=f"the counts of {text!r}")


def test_short_texts_have_counts_too(bigram):
    """A text of one character has one count of 0, and an empty text a table of shape (0, 0)."""
    letters, counts = _split(bigram("a"), "a")
    equal(letters, ["a"], say="the letters of 'a'")
    equal(counts, torch.tensor([[0]]), say="the counts of 'a'")
    letters, counts = _split(bigram(""), "")
    equal(letters, [], say="the letters of an empty text")
    shaped(counts, (0, 0), torch.int64, say="the counts of an empty text")


def test_a_piece_of_shakespeare_follows_the_definition(bigram, rng):
    """20,000 characters from Shakespeare give the counts of a loop over all positions."""
    plays = shared.read_plays()
    start = rng.randrange(len(plays) - 20_000)
    text = plays[start : start + 20_000]
    letters, counts = _split(bigram(text), "20,000 characters of Shakespeare")
    equal(letters, sorted(set(text)), say="the letters")
    equal(counts, shared.count_pairs(text, letters), say="the counts")


def test_each_call_counts_anew(bigram, beside):
    """A call neither adds to the counts of an earlier call nor returns the same table again."""
    texts = ["abab", "bb", "abab"]
    results = beside("builtins.list")(beside("builtins.map")(bigram, texts))
    for got, text in zip(results, texts, strict=True):
        want = shared.count_pairs(text, sorted(set(text)))
        equal(_split(got, text)[1], want, say=f"{text!r}, one of three calls in a row")
    # Emptied where the learner's code runs: a result that is kept for later calls is then empty.
    table, letters = beside("operator.itemgetter")(1), beside("operator.itemgetter")(0)
    clear, fill = beside("operator.methodcaller")("clear"), beside("operator.methodcaller")
    for part, empty in ((letters, clear), (table, fill("zero_"))):
        calls = beside("builtins.map")(bigram, ["abab"])
        beside("builtins.list")(beside("builtins.map")(empty, beside("builtins.map")(part, calls)))
    letters, counts = _split(bigram("abab"), "abab")
    say = "the list and the tensor returned before were emptied; each call returns new ones"
    equal(letters, ["a", "b"], say=say)
    equal(counts, torch.tensor([[0, 2], [1, 0]]), say=say)


def _split(got, text):
    """Return the two parts of a result, after checking that it is a tuple of two."""
    formed(got, "tuple of 2", f"bigram({text!r})")
    return got
