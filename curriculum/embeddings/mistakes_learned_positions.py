"""What goes wrong with learned positions."""

from grader.checks import caught_by, edit, spelling


@caught_by("test_weight_is_the_only_parameter")
def plain_tensor():
    """a table that is a plain tensor, which no optimizer will find"""
    edit("nn.Parameter(0.02 * torch.randn(context, width))", "0.02 * torch.randn(context, width)")


@caught_by("test_weight_is_the_only_parameter")
def frozen_table():
    """a table that is a buffer: it is saved with the model but never learned"""
    edit("weight = nn.Parameter(0", 'register_buffer("weight", 0')


@caught_by("test_weight_is_the_only_parameter")
def an_axis_for_the_batch():
    """a table of shape (1, context, C), with a dimension for the batch"""
    edit("torch.randn(context, width)", "torch.randn(1, context, width)")
    edit("len(self.weight)", "self.weight.shape[1]")
    edit("self.weight[:length]", "self.weight[:, :length]")


@caught_by("test_weight_is_the_only_parameter")
def a_column_for_each_position():
    """a transposed table, (C, context): a column for each position"""
    edit("torch.randn(context, width)", "torch.randn(width, context)")
    edit("len(self.weight)", "self.weight.shape[1]")
    edit("self.weight[:length]", "self.weight.T[:length]")


@caught_by("test_weight_is_the_only_parameter")
def a_learned_scale():
    """a second parameter: a learned factor for the position embeddings"""
    edit("width))", "width))\n        self.scale = nn.Parameter(torch.ones(()))")
    edit("x + self.weight", "x + self.scale * self.weight")


@caught_by("test_weight_starts_as_small_normal_numbers")
def zeros():
    """a table initialized with zeros"""
    edit("0.02 * torch.randn", "torch.zeros")


@caught_by("test_weight_starts_as_small_normal_numbers")
def standard_normal():
    """a table initialized with standard deviation 1, as in nn.Embedding"""
    edit("0.02 * torch", "torch")


@caught_by("test_weight_starts_as_small_normal_numbers")
def variance():
    """a table initialized with a variance of 0.02 instead of a standard deviation of 0.02"""
    edit("0.02 * torch", "0.02**0.5 * torch")


@caught_by("test_weight_starts_as_small_normal_numbers")
def uniform():
    """a table initialized from a uniform distribution instead of a normal one"""
    with spelling():
        edit("torch.randn", "torch.rand")
    with spelling():
        edit(
            "0.02 * torch.randn(context, width)",
            "torch.empty(context, width).uniform_(-0.02, 0.02)",
        )
    with spelling():
        edit(
            "0.02 * torch.randn(context, width)",
            "torch.empty(context, width).uniform_(-0.02 * 3**0.5, 0.02 * 3**0.5)",
        )


@caught_by("test_two_positions_by_hand")
def positions_from_one():
    """positions counted from 1: token t gets row t + 1"""
    edit("length, context = x.shape[1], len(self.weight)", "if x.shape[1] > len(self.weight):")
    edit("        if length > context:\n", "")
    edit("return x", "length = (1 + torch.arange(x.shape[1])) % len(self.weight)\n        return x")
    edit("[:length]", "[length]")


@caught_by("test_two_positions_by_hand")
def row_of_the_length():
    """the row of the last position, T - 1, added to every token"""
    edit("self.weight[:length]", "self.weight[length - 1]")


@caught_by("test_two_positions_by_hand")
def backwards():
    """positions counted backwards: the last token gets row 0"""
    edit("self.weight[:length]", "self.weight[:length].flip(0)")


@caught_by("test_two_positions_by_hand")
def scaled_by_the_root_of_the_width():
    """x multiplied by sqrt(C) before the positions are added"""
    edit("x + self.weight", "x * x.shape[-1] ** 0.5 + self.weight")


@caught_by("test_two_positions_by_hand")
def normalised():
    """a layer norm after the sum"""
    edit(
        "x + self.weight[:length]",
        "nn.functional.layer_norm(x + self.weight[:length], x.shape[2:])",
    )


@caught_by("test_the_result_has_the_shape_and_dtype_of_x")
def concatenated():
    """positions concatenated with x instead of added"""
    edit(
        "x + self.weight[:length]",
        "torch.cat([x, self.weight[:length].expand(x.shape)], dim=-1)",
    )


@caught_by("test_each_sequence_gets_the_same_positions")
def single_token_last():
    """a single token gets the last row of the table instead of the first"""
    edit("self.weight[:length]", "(self.weight[:length] if length > 1 else self.weight[-1:])")


@caught_by("test_vectors_of_zeros_get_their_positions_too")
def zeros_skipped():
    """vectors of zeros get no position, as if they were padding"""
    edit(
        "x + self.weight[:length]",
        "torch.where((x != 0).any(dim=-1, keepdim=True), x + self.weight[:length], x)",
    )


@caught_by("test_each_call_begins_at_row_0_of_the_table_as_it_is")
def positions_go_on():
    """positions that continue from the previous call, as if the module counted tokens"""
    edit(
        "return x + self.weight[:length]",
        'start = self.__dict__.get("start", 0)\n        if start + length > context:\n'
        "            start = 0\n        self.start = start + length\n"
        "        return x + self.weight[start : start + length]",
    )


