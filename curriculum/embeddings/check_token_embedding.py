"""The checks of the token embedding."""

import pytest
import torch
from torch.nn import functional

from grader.checks import close, equal, formed, gradients, load_shared, shaped, value

shared = load_shared(__file__)
load = shared.load


def test_weight_is_the_only_parameter(TokenEmbedding):
    """weight, of shape (V, C), is the only parameter, and it requires a gradient."""
    shared.claim_parameters(TokenEmbedding, "TokenEmbedding")


def test_weight_starts_as_small_normal_numbers(TokenEmbedding):
    """weight is initialized from a normal distribution with mean 0 and deviation 0.02."""
    shared.claim_first_values(TokenEmbedding, "TokenEmbedding")


def test_rows_picked_by_hand(TokenEmbedding):
    """The ids 2, 0, 2 give the rows 2, 0 and 2 of the table, in that order."""
    layer = load(TokenEmbedding(3, 2), torch.tensor([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]))
    got = layer(torch.tensor([[2, 0, 2]]))
    close(got, torch.tensor([[[5.0, 6.0], [1.0, 2.0], [5.0, 6.0]]]))


def test_the_result_has_a_vector_for_each_id(TokenEmbedding, randn, randint):
    """Ids of shape (B, T) give a result of shape (B, T, C) in the dtype of weight."""
    for shape in [(2, 3), (3, 1), (1, 1), (7, 2)]:
        got = load(TokenEmbedding(11, 5), randn(11, 5))(randint(0, 11, *shape))
        shaped(got, (*shape, 5), torch.float32, say=f"ids of shape {shape}")
    got = load(TokenEmbedding(11, 5).double(), randn(11, 5).double())(randint(0, 11, 2, 3))
    shaped(got, (2, 3, 5), torch.float64, say="weight in float64")


def test_each_vector_is_its_tokens_row(TokenEmbedding, randn, randint):
    """Random tables and ids give the same as torch.nn.functional.embedding."""
    for scale in (1.0, 0.02, 30.0):
        weight, ids = scale * randn(13, 5), randint(0, 13, 3, 7)
        ids[0, :2] = torch.tensor([12, 0])  # the first and the last row
        got = load(TokenEmbedding(13, 5), weight)(ids)
        close(got, functional.embedding(ids, weight), say=f"a table of numbers around {scale:g}")
    weight, ids = randn(13, 5), randint(0, 13, 7, 3).T
    got = load(TokenEmbedding(13, 5), weight)(ids)
    close(got, functional.embedding(ids, weight), say="ids that are a transposed view")
    got = load(TokenEmbedding(1, 1), torch.tensor([[7.0]]))(torch.tensor([[0, 0]]))
    close(got, torch.tensor([[[7.0], [7.0]]]), say="a vocabulary of 1 and one feature")


def test_a_token_has_the_same_vector_everywhere(TokenEmbedding, randn, randint):
    """A token's embedding does not depend on position, other tokens, or train()/eval() mode."""
    layer, ids = load(TokenEmbedding(5, 3), randn(5, 3)), randint(0, 5, 2, 11)
    alone = [layer(torch.tensor([[token]])) for token in range(5)]
    for vector in alone:
        formed(vector, "float32 tensor 1x1x3", "the result of one id")
    want = torch.stack([vector[0, 0] for vector in alone])[ids]
    close(layer(ids), want, say="each token alone, against the same token in a batch")
    layer.eval()
    close(layer(ids), want, say="after layer.eval()")


def test_a_changed_table_counts_in_the_next_call(TokenEmbedding, randn, randint):
    """After weight was changed, the next call uses it, in training and evaluation mode."""
    layer, ids = TokenEmbedding(5, 3), randint(0, 5, 2, 7)
    for mode in (True, False, True, False):
        weight = randn(5, 3)
        load(layer.train(mode), weight)
        for _ in range(2):
            say = f"layer.train({mode}), after weight was changed"
            close(layer(ids), functional.embedding(ids, weight), say=say)


def test_each_result_is_a_tensor_of_its_own(TokenEmbedding, randn, beside):
    """A result that the caller changes in place leaves the table as it was."""
    weight = randn(5, 3)
    layer = load(TokenEmbedding(5, 3), weight)
    ids = [torch.tensor(rows) for rows in ([[2]], [[1, 1, 1]], [[0, 1, 2, 3, 4]])]
    results = beside("builtins.map")(beside("torch.detach"), beside("builtins.map")(layer, ids))
    # Set to zero where they live, as a caller may.
    beside("builtins.list")(beside("builtins.map")(beside("torch.zero_"), results))
    say = "weight, after the caller has set earlier results to zero"
    close(value(layer.weight), weight, say=say)


def test_ids_outside_the_vocabulary_are_refused(TokenEmbedding, randn):
    """An id of V or more, or below 0, raises IndexError, in training and evaluation mode."""
    layer = load(TokenEmbedding(5, 3), randn(5, 3))
    for mode in (True, False):
        layer.train(mode)
        for ids in ([[5, 0]], [[0, -1]], [[1, 2], [3, -5]], [[4, 4], [500, 4]]):
            with pytest.raises(IndexError):
                layer(torch.tensor(ids))


def test_the_ids_stay_as_they_were(TokenEmbedding, randn, randint):
    """The tensor of ids that is passed in is not changed."""
    ids = randint(0, 5, 2, 3)
    before = ids.clone()
    load(TokenEmbedding(5, 7), randn(5, 7))(ids)
    equal(ids, before, say="the ids were changed in place")


def test_a_rows_gradient_is_the_sum_over_its_positions(TokenEmbedding, randn):
    """A row's gradient is the sum over its token's positions, and 0 for an absent token."""
    ids, upstream = torch.tensor([[1, 3, 1], [1, 0, 3]]), randn(2, 3, 5)
    layer = load(TokenEmbedding(4, 5), randn(4, 5))
    gradients(layer, ids, upstream=upstream)
    want = torch.zeros(4, 5)
    for row, token in zip(upstream.reshape(6, 5), ids.flatten().tolist(), strict=True):
        want[token] += row
    close(layer.weight.grad, want, say="the gradient of weight")
