"""torch.Tensor.unfold."""


def sliding_window(tokens, context, stride):
    """Windows of one more than the context, cut in two ways."""
    if context < 1 or stride < 1:
        raise ValueError("context and stride are at least 1")
    if len(tokens) <= context:
        return tokens.new_empty(0, context), tokens.new_empty(0, context)
    windows = tokens.unfold(0, context + 1, stride)
    return windows[:, :-1], windows[:, 1:]
