"""What goes wrong with learned positions."""

import torch
from torch import nn

from grader.course import caught_by


@caught_by("test_weight_is_the_only_parameter")
def plain_tensor():
    """a table that is a plain tensor, which no optimizer will find"""

    class LearnedPositions:
        def __init__(self, context, width):
            super().__init__()
            self.weight = 0.02 * torch.randn(context, width)


@caught_by("test_weight_is_the_only_parameter")
def frozen_table():
    """a table kept as a buffer: it is saved with the model and never learnt"""

    class LearnedPositions:
        def __init__(self, context, width):
            super().__init__()
            self.register_buffer("weight", 0.02 * torch.randn(context, width))


@caught_by("test_weight_is_the_only_parameter")
def an_axis_for_the_batch():
    """a table of shape (1, context, C), with a dimension for the batch"""

    class LearnedPositions:
        def __init__(self, context, width):
            super().__init__()
            self.weight = nn.Parameter(0.02 * torch.randn(1, context, width))

        def forward(self, x):
            if x.shape[1] > self.weight.shape[1]:
                raise ValueError("more tokens than positions")
            return x + self.weight[:, : x.shape[1]]


@caught_by("test_weight_starts_as_small_normal_numbers")
def zeros():
    """a table that starts with zeros"""

    class LearnedPositions:
        def __init__(self, context, width):
            super().__init__()
            self.weight = nn.Parameter(torch.zeros(context, width))


@caught_by("test_weight_starts_as_small_normal_numbers")
def standard_normal():
    """a table that starts with standard deviation 1, as nn.Embedding's does"""

    class LearnedPositions:
        def __init__(self, context, width):
            super().__init__()
            self.weight = nn.Parameter(torch.randn(context, width))


@caught_by("test_weight_starts_as_small_normal_numbers")
def uniform():
    """a table that starts with uniform numbers of the right standard deviation"""

    class LearnedPositions:
        def __init__(self, context, width):
            super().__init__()
            start = torch.rand(context, width) - 0.5
            self.weight = nn.Parameter(0.02 * 12**0.5 * start)


@caught_by("test_two_positions_by_hand")
def positions_from_one():
    """positions counted from 1, so that the first row is never used"""

    class LearnedPositions:
        def forward(self, x):
            if x.shape[1] > len(self.weight):
                raise ValueError("more tokens than positions")
            at = (1 + torch.arange(x.shape[1])) % len(self.weight)
            return x + self.weight[at]


@caught_by("test_two_positions_by_hand")
def last_rows():
    """the last T rows of the table, so that a token's position depends on how many follow"""

    class LearnedPositions:
        def forward(self, x):
            if x.shape[1] > len(self.weight):
                raise ValueError("more tokens than positions")
            return x + self.weight[-x.shape[1] :]


@caught_by("test_two_positions_by_hand")
def positions_without_the_tokens():
    """the rows of the positions alone, without x"""

    class LearnedPositions:
        def forward(self, x):
            if x.shape[1] > len(self.weight):
                raise ValueError("more tokens than positions")
            return self.weight[: x.shape[1]].expand(x.shape).clone()


@caught_by("test_two_positions_by_hand")
def multiplied():
    """x multiplied by the rows of the positions"""

    class LearnedPositions:
        def forward(self, x):
            if x.shape[1] > len(self.weight):
                raise ValueError("more tokens than positions")
            return x * self.weight[: x.shape[1]]


@caught_by("test_as_many_sequences_as_positions_are_no_trouble")
def rows_for_sequences():
    """a row for each sequence of the batch in place of each token, where the sizes allow it"""

    class LearnedPositions:
        def forward(self, x):
            if x.shape[1] > len(self.weight):
                raise ValueError("more tokens than positions")
            if x.shape[0] == x.shape[1]:
                return x + self.weight[: x.shape[0]].unsqueeze(1)
            return x + self.weight[: x.shape[1]]


@caught_by("test_each_sequence_gets_the_same_positions")
def the_first_sequence_only():
    """positions added to the first sequence of the batch and to no other"""

    class LearnedPositions:
        def forward(self, x):
            if x.shape[1] > len(self.weight):
                raise ValueError("more tokens than positions")
            first = torch.zeros(len(x), 1, 1, dtype=x.dtype)
            first[0] = 1
            return x + first * self.weight[: x.shape[1]]


@caught_by("test_each_sequence_gets_the_same_positions")
def positions_through_the_batch():
    """positions that count on from one sequence of the batch to the next"""

    class LearnedPositions:
        def forward(self, x):
            batch, length, _ = x.shape
            if length > len(self.weight):
                raise ValueError("more tokens than positions")
            at = torch.arange(batch * length).reshape(batch, length) % len(self.weight)
            return x + self.weight[at]


@caught_by("test_training_and_evaluation_are_the_same")
def noise_in_training():
    """positions with dropout while training"""

    class LearnedPositions:
        def forward(self, x):
            if x.shape[1] > len(self.weight):
                raise ValueError("more tokens than positions")
            return x + nn.functional.dropout(self.weight[: x.shape[1]], 0.1, self.training)


@caught_by("test_more_tokens_than_positions_are_refused")
def around_again():
    """tokens beyond the context given the first positions again"""

    class LearnedPositions:
        def forward(self, x):
            return x + self.weight[torch.arange(x.shape[1]) % len(self.weight)]


@caught_by("test_more_tokens_than_positions_are_refused")
def cut_to_the_context():
    """tokens beyond the context cut off without a word"""

    class LearnedPositions:
        def forward(self, x):
            x = x[:, : len(self.weight)]
            return x + self.weight[: x.shape[1]]


@caught_by("test_more_tokens_than_positions_are_refused")
def a_full_context_refused():
    """as many tokens as positions refused: >= where > is due"""

    class LearnedPositions:
        def forward(self, x):
            if x.shape[1] >= len(self.weight):
                raise ValueError("more tokens than positions")
            return x + self.weight[: x.shape[1]]


@caught_by("test_x_stays_as_it_was")
def added_in_place():
    """positions added to the caller's tensor in place"""

    class LearnedPositions:
        def forward(self, x):
            if x.shape[1] > len(self.weight):
                raise ValueError("more tokens than positions")
            x += self.weight[: x.shape[1]]
            return x


@caught_by("test_a_position_gathers_the_gradients_of_the_batch")
def positions_without_gradient():
    """positions taken from weight.data, which then is never learnt"""

    class LearnedPositions:
        def forward(self, x):
            if x.shape[1] > len(self.weight):
                raise ValueError("more tokens than positions")
            return x + self.weight.data[: x.shape[1]]
