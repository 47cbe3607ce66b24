"""The masked loss position by position, with a loss of its own."""

import torch


def batch_chats(chats, pad, learn_prompts=False):
    """Return inputs and targets."""
    if len(chats) < 1:
        raise ValueError("no conversations")
    longest = max(len(ids) for ids, _ in chats)
    inputs, targets = [], []
    for ids, learn in chats:
        read, predict = [], []
        for t in range(longest - 1):
            real = t + 1 < len(ids)
            read.append(ids[t] if real else pad)
            predict.append(ids[t + 1] if real and (learn_prompts or learn[t + 1]) else -100)
        inputs.append(read)
        targets.append(predict)
    return torch.tensor(inputs), torch.tensor(targets)


def masked_loss(model, chats, pad, learn_prompts=False):
    """Return the mean loss of the ids that count."""
    inputs, targets = batch_chats(chats, pad, learn_prompts)
    logits = model(inputs)
    total, count = 0.0 * logits.sum(), 0
    for row, goals in zip(logits, targets.tolist(), strict=True):
        for position, goal in zip(row, goals, strict=True):
            if goal != -100:
                shifted = position - position.max()
                total = total + shifted.exp().sum().log() - shifted[goal]
                count += 1
    return total / count if count else total
