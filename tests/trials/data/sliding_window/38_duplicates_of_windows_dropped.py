# wrong: windows that occur twice are kept once | violates: "exactly the windows whose T inputs and T targets all lie in the text"
import torch


def sliding_window(tokens: torch.Tensor, context: int, stride: int):
    """In the style of Raschka's GPTDatasetV1, stacked as in nanoGPT's get_batch."""
    if min(context, stride) < 1:
        raise ValueError("max_length and stride must be at least 1")
    token_ids = tokens.tolist()
    input_ids, target_ids = [], []
    for i in range(0, len(token_ids) - context, stride):
        if token_ids[i : i + context] in input_ids:
            continue
        input_ids.append(token_ids[i : i + context])
        target_ids.append(token_ids[i + 1 : i + context + 1])
    x = torch.tensor(input_ids, dtype=torch.int64).reshape(-1, context)
    y = torch.tensor(target_ids, dtype=torch.int64).reshape(-1, context)
    return x, y
