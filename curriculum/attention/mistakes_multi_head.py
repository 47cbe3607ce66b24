"""What goes wrong with multi-head attention."""

import math

import torch
from torch import nn

from exercises.attention.causal_mask import causal_mask
from exercises.attention.scaled_dot_product import scaled_dot_product
from exercises.attention.softmax import softmax
from grader.course import caught_by


@caught_by("test_each_head_attends_with_its_own_numbers")
def heads_not_transposed():
    """numbers cut into (B, H, T, D) at once, without a transpose, which mixes the tokens"""

    class MultiHeadAttention:
        def forward(self, x):
            batch, tokens, width = x.shape
            shape = (batch, self.heads, tokens, width // self.heads)
            q, k, v = (part(x).view(shape) for part in (self.query, self.key, self.value))
            read = scaled_dot_product(q, k, v, causal_mask(tokens))
            return self.out(read.transpose(1, 2).reshape(x.shape))


@caught_by("test_two_heads_by_hand")
def joined_without_transpose():
    """heads joined without bringing them back behind the tokens, which mixes the tokens"""

    class MultiHeadAttention:
        def forward(self, x):
            q, k, v = (
                layer(x).unflatten(2, (self.heads, -1)).transpose(1, 2)
                for layer in (self.query, self.key, self.value)
            )
            read = scaled_dot_product(q, k, v, causal_mask(x.shape[1]))
            return self.out(read.reshape(x.shape))


@caught_by("test_each_head_attends_with_its_own_numbers")
def cut_and_joined_without_transpose():
    """heads cut and joined by view alone, so that each is a stretch of tokens, not of numbers"""

    class MultiHeadAttention:
        def forward(self, x):
            batch, tokens, width = x.shape
            shape = (batch, self.heads, tokens, width // self.heads)
            q, k, v = (part(x).view(shape) for part in (self.query, self.key, self.value))
            return self.out(scaled_dot_product(q, k, v, causal_mask(tokens)).reshape(x.shape))


@caught_by("test_two_heads_by_hand")
def every_hth_number():
    """heads of every H-th number, (D, H) in place of (H, D)"""

    class MultiHeadAttention:
        def forward(self, x):
            q, k, v = (
                layer(x).unflatten(2, (-1, self.heads)).permute(0, 3, 1, 2)
                for layer in (self.query, self.key, self.value)
            )
            read = scaled_dot_product(q, k, v, causal_mask(x.shape[1]))
            return self.out(read.permute(0, 2, 3, 1).flatten(2))


@caught_by("test_two_heads_by_hand")
def joined_number_by_number():
    """heads joined number by number: the first of each head, then the second of each"""

    class MultiHeadAttention:
        def forward(self, x):
            q, k, v = (
                layer(x).unflatten(2, (self.heads, -1)).transpose(1, 2)
                for layer in (self.query, self.key, self.value)
            )
            read = scaled_dot_product(q, k, v, causal_mask(x.shape[1]))
            return self.out(read.permute(0, 2, 3, 1).flatten(2))


@caught_by("test_each_head_attends_with_its_own_numbers")
def heads_and_width_of_a_head_exchanged():
    """D heads of H numbers in place of H heads of D numbers"""

    class MultiHeadAttention:
        def forward(self, x):
            q, k, v = (
                layer(x).unflatten(2, (-1, self.heads)).transpose(1, 2)
                for layer in (self.query, self.key, self.value)
            )
            read = scaled_dot_product(q, k, v, causal_mask(x.shape[1]))
            return self.out(read.transpose(1, 2).flatten(2))


@caught_by("test_two_heads_by_hand")
def one_head():
    """one head of all C numbers, whatever heads says"""

    class MultiHeadAttention:
        def forward(self, x):
            q, k, v = self.query(x), self.key(x), self.value(x)
            return self.out(scaled_dot_product(q, k, v, causal_mask(x.shape[1])))


@caught_by("test_two_heads_by_hand")
def heads_attend_to_heads():
    """heads left behind the tokens, so that each token's heads attend to each other"""

    class MultiHeadAttention:
        def forward(self, x):
            q, k, v = (
                layer(x).unflatten(2, (self.heads, -1))
                for layer in (self.query, self.key, self.value)
            )
            read = scaled_dot_product(q, k, v, causal_mask(self.heads))
            return self.out(read.flatten(2))


@caught_by("test_scores_are_divided_by_the_root_of_a_heads_width")
def root_of_the_whole_width():
    """scores divided by the root of C, not by that of D, the width of a head"""

    class MultiHeadAttention:
        def forward(self, x):
            q, k, v = (
                layer(x).unflatten(2, (self.heads, -1)).transpose(1, 2)
                for layer in (self.query, self.key, self.value)
            )
            scores = q @ k.mT / math.sqrt(x.shape[2])
            scores = scores.masked_fill(~causal_mask(x.shape[1]), -math.inf)
            return self.out((softmax(scores) @ v).transpose(1, 2).flatten(2))


@caught_by("test_scores_are_divided_by_the_root_of_a_heads_width")
def not_scaled():
    """scores that are not divided by anything"""

    class MultiHeadAttention:
        def forward(self, x):
            q, k, v = (
                layer(x).unflatten(2, (self.heads, -1)).transpose(1, 2)
                for layer in (self.query, self.key, self.value)
            )
            scores = (q @ k.mT).masked_fill(~causal_mask(x.shape[1]), -math.inf)
            return self.out((softmax(scores) @ v).transpose(1, 2).flatten(2))


@caught_by("test_future_tokens_never_change_an_earlier_output")
def no_mask():
    """attention without a mask: each token reads those after it too"""

    class MultiHeadAttention:
        def forward(self, x):
            q, k, v = (
                layer(x).unflatten(2, (self.heads, -1)).transpose(1, 2)
                for layer in (self.query, self.key, self.value)
            )
            return self.out(scaled_dot_product(q, k, v).transpose(1, 2).flatten(2))


@caught_by("test_each_head_attends_with_its_own_numbers")
def no_last_layer():
    """heads joined but not passed through the layer out"""

    class MultiHeadAttention:
        def forward(self, x):
            q, k, v = (
                layer(x).unflatten(2, (self.heads, -1)).transpose(1, 2)
                for layer in (self.query, self.key, self.value)
            )
            read = scaled_dot_product(q, k, v, causal_mask(x.shape[1]))
            return read.transpose(1, 2).flatten(2)


@caught_by("test_each_head_attends_with_its_own_numbers")
def queries_and_keys_exchanged():
    """queries and keys exchanged: a token is weighed by what it asks, not by what it offers"""

    class MultiHeadAttention:
        def forward(self, x):
            k, q, v = (
                layer(x).unflatten(2, (self.heads, -1)).transpose(1, 2)
                for layer in (self.query, self.key, self.value)
            )
            read = scaled_dot_product(q, k, v, causal_mask(x.shape[1]))
            return self.out(read.transpose(1, 2).flatten(2))


@caught_by("test_each_head_attends_with_its_own_numbers")
def keys_serve_as_values():
    """keys handed over in place of values, while the layer for values is never used"""

    class MultiHeadAttention:
        def forward(self, x):
            q, k = (
                layer(x).unflatten(2, (self.heads, -1)).transpose(1, 2)
                for layer in (self.query, self.key)
            )
            read = scaled_dot_product(q, k, k, causal_mask(x.shape[1]))
            return self.out(read.transpose(1, 2).flatten(2))


@caught_by("test_the_parameters_are_four_weights_and_four_biases")
def bias_always():
    """layers with a bias, whatever the argument says"""

    class MultiHeadAttention:
        def __init__(self, width, heads, bias=True):
            super().__init__()
            if width % heads:
                raise ValueError("the heads do not divide the width")
            self.heads = heads
            self.query = nn.Linear(width, width)
            self.key = nn.Linear(width, width)
            self.value = nn.Linear(width, width)
            self.out = nn.Linear(width, width)


@caught_by("test_the_parameters_are_four_weights_and_four_biases")
def bias_never():
    """layers without a bias, whatever the argument says"""

    class MultiHeadAttention:
        def __init__(self, width, heads, bias=True):
            super().__init__()
            if width % heads:
                raise ValueError("the heads do not divide the width")
            self.heads = heads
            self.query = nn.Linear(width, width, bias=False)
            self.key = nn.Linear(width, width, bias=False)
            self.value = nn.Linear(width, width, bias=False)
            self.out = nn.Linear(width, width, bias=False)


@caught_by("test_without_bias_it_is_the_weights_alone")
def last_bias_always():
    """a last layer that keeps its bias when there is to be none"""

    class MultiHeadAttention:
        def __init__(self, width, heads, bias=True):
            super().__init__()
            if width % heads:
                raise ValueError("the heads do not divide the width")
            self.heads = heads
            self.query = nn.Linear(width, width, bias=bias)
            self.key = nn.Linear(width, width, bias=bias)
            self.value = nn.Linear(width, width, bias=bias)
            self.out = nn.Linear(width, width)


@caught_by("test_the_parameters_are_four_weights_and_four_biases")
def layers_of_one_head():
    """layers that make D numbers, as for a single head, so that all heads would be one"""

    class MultiHeadAttention:
        def __init__(self, width, heads, bias=True):
            super().__init__()
            if width % heads:
                raise ValueError("the heads do not divide the width")
            self.heads = heads
            self.query = nn.Linear(width, width // heads, bias=bias)
            self.key = nn.Linear(width, width // heads, bias=bias)
            self.value = nn.Linear(width, width // heads, bias=bias)
            self.out = nn.Linear(width, width, bias=bias)

        def forward(self, x):
            q, k, v = self.query(x), self.key(x), self.value(x)
            read = scaled_dot_product(q, k, v, causal_mask(x.shape[1]))
            return self.out(torch.cat([read] * self.heads, dim=2))


@caught_by("test_heads_that_do_not_divide_the_width_are_refused")
def any_number_of_heads():
    """heads that need not divide the width, so that numbers are left over"""

    class MultiHeadAttention:
        def __init__(self, width, heads, bias=True):
            super().__init__()
            self.heads = heads
            self.query = nn.Linear(width, width, bias=bias)
            self.key = nn.Linear(width, width, bias=bias)
            self.value = nn.Linear(width, width, bias=bias)
            self.out = nn.Linear(width, width, bias=bias)


@caught_by("test_a_sequence_is_the_same_alone_and_in_company")
def heads_beside_the_wrong_sequence():
    """heads joined with those of another sequence: the batch and the heads change places"""

    class MultiHeadAttention:
        def forward(self, x):
            q, k, v = (
                layer(x).unflatten(2, (self.heads, -1)).permute(2, 0, 1, 3)
                for layer in (self.query, self.key, self.value)
            )
            read = scaled_dot_product(q, k, v, causal_mask(x.shape[1]))  # (H, B, T, D)
            read = read.reshape(len(x), self.heads, x.shape[1], -1)
            return self.out(read.transpose(1, 2).flatten(2))


@caught_by("test_a_sequence_is_the_same_alone_and_in_company")
def dropout_in_training():
    """a tenth of the output dropped in training"""

    class MultiHeadAttention:
        def forward(self, x):
            q, k, v = (
                layer(x).unflatten(2, (self.heads, -1)).transpose(1, 2)
                for layer in (self.query, self.key, self.value)
            )
            read = scaled_dot_product(q, k, v, causal_mask(x.shape[1]))
            read = self.out(read.transpose(1, 2).flatten(2))
            return nn.functional.dropout(read, 0.1, self.training)


@caught_by("test_x_stays_as_it_was")
def input_added_in_place():
    """the result added to the caller's x in place (+= changes the input): that is a block's sum"""

    class MultiHeadAttention:
        def forward(self, x):
            q, k, v = (
                layer(x).unflatten(2, (self.heads, -1)).transpose(1, 2)
                for layer in (self.query, self.key, self.value)
            )
            read = scaled_dot_product(q, k, v, causal_mask(x.shape[1]))
            x += self.out(read.transpose(1, 2).flatten(2))
            return x


@caught_by("test_each_head_attends_with_its_own_numbers")
def input_added():
    """the input added to the result: that is a block's sum, one exercise later"""

    class MultiHeadAttention:
        def forward(self, x):
            q, k, v = (
                layer(x).unflatten(2, (self.heads, -1)).transpose(1, 2)
                for layer in (self.query, self.key, self.value)
            )
            read = scaled_dot_product(q, k, v, causal_mask(x.shape[1]))
            return x + self.out(read.transpose(1, 2).flatten(2))


@caught_by("test_the_gradients_are_torchs")
def weights_without_gradient():
    """attention weights that are detached: no gradient reaches queries and keys"""

    class MultiHeadAttention:
        def forward(self, x):
            q, k, v = (
                layer(x).unflatten(2, (self.heads, -1)).transpose(1, 2)
                for layer in (self.query, self.key, self.value)
            )
            read = scaled_dot_product(q.detach(), k.detach(), v, causal_mask(x.shape[1]))
            return self.out(read.transpose(1, 2).flatten(2))


@caught_by("test_the_result_has_the_shape_and_dtype_of_x")
def float32_always():
    """heads in float32, whatever dtype came in"""

    class MultiHeadAttention:
        def forward(self, x):
            q, k, v = (
                layer(x).float().unflatten(2, (self.heads, -1)).transpose(1, 2)
                for layer in (self.query, self.key, self.value)
            )
            read = scaled_dot_product(q, k, v, causal_mask(x.shape[1]))
            read = read.transpose(1, 2).flatten(2)
            return nn.functional.linear(read, self.out.weight.float(), self.out.bias.float())


@caught_by("test_the_result_has_the_shape_and_dtype_of_x")
def mean_of_the_heads():
    """the heads averaged, not joined"""

    class MultiHeadAttention:
        def forward(self, x):
            q, k, v = (
                layer(x).unflatten(2, (self.heads, -1)).transpose(1, 2)
                for layer in (self.query, self.key, self.value)
            )
            read = scaled_dot_product(q, k, v, causal_mask(x.shape[1]))
            return read.mean(dim=1)
