# wrong: a number does not take the space before it | violates: "numbers, with one space before them if there is one"
import regex


class _Pretokenizer:
    """Like the Encoder class of GPT-2: the compiled pattern is an attribute."""

    def __init__(self):
        self.pat = regex.compile(
            r"""
            '(?:s|d|m|t|ll|ve|re)        # contraction
            | [ ]? \p{L}++               # letters
            | \p{N}++                    # numbers
            | [ ]? [^\s\p{L}\p{N}]++     # everything else
            | \s++ $(?!\n)               # white space at the end
            | \s+ (?=\s)                 # all but the last
            | \s
            """,
            regex.VERBOSE,
        )

    def __call__(self, text):
        return [match.group(0) for match in self.pat.finditer(text)]


def pretokenize(text: str) -> list[str]:
    """Cut a text into pieces as GPT-2 does."""
    return _Pretokenizer()(text)
