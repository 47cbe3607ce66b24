# wrong: the padding of the ids stands before the tokens, and the mask is as for padding behind them | violates: "Row b holds the tokens of sequence b in order, then ``pad`` up to length T."
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
        inputs_lst.append([pad] * missing + item)
        mask_lst.append([True] * len(item) + [False] * missing)
    return torch.tensor(inputs_lst, dtype=torch.long), torch.tensor(mask_lst, dtype=torch.bool)
