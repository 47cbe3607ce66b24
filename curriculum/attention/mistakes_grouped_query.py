"""What goes wrong with grouped-query attention."""

import math

import torch
from torch import nn

from exercises.attention.causal_mask import causal_mask
from exercises.attention.scaled_dot_product import scaled_dot_product
from exercises.attention.softmax import softmax
from exercises.embeddings.rope import rope
from grader.course import caught_by


@caught_by("test_neighbours_share_by_hand")
def tiled():
    """keys and values repeated as a whole, a b a b: head h reads h % K, not h // (H / K)"""

    class GroupedQueryAttention:
        def forward(self, x):
            q, k, v = (
                layer(x).unflatten(2, (-1, self.head)).transpose(1, 2)
                for layer in (self.query, self.key, self.value)
            )
            if self.base is not None:
                q, k = rope(q, base=self.base), rope(k, base=self.base)
            k, v = (part.repeat(1, self.group, 1, 1) for part in (k, v))
            read = scaled_dot_product(q, k, v, causal_mask(x.shape[1]))
            return self.out(read.transpose(1, 2).flatten(2))


@caught_by("test_each_head_reads_the_keys_of_its_group")
def first_only():
    """the first head of keys and values read by all heads"""

    class GroupedQueryAttention:
        def forward(self, x):
            q, k, v = (
                layer(x).unflatten(2, (-1, self.head)).transpose(1, 2)
                for layer in (self.query, self.key, self.value)
            )
            if self.base is not None:
                q, k = rope(q, base=self.base), rope(k, base=self.base)
            k, v = k[:, :1], v[:, :1]
            read = scaled_dot_product(q, k, v, causal_mask(x.shape[1]))
            return self.out(read.transpose(1, 2).flatten(2))


@caught_by("test_each_head_reads_the_keys_of_its_group")
def queries_averaged():
    """the queries of a group averaged, so that all its heads read the same"""

    class GroupedQueryAttention:
        def forward(self, x):
            q, k, v = (
                layer(x).unflatten(2, (-1, self.head)).transpose(1, 2)
                for layer in (self.query, self.key, self.value)
            )
            if self.base is not None:
                q, k = rope(q, base=self.base), rope(k, base=self.base)
            q = q.unflatten(1, (-1, self.group)).mean(dim=2).repeat_interleave(self.group, dim=1)
            k, v = (part.repeat_interleave(self.group, dim=1) for part in (k, v))
            read = scaled_dot_product(q, k, v, causal_mask(x.shape[1]))
            return self.out(read.transpose(1, 2).flatten(2))


@caught_by("test_each_head_reads_the_keys_of_its_group")
def only_the_keys_repeated():
    """keys repeated for their group and values repeated as a whole"""

    class GroupedQueryAttention:
        def forward(self, x):
            q, k, v = (
                layer(x).unflatten(2, (-1, self.head)).transpose(1, 2)
                for layer in (self.query, self.key, self.value)
            )
            if self.base is not None:
                q, k = rope(q, base=self.base), rope(k, base=self.base)
            k, v = k.repeat_interleave(self.group, dim=1), v.repeat(1, self.group, 1, 1)
            read = scaled_dot_product(q, k, v, causal_mask(x.shape[1]))
            return self.out(read.transpose(1, 2).flatten(2))


@caught_by("test_each_head_reads_the_keys_of_its_group")
def repeated_along_the_width():
    """numbers repeated within the vector before it is cut into heads, so that heads are mixed"""

    class GroupedQueryAttention:
        def forward(self, x):
            q, k, v = self.query(x), self.key(x), self.value(x)
            k, v = (part.repeat_interleave(self.group, dim=2) for part in (k, v))
            q, k, v = (part.unflatten(2, (-1, self.head)).transpose(1, 2) for part in (q, k, v))
            if self.base is not None:
                q, k = rope(q, base=self.base), rope(k, base=self.base)
            read = scaled_dot_product(q, k, v, causal_mask(x.shape[1]))
            return self.out(read.transpose(1, 2).flatten(2))


