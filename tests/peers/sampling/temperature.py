"""transformers' TemperatureLogitsWarper, with the greedy choice that it leaves to others at 0."""

import torch
from transformers.generation.logits_process import TemperatureLogitsWarper


def temperature(logits, t):
    """Their logits, made probabilities by torch."""
    if t == 0:
        best = logits.argmax(dim=-1)
        return torch.nn.functional.one_hot(best, logits.shape[-1]).to(logits.dtype)
    return torch.softmax(TemperatureLogitsWarper(float(t))(None, logits), dim=-1)
