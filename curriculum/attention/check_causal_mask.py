"""What is asked of the causal mask."""

import pytest
import torch
from torch.nn import functional

from grader.engine.expect import equal, holds


def test_the_mask_is_a_bool_tensor_of_queries_by_keys(causal_mask):
    """The mask has one row per query and one column per key, and its dtype is bool."""
    for sizes in [(2,), (1, 3), (3, 5)]:
        got = causal_mask(*sizes)
        holds(type(got) is torch.Tensor, "the mask is a tensor", got=got)
        equal(tuple(got.shape), (sizes[0], sizes[-1]), say=f"the shape of causal_mask{sizes}")
        holds(got.dtype == torch.bool, "the mask is bool, not numbers", got=got)


def test_three_tokens_by_hand(causal_mask):
    """Token 0 reads itself, token 1 the first two, token 2 all three."""
    want = torch.tensor([[True, False, False], [True, True, False], [True, True, True]])
    equal(causal_mask(3), want, say='A position reads itself too: see "j <= i"')


def test_the_last_two_of_five_tokens_by_hand(causal_mask):
    """Of five tokens the fourth reads four keys and the fifth reads all."""
    want = torch.tensor([[True, True, True, True, False], [True, True, True, True, True]])
    equal(causal_mask(2, 5), want, say="the last query and the last key are the same token")


def test_a_single_query_reads_every_key(causal_mask):
    """The newest token may attend to all that came before it and to itself."""
    for keys in (1, 2, 7):
        equal(causal_mask(1, keys), torch.ones(1, keys, dtype=torch.bool), say=f"{keys} keys")


def test_each_entry_follows_the_rule(causal_mask, rng):
    """Entry [i, j] is True exactly where j <= i + (keys - queries)."""
    for _ in range(7):
        queries = rng.randint(2, 11)
        keys = queries + rng.choice([0, 1, 3, 13])
        past = keys - queries
        want = torch.tensor([[j <= i + past for j in range(keys)] for i in range(queries)])
        equal(causal_mask(queries, keys), want, say=f"{queries} queries, {keys} keys")


def test_the_last_rows_of_a_whole_mask_are_the_mask_of_the_last_queries(causal_mask, rng):
    """Tokens may see the same keys whether they come alone or with those before them."""
    keys = rng.randint(5, 13)
    whole = causal_mask(keys)
    holds(type(whole) is torch.Tensor, "the mask is a tensor", got=whole)
    for queries in range(1, keys):
        say = f"the last {queries} of {keys} rows"
        equal(causal_mask(queries, keys), whole[-queries:], say=say)


def test_future_tokens_never_change_an_earlier_output(causal_mask, randn):
    """With this mask, changing token 4 leaves what tokens 0 to 3 attend to as it was."""
    mask = causal_mask(5)
    whole = type(mask) is torch.Tensor and mask.dtype == torch.bool and mask.shape == (5, 5)
    holds(whole, "the mask is a bool tensor of shape 5x5", got=mask)
    x = randn(5, 3)
    changed = x.clone()
    changed[4] += 1.0
    before = functional.scaled_dot_product_attention(x, x, x, attn_mask=mask)
    after = functional.scaled_dot_product_attention(changed, changed, changed, attn_mask=mask)
    equal(after[:4], before[:4], say="a change in token 4 reached a token before it")
    holds(not torch.equal(after[4], before[4]), "token 4 reads itself", got=mask)


def test_more_queries_than_keys_are_refused(causal_mask):
    """Three queries with two keys raise ValueError: a query must be among the keys."""
    for queries, keys in [(3, 2), (2, 1), (11, 3)]:
        with pytest.raises(ValueError):
            causal_mask(queries, keys)
