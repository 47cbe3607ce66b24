"""torch.nn.functional.cross_entropy, with the logarithms of the counts as logits."""

import torch
from torch.nn import functional


def nats(counts, letters, text):
    """Torch's own mean over the pairs."""
    if len(text) < 2:
        raise ValueError("no pair")
    ids = torch.tensor([letters.index(letter) for letter in text])
    logits = (counts.double() + 1).log()
    return functional.cross_entropy(logits[ids[:-1]], ids[1:]).item()