@caught_by("test_queries_and_keys_are_turned_and_values_are_not")
def values_turned_too():
    """values turned by their place along with queries and keys"""

    class GroupedQueryAttention:
        def forward(self, x):
            q, k, v = (
                layer(x).unflatten(2, (-1, self.head)).transpose(1, 2)
                for layer in (self.query, self.key, self.value)
            )
            if self.base is not None:
                q, k = rope(q, base=self.base), rope(k, base=self.base)
                v = rope(v, base=self.base)
            k, v = (part.repeat_interleave(self.group, dim=1) for part in (k, v))
            read = scaled_dot_product(q, k, v, causal_mask(x.shape[1]))
            return self.out(read.transpose(1, 2).flatten(2))


@caught_by("test_queries_and_keys_are_turned_and_values_are_not")
def only_queries_turned():
    """queries turned by their place, keys not"""

    class GroupedQueryAttention:
        def forward(self, x):
            q, k, v = (
                layer(x).unflatten(2, (-1, self.head)).transpose(1, 2)
                for layer in (self.query, self.key, self.value)
            )
            if self.base is not None:
                q = rope(q, base=self.base)
            k, v = (part.repeat_interleave(self.group, dim=1) for part in (k, v))
            read = scaled_dot_product(q, k, v, causal_mask(x.shape[1]))
            return self.out(read.transpose(1, 2).flatten(2))


@caught_by("test_queries_and_keys_are_turned_and_values_are_not")
def only_keys_turned():
    """keys turned by their place, queries not"""

    class GroupedQueryAttention:
        def forward(self, x):
            q, k, v = (
                layer(x).unflatten(2, (-1, self.head)).transpose(1, 2)
                for layer in (self.query, self.key, self.value)
            )
            if self.base is not None:
                k = rope(k, base=self.base)
            k, v = (part.repeat_interleave(self.group, dim=1) for part in (k, v))
            read = scaled_dot_product(q, k, v, causal_mask(x.shape[1]))
            return self.out(read.transpose(1, 2).flatten(2))


@caught_by("test_queries_and_keys_are_turned_and_values_are_not")
def base_ignored():
    """positions with the usual base of 10,000, whatever base was given"""

    class GroupedQueryAttention:
        def forward(self, x):
            q, k, v = (
                layer(x).unflatten(2, (-1, self.head)).transpose(1, 2)
                for layer in (self.query, self.key, self.value)
            )
            if self.base is not None:
                q, k = rope(q), rope(k)
            k, v = (part.repeat_interleave(self.group, dim=1) for part in (k, v))
            read = scaled_dot_product(q, k, v, causal_mask(x.shape[1]))
            return self.out(read.transpose(1, 2).flatten(2))


@caught_by("test_each_head_reads_the_keys_of_its_group")
def turned_without_a_base():
    """positions even when there is no base"""

    class GroupedQueryAttention:
        def forward(self, x):
            q, k, v = (
                layer(x).unflatten(2, (-1, self.head)).transpose(1, 2)
                for layer in (self.query, self.key, self.value)
            )
            base = self.base or 10000.0
            q, k = (rope(part, base=base) if self.head % 2 == 0 else part for part in (q, k))
            k, v = (part.repeat_interleave(self.group, dim=1) for part in (k, v))
            read = scaled_dot_product(q, k, v, causal_mask(x.shape[1]))
            return self.out(read.transpose(1, 2).flatten(2))


@caught_by("test_queries_and_keys_are_turned_and_values_are_not")
def never_turned():
    """no positions, whatever the base"""

    class GroupedQueryAttention:
        def forward(self, x):
            q, k, v = (
                layer(x).unflatten(2, (-1, self.head)).transpose(1, 2)
                for layer in (self.query, self.key, self.value)
            )
            k, v = (part.repeat_interleave(self.group, dim=1) for part in (k, v))
            read = scaled_dot_product(q, k, v, causal_mask(x.shape[1]))
            return self.out(read.transpose(1, 2).flatten(2))


@caught_by("test_queries_and_keys_are_turned_and_values_are_not")
def turned_before_the_cut():
    """positions put in before the vector is cut into heads, so that pairs lie in different heads"""

    class GroupedQueryAttention:
        def forward(self, x):
            q, k, v = self.query(x), self.key(x), self.value(x)
            if self.base is not None:
                q, k = rope(q, base=self.base), rope(k, base=self.base)
            q, k, v = (part.unflatten(2, (-1, self.head)).transpose(1, 2) for part in (q, k, v))
            k, v = (part.repeat_interleave(self.group, dim=1) for part in (k, v))
            read = scaled_dot_product(q, k, v, causal_mask(x.shape[1]))
            return self.out(read.transpose(1, 2).flatten(2))


