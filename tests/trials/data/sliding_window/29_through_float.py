# wrong: the ids pass through float32, so large ids are rounded | violates: "inputs[b, t] = tokens[b * stride + t]"
import torch


def sliding_window(tokens: torch.Tensor, context: int, stride: int):
    """In the style of Raschka's GPTDatasetV1, stacked as in nanoGPT's get_batch."""
    if min(context, stride) < 1:
        raise ValueError("max_length and stride must be at least 1")
    token_ids = tokens.tolist()
    input_ids, target_ids = [], []
    for i in range(0, len(token_ids) - context, stride):
        input_ids.append(token_ids[i : i + context])
        target_ids.append(token_ids[i + 1 : i + context + 1])
    x = torch.tensor(input_ids, dtype=torch.float32).long().reshape(-1, context)
    y = torch.tensor(target_ids, dtype=torch.float32).long().reshape(-1, context)
    return x, y
