"""A tokenizer of whole words: a fixed list of words, and one token for all the others.

Not here: pieces of words, which leave no word unknown.
"""

from collections import Counter

from exercises.tokenizer.pretokenize import pretokenize

PAD, UNK, END = "<|pad|>", "<|unk|>", "<|endoftext|>"


class WordTokenizer:
    """Number the most frequent words of a text, and turn other texts into these numbers.

    A word is a piece that ``pretokenize`` gives, with the space before it; "the" and " the" are
    two words. The id of a word is its place in the vocabulary:

        0  PAD, which fills up a short row and stands for no text
        1  UNK, which stands for every word outside the vocabulary
        2  END, the end of a text
        3, 4, ...  the words of the text, most frequent first

    Of words that are equally frequent, the one that the text has first comes first. END is
    the only one of the three that is found in a text: each "<|endoftext|>" is cut out before
    the parts between go to ``pretokenize``, and is no word. "<|pad|>" and "<|unk|>" in a text
    are characters like any others.

    ``words`` is the vocabulary, a list of str: ``words[i]`` is the text of id i.

    >>> tokenizer = WordTokenizer("to be or not to be", 5)
    >>> tokenizer.words[3:], tokenizer.encode("to be to")
    ([' be', 'to'], [4, 3, 1])

    Not to be used: a tokenizer library. Source: Jurafsky and Martin, Speech and Language
    Processing, chapter on words and tokens; Raschka, Build a Large Language Model, section 2.4.
    """

    def __init__(self, text: str, vocab_size: int) -> None:
        """Gather the vocabulary.

        Args:
            text: the text to learn the words from, also an empty one.
            vocab_size: the most ids that there may be, with PAD, UNK and END; at least 3, else
                ``ValueError``. A text of few words gives fewer.
        """
        raise NotImplementedError("write WordTokenizer.__init__ (about 6 lines)")

    def encode(self, text: str) -> list[int]:
        """Turn a text into ids.

        Args:
            text: any text, also an empty one.

        Returns:
            A new list with one id for each word and each "<|endoftext|>", in their order.
        """
        raise NotImplementedError("write WordTokenizer.encode (about 6 lines)")

    def decode(self, ids: list[int]) -> str:
        """Turn ids into text.

        Args:
            ids: ids of the vocabulary; any other number, also a negative one, raises
                ``ValueError``.

        Returns:
            The words end to end; UNK is "<|unk|>", END is "<|endoftext|>", and PAD is nothing.
        """
        raise NotImplementedError("write WordTokenizer.decode (about 3 lines)")

    def batch(self, texts: list[str]) -> list[list[int]]:
        """Turn several texts into rows of one length.

        Args:
            texts: any number of texts, also none.

        Returns:
            A new list with the ids of each text, followed by as many PAD as make the row as
            long as the longest.
        """
        raise NotImplementedError("write WordTokenizer.batch (about 3 lines)")
