"""What goes wrong with a tokenizer of whole words."""

from collections import Counter

from grader.course import caught_by


@caught_by("test_the_most_frequent_words_come_first")
def words_sorted():
    """the words in alphabetical order, not by how often they occur"""

    class WordTokenizer:
        def __init__(self, text, vocab_size):
            if vocab_size < 3:
                raise ValueError("PAD, UNK and END alone are 3")
            words = sorted({word for part in text.split(END) for word in pretokenize(part)})
            self.words = [PAD, UNK, END, *words[: vocab_size - 3]]
            self._ids = {word: i for i, word in enumerate(self.words)}


@caught_by("test_the_most_frequent_words_come_first")
def first_words():
    """the first words of the text, not the most frequent ones"""

    class WordTokenizer:
        def __init__(self, text, vocab_size):
            if vocab_size < 3:
                raise ValueError("PAD, UNK and END alone are 3")
            words = list(Counter(word for part in text.split(END) for word in pretokenize(part)))
            self.words = [PAD, UNK, END, *words[: vocab_size - 3]]
            self._ids = {word: i for i, word in enumerate(self.words)}


@caught_by("test_equally_frequent_words_keep_the_order_of_the_text")
def ties_by_letter():
    """equally frequent words in alphabetical order"""

    class WordTokenizer:
        def __init__(self, text, vocab_size):
            if vocab_size < 3:
                raise ValueError("PAD, UNK and END alone are 3")
            counts = Counter(word for part in text.split(END) for word in pretokenize(part))
            words = sorted(counts, key=lambda word: (-counts[word], word))
            self.words = [PAD, UNK, END, *words[: vocab_size - 3]]
            self._ids = {word: i for i, word in enumerate(self.words)}


@caught_by("test_equally_frequent_words_keep_the_order_of_the_text")
def last_of_equals_first():
    """equally frequent words in reverse: sorted upwards and then turned round"""

    class WordTokenizer:
        def __init__(self, text, vocab_size):
            if vocab_size < 3:
                raise ValueError("PAD, UNK and END alone are 3")
            counts = Counter(word for part in text.split(END) for word in pretokenize(part))
            words = sorted(counts, key=counts.get)[::-1]
            self.words = [PAD, UNK, END, *words[: vocab_size - 3]]
            self._ids = {word: i for i, word in enumerate(self.words)}


@caught_by("test_the_vocabulary_begins_with_the_special_tokens")
def special_tokens_last():
    """the special tokens behind the words, so that their ids hang on the text"""

    class WordTokenizer:
        def __init__(self, text, vocab_size):
            if vocab_size < 3:
                raise ValueError("PAD, UNK and END alone are 3")
            counts = Counter(word for part in text.split(END) for word in pretokenize(part))
            words = [word for word, _ in counts.most_common(vocab_size - 3)]
            self.words = [*words, PAD, UNK, END]
            self._ids = {word: i for i, word in enumerate(self.words)}


@caught_by("test_the_vocabulary_begins_with_the_special_tokens")
def unknown_before_padding():
    """UNK as id 0 and PAD as id 1"""

    class WordTokenizer:
        def __init__(self, text, vocab_size):
            if vocab_size < 3:
                raise ValueError("PAD, UNK and END alone are 3")
            counts = Counter(word for part in text.split(END) for word in pretokenize(part))
            words = [word for word, _ in counts.most_common(vocab_size - 3)]
            self.words = [UNK, PAD, END, *words]
            self._ids = {word: i for i, word in enumerate(self.words)}


@caught_by("test_the_vocabulary_holds_no_more_than_its_size")
def special_tokens_not_counted():
    """a vocabulary of vocab_size words, and the special tokens on top"""

    class WordTokenizer:
        def __init__(self, text, vocab_size):
            if vocab_size < 3:
                raise ValueError("PAD, UNK and END alone are 3")
            counts = Counter(word for part in text.split(END) for word in pretokenize(part))
            self.words = [PAD, UNK, END, *(word for word, _ in counts.most_common(vocab_size))]
            self._ids = {word: i for i, word in enumerate(self.words)}


@caught_by("test_the_vocabulary_holds_no_more_than_its_size")
def size_ignored():
    """every word of the text in the vocabulary, whatever vocab_size says"""

    class WordTokenizer:
        def __init__(self, text, vocab_size):
            if vocab_size < 3:
                raise ValueError("PAD, UNK and END alone are 3")
            counts = Counter(word for part in text.split(END) for word in pretokenize(part))
            self.words = [PAD, UNK, END, *(word for word, _ in counts.most_common())]
            self._ids = {word: i for i, word in enumerate(self.words)}


