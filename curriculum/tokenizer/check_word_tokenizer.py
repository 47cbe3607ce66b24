"""What is asked of the tokenizer of whole words."""

from collections import Counter

import pytest

from grader.engine.expect import equal, holds

SPECIAL = ["<|pad|>", "<|unk|>", "<|endoftext|>"]
HAMLET = "to be or not to be"
WORDS = [" to", " be", " or", " To", " two", " ,", " !", " 7"]


def test_the_vocabulary_begins_with_the_special_tokens(WordTokenizer):
    """The words are a list of strings, and PAD, UNK and END are its first three."""
    got = WordTokenizer(HAMLET, 5).words
    holds(type(got) is list, "words is a list", want="a list of str", got=got)
    equal(got[:3], SPECIAL, say="ids 0, 1 and 2 are PAD, UNK and END")
    equal(WordTokenizer("", 7).words, SPECIAL, say="a text without words")


def test_the_most_frequent_words_come_first(WordTokenizer):
    """Words are numbered from 3 by how often the text has them, and spaces belong to them."""
    say = "in 'to be or not to be' only ' be' occurs twice: 'to' and ' to' are two words"
    equal(WordTokenizer(HAMLET, 4).words[3:], [" be"], say=say)
    equal(WordTokenizer("c, b, b, a, a, a", 7).words[3:], [",", " a", " b", "c"])
    equal(WordTokenizer("No no no NO", 6).words[3:], [" no", "No", " NO"], say="case counts")


def test_equally_frequent_words_keep_the_order_of_the_text(WordTokenizer):
    """Of words that are equally frequent the one that the text has first comes first."""
    equal(WordTokenizer(HAMLET, 9).words[3:], [" be", "to", " or", " not", " to"])
    equal(WordTokenizer("z b a", 5).words[3:], ["z", " b"])
    equal(WordTokenizer("c a a b b", 6).words[3:], [" a", " b", "c"])


def test_the_vocabulary_holds_no_more_than_its_size(WordTokenizer):
    """The special tokens count towards the size, and a text of few words gives fewer."""
    equal(len(WordTokenizer(HAMLET, 7).words), 7, say="vocab_size is 7")
    equal(WordTokenizer(HAMLET, 3).words, SPECIAL, say="vocab_size is 3")
    equal(len(WordTokenizer(HAMLET, 100).words), 3 + 5, say="there are 5 words in the text")


def test_each_word_becomes_its_id(WordTokenizer):
    """Encoding gives a list with the id of each word, and 1 for a word that is not there."""
    tokenizer = WordTokenizer(HAMLET, 6)
    for text, ids in [("to be", [4, 3]), ("to see or be", [4, 1, 5, 3]), ("To be", [1, 3])]:
        equal(tokenizer.encode(text), ids, say=f"the ids of {text!r}")
    equal(tokenizer.encode(""), [], say="an empty text has no ids")
    equal(tokenizer.encode("so not"), [1, 1], say="each unknown word is one UNK")


def test_the_end_of_a_text_is_one_token(WordTokenizer):
    """Each END becomes 2, in training it is no word, and no word reaches across it."""
    text = "a b<|endoftext|>a c<|endoftext|>"
    tokenizer = WordTokenizer(text, 100)
    equal(tokenizer.words[3:], ["a", " b", " c"], say=f"the words of {text!r}")
    equal(tokenizer.encode(text), [3, 4, 2, 3, 5, 2], say=f"the ids of {text!r}")
    equal(tokenizer.encode("<|endoftext|><|endoftext|>a"), [2, 2, 3])
    equal(tokenizer.encode(" <|endoftext|> c"), [1, 2, 5], say="spaces beside END are words too")


def test_padding_and_unknown_cannot_be_written(WordTokenizer):
    """The texts of PAD and UNK, written in a text, are characters like any others."""
    tokenizer = WordTokenizer("a<|pad|>b", 100)
    equal(tokenizer.words[3:], ["a", "<|", "pad", "|>", "b"])
    equal(tokenizer.encode("<|pad|>"), [4, 5, 6], say="'<|pad|>' is three words")
    equal(tokenizer.encode("<|unk|>"), [4, 1, 6], say="'<|unk|>' is three words")


def test_ids_become_the_words_end_to_end(WordTokenizer):
    """Decoding joins the words, writes UNK and END, and leaves PAD out."""
    tokenizer = WordTokenizer(HAMLET, 6)
    equal(tokenizer.decode([4, 3, 5]), "to be or")
    equal(tokenizer.decode([3, 1, 2, 4]), " be<|unk|><|endoftext|>to")
    equal(tokenizer.decode([0, 4, 0, 3, 0, 0]), "to be", say="PAD stands for no text")
    equal(tokenizer.decode([]), "", say="no ids are an empty text")


def test_numbers_out_of_range_are_refused(WordTokenizer):
    """A vocab_size of 2, an id beyond the last and a negative id raise ValueError."""
    with pytest.raises(ValueError):
        WordTokenizer(HAMLET, 2)
        holds(False, "a vocab_size of 2 has no room for PAD, UNK and END")
    tokenizer = WordTokenizer(HAMLET, 6)
    for wrong in (6, 100, -1):
        with pytest.raises(ValueError):
            tokenizer.decode([4, wrong])
            holds(False, f"{wrong} is no id of a vocabulary of 6")


def test_random_texts_come_back(WordTokenizer, rng):
    """Fresh texts of known words are numbered by the rule, and decode to themselves."""
    for _ in range(20):
        words = rng.choices(WORDS, k=rng.randint(1, 17))
        text = "".join(words)
        tokenizer = WordTokenizer(text, 100)
        counts = Counter(words)
        want = SPECIAL + sorted(counts, key=lambda word: (-counts[word], words.index(word)))
        equal(tokenizer.words, want, say=f"the words of {text!r}")
        equal(tokenizer.encode(text), [want.index(word) for word in words], say=f"{text!r}")
        equal(tokenizer.decode(tokenizer.encode(text)), text, say="decoding what was encoded")


def test_the_rows_of_a_batch_are_equally_long(WordTokenizer):
    """Short rows get PAD behind their ids, up to the length of the longest."""
    tokenizer = WordTokenizer(HAMLET, 6)
    got = tokenizer.batch(["to be", "", "to see or be", "be<|endoftext|>"])
    equal(got, [[4, 3, 0, 0], [0, 0, 0, 0], [4, 1, 5, 3], [1, 2, 0, 0]])
    equal(tokenizer.batch(["to"]), [[4]], say="one text needs no padding")
    equal(tokenizer.batch([]), [], say="no texts are no rows")
    equal(tokenizer.batch([""]), [[]], say="one empty text is one empty row")
