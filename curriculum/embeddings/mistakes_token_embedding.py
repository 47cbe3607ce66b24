"""What goes wrong with the token embedding."""

import torch
from torch import nn

from grader.checks import caught_by, edit, spelling


@caught_by("test_weight_is_the_only_parameter")
def plain_tensor():
    """a table that is a plain tensor, which no optimizer will find"""
    edit("nn.Parameter(0", "0")
    edit("width))", "width)")


@caught_by("test_weight_is_the_only_parameter")
def buffer():
    """a table that is a buffer: it is saved with the model but never learned"""
    edit("self.weight = nn.Parameter(0", 'self.register_buffer("weight", 0')


@caught_by("test_weight_is_the_only_parameter")
def frozen():
    """a table that does not require a gradient, so that it is never learned"""
    edit("width))", "width), requires_grad=False)")


@caught_by("test_weight_is_the_only_parameter")
def a_row_more():
    """a table with a row more than the vocabulary has tokens, (V + 1, C)"""
    edit("torch.randn(vocabulary", "torch.randn(vocabulary + 1")


@caught_by("test_weight_is_the_only_parameter")
def a_column_for_each_token():
    """a transposed table, (C, V): a column for each token"""
    edit("weight[ids]", "weight.T[ids]")
    edit("vocabulary, width", "width, vocabulary")


@caught_by("test_weight_is_the_only_parameter")
def a_bias_as_well():
    """a table with a bias, added to every vector"""
    edit("width))", "width))\n        self.bias = nn.Parameter(torch.zeros(width))")
    edit("weight[ids]", "weight[ids] + self.bias")


@caught_by("test_weight_starts_as_small_normal_numbers")
def standard_normal():
    """a table initialized with standard deviation 1, as in nn.Embedding"""
    edit("0.02 * torch", "torch")


@caught_by("test_weight_starts_as_small_normal_numbers")
def zeros():
    """a table initialized with zeros, so that all tokens are equal"""
    edit("0.02 * torch.randn", "torch.zeros")


@caught_by("test_weight_starts_as_small_normal_numbers")
def variance():
    """a table initialized with a variance of 0.02 instead of a standard deviation of 0.02"""
    edit("0.02 * torch", "0.02**0.5 * torch")


@caught_by("test_weight_starts_as_small_normal_numbers")
def root_of_the_width():
    """a table initialized with standard deviation 1 / sqrt(C)"""
    edit("0.02 * torch", "width**-0.5 * torch")


@caught_by("test_weight_starts_as_small_normal_numbers")
def uniform():
    """a table initialized from a uniform distribution instead of a normal one"""
    with spelling():
        edit("torch.randn", "torch.rand")
    with spelling():
        edit(
            "0.02 * torch.randn(vocabulary, width)",
            "torch.empty(vocabulary, width).uniform_(-0.02, 0.02)",
        )
    with spelling():
        edit(
            "0.02 * torch.randn(vocabulary, width)",
            "torch.empty(vocabulary, width).uniform_(-0.02 * 3**0.5, 0.02 * 3**0.5)",
        )


@caught_by("test_weight_starts_as_small_normal_numbers")
def truncated():
    """a table initialized from a truncated normal distribution (trunc_normal_)"""
    with spelling():
        edit("0.02 * torch.randn", "torch.empty")
        edit(
            "width))", "width))\n        nn.init.trunc_normal_(self.weight, 0.0, 0.02, -0.04, 0.04)"
        )
    with spelling():
        edit("0.02 * torch.randn", "torch.empty")
        edit(
            "width))", "width))\n        nn.init.trunc_normal_(self.weight, 0.0, 0.02, -0.06, 0.06)"
        )


@caught_by("test_weight_starts_as_small_normal_numbers")
def fixed_seed():
    """a table with the same initialization each time (a seed inside __init__)"""

    class TokenEmbedding:
        def __init__(self, vocabulary, width):
            super().__init__()
            generator = torch.Generator().manual_seed(0)
            start = torch.randn(vocabulary, width, generator=generator)
            self.weight = nn.Parameter(0.02 * start)


@caught_by("test_rows_picked_by_hand")
def ids_from_one():
    """ids counted from 1: each token gets the row before its own"""
    edit("min() < 0", "min() < 0 or ids.max() >= len(self.weight)")
    edit("weight[ids]", "weight[ids - 1]")


@caught_by("test_rows_picked_by_hand")
def scaled_by_the_root_of_the_width():
    """vectors multiplied by sqrt(C), as in Vaswani et al."""
    edit("weight[ids]", "weight[ids] * self.weight.shape[1] ** 0.5")


@caught_by("test_rows_picked_by_hand")
def last_token_refused():
    """an off-by-one error: the last token of the vocabulary raises IndexError"""
    edit("if ids.min() < 0", "if ids.min() < 0 or ids.max() >= len(self.weight) - 1")


@caught_by("test_each_vector_is_its_tokens_row")
def limited_norm():
    """vectors scaled down to norm 1 if they are longer (max_norm)"""
    edit(
        "return self.weight[ids]",
        "rows = self.weight[ids]\n"
        "        return rows / rows.norm(dim=-1, keepdim=True).clamp(min=1)",
    )


@caught_by("test_each_vector_is_its_tokens_row")
def normalised():
    """vectors divided by their norm, so that all have the norm 1"""
    edit("self.weight[ids]", "nn.functional.normalize(self.weight[ids], dim=-1)")


