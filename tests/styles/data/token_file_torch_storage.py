"""A token file as a tensor over a mapped file."""

from pathlib import Path

import torch


def write_tokens(tokens, path):
    """Write two bytes for each token."""
    if not tokens:
        raise ValueError("no tokens")
    raw = bytearray()
    for token in tokens:
        if token < 0 or token > 0xFFFF:
            raise ValueError(f"{token} is no id of sixteen bits")
        raw += token.to_bytes(2, "little")
    Path(path).write_bytes(raw)


class TokenFile:
    """Windows of a tensor that lies in a file."""

    def __init__(self, path):
        size = Path(path).stat().st_size
        if not size or size & 1:
            raise ValueError("no whole number of tokens")
        self.bytes = torch.from_file(path, shared=True, size=size, dtype=torch.uint8)

    def __len__(self):
        """Tokens, not bytes."""
        return len(self.bytes) // 2

    def windows(self, starts, context):
        """Join the two bytes of each token that is asked for."""
        at = torch.tensor(starts, dtype=torch.int64)
        if context < 1 or at.numel() == 0:
            raise ValueError("nothing is asked for")
        if bool((at < 0).any()) or bool((at + context >= len(self)).any()):
            raise ValueError("a window lies outside")
        places = at[:, None] + torch.arange(context + 1)[None]
        low, high = self.bytes[2 * places].long(), self.bytes[2 * places + 1].long()
        table = low + 256 * high
        return table[:, :context].contiguous(), table[:, 1:].contiguous()

    def batch(self, size, context, seed):
        """One random number for each row."""
        choices = len(self) - context
        if choices <= 0 or context <= 0:
            raise ValueError("no room for a window")
        own = torch.Generator()
        own.manual_seed(seed)
        return self.windows(torch.randint(0, choices, (size,), generator=own).tolist(), context)
