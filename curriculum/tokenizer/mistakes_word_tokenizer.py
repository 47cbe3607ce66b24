"""Mistakes in a tokenizer of whole words."""

from collections import Counter

from grader.checks import caught_by, edit, spelling


@caught_by("test_the_most_frequent_words_come_first")
def words_sorted():
    """the words in alphabetical order, not by how often they occur"""
    edit("Counter(word", "sorted({word")
    edit("(part))", "(part)})")
    edit("frequent = counts.most_common(vocab_size - 3)", "")
    edit("(word for word, _ in frequent)]", "counts[: vocab_size - 3]]")


@caught_by("test_the_most_frequent_words_come_first")
def first_words():
    """the first words of the text, not the most frequent ones"""
    edit("= Counter", "= list(Counter")
    edit("(part))", "(part)))")
    edit("frequent = counts.most_common(vocab_size - 3)", "")
    edit("(word for word, _ in frequent)]", "counts[: vocab_size - 3]]")


@caught_by("test_the_most_frequent_words_come_first")
def rarest_first():
    """the rarest words first, not the most frequent ones"""
    edit("counts.most_common(vocab_size - 3)", "sorted(counts, key=counts.get)")
    edit("(word for word, _ in frequent)", "frequent[: vocab_size - 3]")


@caught_by("test_equally_frequent_words_keep_the_order_of_the_text")
def ties_by_letter():
    """equally frequent words in alphabetical order"""
    edit(
        "counts.most_common(vocab_size - 3)",
        "sorted(counts, key=lambda word: (-counts[word], word))",
    )
    edit("(word for word, _ in frequent)", "frequent[: vocab_size - 3]")


@caught_by("test_equally_frequent_words_keep_the_order_of_the_text")
def last_of_equals_first():
    """equally frequent words in reverse order: sorted ascending, then reversed"""
    edit("counts.most_common(vocab_size - 3)", "sorted(counts, key=counts.get)[::-1]")
    edit("(word for word, _ in frequent)", "frequent[: vocab_size - 3]")


@caught_by("test_the_vocabulary_begins_with_the_special_tokens")
def special_tokens_last():
    """the special tokens after the words, so that their ids depend on the text"""
    edit("= counts", "= [word for word, _ in counts")
    edit("(vocab_size - 3)", "(vocab_size - 3)]")
    edit("[PAD, UNK", "[*frequent, PAD, UNK")
    edit("END, *(word for word, _ in frequent)", "END")


@caught_by("test_the_vocabulary_begins_with_the_special_tokens")
def unknown_before_padding():
    """UNK as id 0 and PAD as id 1"""
    with spelling():
        edit("[PAD, UNK, END", "[UNK, PAD, END")
    with spelling():
        edit("[PAD, UNK, END", "[UNK, PAD, END")
        edit("get(word, 1)", "get(word, 0)")
        edit("if i != 0", "if i != 1")
        edit("row + [0]", "row + [1]")


@caught_by("test_the_vocabulary_holds_no_more_than_its_size")
def special_tokens_not_counted():
    """a vocabulary of vocab_size words and the special tokens in addition"""
    edit("frequent = counts.most_common(vocab_size - 3)", "")
    edit("in frequent", "in counts.most_common(vocab_size)")


@caught_by("test_the_vocabulary_holds_no_more_than_its_size")
def size_ignored():
    """every word of the text in the vocabulary, whatever vocab_size says"""
    edit("frequent = counts.most_common(vocab_size - 3)", "")
    edit("in frequent", "in counts.most_common()")


@caught_by("test_the_most_frequent_words_come_first")
def split_at_white_space():
    """words split at white space, with punctuation attached"""
    with spelling():
        edit(
            "from exercises.tokenizer.pretokenize import pretokenize",
            "def pretokenize(text):\n    return text.split()",
        )
    with spelling():
        edit(
            "from exercises.tokenizer.pretokenize import pretokenize",
            "def pretokenize(text):\n    return text.split()",
        )
        edit('return "".join(self', 'return " ".join(self')
    with spelling():
        edit(
            "from exercises.tokenizer.pretokenize import pretokenize",
            'import re\n\n\ndef pretokenize(text):\n    return re.findall(r"\\s?\\S+|\\s+", text)',
        )