@caught_by("test_each_vector_is_its_tokens_row")
def rows_of_other_tokens():
    """vectors reshaped to (T, B, C) and transposed, so that they belong to other tokens"""
    edit(
        "weight[ids]",
        "weight[ids.flatten()].reshape(*ids.T.shape, -1).transpose(0, 1)",
    )


@caught_by("test_a_changed_table_counts_in_the_next_call")
def vectors_kept():
    """vectors kept from an earlier call, so that later changes of the table do not count"""
    edit(
        "return self.weight[ids]",
        'if "seen" not in self.__dict__:\n            self.seen = {}\n'
        "        tokens = ids.flatten().tolist()\n        for token in tokens:\n"
        "            self.seen.setdefault(token, self.weight[token].clone())\n"
        "        rows = torch.stack([self.seen[token] for token in tokens])\n"
        "        return rows.reshape(*ids.shape, -1)",
    )


@caught_by("test_each_result_is_a_tensor_of_its_own")
def view_for_one():
    """a view of the table for a single token, so that changing the result changes the table"""
    edit(
        "return self",
        "if ids.numel() == 1:\n            return self.weight[int(ids)].view(1, 1, -1)\n"
        "        return self",
    )


@caught_by("test_the_result_has_a_vector_for_each_id")
def batch_and_tokens_flattened():
    """a result of shape (B T, C), without the batch dimension"""
    edit("weight[ids]", "weight[ids.flatten()]")


@caught_by("test_the_result_has_a_vector_for_each_id")
def tokens_first():
    """a result of shape (T, B, C), as in recurrent networks"""
    edit("weight[ids]", "weight[ids.T]")


@caught_by("test_a_token_has_the_same_vector_everywhere")
def noise_in_training():
    """vectors with dropout in training mode"""
    edit("self.weight[ids]", "nn.functional.dropout(self.weight[ids], 0.1, self.training)")


@caught_by("test_ids_outside_the_vocabulary_are_refused")
def negative_ids_from_the_end():
    """negative ids taken from the end of the table: -1 gives its last row"""
    with spelling():
        edit("if ids.min() < 0", "if False")
    with spelling():
        edit("if ids.min() < 0", "if ids.max() >= len(self.weight)")


@caught_by("test_ids_outside_the_vocabulary_are_refused")
def ids_forced_into_range():
    """ids outside the vocabulary clamped to the nearest id instead of an error"""

    class TokenEmbedding:
        def forward(self, ids):
            return self.weight[ids.clamp(0, len(self.weight) - 1)]


@caught_by("test_ids_outside_the_vocabulary_are_refused")
def ids_around_again():
    """ids outside the vocabulary taken modulo V instead of an error"""
    edit("if ids.min() < 0", "if False")
    edit("weight[ids]", "weight[ids % len(self.weight)]")


@caught_by("test_ids_outside_the_vocabulary_are_refused")
def zeros_for_unknown_ids():
    """a vector of zeros for ids outside the vocabulary instead of an error"""

    class TokenEmbedding:
        def forward(self, ids):
            known = (ids >= 0) & (ids < len(self.weight))
            return torch.where(known.unsqueeze(-1), self.weight[torch.where(known, ids, 0)], 0.0)


@caught_by("test_ids_outside_the_vocabulary_are_refused")
def checked_in_training():
    """negative ids refused in training mode only"""
    with spelling():
        edit("if ids.min() < 0", "if self.training and ids.min() < 0")
    with spelling():
        edit(
            "if ids.min() < 0",
            "if self.training and (ids.min() < 0 or ids.max() >= len(self.weight))",
        )


@caught_by("test_ids_outside_the_vocabulary_are_refused")
def first_sequence_checked():
    """negative ids refused in the first sequence of the batch only"""
    edit("if ids.min() < 0", "if ids[0].min() < 0")


@caught_by("test_the_ids_stay_as_they_were")
def ids_changed_in_place():
    """the caller's ids changed in place after the lookup"""
    edit("return self", "rows = self")
    edit("weight[ids]", "weight[ids]\n        ids += 1\n        return rows")


@caught_by("test_a_rows_gradient_is_the_sum_over_its_positions")
def padding_without_gradient():
    """a row 0 that gets no gradient, as with padding_idx=0"""
    edit(
        "return self.weight[ids]",
        "rows = self.weight[ids]\n"
        "        return torch.where((ids == 0).unsqueeze(-1), rows.detach(), rows)",
    )


@caught_by("test_a_rows_gradient_is_the_sum_over_its_positions")
def gradients_averaged_by_count():
    """gradients divided by how often a token occurs, as with scale_grad_by_freq"""

    class TokenEmbedding:
        def forward(self, ids):
            if ids.min() < 0:
                raise IndexError("no such token")
            count = (ids.unsqueeze(-1) == ids.flatten()).sum(dim=-1, keepdim=True)
            rows = self.weight[ids]
            return rows.detach() + (rows - rows.detach()) / count


@caught_by("test_a_rows_gradient_is_the_sum_over_its_positions")
def without_gradient():
    """rows taken from weight.data or under torch.no_grad, so that weight gets no gradient"""
    edit("self.weight[ids]", "self.weight.data[ids]")


@caught_by("test_a_rows_gradient_is_the_sum_over_its_positions")
def gradient_overwritten():
    """a row whose gradient is that of its token's last position instead of the sum"""

    class TokenEmbedding:
        def forward(self, ids):
            if ids.min() < 0:
                raise IndexError("no such token")
            flat = ids.flatten()
            later = (flat.unsqueeze(1) == flat).triu(1).any(dim=1).reshape(ids.shape)
            rows = self.weight[ids]
            return torch.where(later.unsqueeze(-1), rows.detach(), rows)