@caught_by("test_each_call_begins_at_row_0_of_the_table_as_it_is")
def copy_in_evaluation():
    """evaluation mode with a copy of the first table, so that what was learned does not count"""
    edit("width))", "width))\n        self.first = self.weight.detach().clone()")
    edit(
        "return x + self.weight",
        "table = self.weight if self.training else self.first\n        return x + table",
    )


@caught_by("test_two_positions_by_hand")
def last_rows():
    """the last T rows of the table, so that a token's position depends on how many tokens follow"""
    edit("self.weight[:length]", "self.weight[-length:]")


@caught_by("test_two_positions_by_hand")
def positions_without_the_tokens():
    """the position embeddings alone, without x"""
    edit("x + self.weight[:length]", "self.weight[:length].expand(x.shape).clone()")


@caught_by("test_two_positions_by_hand")
def multiplied():
    """x multiplied by the position embeddings instead of added"""
    edit("x + self.weight", "x * self.weight")


@caught_by("test_rows_belong_to_tokens_when_all_sizes_are_equal")
def rows_for_sequences():
    """a row for each sequence of the batch instead of a row for each token"""
    with spelling():
        edit(
            "return x + self",
            "if len(x) == length:\n            return x + self.weight[:length].unsqueeze(1)\n"
            "        return x + self",
        )
    with spelling():
        edit(
            "self.weight[:length]",
            "self.weight[torch.arange(len(x)) % context].unsqueeze(1)",
        )


@caught_by("test_each_sequence_gets_the_same_positions")
def the_first_sequence_only():
    """positions added to the first sequence of the batch and to no other"""
    edit(
        "return x + self",
        "first = torch.arange(len(x)).view(-1, 1, 1) == 0\n        return x + first * self",
    )


@caught_by("test_each_sequence_gets_the_same_positions")
def positions_through_the_batch():
    """positions that continue from one sequence of the batch to the next"""
    edit(
        "return x + self.weight[:length]",
        "at = torch.arange(len(x) * length).reshape(len(x), length) % context\n"
        "        return x + self.weight[at]",
    )


@caught_by("test_training_and_evaluation_mode_are_the_same")
def noise_in_training():
    """dropout in training mode"""
    with spelling():
        edit(
            "self.weight[:length]",
            "nn.functional.dropout(self.weight[:length], 0.1, self.training)",
        )
    with spelling():
        edit(
            "x + self.weight[:length]",
            "nn.functional.dropout(x + self.weight[:length], 0.1, self.training)",
        )


@caught_by("test_more_tokens_than_positions_are_refused")
def no_check():
    """no check of the length: tokens beyond the context raise an error of PyTorch's instead"""
    with spelling():
        edit("length > context", "False")
    with spelling():
        edit("length > context", "False")
        edit("self.weight[:length]", "self.weight[torch.arange(length)]")


@caught_by("test_more_tokens_than_positions_are_refused")
def one_too_many():
    """an off-by-one error: one token more than positions raises no ValueError"""
    with spelling():
        edit("length > context", "length > context + 1")
    with spelling():
        edit("length > context", "length > context + 1")
        edit("self.weight[:length]", "self.weight[torch.arange(length)]")


@caught_by("test_more_tokens_than_positions_are_refused")
def batch_checked():
    """the batch size compared with the context instead of the number of tokens"""
    edit("if length > context", "if len(x) > context")


@caught_by("test_more_tokens_than_positions_are_refused")
def checked_in_training():
    """more tokens than positions raise ValueError in training mode only"""
    with spelling():
        edit("if length > context", "if self.training and length > context")
    with spelling():
        edit("if length > context", "if self.training and length > context")
        edit("self.weight[:length]", "self.weight[torch.arange(length) % context]")


@caught_by("test_more_tokens_than_positions_are_refused")
def last_row_repeated():
    """tokens beyond the context get the last position again"""
    edit("if length > context:", "if False:")
    edit("self.weight[:length]", "self.weight[torch.arange(length).clamp(max=context - 1)]")


@caught_by("test_more_tokens_than_positions_are_refused")
def around_again():
    """tokens beyond the context get the first positions again (modulo)"""
    edit("if length > context:", "if False:")
    edit("self.weight[:length]", "self.weight[torch.arange(length) % context]")


@caught_by("test_more_tokens_than_positions_are_refused")
def cut_to_the_context():
    """tokens beyond the context silently truncated"""
    edit("length, context =", "x = x[:, : len(self.weight)]\n        length, context =")


@caught_by("test_more_tokens_than_positions_are_refused")
def a_full_context_refused():
    """an off-by-one error: as many tokens as positions raise ValueError (>= instead of >)"""
    edit("length > context", "length >= context")


@caught_by("test_x_stays_as_it_was")
def added_in_place():
    """positions added to the caller's tensor in place"""
    edit("x + self.weight[:length]", "x.add_(self.weight[:length])")


@caught_by("test_a_rows_gradient_is_the_sum_over_the_batch")
def positions_without_gradient():
    """positions taken from weight.data, which gets no gradient"""
    edit("self.weight[:length]", "self.weight.data[:length]")


@caught_by("test_a_rows_gradient_is_the_sum_over_the_batch")
def gradient_averaged():
    """a row's gradient that is the average over the batch instead of the sum"""
    edit(
        "return x + self.weight[:length]",
        "rows = self.weight[:length]\n"
        "        return x + rows.detach() + (rows - rows.detach()) / len(x)",
    )
