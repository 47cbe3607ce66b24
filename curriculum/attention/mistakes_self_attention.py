"""What goes wrong with self-attention."""

import math

import torch
from torch import nn

from exercises.attention.causal_mask import causal_mask
from exercises.attention.scaled_dot_product import scaled_dot_product
from exercises.attention.softmax import softmax
from grader.course import caught_by


@caught_by("test_future_tokens_never_change_an_earlier_output")
def no_mask():
    """self-attention without a mask: each token reads those after it too"""

    class SelfAttention:
        def forward(self, x):
            return scaled_dot_product(self.query(x), self.key(x), self.value(x))


@caught_by("test_three_tokens_by_hand")
def mask_turned_round():
    """a mask turned the wrong way: each token reads itself and those after it"""

    class SelfAttention:
        def forward(self, x):
            mask = causal_mask(x.shape[1]).T
            return scaled_dot_product(self.query(x), self.key(x), self.value(x), mask)


@caught_by("test_three_tokens_by_hand")
def not_itself():
    """a mask without its diagonal: a token reads those before it but not itself"""

    class SelfAttention:
        def forward(self, x):
            mask = causal_mask(x.shape[1]).tril(-1)
            mask[0, 0] = True
            return scaled_dot_product(self.query(x), self.key(x), self.value(x), mask)


@caught_by("test_the_result_has_a_vector_for_each_token")
def mask_of_the_batch():
    """a mask as large as the batch, shape[0], not as the number of tokens"""

    class SelfAttention:
        def forward(self, x):
            mask = causal_mask(x.shape[0])
            return scaled_dot_product(self.query(x), self.key(x), self.value(x), mask)


@caught_by("test_the_result_has_a_vector_for_each_token")
def mask_of_fixed_length():
    """a mask made once for 128 tokens, in which longer sequences find no row"""

    class SelfAttention:
        def forward(self, x):
            mask = causal_mask(128)[: x.shape[1], : x.shape[1]]
            return scaled_dot_product(self.query(x), self.key(x), self.value(x), mask)


@caught_by("test_a_query_chooses_among_keys")
def queries_and_keys_exchanged():
    """queries and keys exchanged: a token is weighed by what it asks, not by what it offers"""

    class SelfAttention:
        def forward(self, x):
            mask = causal_mask(x.shape[1])
            return scaled_dot_product(self.key(x), self.query(x), self.value(x), mask)


@caught_by("test_a_query_chooses_among_keys")
def queries_serve_as_keys():
    """queries that serve as keys too, while the layer for keys is never used"""

    class SelfAttention:
        def forward(self, x):
            q = self.query(x)
            return scaled_dot_product(q, q, self.value(x), causal_mask(x.shape[1]))


@caught_by("test_every_token_is_what_the_definition_gives")
def keys_serve_as_values():
    """keys handed over in place of values, while the layer for values is never used"""

    class SelfAttention:
        def forward(self, x):
            k = self.key(x)
            return scaled_dot_product(self.query(x), k, k, causal_mask(x.shape[1]))


@caught_by("test_the_result_has_a_vector_for_each_token")
def values_without_a_layer():
    """the tokens themselves averaged, without the layer for values"""

    class SelfAttention:
        def forward(self, x):
            mask = causal_mask(x.shape[1])
            return scaled_dot_product(self.query(x), self.key(x), x, mask)


@caught_by("test_a_query_chooses_among_keys")
def root_of_the_tokens_width():
    """scores divided by the root of C, the width of a token, not by that of D"""

    class SelfAttention:
        def forward(self, x):
            q, k, v = self.query(x), self.key(x), self.value(x)
            scores = q @ k.transpose(-2, -1) / math.sqrt(x.shape[-1])
            scores = scores.masked_fill(~causal_mask(x.shape[1]), -math.inf)
            return softmax(scores) @ v


@caught_by("test_a_query_chooses_among_keys")
def not_scaled():
    """scores that are not divided by anything"""

    class SelfAttention:
        def forward(self, x):
            q, k, v = self.query(x), self.key(x), self.value(x)
            scores = q @ k.transpose(-2, -1)
            scores = scores.masked_fill(~causal_mask(x.shape[1]), -math.inf)
            return softmax(scores) @ v


@caught_by("test_a_query_chooses_among_keys")
def scaled_twice():
    """queries divided by the root of D before an attention that divides as well"""

    class SelfAttention:
        def forward(self, x):
            q = self.query(x) / math.sqrt(self.query.weight.shape[0])
            return scaled_dot_product(q, self.key(x), self.value(x), causal_mask(x.shape[1]))


@caught_by("test_the_parameters_are_three_weights")
def with_biases():
    """layers with a bias each, which nn.Linear has unless told otherwise"""

    class SelfAttention:
        def __init__(self, width, head):
            super().__init__()
            self.query = nn.Linear(width, head)
            self.key = nn.Linear(width, head)
            self.value = nn.Linear(width, head)


@caught_by("test_the_parameters_are_three_weights")
def one_layer_for_all():
    """one single layer that makes queries, keys and values"""

    class SelfAttention:
        def __init__(self, width, head):
            super().__init__()
            self.query = self.key = self.value = nn.Linear(width, head, bias=False)


