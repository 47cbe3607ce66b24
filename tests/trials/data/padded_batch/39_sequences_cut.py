# wrong: the lists that are given are cut to the limit | violates: "they are not changed"
import torch


def padded_batch(sequences, pad, limit=None):
    """In the style of a collate function with lists: extend, then one tensor at the end."""
    if len(sequences) == 0:
        raise ValueError("empty batch")
    for item in sequences:
        if limit is not None:
            del item[limit:]
    batch = list(sequences)
    batch_max_length = max(map(len, batch))
    inputs_lst, mask_lst = [], []
    for item in batch:
        missing = batch_max_length - len(item)
        inputs_lst.append(item + [pad] * missing)
        mask_lst.append([True] * len(item) + [False] * missing)
    return torch.tensor(inputs_lst, dtype=torch.long), torch.tensor(mask_lst, dtype=torch.bool)
