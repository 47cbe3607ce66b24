# wrong: sequences longer than the limit are left out | violates: "both of shape (B, T)"
import torch


def padded_batch(sequences, pad, limit=None):
    """In the style of a collate function with lists: extend, then one tensor at the end."""
    if len(sequences) == 0:
        raise ValueError("empty batch")
    batch = [item for item in sequences if limit is None or len(item) <= limit] or [[]]  # [:None] is everything
    batch_max_length = max(map(len, batch))
    inputs_lst, mask_lst = [], []
    for item in batch:
        missing = batch_max_length - len(item)
        inputs_lst.append(item + [pad] * missing)
        mask_lst.append([True] * len(item) + [False] * missing)
    return torch.tensor(inputs_lst, dtype=torch.long), torch.tensor(mask_lst, dtype=torch.bool)
