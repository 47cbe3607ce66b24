"""Lists of Python numbers, entry by entry, and tensors at the very end."""

import torch


def assign_rows(lengths, limit):
    """Look through the rows for each text, and add up what is in them."""
    for length in lengths:
        if length < 1 or length > limit:
            raise ValueError("a length out of range")
    rows = []
    remaining = list(range(len(lengths)))
    while remaining:
        longest = max(lengths[i] for i in remaining)
        chosen = next(i for i in remaining if lengths[i] == longest)
        remaining.remove(chosen)
        for row in rows:
            if sum(lengths[i] for i in row) + longest <= limit:
                row.append(chosen)
                break
        else:
            rows.append([chosen])
    return rows


def pack(texts, limit, pad):
    """Four nested lists."""
    if len(texts) == 0 or any(len(text) == 0 for text in texts):
        raise ValueError("nothing to pack")
    cut = [list(text)[:limit] for text in texts]
    rows = assign_rows([len(text) for text in cut], limit)
    inputs, targets, positions, spans = [], [], [], []
    for row in rows:
        ids, nexts, places, span = [], [], [], []
        for i in row:
            span += [i] * len(cut[i])
            ids += cut[i]
            nexts += [*cut[i][1:], -100]
            places += range(len(cut[i]))
        inputs.append(ids)
        targets.append(nexts)
        positions.append(places)
        spans.append(span)
    width = max(map(len, inputs))
    for ids, nexts, places, span in zip(inputs, targets, positions, spans, strict=True):
        missing = width - len(ids)
        ids += [pad] * missing
        nexts += [-100] * missing
        places += [0] * missing
        span += ["padding"] * missing
    mask = [
        [[span[u] == span[t] if u <= t else False for u in range(width)] for t in range(width)]
        for span in spans
    ]
    return torch.tensor(inputs), torch.tensor(targets), torch.tensor(positions), torch.tensor(mask)