@caught_by("test_queries_and_keys_are_turned_and_values_are_not")
def turned_along_the_heads():
    """positions counted along the heads, with rope called before heads and tokens change places"""

    class GroupedQueryAttention:
        def forward(self, x):
            q, k, v = (
                layer(x).unflatten(2, (-1, self.head))
                for layer in (self.query, self.key, self.value)
            )
            if self.base is not None:
                q, k = rope(q, base=self.base), rope(k, base=self.base)
            q, k, v = (part.transpose(1, 2) for part in (q, k, v))
            k, v = (part.repeat_interleave(self.group, dim=1) for part in (k, v))
            read = scaled_dot_product(q, k, v, causal_mask(x.shape[1]))
            return self.out(read.transpose(1, 2).flatten(2))


@caught_by("test_queries_and_keys_are_turned_and_values_are_not")
def counted_from_one():
    """positions counted from 1 for the queries and from 0 for the keys"""

    class GroupedQueryAttention:
        def forward(self, x):
            q, k, v = (
                layer(x).unflatten(2, (-1, self.head)).transpose(1, 2)
                for layer in (self.query, self.key, self.value)
            )
            if self.base is not None:
                q, k = rope(q, start=1, base=self.base), rope(k, base=self.base)
            k, v = (part.repeat_interleave(self.group, dim=1) for part in (k, v))
            read = scaled_dot_product(q, k, v, causal_mask(x.shape[1]))
            return self.out(read.transpose(1, 2).flatten(2))


@caught_by("test_queries_and_keys_are_turned_and_values_are_not")
def neighbours_as_pairs():
    """positions that turn neighbouring numbers, 2j and 2j + 1, not j and j + D/2"""

    class GroupedQueryAttention:
        def forward(self, x):
            q, k, v = (
                layer(x).unflatten(2, (-1, self.head)).transpose(1, 2)
                for layer in (self.query, self.key, self.value)
            )
            if self.base is not None:
                size = self.head
                order = [*range(0, size, 2), *range(1, size, 2)]
                q, k = (rope(part[..., order], base=self.base) for part in (q, k))
            k, v = (part.repeat_interleave(self.group, dim=1) for part in (k, v))
            read = scaled_dot_product(q, k, v, causal_mask(x.shape[1]))
            return self.out(read.transpose(1, 2).flatten(2))


@caught_by("test_future_tokens_never_change_an_earlier_output")
def no_mask():
    """attention without a mask: each token reads those after it too"""

    class GroupedQueryAttention:
        def forward(self, x):
            q, k, v = (
                layer(x).unflatten(2, (-1, self.head)).transpose(1, 2)
                for layer in (self.query, self.key, self.value)
            )
            if self.base is not None:
                q, k = rope(q, base=self.base), rope(k, base=self.base)
            k, v = (part.repeat_interleave(self.group, dim=1) for part in (k, v))
            return self.out(scaled_dot_product(q, k, v).transpose(1, 2).flatten(2))


@caught_by("test_each_head_reads_the_keys_of_its_group")
def joined_without_transpose():
    """heads joined without bringing them back behind the tokens, which mixes the tokens"""

    class GroupedQueryAttention:
        def forward(self, x):
            q, k, v = (
                layer(x).unflatten(2, (-1, self.head)).transpose(1, 2)
                for layer in (self.query, self.key, self.value)
            )
            if self.base is not None:
                q, k = rope(q, base=self.base), rope(k, base=self.base)
            k, v = (part.repeat_interleave(self.group, dim=1) for part in (k, v))
            read = scaled_dot_product(q, k, v, causal_mask(x.shape[1]))
            return self.out(read.reshape(x.shape))


