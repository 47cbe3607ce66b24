# wrong: the mask has a dimension for the heads | violates: a bool tensor of shape (B, T, T)
"""Packing: several short texts share one row of a batch, and none of them sees another."""

import torch

from exercises.attention.causal_mask import causal_mask

IGNORED = -100


def assign_rows(lengths: list[int], limit: int) -> list[list[int]]:
    """Return which texts share a row, by the rule *first-fit decreasing*.

    The texts are placed one after another, the longest first; of texts with equal lengths, the
    one that comes first in ``lengths``. Each goes to the first row, in the order in which the rows
    were begun, that has room for all of it: with it, the lengths in the row add up to ``limit`` at
    most. If no row has room, it begins a new row.

    So at most one row is filled to the half or less.

    Args:
        lengths: the number of ids of each text, from 1 to ``limit``, else ``ValueError``; not
            changed. There may be none.
        limit: the maximum length of a row, at least 1.

    Returns:
        A new list of rows in the order in which they were begun. A row is a list of the texts'
        indices in ``lengths``, in the order in which they were placed.

    >>> assign_rows([4, 5, 2, 3, 2], limit=8)
    [[1, 3], [0, 2, 4]]
    """
    if lengths and not (1 <= min(lengths) and max(lengths) <= limit):
        raise ValueError("lengths")
    waiting = sorted(((-length, index) for index, length in enumerate(lengths)))
    rows: list[list[int]] = []
    for negative, index in waiting:
        fitting = [r for r in rows if sum(lengths[j] for j in r) - negative <= limit]
        if fitting:
            fitting[0].append(index)
        else:
            rows.append([index])
    return rows


def pack(
    texts: list[list[int]], limit: int, pad: int
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
    """Return texts packed into rows: inputs, targets, positions and attention mask.

    A text of more than ``limit`` ids is cut to its first ``limit`` ids, and the rest is dropped. No
    other text is cut, and none is divided between rows. Then ``assign_rows`` says which texts
    share a row. Row b holds their ids end to end, in that order, and then padding up to T, the
    number of ids in the fullest row.

    Where position t of row b holds id number p (from 0) of a text s, cut if it was too long,

        inputs[b, t]    = s[p]
        targets[b, t]   = s[p + 1], or -100 for the last id of s
        positions[b, t] = p

    and where it holds padding, these are ``pad``, -100 and 0. The mask says to which positions u of
    its row position t may attend:

        mask[b, t, u] = True    if u <= t, and t and u are in the same text
        mask[b, t, u] = False   otherwise

    For the mask alone, the padding of a row counts as one more text, so that each position may
    attend to at least one. What is one text follows from where it was placed, not from the values
    of the ids: ``pad`` may also be an id of a text, and two texts may be equal.

    A causal model that takes ``positions`` and ``mask`` then returns the same logits for a text in
    a packed row as for this text alone.

    Args:
        texts: the ids of each text. There is at least one text, and each has at least one id, else
            ``ValueError``. The lists are not changed.
        limit: the maximum length of a row, at least 1.
        pad: the id of the padding in the inputs, any int.

    Returns:
        (inputs, targets, positions, mask), a tuple of new tensors: three of int64 and shape (B, T)
        for B rows, and a bool tensor of shape (B, T, T).

    >>> inputs, targets, positions, mask = pack([[8, 9], [5, 6, 7]], limit=6, pad=0)
    >>> inputs, targets, positions
    (tensor([[5, 6, 7, 8, 9]]), tensor([[   6,    7, -100,    9, -100]]), tensor([[0, 1, 2, 0, 1]]))
    >>> mask[0].int()
    tensor([[1, 0, 0, 0, 0],
            [1, 1, 0, 0, 0],
            [1, 1, 1, 0, 0],
            [0, 0, 0, 1, 0],
            [0, 0, 0, 1, 1]], dtype=torch.int32)

    Not to be used: ``torch.nested``. Source: Krell et al., Efficient Sequence Packing without
    Cross-contamination, 2021, section 3.
    """
    if len(texts) == 0 or min(map(len, texts)) == 0:
        raise ValueError("texts")
    short = [list(text)[:limit] for text in texts]
    rows = assign_rows(list(map(len, short)), limit)
    flat = [[(i, p) for i in row for p in range(len(short[i]))] for row in rows]
    longest = max(map(len, flat))


    def table(value, empty):
        lines = [[value(i, p) for i, p in line] + [empty] * (longest - len(line)) for line in flat]
        return torch.tensor(lines, dtype=torch.int64)


    inputs = table(lambda i, p: short[i][p], pad)
    targets = table(lambda i, p: (short[i] + [IGNORED])[p + 1], IGNORED)
    positions = table(lambda i, p: p, 0)
    owner = table(lambda i, p: i, len(short))
    same = owner.unsqueeze(2) == owner.unsqueeze(1)
    return inputs, targets, positions, same.tril().unsqueeze(1)
