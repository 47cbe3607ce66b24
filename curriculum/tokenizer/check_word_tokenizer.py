"""The checks of the tokenizer of whole words."""

from collections import Counter

import pytest

from grader.checks import equal, formed, load_shared

shared = load_shared(__file__)
SPECIAL = ["<|pad|>", "<|unk|>", "<|endoftext|>"]
HAMLET = "to be or not to be"
WORDS = [" to", " be", " or", " To", " two", " ,", " !", " 7"]


def test_the_vocabulary_begins_with_the_special_tokens(WordTokenizer):
    """words is a list of strings that begins with PAD, UNK and END."""
    got = WordTokenizer(HAMLET, 5).words
    formed(got, "list of 5", "words")
    equal(got[:3], SPECIAL, say="ids 0, 1 and 2 are PAD, UNK and END")
    equal(WordTokenizer("", 7).words, SPECIAL, say="a text without words")


def test_the_most_frequent_words_come_first(WordTokenizer):
    """Words have ids from 3, most frequent first; a word includes the space before it."""
    say = "in 'to be or not to be' only ' be' occurs twice: 'to' and ' to' are two words"
    equal(WordTokenizer(HAMLET, 4).words[3:], [" be"], say=say)
    equal(WordTokenizer("c, b, b, a, a, a", 7).words[3:], [",", " a", " b", "c"])
    equal(
        WordTokenizer("No no no NO", 6).words[3:],
        [" no", "No", " NO"],
        say="upper and lower case are different words",
    )


def test_equally_frequent_words_keep_the_order_of_the_text(WordTokenizer):
    """Of equally frequent words, the one that occurs first in the text comes first."""
    equal(WordTokenizer(HAMLET, 9).words[3:], [" be", "to", " or", " not", " to"])
    equal(WordTokenizer("z b a", 5).words[3:], ["z", " b"])
    equal(WordTokenizer("c a a b b", 6).words[3:], [" a", " b", "c"])


def test_the_vocabulary_holds_no_more_than_its_size(WordTokenizer):
    """vocab_size includes the special tokens; a text with few words gives a smaller vocabulary."""
    equal(len(WordTokenizer(HAMLET, 7).words), 7, say="vocab_size is 7")
    equal(WordTokenizer(HAMLET, 3).words, SPECIAL, say="vocab_size is 3")
    equal(len(WordTokenizer(HAMLET, 100).words), 3 + 5, say="there are 5 words in the text")


def test_each_word_becomes_its_id(WordTokenizer):
    """encode returns a list with the id of each word, and 1 (UNK) for an unknown word."""
    tokenizer = WordTokenizer(HAMLET, 6)
    for text, ids in [("to be", [4, 3]), ("to see or be", [4, 1, 5, 3]), ("To be", [1, 3])]:
        equal(tokenizer.encode(text), ids, say=f"the ids of {text!r}")
    equal(tokenizer.encode(""), [], say="an empty text has no ids")
    equal(tokenizer.encode("so not"), [1, 1], say="each unknown word becomes one UNK")
    say = "encode does not change the vocabulary"
    equal(tokenizer.words, [*SPECIAL, " be", "to", " or"], say=say)


def test_the_end_of_a_text_is_one_token(WordTokenizer):
    """Each END becomes id 2; it is not counted as a word, and the text is split there."""
    text = "a b<|endoftext|>a c<|endoftext|>"
    tokenizer = WordTokenizer(text, 100)
    equal(tokenizer.words[3:], ["a", " b", " c"], say=f"the words of {text!r}")
    equal(tokenizer.encode(text), [3, 4, 2, 3, 5, 2], say=f"the ids of {text!r}")
    equal(tokenizer.encode("<|endoftext|><|endoftext|>a"), [2, 2, 3])
    equal(tokenizer.encode(" <|endoftext|> c"), [1, 2, 5], say="a space beside END is a word too")


def test_padding_and_unknown_cannot_be_written(WordTokenizer):
    """The characters <|pad|> and <|unk|> in a text do not become the ids 0 and 1."""
    tokenizer = WordTokenizer("a<|pad|>b", 100)
    equal(tokenizer.words[3:], ["a", "<|", "pad", "|>", "b"])
    equal(tokenizer.encode("<|pad|>"), [4, 5, 6], say="'<|pad|>' in a text is three words")
    equal(tokenizer.encode("<|unk|>"), [4, 1, 6], say="'<|unk|>' in a text is three words")


def test_ids_become_the_words_end_to_end(WordTokenizer):
    """decode joins the words, with UNK and END as their text, and leaves PAD out."""
    tokenizer = WordTokenizer(HAMLET, 6)
    equal(tokenizer.decode([4, 3, 5]), "to be or")
    equal(tokenizer.decode([3, 1, 2, 4]), " be<|unk|><|endoftext|>to")
    equal(tokenizer.decode([0, 4, 0, 3, 0, 0]), "to be", say="PAD stands for no text")
    equal(tokenizer.decode([]), "", say="no ids are an empty text")


def test_numbers_out_of_range_are_refused(WordTokenizer):
    """A vocab_size of 2, an id after the last one, and a negative id raise ValueError."""
    with pytest.raises(ValueError):
        WordTokenizer(HAMLET, 2)
    tokenizer = WordTokenizer(HAMLET, 6)
    for wrong in (6, 100, -1):
        with pytest.raises(ValueError):
            tokenizer.decode([4, wrong])
    tokenizer = WordTokenizer("to be", 100)
    with pytest.raises(ValueError):
        tokenizer.decode([5])


def test_random_texts_come_back(WordTokenizer, rng):
    """Random texts get the vocabulary and ids of the definition, and decode to themselves."""
    for _ in range(20):
        words = rng.choices(WORDS, k=rng.randint(1, 17))
        text = "".join(words)
        tokenizer = WordTokenizer(text, 100)
        counts = Counter(words)
        want = SPECIAL + sorted(counts, key=lambda word: (-counts[word], words.index(word)))
        equal(tokenizer.words, want, say=f"the words of {text!r}")
        equal(tokenizer.encode(text), [want.index(word) for word in words], say=f"{text!r}")
        equal(
            tokenizer.decode(tokenizer.encode(text)),
            text,
            say="decode(encode(text)) must be the text",
        )


def test_the_rows_of_a_batch_are_equally_long(WordTokenizer):
    """Shorter rows are padded at the end, up to the length of the longest row."""
    tokenizer = WordTokenizer(HAMLET, 6)
    got = tokenizer.batch(["to be", "", "to see or be", "be<|endoftext|>"])
    equal(got, [[4, 3, 0, 0], [0, 0, 0, 0], [4, 1, 5, 3], [1, 2, 0, 0]])
    equal(tokenizer.batch(["to"]), [[4]], say="one text needs no padding")
    equal(tokenizer.batch([]), [], say="no texts are no rows")
    equal(tokenizer.batch([""]), [[]], say="one empty text is one empty row")
    long = ["to", "to" + " be" * 1100]
    equal(tokenizer.batch(long), [[4] + [0] * 1100, [4] + [3] * 1100], say="a text of 1,101 words")


def test_each_result_is_a_list_of_its_own(WordTokenizer, beside):
    """Changing a list that encode or batch returned does not change a later result."""
    tokenizer, say = WordTokenizer(HAMLET, 6), "the list that was returned before was emptied"
    shared.empty_results(beside, tokenizer.encode, ["to be"])
    equal(tokenizer.encode("to be"), [4, 3], say=say)
    shared.empty_results(beside, tokenizer.batch, [["to", "to be"]])
    equal(tokenizer.batch(["to", "to be"]), [[4, 0], [4, 3]], say=say)