@caught_by("test_scores_are_divided_by_the_root_of_a_heads_width")
def root_of_the_whole_width():
    """scores divided by the root of C, not by that of D, the width of a head"""

    class GroupedQueryAttention:
        def forward(self, x):
            q, k, v = (
                layer(x).unflatten(2, (-1, self.head)).transpose(1, 2)
                for layer in (self.query, self.key, self.value)
            )
            if self.base is not None:
                q, k = rope(q, base=self.base), rope(k, base=self.base)
            k, v = (part.repeat_interleave(self.group, dim=1) for part in (k, v))
            scores = q @ k.mT / math.sqrt(x.shape[2])
            scores = scores.masked_fill(~causal_mask(x.shape[1]), -math.inf)
            return self.out((softmax(scores) @ v).transpose(1, 2).flatten(2))


@caught_by("test_each_head_reads_the_keys_of_its_group")
def no_last_layer():
    """heads joined but not passed through the layer out"""

    class GroupedQueryAttention:
        def forward(self, x):
            q, k, v = (
                layer(x).unflatten(2, (-1, self.head)).transpose(1, 2)
                for layer in (self.query, self.key, self.value)
            )
            if self.base is not None:
                q, k = rope(q, base=self.base), rope(k, base=self.base)
            k, v = (part.repeat_interleave(self.group, dim=1) for part in (k, v))
            read = scaled_dot_product(q, k, v, causal_mask(x.shape[1]))
            return read.transpose(1, 2).flatten(2)


@caught_by("test_the_gradients_are_torchs")
def weights_without_gradient():
    """attention weights that are detached: no gradient reaches queries and keys"""

    class GroupedQueryAttention:
        def forward(self, x):
            q, k, v = (
                layer(x).unflatten(2, (-1, self.head)).transpose(1, 2)
                for layer in (self.query, self.key, self.value)
            )
            if self.base is not None:
                q, k = rope(q, base=self.base), rope(k, base=self.base)
            k, v = (part.repeat_interleave(self.group, dim=1) for part in (k, v))
            read = scaled_dot_product(q.detach(), k.detach(), v, causal_mask(x.shape[1]))
            return self.out(read.transpose(1, 2).flatten(2))


@caught_by("test_the_gradients_are_torchs")
def gradient_of_one_head():
    """shared keys and values that learn from the first head of their group alone"""

    class GroupedQueryAttention:
        def forward(self, x):
            q, k, v = (
                layer(x).unflatten(2, (-1, self.head)).transpose(1, 2)
                for layer in (self.query, self.key, self.value)
            )
            if self.base is not None:
                q, k = rope(q, base=self.base), rope(k, base=self.base)
            k, v = (
                torch.cat([part, *[part.detach()] * (self.group - 1)], dim=1)
                .unflatten(1, (self.group, -1))
                .transpose(1, 2)
                .flatten(1, 2)
                for part in (k, v)
            )
            read = scaled_dot_product(q, k, v, causal_mask(x.shape[1]))
            return self.out(read.transpose(1, 2).flatten(2))


@caught_by("test_the_result_has_the_shape_and_dtype_of_x")
def float32_always():
    """heads in float32, whatever dtype came in"""

    class GroupedQueryAttention:
        def forward(self, x):
            q, k, v = (
                layer(x).unflatten(2, (-1, self.head)).transpose(1, 2)
                for layer in (self.query, self.key, self.value)
            )
            if self.base is not None:
                q, k = rope(q, base=self.base), rope(k, base=self.base)
            k, v = (part.repeat_interleave(self.group, dim=1) for part in (k, v))
            read = scaled_dot_product(q.float(), k.float(), v.float(), causal_mask(x.shape[1]))
            return nn.functional.linear(read.transpose(1, 2).flatten(2), self.out.weight.float())


@caught_by("test_a_sequence_is_the_same_alone_and_in_company")
def dropout_in_training():
    """a tenth of the output dropped in training"""

    class GroupedQueryAttention:
        def forward(self, x):
            q, k, v = (
                layer(x).unflatten(2, (-1, self.head)).transpose(1, 2)
                for layer in (self.query, self.key, self.value)
            )
            if self.base is not None:
                q, k = rope(q, base=self.base), rope(k, base=self.base)
            k, v = (part.repeat_interleave(self.group, dim=1) for part in (k, v))
            read = scaled_dot_product(q, k, v, causal_mask(x.shape[1]))
            read = self.out(read.transpose(1, 2).flatten(2))
            return nn.functional.dropout(read, 0.1, self.training)