@caught_by("test_the_most_frequent_words_come_first")
def split_at_white_space():
    """words split at white space, with the signs left on them and the spaces lost"""

    class WordTokenizer:
        def __init__(self, text, vocab_size):
            if vocab_size < 3:
                raise ValueError("PAD, UNK and END alone are 3")
            counts = Counter(word for part in text.split(END) for word in part.split())
            words = [word for word, _ in counts.most_common(vocab_size - 3)]
            self.words = [PAD, UNK, END, *words]
            self._ids = {word: i for i, word in enumerate(self.words)}

        def encode(self, text):
            ids = []
            for i, part in enumerate(text.split(END)):
                ids += [2] if i else []
                ids += [self._ids.get(word, 1) for word in part.split()]
            return ids

        def decode(self, ids):
            if any(not 0 <= i < len(self.words) for i in ids):
                raise ValueError("an id lies outside the vocabulary")
            return " ".join(self.words[i] for i in ids if i)


@caught_by("test_the_most_frequent_words_come_first")
def small_letters():
    """all words in small letters"""

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
    """END cut into words like any text, in training and in encoding"""

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
    """END cut into words in training, though encoding knows it"""

    class WordTokenizer:
        def __init__(self, text, vocab_size):
            if vocab_size < 3:
                raise ValueError("PAD, UNK and END alone are 3")
            words = [word for word, _ in Counter(pretokenize(text)).most_common(vocab_size - 3)]
            self.words = [PAD, UNK, END, *words]
            self._ids = {word: i for i, word in enumerate(self.words)}


@caught_by("test_the_end_of_a_text_is_one_token")
def end_left_out():
    """texts cut at END in encoding, and nothing put in its place"""

    class WordTokenizer:
        def encode(self, text):
            words = [word for part in text.split(END) for word in pretokenize(part)]
            return [self._ids.get(word, 1) for word in words]


@caught_by("test_the_end_of_a_text_is_one_token")
def end_after_every_part():
    """END after the last part as well, though the text has none there"""

    class WordTokenizer:
        def encode(self, text):
            ids = []
            for part in text.split(END):
                ids += [self._ids.get(word, 1) for word in pretokenize(part)] + [2]
            return ids


@caught_by("test_padding_and_unknown_cannot_be_written")
def every_special_found():
    """PAD and UNK found in a text as END is"""

    class WordTokenizer:
        def encode(self, text):
            ids = []
            for number, part in enumerate(text.split(END)):
                ids += [2] if number else []
                for i, between in enumerate(part.split(PAD)):
                    ids += [0] if i else []
                    for j, piece in enumerate(between.split(UNK)):
                        ids += [1] if j else []
                        ids += [self._ids.get(word, 1) for word in pretokenize(piece)]
            return ids


@caught_by("test_each_word_becomes_its_id")
def unknown_breaks():
    """an unknown word that raises KeyError, for the dictionary is asked without a default"""

    class WordTokenizer:
        def encode(self, text):
            ids = []
            for i, part in enumerate(text.split(END)):
                ids += [2] if i else []
                ids += [self._ids[word] for word in pretokenize(part)]
            return ids


@caught_by("test_each_word_becomes_its_id")
def unknown_left_out():
    """unknown words left out, as if they had not been there"""

    class WordTokenizer:
        def encode(self, text):
            ids = []
            for i, part in enumerate(text.split(END)):
                ids += [2] if i else []
                ids += [self._ids[word] for word in pretokenize(part) if word in self._ids]
            return ids


@caught_by("test_each_word_becomes_its_id")
def unknown_as_padding():
    """PAD for an unknown word, since 0 is the default that comes to mind"""

    class WordTokenizer:
        def encode(self, text):
            ids = []
            for i, part in enumerate(text.split(END)):
                ids += [2] if i else []
                ids += [self._ids.get(word, 0) for word in pretokenize(part)]
            return ids


@caught_by("test_ids_become_the_words_end_to_end")
def joined_with_spaces():
    """words joined with spaces between, though each has its own space"""

    class WordTokenizer:
        def decode(self, ids):
            if any(not 0 <= i < len(self.words) for i in ids):
                raise ValueError("an id lies outside the vocabulary")
            return " ".join(self.words[i] for i in ids if i)


