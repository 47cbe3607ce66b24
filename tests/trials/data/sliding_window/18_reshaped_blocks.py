# wrong: the text is reshaped into rows, with the target of each row inside the same block | violates: "exactly the windows whose T inputs and T targets all lie in the text"
import torch


def sliding_window(tokens, context, stride):
    """Cut a text into blocks of context + 1 tokens."""
    if context < 1 or stride < 1:
        raise ValueError("context and stride must be at least 1")
    if len(tokens) <= context:
        return tokens.new_empty(0, context), tokens.new_empty(0, context)
    blocks = tokens.unfold(0, context + 1, stride if stride != context else context + 1)
    return blocks[:, :-1], blocks[:, 1:]
