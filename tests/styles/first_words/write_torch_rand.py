"""Writing with torch.rand, whose number is looked for among the letters one after the other."""

import torch


def write(counts, letters, start, length, seed):
    """Draw each character from the row of the one before it."""
    generator = torch.Generator().manual_seed(seed)
    text, last = start, letters.index(start)
    for _ in range(length):
        row = [n + 1 for n in counts[last].tolist()]
        left = torch.rand((), generator=generator, dtype=torch.float64).item() * sum(row)
        last = 0
        while left >= row[last]:
            left -= row[last]
            last += 1
        text += letters[last]
    return text
