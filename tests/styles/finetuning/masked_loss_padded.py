"""The masked loss with the learner's own padded batches and cross-entropy."""

import torch

from exercises.data.padded_batch import padded_batch
from exercises.training.cross_entropy import cross_entropy


def batch_chats(chats, pad, learn_prompts=False):
    """Return inputs and targets."""
    ids, real = padded_batch([ids for ids, _ in chats], pad)
    flags, _ = padded_batch([list(map(int, learn)) for _, learn in chats], 0)
    counts = real if learn_prompts else flags.bool() & real
    # The last id of each row, wherever it is, predicts nothing and is not read.
    inputs = torch.where(real[:, 1:], ids[:, :-1], pad)
    targets = torch.where(counts[:, 1:], ids[:, 1:], -100)
    return inputs, targets


def masked_loss(model, chats, pad, learn_prompts=False):
    """Return the mean loss of the ids that count."""
    inputs, targets = batch_chats(chats, pad, learn_prompts)
    logits = model(inputs)
    return cross_entropy(logits.reshape(-1, logits.shape[-1]), targets.reshape(-1))
