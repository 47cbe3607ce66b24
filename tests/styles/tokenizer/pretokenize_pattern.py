"""Pre-tokenization with a compiled pattern and finditer."""

import regex as re

PATTERN = re.compile(
    r"""'(?:s|t|re|ve|m|ll|d)
      |[ ]?\p{Letter}+
      |[ ]?\p{Number}+
      |[ ]?[^\s\p{Letter}\p{Number}]+
      |\s+(?!\S)
      |\s+""",
    re.VERBOSE,
)


def pretokenize(text):
    """Cut a text into pieces."""
    return [match.group(0) for match in PATTERN.finditer(text)]
