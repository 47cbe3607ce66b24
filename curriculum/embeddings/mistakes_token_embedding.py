"""What goes wrong with the token embedding."""

import torch
from torch import nn

from grader.course import caught_by


@caught_by("test_weight_is_the_only_parameter")
def plain_tensor():
    """a table that is a plain tensor, which no optimizer will find"""

    class TokenEmbedding:
        def __init__(self, vocabulary, width):
            super().__init__()
            self.weight = 0.02 * torch.randn(vocabulary, width)


@caught_by("test_weight_is_the_only_parameter")
def a_column_for_each_token():
    """a table with a column for each token, as nn.Linear keeps its weight the other way round"""

    class TokenEmbedding:
        def __init__(self, vocabulary, width):
            super().__init__()
            self.weight = nn.Parameter(0.02 * torch.randn(width, vocabulary))

        def forward(self, ids):
            if ids.min() < 0:
                raise IndexError("no such token")
            return self.weight.T[ids]


@caught_by("test_weight_is_the_only_parameter")
def a_bias_as_well():
    """a table with a bias beside it, added to every vector"""

    class TokenEmbedding:
        def __init__(self, vocabulary, width):
            super().__init__()
            self.weight = nn.Parameter(0.02 * torch.randn(vocabulary, width))
            self.bias = nn.Parameter(torch.zeros(width))

        def forward(self, ids):
            if ids.min() < 0:
                raise IndexError("no such token")
            return self.weight[ids] + self.bias


@caught_by("test_weight_starts_as_small_normal_numbers")
def standard_normal():
    """a table that starts with standard deviation 1, as nn.Embedding's does"""

    class TokenEmbedding:
        def __init__(self, vocabulary, width):
            super().__init__()
            self.weight = nn.Parameter(torch.randn(vocabulary, width))


@caught_by("test_weight_starts_as_small_normal_numbers")
def zeros():
    """a table that starts with zeros, so that all tokens are alike"""

    class TokenEmbedding:
        def __init__(self, vocabulary, width):
            super().__init__()
            self.weight = nn.Parameter(torch.zeros(vocabulary, width))


@caught_by("test_weight_starts_as_small_normal_numbers")
def uniform():
    """a table that starts with uniform numbers of the right standard deviation"""

    class TokenEmbedding:
        def __init__(self, vocabulary, width):
            super().__init__()
            start = torch.rand(vocabulary, width) - 0.5
            self.weight = nn.Parameter(0.02 * 12**0.5 * start)


@caught_by("test_weight_starts_as_small_normal_numbers")
def fixed_seed():
    """a table that starts with the same numbers each time (a seed inside __init__)"""

    class TokenEmbedding:
        def __init__(self, vocabulary, width):
            super().__init__()
            generator = torch.Generator().manual_seed(0)
            start = torch.randn(vocabulary, width, generator=generator)
            self.weight = nn.Parameter(0.02 * start)


@caught_by("test_rows_picked_by_hand")
def ids_from_one():
    """ids counted from 1: each token gets the row before its own"""

    class TokenEmbedding:
        def forward(self, ids):
            if ids.min() < 0 or ids.max() >= len(self.weight):
                raise IndexError("no such token")
            return self.weight[ids - 1]


@caught_by("test_rows_picked_by_hand")
def scaled_by_the_root_of_the_width():
    """vectors multiplied by sqrt(C), as Vaswani et al. do it"""

    class TokenEmbedding:
        def forward(self, ids):
            if ids.min() < 0:
                raise IndexError("no such token")
            return self.weight[ids] * self.weight.shape[1] ** 0.5


@caught_by("test_each_vector_is_its_tokens_row")
def normalised():
    """vectors brought to length 1 if they are longer"""

    class TokenEmbedding:
        def forward(self, ids):
            if ids.min() < 0:
                raise IndexError("no such token")
            rows = self.weight[ids]
            return rows / rows.norm(dim=-1, keepdim=True).clamp(min=1)


@caught_by("test_the_result_has_a_vector_for_each_id")
def batch_and_tokens_flattened():
    """a result of shape (B T, C), without the batch"""

    class TokenEmbedding:
        def forward(self, ids):
            if ids.min() < 0:
                raise IndexError("no such token")
            return self.weight[ids.flatten()]


@caught_by("test_the_result_has_a_vector_for_each_id")
def tokens_first():
    """a result of shape (T, B, C), as recurrent networks take it"""

    class TokenEmbedding:
        def forward(self, ids):
            if ids.min() < 0:
                raise IndexError("no such token")
            return self.weight[ids.T]


@caught_by("test_a_token_has_the_same_vector_everywhere")
def noise_in_training():
    """vectors with dropout while training"""

    class TokenEmbedding:
        def forward(self, ids):
            if ids.min() < 0:
                raise IndexError("no such token")
            return nn.functional.dropout(self.weight[ids], 0.1, self.training)


@caught_by("test_ids_outside_the_vocabulary_are_refused")
def negative_ids_from_the_end():
    """negative ids taken from the end of the table: -1 gives its last row"""

    class TokenEmbedding:
        def forward(self, ids):
            return self.weight[ids]


@caught_by("test_ids_outside_the_vocabulary_are_refused")
def ids_forced_into_range():
    """ids outside the vocabulary given the nearest row in place of an error"""

    class TokenEmbedding:
        def forward(self, ids):
            return self.weight[ids.clamp(0, len(self.weight) - 1)]


@caught_by("test_the_ids_stay_as_they_were")
def ids_clamped_in_place():
    """the caller's ids changed in place after the look-up (an index that is counted on)"""

    class TokenEmbedding:
        def forward(self, ids):
            if ids.min() < 0:
                raise IndexError("no such token")
            rows = self.weight[ids]
            ids += 1
            return rows


@caught_by("test_a_row_gathers_the_gradients_of_its_places")
def padding_without_gradient():
    """a row 0 that is never learnt, as with padding_idx=0"""

    class TokenEmbedding:
        def forward(self, ids):
            if ids.min() < 0:
                raise IndexError("no such token")
            rows = self.weight[ids]
            return torch.where((ids == 0).unsqueeze(-1), rows.detach(), rows)


@caught_by("test_a_row_gathers_the_gradients_of_its_places")
def gradients_averaged_by_count():
    """gradients divided by how often a token occurs, as with scale_grad_by_freq"""

    class TokenEmbedding:
        def forward(self, ids):
            if ids.min() < 0:
                raise IndexError("no such token")
            count = (ids.unsqueeze(-1) == ids.flatten()).sum(dim=-1, keepdim=True)
            rows = self.weight[ids]
            return rows.detach() + (rows - rows.detach()) / count
