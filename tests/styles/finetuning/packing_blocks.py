"""Rows as objects that grow, and a mask of blocks along the diagonal."""

from dataclasses import dataclass, field

import torch

from exercises.attention.causal_mask import causal_mask


@dataclass
class _Row:
    room: int
    texts: list = field(default_factory=list)

    def take(self, number, length):
        """Take the text if there is room."""
        if length > self.room:
            return False
        self.room -= length
        self.texts.append(number)
        return True


def assign_rows(lengths, limit):
    """Offer each text to one row after the other."""
    if any(not 0 < length <= limit for length in lengths):
        raise ValueError("out of range")
    rows = []
    for length, number in sorted((-length, number) for number, length in enumerate(lengths)):
        if not any(row.take(number, -length) for row in rows):
            rows.append(_Row(limit))
            rows[-1].take(number, -length)
    return [row.texts for row in rows]


def _fill(parts, width, filler):
    flat = torch.cat([torch.as_tensor(part, dtype=torch.int64) for part in parts])
    return torch.cat([flat, torch.full((width - len(flat),), filler)])


def pack(texts, limit, pad):
    """Build each row of each tensor by itself, and stack them."""
    if not texts:
        raise ValueError("no texts")
    cut = [text[0:limit] for text in texts]
    rows = assign_rows([len(text) for text in cut], limit)
    rows = [[cut[i] for i in row] for row in rows]
    sizes = [[len(text) for text in row] for row in rows]
    width = max(map(sum, sizes))
    inputs = [_fill(row, width, pad) for row in rows]
    targets = [_fill([[*text[1:], -100] for text in row], width, -100) for row in rows]
    positions = [_fill([range(size) for size in row], width, 0) for row in sizes]
    masks = []
    for row in sizes:
        row = [*row, width - sum(row)]
        masks.append(torch.block_diag(*[causal_mask(size) for size in row if size]).bool())
    return tuple(map(torch.stack, (inputs, targets, positions, masks)))
