"""Where a text begins says everything: positions, walls and targets follow from the starts."""

import torch
from torch.nn.utils.rnn import pad_sequence


def assign_rows(lengths, limit):
    """Sort the texts with numpy's words: by falling length, stable."""
    if lengths and not (min(lengths) > 0 and max(lengths) <= limit):
        raise ValueError("a text has from 1 to limit ids")
    order = torch.tensor(lengths, dtype=torch.int64).sort(descending=True, stable=True).indices
    rows, filled = [], torch.zeros(0, dtype=torch.int64)
    for i in order.tolist():
        fits = (filled + lengths[i] <= limit).nonzero().flatten().tolist()
        if fits:
            rows[fits[0]].append(i)
            filled[fits[0]] += lengths[i]
        else:
            rows.append([i])
            filled = torch.cat([filled, torch.tensor([lengths[i]])])
    return rows


def pack(texts, limit, pad):
    """Concatenate each row, then mark its starts."""
    if not texts or not all(texts):
        raise ValueError("a text is missing")
    kept = [torch.tensor(text[:limit]) for text in texts]
    rows = assign_rows([len(text) for text in kept], limit)
    inputs = pad_sequence([torch.cat([kept[i] for i in row]) for row in rows], True, pad)
    starts = torch.zeros_like(inputs)
    for b, row in enumerate(rows):
        ends = torch.tensor([len(kept[i]) for i in row]).cumsum(0)
        starts[b, 0] = 1
        starts[b, ends[ends < inputs.shape[1]]] = 1
    number = starts.cumsum(1)  # of the text in its row, the padding being the last
    real = torch.zeros_like(inputs, dtype=torch.bool)
    for b, row in enumerate(rows):
        real[b, : sum(len(kept[i]) for i in row)] = True
    place = torch.arange(inputs.shape[1]).expand_as(inputs)
    begin = torch.where(starts.bool(), place, 0).cummax(1).values
    positions = torch.where(real, place - begin, 0)
    targets = torch.full_like(inputs, -100)
    follows = (number[:, 1:] == number[:, :-1]) & real[:, 1:]
    targets[:, :-1] = torch.where(follows, inputs[:, 1:], -100)
    mask = (number[:, :, None] == number[:, None, :]).tril()
    return inputs, targets, positions, mask
