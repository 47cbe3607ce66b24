# wrong: no sequences raise IndexError | violates: "at least one list, else ``ValueError``"
import torch


def padded_batch(sequences, pad, limit=None):
    """In the style of a collate function with lists: extend, then one tensor at the end."""
    batch = [item[:limit] for item in sequences]  # [:None] is everything
    batch_max_length = sorted(map(len, batch))[-1]
    inputs_lst, mask_lst = [], []
    for item in batch:
        missing = batch_max_length - len(item)
        inputs_lst.append(item + [pad] * missing)
        mask_lst.append([True] * len(item) + [False] * missing)
    return torch.tensor(inputs_lst, dtype=torch.long), torch.tensor(mask_lst, dtype=torch.bool)
