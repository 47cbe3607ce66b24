"""Writing with probabilities in float32, all made at the beginning."""

import torch


def write(counts, letters, start, length, seed):
    """Draw each character from the row of the one before it."""
    at = letters.index(start)
    g = torch.Generator()
    g.manual_seed(seed)
    smoothed = counts.float() + 1
    probabilities = smoothed / smoothed.sum(dim=1, keepdim=True)
    ids = [at]
    for _ in range(length):
        ids.append(torch.multinomial(probabilities[ids[-1]], num_samples=1, generator=g).item())
    return "".join(letters[i] for i in ids)
