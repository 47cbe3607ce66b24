"""Batches in NumPy, and a loss by one-hot rows."""

import numpy as np
import torch


def batch_chats(chats, pad, learn_prompts=False):
    """Return inputs and targets."""
    if not len(chats):
        raise ValueError("empty")
    width = max(len(learn) for _, learn in chats) - 1
    inputs = np.full((len(chats), width), pad, dtype=np.int64)
    targets = np.full((len(chats), width), -100, dtype=np.int64)
    for x, y, (ids, learn) in zip(inputs, targets, chats, strict=True):
        n = len(ids) - 1
        x[:n] = ids[:n]
        chosen = np.ones(n, dtype=bool) if learn_prompts else np.array(learn[1:], dtype=bool)
        y[:n][chosen] = np.array(ids[1:], dtype=np.int64)[chosen]
    return torch.from_numpy(inputs), torch.from_numpy(targets)


def masked_loss(model, chats, pad, learn_prompts=False):
    """Return the mean loss of the ids that count."""
    inputs, targets = batch_chats(chats, pad, learn_prompts)
    logits = model(inputs)
    kept = (targets >= 0).to(logits.dtype)
    one_hot = torch.nn.functional.one_hot(targets.clamp(min=0), logits.shape[-1])
    top = logits.detach().max(dim=-1, keepdim=True).values
    logp = logits - top - (logits - top).exp().sum(-1, keepdim=True).log()
    losses = -(logp * one_hot).sum(-1)
    return (losses * kept).sum() / kept.sum().clamp(min=1)
