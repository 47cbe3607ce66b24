"""The checks of repetition_penalty."""

import math

import pytest
import torch

from grader.checks import close, equal, holds, shaped, value

INF = math.inf
SINGLE, DOUBLE = torch.float32, torch.float64


def test_the_result_has_the_shape_and_dtype_of_the_logits(repetition_penalty, randn, randint):
    """The result has the shape and dtype of the logits."""
    kinds = [((5,), SINGLE), ((2, 3), DOUBLE), ((2, 3, 5), SINGLE), ((3, 1), DOUBLE)]
    for shape, dtype in kinds:
        logits, ids = randn(*shape, dtype=dtype), randint(0, shape[-1], *shape[:-1], 7)
        for penalty in (1.3, 2):
            got = repetition_penalty(logits, ids, penalty)
            shaped(got, shape, dtype, say=f"logits of shape {shape} and {dtype}")


def test_a_row_worked_by_hand(repetition_penalty):
    """With penalty 2, the logits 4, -1, 0, 3, -6 of tokens 0, 1, 2 become 2, -2 and 0."""
    logits = torch.tensor([4.0, -1.0, 0.0, 3.0, -6.0])
    got = repetition_penalty(logits, torch.tensor([2, 0, 1]), 2.0)
    close(got, torch.tensor([2.0, -2.0, 0.0, 3.0, -6.0]))
    got = repetition_penalty(logits, torch.tensor([4, 3]), 2)
    close(got, torch.tensor([4.0, -1.0, 0.0, 1.5, -12.0]), say="tokens 3 and 4, penalty 2")


def test_every_token_that_occurred_becomes_less_probable(repetition_penalty, randn):
    """With a penalty above 1 no logit grows, positive or negative, and those of the ids fall."""
    logits, ids = randn(3, 11), torch.tensor([[0, 5, 7], [10, 1, 2], [3, 4, 9]])
    logits[:, ::2] = -logits[:, ::2].abs() - 0.1
    for penalty in (1.2, 3.0):
        got = repetition_penalty(logits, ids, penalty)
        shaped(got, (3, 11), SINGLE)
        chosen, before = got.gather(-1, ids), logits.gather(-1, ids)
        say = f"penalty={penalty}: each logit of a token that occurred is lower than before"
        holds(bool((chosen < before).all()), say, want=before, got=chosen)


def test_a_token_is_penalised_once(repetition_penalty, randn):
    """A token that occurs three times has the logit of one that occurs once."""
    logits = randn(7)
    once = repetition_penalty(logits, torch.tensor([2, 5]), 1.5)
    close(once, _by_loop(logits, torch.tensor([2, 5]), 1.5), say="the ids 2 and 5")
    often = repetition_penalty(logits, torch.tensor([5, 2, 5, 5, 2]), 1.5)
    close(often, once, say="the ids 5, 2, 5, 5, 2, against 2, 5")
    rows = torch.stack([logits, -logits])
    ids = torch.tensor([[3] * 11, [0, 6] * 5 + [0]])
    close(repetition_penalty(rows, ids, 2.0), _by_loop(rows, ids, 2.0), say="11 ids of 7 tokens")


def test_every_row_has_its_own_ids(repetition_penalty, randn, randint):
    """In each row the tokens of its own ids are penalised, for any leading dimensions."""
    for shape, T in [((11,), 3), ((5, 7), 2), ((2, 3, 5), 7), ((2, 1, 3, 5), 1), ((3, 1), 2)]:
        for dtype in (SINGLE, DOUBLE):
            logits, ids = 3 * randn(*shape, dtype=dtype), randint(0, shape[-1], *shape[:-1], T)
            for penalty in (1.2, 1.7):
                want = _by_loop(logits, ids, penalty)
                say = f"logits of shape {shape}, {T} ids, penalty={penalty}"
                close(repetition_penalty(logits, ids, penalty), want, say=say)


def test_other_tokens_keep_their_logits(repetition_penalty, randn):
    """The logit of a token that did not occur stays exactly as it was."""
    logits = randn(2, 7)
    got = repetition_penalty(logits, torch.tensor([[0, 6], [3, 3]]), 1.7)
    shaped(got, (2, 7), SINGLE)
    equal(got[0, 1:6], logits[0, 1:6], say="tokens 1 to 5, with the ids 0 and 6")
    others = [0, 1, 2, 4, 5, 6]
    equal(got[1, others], logits[1, others], say="all tokens but 3, with the ids 3 and 3")


