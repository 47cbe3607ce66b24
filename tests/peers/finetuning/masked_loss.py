"""Transformers' loss of causal language models, which shifts and ignores -100 itself."""

import torch
from torch.nn.utils.rnn import pad_sequence
from transformers.loss.loss_utils import ForCausalLMLoss


def _pad(rows, value):
    return pad_sequence([torch.tensor(row) for row in rows], batch_first=True, padding_value=value)


def batch_chats(chats, pad, learn_prompts=False):
    """Labels as for Transformers, shifted afterwards."""
    if not chats:
        raise ValueError("pad_sequence takes no empty list")
    labels = [
        [i if own or learn_prompts else -100 for i, own in zip(ids, learn, strict=True)]
        for ids, learn in chats
    ]
    return _pad([ids[:-1] for ids, _ in chats], pad), _pad(labels, -100)[:, 1:].contiguous()


def masked_loss(model, chats, pad, learn_prompts=False):
    """Theirs, in the dtype of the logits; torch's mean of nothing is NaN, so it is summed."""
    inputs, targets = batch_chats(chats, pad, learn_prompts)
    logits = model(inputs)
    count = (targets != -100).sum().clamp(min=1)
    loss = ForCausalLMLoss(
        logits, None, logits.shape[-1], num_items_in_batch=count, shift_labels=targets
    )
    return loss.to(logits.dtype)