@caught_by("test_the_parameters_are_three_weights")
def weights_turned():
    """weights of shape (C, D): nn.Linear keeps the outputs first"""

    class SelfAttention:
        def __init__(self, width, head):
            super().__init__()
            self.query = nn.Linear(head, width, bias=False)
            self.key = nn.Linear(head, width, bias=False)
            self.value = nn.Linear(head, width, bias=False)

        def forward(self, x):
            q, k, v = (x @ part.weight for part in (self.query, self.key, self.value))
            return scaled_dot_product(q, k, v, causal_mask(x.shape[1]))


@caught_by("test_the_parameters_are_three_weights")
def with_a_last_layer():
    """a fourth layer after attention, which belongs to multi-head attention"""

    class SelfAttention:
        def __init__(self, width, head):
            super().__init__()
            self.query = nn.Linear(width, head, bias=False)
            self.key = nn.Linear(width, head, bias=False)
            self.value = nn.Linear(width, head, bias=False)
            self.out = nn.Linear(head, head, bias=False)

        def forward(self, x):
            mask = causal_mask(x.shape[1])
            return self.out(scaled_dot_product(self.query(x), self.key(x), self.value(x), mask))


@caught_by("test_the_parameters_are_three_weights")
def frozen_weights():
    """weights that are frozen, so that no training will move them"""

    class SelfAttention:
        def __init__(self, width, head):
            super().__init__()
            self.query = nn.Linear(width, head, bias=False)
            self.key = nn.Linear(width, head, bias=False)
            self.value = nn.Linear(width, head, bias=False)
            self.requires_grad_(False)


@caught_by("test_a_sequence_is_the_same_alone_and_in_company")
def sequences_run_together():
    """all sequences of the batch laid end to end, so that later ones read earlier ones"""

    class SelfAttention:
        def forward(self, x):
            q, k, v = (part(x).flatten(0, 1) for part in (self.query, self.key, self.value))
            mixed = scaled_dot_product(q, k, v, causal_mask(len(q)))
            return mixed.view(*x.shape[:2], -1)


@caught_by("test_training_and_evaluation_are_the_same")
def dropout_in_training():
    """a tenth of the output dropped in training, as the paper does elsewhere"""

    class SelfAttention:
        def forward(self, x):
            mask = causal_mask(x.shape[1])
            mixed = scaled_dot_product(self.query(x), self.key(x), self.value(x), mask)
            return nn.functional.dropout(mixed, 0.1, self.training)


@caught_by("test_x_stays_as_it_was")
def input_scaled_in_place():
    """the caller's tokens scaled in place before the layers (*= changes the input)"""

    class SelfAttention:
        def forward(self, x):
            value = self.value(x)
            x *= x.shape[-1] ** -0.25
            return scaled_dot_product(self.query(x), self.key(x), value, causal_mask(x.shape[1]))


@caught_by("test_the_gradients_are_torchs")
def weights_without_gradient():
    """attention weights that are detached: no gradient reaches queries and keys"""

    class SelfAttention:
        def forward(self, x):
            q, k = self.query(x).detach(), self.key(x).detach()
            return scaled_dot_product(q, k, self.value(x), causal_mask(x.shape[1]))


@caught_by("test_the_result_has_a_vector_for_each_token")
def float32_always():
    """self-attention in float32, whatever dtype came in"""

    class SelfAttention:
        def forward(self, x):
            parts = (part(x).float() for part in (self.query, self.key, self.value))
            return scaled_dot_product(*parts, causal_mask(x.shape[1]))


@caught_by("test_the_result_has_a_vector_for_each_token")
def last_token_only():
    """the output of the last token alone, not of all of them"""

    class SelfAttention:
        def forward(self, x):
            mask = causal_mask(x.shape[1])
            return scaled_dot_product(self.query(x), self.key(x), self.value(x), mask)[:, -1]


@caught_by("test_a_query_chooses_among_keys")
def tokens_compared_alone():
    """scores from the tokens themselves, without the layers for queries and keys"""

    class SelfAttention:
        def forward(self, x):
            return scaled_dot_product(x, x, self.value(x), causal_mask(x.shape[1]))


@caught_by("test_three_tokens_by_hand")
def added_to_the_input():
    """the input added to what was read, where the two have one width: that is a block's work"""

    class SelfAttention:
        def forward(self, x):
            mask = causal_mask(x.shape[1])
            read = scaled_dot_product(self.query(x), self.key(x), self.value(x), mask)
            return x + read if read.shape == x.shape else read


@caught_by("test_every_token_is_what_the_definition_gives")
def softmax_over_queries():
    """softmax over the queries in place of the keys: each column sums to 1, not each row"""

    class SelfAttention:
        def forward(self, x):
            q, k, v = self.query(x), self.key(x), self.value(x)
            scores = q @ k.transpose(-2, -1) / math.sqrt(q.shape[-1])
            scores = scores.masked_fill(~causal_mask(x.shape[1]), -math.inf)
            return torch.softmax(scores, dim=-2) @ v
