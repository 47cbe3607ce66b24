"""GPT-2's encoding as tiktoken has it, with the vocabulary that it is given."""

import re
from base64 import b64decode

import tiktoken
from tiktoken_ext import openai_public


def read_ranks(text):
    """As tiktoken reads its files."""
    lines = (line.split() for line in text.splitlines() if line)
    return {b64decode(token): int(rank) for token, rank in lines}


class GPT2Tokenizer:
    """An encoding of tiktoken's."""

    def __init__(self, ranks, special=None):
        """Theirs, which takes any ranks, so the missing byte is looked for here."""
        if any(bytes([byte]) not in ranks for byte in range(256)):
            raise ValueError("a single byte is missing")
        self.encoding = tiktoken.Encoding(
            "ours",
            pat_str=openai_public.r50k_pat_str,
            mergeable_ranks=ranks,
            special_tokens=special or {},
        )
        self.special = special or {}
        names = sorted(self.special, key=len, reverse=True)
        self.cut = re.compile(f"({'|'.join(map(re.escape, names)) or '(?!)'})")

    def encode_piece(self, piece):
        """Theirs, which knows neither pattern nor special tokens."""
        return self.encoding._encode_single_piece(piece) if piece else []

    def encode(self, text):
        """Theirs for each part: they look for the special tokens in the order of a hash table."""
        ids = []
        for part in self.cut.split(text):
            special = part in self.special
            ids += [self.special[part]] if special else self.encoding.encode_ordinary(part)
        return ids

    def decode(self, ids):
        """Theirs, with ValueError for its KeyError and its OverflowError."""
        try:
            return self.encoding.decode(ids)
        except (KeyError, OverflowError) as error:
            raise ValueError("no such id") from error
