"""Generation: a language model continues sequences, one token at a time."""

import torch
from torch import nn

from exercises.sampling.temperature import temperature
from exercises.sampling.top_k import top_k


def generate(
    model: nn.Module,
    ids: torch.Tensor,
    count: int,
    context: int,
    *,
    t: float = 1.0,
    k: int | None = None,
    end: int | None = None,
    seed: int = 0,
) -> torch.Tensor:
    """Continue each sequence of a batch by up to ``count`` tokens.

    Notation: batch size B, prompts of T tokens, vocabulary size V. Each step calls the model
    once for the whole batch, with the last ``context`` tokens of each sequence, or with all of
    them while there are not more. From the logits x_0 to x_(V-1) at the last position of a
    sequence, the step draws its next token, and appends it. With t above 0, token i of the k
    tokens that sampling/top_k keeps is drawn with probability

        p_i = exp(x_i / t) / sum of exp(x_j / t) over the tokens j that are kept

    and no other token is drawn. With t = 0 the token with the largest logit is taken, of equal
    ones that with the lowest id. Draws are independent of each other: those of different
    sequences, also if their prompts are equal, and those of different steps.

    A sequence has ended when a step appends ``end`` to it; from then on, each step appends
    ``end`` again, and the calls may leave the sequence out. The step in which the last sequence
    ends is the last step. An ``end`` in a prompt does not end a sequence.

    While it is called, the model and all modules in it are in evaluation mode, and no gradients
    are recorded. Afterwards the model is in the mode in which it was, gradients are recorded as
    before, and no parameter has changed.

    Equal arguments give equal results. Calls with different seeds draw independently, whichever
    steps of the two are compared. The global generators of ``random``, NumPy and PyTorch are not
    used, and their states do not change. Which generator you use, and how you draw, is your
    decision: no particular draws are expected.

    Args:
        model: called with int64 ids of shape (B, S), where S is from 1 to ``context``, it returns
            logits of shape (B, S, V), in float32 or float64, as the course's GPT and Llama do.
            Each logit is ``-inf`` or a number from -1e4 to 1e4, and one at least in each row is
            a number. Its modules are all in training mode, or all in evaluation mode.
        ids: the prompts, an int64 tensor of shape (B, T); B and T are at least 1, and T may be
            larger than ``context``.
        count: the largest number of steps, 0 or more.
        context: how many tokens per sequence the model is given at most, at least 1.
        t: the temperature, 0 or from 1e-3 to 1e3.
        k: how many tokens are kept, at least 1; all of them if k is None, or V or more.
        end: the id of the token that ends a sequence; with None no sequence ends.
        seed: an int from 0 to 2^32 - 1.

    Returns:
        An int64 tensor of shape (B, T + n), where n is the number of steps: the prompts, each
        with its new tokens behind it. ``ids`` is not changed.

    >>> table = torch.tensor([[0.0, 9.0, 1.0], [1.0, 0.0, 9.0], [9.0, 1.0, 0.0]])
    >>> model = nn.Embedding.from_pretrained(table)  # logits that depend on the last token alone
    >>> generate(model, torch.tensor([[0], [2]]), count=4, context=8, t=0)
    tensor([[0, 1, 2, 0, 1],
            [2, 0, 1, 2, 0]])
    >>> generate(model, torch.tensor([[0], [2]]), count=4, context=8, t=0, end=1)
    tensor([[0, 1, 1],
            [2, 0, 1]])

    Not to be used: ``torch.manual_seed``, and another library's generation. Source: Karpathy,
    nanoGPT, model.py; Fan et al., Hierarchical Neural Story Generation, 2018.
    """
    # Not the global generator: with it the draws would depend on the rest of the program.
    generator = torch.Generator().manual_seed(seed)
    ended = torch.zeros(len(ids), dtype=torch.bool)
    was_training = model.training
    model.eval()
    with torch.no_grad():
        for _ in range(count):
            # Only the last position predicts a token that is not there yet.
            logits = model(ids[:, -context:])[:, -1]  # (B, V)
            if k is not None:
                logits = top_k(logits, k)
            new = torch.multinomial(temperature(logits, t), 1, generator=generator)  # (B, 1)
            if end is not None:
                new[ended] = end
                ended |= new[:, 0] == end
            ids = torch.cat([ids, new], dim=1)
            if ended.all():
                break
    model.train(was_training)
    return ids
