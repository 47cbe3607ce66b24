"""The masked loss: conversations in one batch, of which only the answers are learned."""

import torch
from torch import nn

from exercises.training.cross_entropy import cross_entropy

IGNORED = -100


def batch_chats(
    chats: list[tuple[list[int], list[bool]]], pad: int, learn_prompts: bool = False
) -> tuple[torch.Tensor, torch.Tensor]:
    """Return the inputs and targets of a batch of conversations.

    Notation: batch size B, and T, the number of ids of the longest conversation minus 1. A
    conversation of n ids is a row of n - 1 positions: position t reads id t and predicts id
    t + 1. For row b with the ids ``i`` and the flags ``learn``

        inputs[b, t]  = i[t]                                   for t < n - 1, else ``pad``
        targets[b, t] = i[t + 1]  if t < n - 1 and id t + 1 counts, else -100

    Which ids count: those with ``learn[t + 1]`` True, the answers. With ``learn_prompts``
    every id of the conversation counts, also the instructions, but no padding. The first id is
    the target of no position, whatever its flag.

    What counts follows from the flags and the lengths, not from the values of the ids: ``pad`` may
    also be an id of a conversation, such as that of the control token at an answer's end.

    Args:
        chats: B pairs (ids, learn), as ``encode_chat`` returns them: at least one pair, else
            ``ValueError``; the two lists of a pair have the same length, at least 2. They are not
            changed.
        pad: the id of the padding in the inputs, any int.
        learn_prompts: whether everything counts, or the answers alone.

    Returns:
        (inputs, targets), two new int64 tensors of shape (B, T).

    >>> inputs, targets = batch_chats([([5, 6, 7, 8], [False, False, True, True])], pad=0)
    >>> inputs, targets
    (tensor([[5, 6, 7]]), tensor([[-100,    7,    8]]))
    """
    raise NotImplementedError("write batch_chats (about 11 lines)")


def masked_loss(
    model: nn.Module,
    chats: list[tuple[list[int], list[bool]]],
    pad: int,
    learn_prompts: bool = False,
) -> torch.Tensor:
    """Return the mean loss of a model over the ids of a batch that count.

    The model is called once, with the inputs of ``batch_chats``. The loss of a position is minus
    the log-probability, in nats, that its logits give to its target. The losses of all positions
    that are not ignored, in whatever rows, are added and divided by their number: a mean over
    tokens, not over conversations. If no id counts, the result is 0; ``backward`` works then
    too, and gives gradients of 0.

    Args:
        model: a module that returns logits of shape (B, T, V), float32 or float64, for int64 ids
            of shape (B, T). At each position they depend on this id and earlier ones alone, so
            padding at a row's end changes nothing before it. It is called in the mode that it
            is in.
        chats: as for ``batch_chats``.
        pad: an id that the model takes.
        learn_prompts: as for ``batch_chats``.

    Returns:
        A tensor of shape () and the dtype of the logits. Gradients flow to the model.

    >>> model = nn.Embedding.from_pretrained(torch.zeros(9, 4))  # four equal logits: log 4
    >>> masked_loss(model, [([8, 0, 3], [False, True, True])], pad=0)
    tensor(1.3863)

    Not to be used: ``torch.nn.functional.cross_entropy``, ``nll_loss``, ``log_softmax`` and the
    modules of ``torch.nn`` that wrap them; your own ``cross_entropy`` may be. Source: Shi et al.,
    Instruction Tuning With Loss Over Instructions, 2024, section 3.
    """
    raise NotImplementedError("write masked_loss (about 2 lines)")