def test_a_penalty_of_one_or_less(repetition_penalty, randn, randint):
    """A penalty of 1 changes nothing, and one below 1 divides and multiplies in the same way."""
    logits, ids = 3 * randn(3, 7), randint(0, 7, 3, 4)
    for penalty in (1, 1.0):
        close(repetition_penalty(logits, ids, penalty), logits, say=f"penalty={penalty}")
    for penalty in (0.5, 0.9, 0.01, 100):
        want = _by_loop(logits, ids, penalty)
        close(repetition_penalty(logits, ids, penalty), want, say=f"penalty={penalty}")


def test_without_ids_nothing_changes(repetition_penalty, randn):
    """With no ids (T = 0) every logit stays as it is."""
    for shape in [(5,), (2, 3), (2, 3, 5)]:
        logits = randn(*shape)
        ids = torch.zeros(*shape[:-1], 0, dtype=torch.int64)
        equal(repetition_penalty(logits, ids, 1.5), logits, say=f"logits of shape {shape}")


def test_zero_and_minus_infinity_stay(repetition_penalty):
    """A logit of 0 stays 0 and one of -inf stays -inf, whether its token occurred or not."""
    logits = torch.tensor([[-INF, 0.0, -INF, 2.0], [0.0, -3.0, -INF, -INF], [-INF] * 4])
    ids = torch.tensor([[0, 1], [2, 1], [3, 3]])
    for penalty in (0.5, 1, 2):
        want = logits.clone()
        want[1, 1] = -3.0 * penalty
        for dtype in (SINGLE, DOUBLE):
            got = repetition_penalty(logits.to(dtype), ids, penalty)
            equal(got, want.to(dtype), say=f"penalty={penalty}, {dtype}")


def test_a_large_vocabulary_and_a_long_text(repetition_penalty, randn, randint):
    """Of 50,257 tokens those among 1,009 ids are penalised, the first and the last one too."""
    logits, ids = 5 * randn(2, 50_257), randint(0, 50_257, 2, 1009)
    ids[:, :2] = torch.tensor([50_256, 0])
    close(repetition_penalty(logits, ids, 1.3), _by_loop(logits, ids, 1.3))


def test_the_layout_in_memory_does_not_matter(repetition_penalty, randn, randint):
    """Logits and ids that are transposed, strided or expanded views give what copies give."""
    logits, ids = randn(7, 3, 2), randint(0, 7, 5, 3, 2)
    cases = [
        ("transposed views", logits.transpose(0, 2), ids.transpose(0, 2)),
        ("every second of rows and ids", randn(5, 14)[::2, ::2], randint(0, 7, 5, 6)[::2, ::2]),
        ("one row of logits expanded to three", randn(1, 7).expand(3, 7), randint(0, 7, 3, 2)),
        ("one row of ids expanded to three", randn(3, 7), randint(0, 7, 1, 2).expand(3, 2)),
    ]
    for name, rows, tokens in cases:
        want = _by_loop(rows, tokens, 1.5)
        close(repetition_penalty(rows, tokens, 1.5), want, say=name)


def test_a_penalty_that_is_not_positive_is_refused(repetition_penalty, randn):
    """A penalty of 0 or less raises ValueError."""
    for penalty in (0, 0.0, -1, -1.5):
        with pytest.raises(ValueError):
            repetition_penalty(randn(5), torch.tensor([1, 2]), penalty)


def test_the_inputs_stay_as_they_were(repetition_penalty, randn, live, beside):
    """repetition_penalty returns a tensor of its own and does not change logits and ids."""
    some, none = torch.tensor([[1, 4], [0, 0]]), torch.zeros(2, 0, dtype=torch.int64)
    for ids, penalty in [(some, 1.5), (some, 1), (none, 1.5)]:
        logits = randn(2, 5)
        before, ids_before = logits.clone(), ids.clone()
        say = f"{ids.shape[1]} ids, penalty={penalty}"
        repetition_penalty(logits, ids, penalty)
        equal(logits, before, say=f"{say}: the call changed its logits; return a new tensor")
        equal(ids, ids_before, say=f"{say}: the call changed its ids")
        there = live(before.clone())
        results = beside("builtins.map")(repetition_penalty, [there], [ids], [penalty])
        beside("builtins.list")(beside("builtins.map")(beside("torch.zero_"), results))
        equal(value(there), before, say=f"{say}: the result was set to 0, and the logits with it")


def _by_loop(logits, ids, penalty):
    """Return the logits by the definition, one row after the other."""
    changed = logits.clone().reshape(-1, logits.shape[-1])
    for row, tokens in zip(changed, ids.reshape(len(changed), -1).tolist(), strict=True):
        for token in set(tokens):
            x = row[token].item()
            row[token] = x / penalty if x > 0 else x * penalty
    return changed.reshape(logits.shape)
