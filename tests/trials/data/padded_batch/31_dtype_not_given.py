# wrong: torch.tensor chooses the dtype, so a batch of empty lists is float32 | violates: "(ids, mask), a tuple of an int64 tensor and a bool tensor"
import torch


def padded_batch(sequences, pad, limit=None):
    """In the style of a collate function with lists: extend, then one tensor at the end."""
    if len(sequences) == 0:
        raise ValueError("empty batch")
    batch = [item[:limit] for item in sequences]  # [:None] is everything
    batch_max_length = max(map(len, batch))
    inputs_lst, mask_lst = [], []
    for item in batch:
        missing = batch_max_length - len(item)
        inputs_lst.append(item + [pad] * missing)
        mask_lst.append([True] * len(item) + [False] * missing)
    return torch.tensor(inputs_lst), torch.tensor(mask_lst, dtype=torch.bool)