@caught_by("test_the_most_frequent_words_come_first")
def small_letters():
    """all words in lower case"""

    class WordTokenizer:
        def __init__(self, text, vocab_size):
            if vocab_size < 3:
                raise ValueError("PAD, UNK and END alone are 3")
            parts = text.lower().split(END)
            counts = Counter(word for part in parts for word in pretokenize(part))
            words = [word for word, _ in counts.most_common(vocab_size - 3)]
            self.words = [PAD, UNK, END, *words]
            self._ids = {word: i for i, word in enumerate(self.words)}

        def encode(self, text):
            ids = []
            for i, part in enumerate(text.lower().split(END)):
                ids += [2] if i else []
                ids += [self._ids.get(word, 1) for word in pretokenize(part)]
            return ids


@caught_by("test_the_end_of_a_text_is_one_token")
def end_counted_as_words():
    """END cut into words like other text, in training and in encode"""

    class WordTokenizer:
        def __init__(self, text, vocab_size):
            if vocab_size < 3:
                raise ValueError("PAD, UNK and END alone are 3")
            words = [word for word, _ in Counter(pretokenize(text)).most_common(vocab_size - 3)]
            self.words = [PAD, UNK, END, *words]
            self._ids = {word: i for i, word in enumerate(self.words)}

        def encode(self, text):
            return [self._ids.get(word, 1) for word in pretokenize(text)]


@caught_by("test_the_end_of_a_text_is_one_token")
def end_learnt_as_words():
    """END cut into words in training, but not in encode"""

    class WordTokenizer:
        def __init__(self, text, vocab_size):
            if vocab_size < 3:
                raise ValueError("PAD, UNK and END alone are 3")
            words = [word for word, _ in Counter(pretokenize(text)).most_common(vocab_size - 3)]
            self.words = [PAD, UNK, END, *words]
            self._ids = {word: i for i, word in enumerate(self.words)}


@caught_by("test_the_end_of_a_text_is_one_token")
def end_not_found():
    """END cut into words in encode, but not in training"""
    edit("enumerate(text.split(END))", "enumerate([text])")


@caught_by("test_the_end_of_a_text_is_one_token")
def end_joins_words():
    """END deleted from the training text, so that what stands before and after it is joined"""
    edit("for part in text.split(END) for", 'for part in [text.replace(END, "")] for')


@caught_by("test_the_end_of_a_text_is_one_token")
def end_is_a_word_too():
    """END counted as a word, so that it is in the vocabulary twice"""
    edit(
        "for part in text.split(END) for word in pretokenize(part)",
        "for n, part in enumerate(text.split(END))\n"
        "                         for word in [END] * (n > 0) + pretokenize(part)",
    )


@caught_by("test_the_end_of_a_text_is_one_token")
def end_beside_nothing_lost():
    """END without an id where nothing stands before or after it: empty parts are left out"""
    edit("in enumerate(text.split(END))", "in enumerate(filter(None, text.split(END)))")


@caught_by("test_the_end_of_a_text_is_one_token")
def end_left_out():
    """text split at END in encode, but without the id of END"""

    class WordTokenizer:
        def encode(self, text):
            words = [word for part in text.split(END) for word in pretokenize(part)]
            return [self._ids.get(word, 1) for word in words]


@caught_by("test_the_end_of_a_text_is_one_token")
def end_after_every_part():
    """END after the last part too, where the text has none"""
    edit("i, part in enumerate(text.split(END))", "part in text.split(END)")
    edit("if i > 0:", "")
    edit("                ids.append(2)\n", "")
    edit("(part)]", "(part)] + [2]")