@caught_by("test_x_stays_as_it_was")
def input_added_in_place():
    """the result added to the caller's x in place (+= changes the input)"""

    class GroupedQueryAttention:
        def forward(self, x):
            q, k, v = (
                layer(x).unflatten(2, (-1, self.head)).transpose(1, 2)
                for layer in (self.query, self.key, self.value)
            )
            if self.base is not None:
                q, k = rope(q, base=self.base), rope(k, base=self.base)
            k, v = (part.repeat_interleave(self.group, dim=1) for part in (k, v))
            read = scaled_dot_product(q, k, v, causal_mask(x.shape[1]))
            x += self.out(read.transpose(1, 2).flatten(2))
            return x


@caught_by("test_keys_and_values_are_made_for_fewer_heads")
def with_biases():
    """layers with a bias each, which nn.Linear has unless told otherwise"""

    class GroupedQueryAttention:
        def __init__(self, width, heads, kv_heads, base=None):
            super().__init__()
            if width % heads or heads % kv_heads:
                raise ValueError("heads are left over")
            self.head, self.group, self.base = width // heads, heads // kv_heads, base
            self.query = nn.Linear(width, width)
            self.key = nn.Linear(width, kv_heads * self.head)
            self.value = nn.Linear(width, kv_heads * self.head)
            self.out = nn.Linear(width, width)


@caught_by("test_keys_and_values_are_made_for_fewer_heads")
def keys_for_all_heads():
    """keys and values made for all heads: multi-head attention, with nothing shared"""

    class GroupedQueryAttention:
        def __init__(self, width, heads, kv_heads, base=None):
            super().__init__()
            if width % heads or heads % kv_heads:
                raise ValueError("heads are left over")
            self.head, self.group, self.base = width // heads, heads // kv_heads, base
            self.query = nn.Linear(width, width, bias=False)
            self.key = nn.Linear(width, width, bias=False)
            self.value = nn.Linear(width, width, bias=False)
            self.out = nn.Linear(width, width, bias=False)
            self.group = 1


@caught_by("test_keys_and_values_are_made_for_fewer_heads")
def one_head_of_keys():
    """a single head of keys and values, whatever kv_heads says"""

    class GroupedQueryAttention:
        def __init__(self, width, heads, kv_heads, base=None):
            super().__init__()
            if width % heads or heads % kv_heads:
                raise ValueError("heads are left over")
            self.head, self.group, self.base = width // heads, heads // kv_heads, base
            self.query = nn.Linear(width, width, bias=False)
            self.key = nn.Linear(width, self.head, bias=False)
            self.value = nn.Linear(width, self.head, bias=False)
            self.out = nn.Linear(width, width, bias=False)
            self.group = heads


@caught_by("test_heads_that_cannot_be_shared_out_are_refused")
def any_number_of_heads():
    """heads that need not divide the width, so that numbers are left over"""

    class GroupedQueryAttention:
        def __init__(self, width, heads, kv_heads, base=None):
            super().__init__()
            if heads % kv_heads:
                raise ValueError("heads are left over")
            self.head, self.group, self.base = width // heads, heads // kv_heads, base
            self.query = nn.Linear(width, width, bias=False)
            self.key = nn.Linear(width, kv_heads * self.head, bias=False)
            self.value = nn.Linear(width, kv_heads * self.head, bias=False)
            self.out = nn.Linear(width, width, bias=False)


@caught_by("test_heads_that_cannot_be_shared_out_are_refused")
def any_number_of_kv_heads():
    """key-value heads that need not divide the heads, so that groups are unequal"""

    class GroupedQueryAttention:
        def __init__(self, width, heads, kv_heads, base=None):
            super().__init__()
            if width % heads:
                raise ValueError("heads are left over")
            self.head, self.group, self.base = width // heads, heads // kv_heads, base
            self.query = nn.Linear(width, width, bias=False)
            self.key = nn.Linear(width, kv_heads * self.head, bias=False)
            self.value = nn.Linear(width, kv_heads * self.head, bias=False)
            self.out = nn.Linear(width, width, bias=False)
