"""The checks of the causal mask."""

import pytest
import torch
from torch.nn import functional

from grader.checks import equal, holds


def test_the_mask_is_a_bool_tensor_of_queries_by_keys(causal_mask):
    """The mask has one row per query and one column per key, and its dtype is bool."""
    for sizes in [(2,), (1, 3), (3, 5)]:
        got = causal_mask(*sizes)
        holds(type(got) is torch.Tensor, "the mask is a tensor", got=got)
        equal(tuple(got.shape), (sizes[0], sizes[-1]), say=f"the shape of causal_mask{sizes}")
        holds(got.dtype == torch.bool, "the mask is bool, not numbers", got=got)


def test_three_tokens_by_hand(causal_mask):
    """Token 0 attends to itself, token 1 to tokens 0 and 1, token 2 to all three."""
    want = torch.tensor([[True, False, False], [True, True, False], [True, True, True]])
    equal(causal_mask(3), want, say="a token attends to itself too, so j <= i")


def test_the_last_two_of_five_tokens_by_hand(causal_mask):
    """Of five tokens, token 3 attends to four keys and token 4 to all five."""
    want = torch.tensor([[True, True, True, True, False], [True, True, True, True, True]])
    equal(causal_mask(2, 5), want, say="the last query and the last key are the same token")


def test_a_single_query_attends_to_every_key(causal_mask):
    """A single query, the newest token, may attend to every key."""
    for keys in (1, 2, 7):
        equal(causal_mask(1, keys), torch.ones(1, keys, dtype=torch.bool), say=f"{keys} keys")


def test_each_entry_follows_the_rule(causal_mask, rng):
    """Entry [i, j] is True exactly where j <= i + (keys - queries)."""
    for _ in range(7):
        queries = rng.randint(2, 11)
        keys = queries + rng.choice([0, 1, 3, 13])
        say = f"{queries} queries, {keys} keys"
        equal(causal_mask(queries, keys), _by_rule(queries, keys), say=say)
    equal(causal_mask(queries=3, keys=5), _by_rule(3, 5), say="causal_mask(queries=3, keys=5)")


def test_no_number_of_tokens_is_too_large(causal_mask):
    """The rule holds for 131 queries, and for the last 3 of 5,000 tokens."""
    for queries, keys in [(65, 131), (131, 131), (3, 5000)]:
        say = f"{queries} queries, {keys} keys"
        equal(causal_mask(queries, keys), _by_rule(queries, keys), say=say)


def test_the_last_rows_of_a_whole_mask_are_the_mask_of_the_last_queries(causal_mask, rng):
    """A token may attend to the same keys whether it is processed alone or with earlier tokens."""
    keys = rng.randint(5, 13)
    whole = causal_mask(keys)
    holds(type(whole) is torch.Tensor, "the mask is a tensor", got=whole)
    for queries in range(1, keys):
        say = f"the last {queries} of {keys} rows"
        equal(causal_mask(queries, keys), whole[-queries:], say=say)


def test_future_tokens_never_change_an_earlier_output(causal_mask, randn):
    """With this mask, changing token 4 leaves the outputs of tokens 0 to 3 unchanged."""
    mask = causal_mask(5)
    whole = type(mask) is torch.Tensor and mask.dtype == torch.bool and mask.shape == (5, 5)
    holds(whole, "the mask is a bool tensor of shape 5x5", got=mask)
    x = randn(5, 3)
    changed = x.clone()
    changed[4] += 1.0
    before = functional.scaled_dot_product_attention(x, x, x, attn_mask=mask)
    after = functional.scaled_dot_product_attention(changed, changed, changed, attn_mask=mask)
    equal(
        after[:4],
        before[:4],
        say="token 4 was changed; the outputs of earlier tokens may not change",
    )
    holds(not torch.equal(after[4], before[4]), "token 4 attends to itself", got=mask)


def test_more_queries_than_keys_are_refused(causal_mask):
    """More queries than keys raise ValueError, because each query is also a key."""
    for queries, keys in [(3, 2), (2, 1), (11, 3), (1, 0), (3, 0), (131, 130)]:
        with pytest.raises(ValueError):
            causal_mask(queries, keys)


def test_each_call_returns_a_tensor_of_its_own(causal_mask, beside):
    """A mask that the caller changes has no effect on the next one."""
    masks = beside("builtins.map")(causal_mask, [3, 2], [3, 5])
    # Set to False where they live, as a caller may.
    beside("builtins.list")(beside("builtins.map")(beside("torch.zero_"), masks))
    for queries, keys in [(3, 3), (2, 5), (5, 5)]:
        say = f"{queries} queries, {keys} keys, after the caller has changed other masks"
        equal(causal_mask(queries, keys), _by_rule(queries, keys), say=say)


def _by_rule(queries, keys):
    """Return the mask by its definition, entry by entry."""
    past = keys - queries
    return torch.tensor([[j <= i + past for j in range(keys)] for i in range(queries)])