@caught_by("test_padding_and_unknown_cannot_be_written")
def every_special_found():
    """PAD and UNK recognised in a text as END is"""

    with spelling():
        edit(
            "            ids += [self._ids.get(word, 1) for word in pretokenize(part)]",
            "            for k, between in enumerate(part.split(PAD)):\n"
            "                ids += [0] if k else []\n"
            "                for j, piece in enumerate(between.split(UNK)):\n"
            "                    ids += [1] if j else []\n"
            "                    ids += [self._ids.get(word, 1) for word in pretokenize(piece)]",
        )
    with spelling():
        edit(
            "for part in text.split(END) for",
            "for part in text.replace(PAD, END).replace(UNK, END).split(END) for",
        )
        edit(
            "            ids += [self._ids.get(word, 1) for word in pretokenize(part)]",
            "            for k, between in enumerate(part.split(PAD)):\n"
            "                ids += [0] if k else []\n"
            "                for j, piece in enumerate(between.split(UNK)):\n"
            "                    ids += [1] if j else []\n"
            "                    ids += [self._ids.get(word, 1) for word in pretokenize(piece)]",
        )


@caught_by("test_each_word_becomes_its_id")
def unknown_breaks():
    """KeyError for an unknown word, because the dict is used without a default"""
    edit(
        "if i > 0:  # between two parts was one END\n                ids.append(2)",
        "ids += [2] if i else []",
    )
    edit(".get(word, 1)", "[word]")


@caught_by("test_each_word_becomes_its_id")
def unknown_left_out():
    """unknown words left out"""
    edit(
        "if i > 0:  # between two parts was one END\n                ids.append(2)",
        "ids += [2] if i else []",
    )
    edit("(part)]", "(part) if word in self._ids]")
    edit(".get(word, 1)", "[word]")


@caught_by("test_each_word_becomes_its_id")
def unknown_as_padding():
    """PAD (id 0) for an unknown word, not UNK"""
    edit(
        "if i > 0:  # between two parts was one END\n                ids.append(2)",
        "ids += [2] if i else []",
    )
    edit("(word, 1)", "(word, 0)")


@caught_by("test_ids_become_the_words_end_to_end")
def joined_with_spaces():
    """words joined with spaces between them, although each has its own"""
    edit('".join(self.words[i] for i in ids if i != 0)', ' ".join(self.words[i] for i in ids if i)')


@caught_by("test_ids_become_the_words_end_to_end")
def padding_written():
    """PAD in the decoded text"""
    edit(" if i != 0", "")


@caught_by("test_ids_become_the_words_end_to_end")
def special_tokens_skipped():
    """UNK or END, or both, left out of the decoded text, as PAD is"""
    with spelling():
        edit("if i != 0", "if i > 2")
    with spelling():
        edit("if i != 0", "if i > 1")
    with spelling():
        edit("if i != 0", "if i not in (0, 2)")


@caught_by("test_ids_become_the_words_end_to_end")
def decode_ends_at_padding():
    """decoding that ends at the first PAD, although more ids follow"""
    edit("i in ids if i != 0", "i in (ids[: ids.index(0)] if 0 in ids else ids)")


@caught_by("test_ids_become_the_words_end_to_end")
def decoded_text_stripped():
    """white space stripped from the ends of the decoded text"""
    edit("for i in ids if i != 0)", "for i in ids if i != 0).strip()")


@caught_by("test_numbers_out_of_range_are_refused")
def negative_ids_count_back():
    """negative ids that index the list from its end"""
    edit("if i != 0", "if i")
    edit("not 0 <= i < len", "i >= len")


@caught_by("test_numbers_out_of_range_are_refused")
def wrong_ids_unknown():
    """ids outside the vocabulary decoded as UNK, without an error"""

    class WordTokenizer:
        def decode(self, ids):
            known = [i if 0 <= i < len(self.words) else 1 for i in ids]
            return "".join(self.words[i] for i in known if i)


