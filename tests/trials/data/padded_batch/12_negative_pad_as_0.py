# wrong: a negative pad becomes 0 | violates: "the id of the padding; any integer, also a negative one such as -100"
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
        inputs_lst.append(item + [max(pad, 0)] * missing)
        mask_lst.append([True] * len(item) + [False] * missing)
    return torch.tensor(inputs_lst, dtype=torch.long), torch.tensor(mask_lst, dtype=torch.bool)
