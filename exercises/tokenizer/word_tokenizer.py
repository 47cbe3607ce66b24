"""A tokenizer of whole words: ids for the most frequent words, and one id for all others.

Not here: pieces of words, with which no word is unknown.
"""

from collections import Counter

from exercises.tokenizer.pretokenize import pretokenize

PAD, UNK, END = "<|pad|>", "<|unk|>", "<|endoftext|>"


class WordTokenizer:
    """Build a vocabulary of the most frequent words of a text, and encode and decode with it.

    A word is a piece that ``pretokenize`` returns, with the space before it; "the" and " the"
    are two words. A word's id is its index in the vocabulary:

        0  PAD, which fills up a short row and stands for no text
        1  UNK, the unknown token: every word that is not in the vocabulary
        2  END, the end of a text
        3, 4, ...  the words of the text, most frequent first

    Of equally frequent words, the one that occurs first in the text comes first. END is the
    only special token that is recognised in a text: the text is split at each "<|endoftext|>"
    before the parts go to ``pretokenize``, and END is not counted as a word. An empty part has no
    words. "<|pad|>" and "<|unk|>" in a text are ordinary characters; ``pretokenize`` returns each
    of them as several pieces, so that no word is the text of a special token.

    ``words`` is the vocabulary, a list of str: ``words[i]`` is the text of id i. After
    ``__init__`` neither the methods nor a caller change it.

    >>> tokenizer = WordTokenizer("to be or not to be", 5)
    >>> tokenizer.words[3:], tokenizer.encode("to be to")
    ([' be', 'to'], [4, 3, 1])

    Not to be used: a tokenizer library. Source: Jurafsky and Martin, Speech and Language
    Processing, chapter on words and tokens; Raschka, Build a Large Language Model, section 2.4.
    """

    def __init__(self, text: str, vocab_size: int) -> None:
        """Build the vocabulary.

        Args:
            text: the training text, without surrogates; also an empty one.
            vocab_size: the largest size of the vocabulary, including PAD, UNK and END; at least
                3, else ``ValueError``. A text with few different words gives a smaller one.
        """
        raise NotImplementedError("write WordTokenizer.__init__ (about 6 lines)")

    def encode(self, text: str) -> list[int]:
        """Return the ids of a text.

        Args:
            text: any text without surrogates, also an empty one.

        Returns:
            A new list with one id for each word and each "<|endoftext|>", in order.
        """
        raise NotImplementedError("write WordTokenizer.encode (about 6 lines)")

    def decode(self, ids: list[int]) -> str:
        """Return the text of ids.

        Args:
            ids: list of ids of the vocabulary, also an empty one; any other int, also a negative
                one or one from ``len(words)`` on, raises ``ValueError``.

        Returns:
            The words joined end to end; UNK is "<|unk|>", END is "<|endoftext|>", and PAD is left
            out.
        """
        raise NotImplementedError("write WordTokenizer.decode (about 3 lines)")

    def batch(self, texts: list[str]) -> list[list[int]]:
        """Return the ids of several texts as rows of equal length.

        Args:
            texts: list of texts, also an empty one.

        Returns:
            A new list with one row for each text: its ids, followed by PAD up to the length of
            the longest row.
        """
        raise NotImplementedError("write WordTokenizer.batch (about 3 lines)")