@caught_by("test_numbers_out_of_range_are_refused")
def small_vocabulary_accepted():
    """a vocab_size below 3 accepted, without a ValueError"""

    class WordTokenizer:
        def __init__(self, text, vocab_size):
            counts = Counter(word for part in text.split(END) for word in pretokenize(part))
            words = [word for word, _ in counts.most_common(max(vocab_size - 3, 0))]
            self.words = [PAD, UNK, END, *words]
            self._ids = {word: i for i, word in enumerate(self.words)}


@caught_by("test_the_rows_of_a_batch_are_equally_long")
def padded_in_front():
    """rows padded on the left"""
    edit("row + [0] * (longest - len(row))", "[0] * (longest - len(row)) + row")


@caught_by("test_the_rows_of_a_batch_are_equally_long")
def padded_with_another():
    """rows padded with END or UNK, not with PAD"""
    with spelling():
        edit("row + [0]", "row + [2]")
    with spelling():
        edit("row + [0]", "row + [1]")


@caught_by("test_the_rows_of_a_batch_are_equally_long")
def one_pad_more():
    """rows one PAD longer than the longest one"""
    edit("(longest - len(row))", "(longest + 1 - len(row))")


@caught_by("test_the_rows_of_a_batch_are_equally_long")
def characters_counted():
    """rows padded to the number of characters in the longest text, not of ids"""
    edit("(len(row) for row in rows)", "(len(text) for text in texts)")


@caught_by("test_the_rows_of_a_batch_are_equally_long")
def empty_rows_lost():
    """no rows for a batch of empty texts"""
    edit(
        "(longest - len(row)) for row in rows]", "(longest - len(row)) for row in rows if longest]"
    )


@caught_by("test_the_rows_of_a_batch_are_equally_long")
def rows_at_most():
    """rows truncated to a fixed length"""
    with spelling():
        edit("for row in rows]", "for row in (row[:512] for row in rows)]")
        edit("default=0)", "default=0)\n        longest = min(longest, 512)")
    with spelling():
        edit("for row in rows]", "for row in (row[:1024] for row in rows)]")
        edit("default=0)", "default=0)\n        longest = min(longest, 1024)")


@caught_by("test_the_rows_of_a_batch_are_equally_long")
def rows_unpadded():
    """rows of different lengths, without padding"""

    class WordTokenizer:
        def batch(self, texts):
            return [self.encode(text) for text in texts]


@caught_by("test_the_rows_of_a_batch_are_equally_long")
def rows_cut():
    """rows truncated to the length of the shortest"""
    edit("longest = max", "longest = min")
    edit("row + [0] * (longest - len(row))", "row[:longest]")


@caught_by("test_the_rows_of_a_batch_are_equally_long")
def no_texts_break():
    """an error for a batch of no texts: max of an empty sequence"""
    edit("(len(row) for row in rows), default=0", "len(row) for row in rows")


@caught_by("test_random_texts_come_back")
def spaces_stripped():
    """words without their spaces, so that decoding does not return the text"""
    edit("Counter(word", "(word.strip()")
    edit("counts.most_common(vocab_size - 3)", "Counter(word for word in counts if word)")
    edit("word for word, _ in frequent", "w for w, _ in frequent.most_common(vocab_size - 3)")
    edit(
        "if i > 0:  # between two parts was one END\n                ids.append(2)",
        "ids += [2] if i else []\n            words = [word.strip() for word in pretokenize(part)]",
    )
    edit("pretokenize(part)]", "words if word]")


@caught_by("test_each_result_is_a_list_of_its_own")
def stored_list_returned():
    """a stored list of ids returned again for the same text, with all that was done to it"""
    edit(
        "ids: list[int] = []",
        "if text in self.__dict__:\n            return self.__dict__[text]\n"
        "        ids = self.__dict__[text] = []",
    )
