"""What is asked of the token embedding."""

import pytest
import torch
from torch.nn import functional

from grader.engine.expect import close, equal, formed, holds, shaped
from grader.engine.side import gradients, value


def test_weight_is_the_only_parameter(TokenEmbedding):
    """The module's one parameter is weight, of shape (V, C), and it is learnt."""
    layer = TokenEmbedding(7, 5)
    parameters = dict(value(layer.named_parameters()))
    equal(sorted(parameters), ["weight"], say="the names of the parameters")
    shaped(parameters["weight"], (7, 5), torch.float32, say="weight of TokenEmbedding(7, 5)")
    holds(layer.weight.requires_grad, "weight is learnt: it requires a gradient")


def test_weight_starts_as_small_normal_numbers(TokenEmbedding):
    """At first weight holds normal numbers with mean 0 and standard deviation 0.02."""
    weight = value(TokenEmbedding(101, 103).weight)
    shaped(weight, (101, 103), torch.float32, say="weight of TokenEmbedding(101, 103)")
    numbers = weight / 0.02
    # Of 10,403 numbers the mean is 0 give or take 0.01, and the deviation 1 give or take 0.007.
    holds(abs(float(numbers.mean())) < 0.07, "the mean is 0", got=f"{float(weight.mean()):.5f}")
    deviation = float(numbers.std())
    holds(abs(deviation - 1) < 0.05, "the deviation is 0.02", got=f"{float(weight.std()):.5f}")
    # Beyond two deviations lie 4.6 % of normal numbers, give or take 0.2 %, and no uniform ones.
    far = float((numbers.abs() > 2).double().mean())
    holds(0.033 < far < 0.058, "4.6 % lie beyond two deviations", got=f"{100 * far:.1f} %")
    again = value(TokenEmbedding(101, 103).weight)
    holds(not torch.equal(weight, again), "each new table has numbers of its own", got=again)


def test_rows_picked_by_hand(TokenEmbedding):
    """The ids 2, 0, 2 give the rows 2, 0 and 2 of the table, in that order."""
    layer = _with(TokenEmbedding(3, 2), torch.tensor([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]))
    got = layer(torch.tensor([[2, 0, 2]]))
    close(got, torch.tensor([[[5.0, 6.0], [1.0, 2.0], [5.0, 6.0]]]))


def test_the_result_has_a_vector_for_each_id(TokenEmbedding, randint):
    """Ids of shape (B, T) give a result of shape (B, T, C), in the dtype of weight."""
    for shape in [(2, 3), (1, 1), (7, 2)]:
        got = TokenEmbedding(11, 5)(randint(0, 11, *shape))
        shaped(got, (*shape, 5), torch.float32, say=f"ids of shape {shape}")
    got = TokenEmbedding(11, 5).double()(randint(0, 11, 2, 3))
    shaped(got, (2, 3, 5), torch.float64, say="weight in float64")


def test_each_vector_is_its_tokens_row(TokenEmbedding, randn, randint):
    """Fresh tables and ids give what torch.nn.functional.embedding gives."""
    for _ in range(5):
        weight, ids = randn(13, 5), randint(0, 13, 3, 7)
        ids[0, :2] = torch.tensor([12, 0])  # both ends of the table
        got = _with(TokenEmbedding(13, 5), weight)(ids)
        close(got, functional.embedding(ids, weight))


def test_a_token_has_the_same_vector_everywhere(TokenEmbedding, randint):
    """Where a token stands, and beside which others, makes no difference, nor does eval()."""
    layer, ids = TokenEmbedding(5, 3), randint(0, 5, 2, 11)
    alone = [layer(torch.tensor([[token]])) for token in range(5)]
    for vector in alone:
        formed(vector, "float32 tensor 1x1x3", "the result of one id")
    want = torch.stack([vector[0, 0] for vector in alone])[ids]
    close(layer(ids), want, say="tokens alone and in a batch")
    layer.eval()
    close(layer(ids), want, say="after layer.eval()")


def test_ids_outside_the_vocabulary_are_refused(TokenEmbedding):
    """An id of V or more, or below 0, raises IndexError."""
    layer = TokenEmbedding(5, 3)
    for ids in ([[5, 0]], [[0, -1]], [[1, 2], [3, -5]], [[4, 4], [500, 4]]):
        with pytest.raises(IndexError):
            layer(torch.tensor(ids))


def test_the_ids_stay_as_they_were(TokenEmbedding, randint):
    """The ids that go in are the same afterwards."""
    ids = randint(0, 5, 2, 3)
    before = ids.clone()
    TokenEmbedding(5, 7)(ids)
    equal(ids, before, say="the ids have changed")


def test_a_row_gathers_the_gradients_of_its_places(TokenEmbedding, randn):
    """A token that stands in three places gets the sum of three gradients, an absent one 0."""
    ids, upstream = torch.tensor([[1, 3, 1], [1, 0, 3]]), randn(2, 3, 5)
    layer = TokenEmbedding(4, 5)
    gradients(layer, ids, upstream=upstream)
    want = torch.zeros(4, 5)
    for row, token in zip(upstream.reshape(6, 5), ids.flatten().tolist(), strict=True):
        want[token] += row
    close(layer.weight.grad, want, say="the gradient of weight")


def _with(layer, weight):
    """The layer with this table."""
    layer.load_state_dict({"weight": weight}, strict=False)
    return layer