@caught_by("test_ids_become_the_words_end_to_end")
def padding_written():
    """PAD written into the decoded text"""

    class WordTokenizer:
        def decode(self, ids):
            if any(not 0 <= i < len(self.words) for i in ids):
                raise ValueError("an id lies outside the vocabulary")
            return "".join(self.words[i] for i in ids)


@caught_by("test_ids_become_the_words_end_to_end")
def special_tokens_skipped():
    """UNK and END left out of the decoded text together with PAD"""

    class WordTokenizer:
        def decode(self, ids):
            if any(not 0 <= i < len(self.words) for i in ids):
                raise ValueError("an id lies outside the vocabulary")
            return "".join(self.words[i] for i in ids if i > 2)


@caught_by("test_numbers_out_of_range_are_refused")
def negative_ids_count_back():
    """a negative id that finds a word from the end of the list"""

    class WordTokenizer:
        def decode(self, ids):
            if any(i >= len(self.words) for i in ids):
                raise ValueError("an id lies outside the vocabulary")
            return "".join(self.words[i] for i in ids if i)


@caught_by("test_numbers_out_of_range_are_refused")
def wrong_ids_unknown():
    """ids outside the vocabulary read as UNK, and no error"""

    class WordTokenizer:
        def decode(self, ids):
            known = [i if 0 <= i < len(self.words) else 1 for i in ids]
            return "".join(self.words[i] for i in known if i)


@caught_by("test_numbers_out_of_range_are_refused")
def small_vocabulary_accepted():
    """a vocab_size below 3 answered with the special tokens, not with ValueError"""

    class WordTokenizer:
        def __init__(self, text, vocab_size):
            counts = Counter(word for part in text.split(END) for word in pretokenize(part))
            words = [word for word, _ in counts.most_common(max(vocab_size - 3, 0))]
            self.words = [PAD, UNK, END, *words]
            self._ids = {word: i for i, word in enumerate(self.words)}


@caught_by("test_the_rows_of_a_batch_are_equally_long")
def padded_in_front():
    """rows padded in front of their ids"""

    class WordTokenizer:
        def batch(self, texts):
            rows = [self.encode(text) for text in texts]
            longest = max((len(row) for row in rows), default=0)
            return [[0] * (longest - len(row)) + row for row in rows]


@caught_by("test_the_rows_of_a_batch_are_equally_long")
def padded_with_end():
    """rows padded with END, as is often done with GPT-2, which has no PAD"""

    class WordTokenizer:
        def batch(self, texts):
            rows = [self.encode(text) for text in texts]
            longest = max((len(row) for row in rows), default=0)
            return [row + [2] * (longest - len(row)) for row in rows]


@caught_by("test_the_rows_of_a_batch_are_equally_long")
def rows_unpadded():
    """rows of different lengths, without padding"""

    class WordTokenizer:
        def batch(self, texts):
            return [self.encode(text) for text in texts]


@caught_by("test_the_rows_of_a_batch_are_equally_long")
def rows_cut():
    """long rows cut to the length of the shortest"""

    class WordTokenizer:
        def batch(self, texts):
            rows = [self.encode(text) for text in texts]
            shortest = min((len(row) for row in rows), default=0)
            return [row[:shortest] for row in rows]


@caught_by("test_the_rows_of_a_batch_are_equally_long")
def no_texts_break():
    """a batch of no texts that breaks, for nothing is the longest of nothing"""

    class WordTokenizer:
        def batch(self, texts):
            rows = [self.encode(text) for text in texts]
            longest = max(len(row) for row in rows)
            return [row + [0] * (longest - len(row)) for row in rows]


@caught_by("test_random_texts_come_back")
def spaces_stripped():
    """words stripped of their spaces, so that no text comes back as it was"""

    class WordTokenizer:
        def __init__(self, text, vocab_size):
            if vocab_size < 3:
                raise ValueError("PAD, UNK and END alone are 3")
            words = (word.strip() for part in text.split(END) for word in pretokenize(part))
            counts = Counter(word for word in words if word)
            self.words = [PAD, UNK, END, *(w for w, _ in counts.most_common(vocab_size - 3))]
            self._ids = {word: i for i, word in enumerate(self.words)}

        def encode(self, text):
            ids = []
            for i, part in enumerate(text.split(END)):
                ids += [2] if i else []
                words = [word.strip() for word in pretokenize(part)]
                ids += [self._ids.get(word, 1) for word in words if word]
            return ids
