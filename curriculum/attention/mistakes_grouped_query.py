"""Wrong versions of grouped-query attention."""

from grader.checks import caught_by, edit, spelling


@caught_by("test_neighbours_share_by_hand")
def tiled():
    """key-value heads repeated as a whole, a b a b: head h reads h % K, not h // (H / K)"""
    edit("repeat_interleave(self.group, dim=1)", "repeat(1, self.group, 1, 1)")


@caught_by("test_each_head_reads_the_keys_of_its_group")
def first_only():
    """the first key-value head read by all query heads"""
    edit("(part.repeat_interleave(self.group, dim=1) for part in (k, v))", "k[:, :1], v[:, :1]")


@caught_by("test_neighbours_share_by_hand")
def values_of_the_first_only():
    """keys repeated for their group, but the values of the first key-value head for all"""
    edit(
        "(part.repeat_interleave(self.group, dim=1) for part in (k, v))",
        "k.repeat_interleave(self.group, dim=1), v[:, :1]",
    )


@caught_by("test_each_head_reads_the_keys_of_its_group")
def keys_of_the_first_only():
    """values repeated for their group, but the keys of the first key-value head for all"""
    edit(
        "(part.repeat_interleave(self.group, dim=1) for part in (k, v))",
        "k[:, :1], v.repeat_interleave(self.group, dim=1)",
    )


@caught_by("test_each_head_reads_the_keys_of_its_group")
def divided_by_the_number_of_sets():
    """query head h reading key-value head h // K, not h // (H / K)"""
    with spelling():
        edit(
            "(part.repeat_interleave(self.group, dim=1) for part in (k, v))",
            "(part[:, [min(h // part.shape[1], part.shape[1] - 1) for h in range(q.shape[1])]]"
            " for part in (k, v))",
        )
    with spelling():
        edit(
            "(part.repeat_interleave(self.group, dim=1) for part in (k, v))",
            "(part[:, [h // part.shape[1] for h in range(q.shape[1])]] for part in (k, v))",
        )


@caught_by("test_each_head_reads_the_keys_of_its_group")
def keys_and_values_not_transposed():
    """keys and values reshaped to (B, K, T, D) without a transpose, which mixes the tokens"""
    edit(
        "layer(x).unflatten(2, (-1, self.head)).transpose(1, 2)",
        "(layer(x).unflatten(2, (-1, self.head)).transpose(1, 2) if layer is self.query"
        " else layer(x).view(x.shape[0], -1, x.shape[1], self.head))",
    )


@caught_by("test_each_head_reads_the_keys_of_its_group")
def heads_not_transposed():
    """features reshaped to (B, heads, T, D) without a transpose, which mixes the tokens"""
    edit(
        "layer(x).unflatten(2, (-1, self.head)).transpose(1, 2)",
        "layer(x).view(x.shape[0], -1, x.shape[1], self.head)",
    )


@caught_by("test_each_head_reads_the_keys_of_its_group")
def keys_and_values_exchanged():
    """keys and values exchanged: queries are compared with values, and keys are averaged"""
    edit("q, k, v = (", "q, v, k = (")


@caught_by("test_each_head_reads_the_keys_of_its_group")
def queries_averaged():
    """the queries of a group averaged, so that all its heads compute the same"""
    edit(
        "k, v = (part",
        "q = q.unflatten(1, (-1, self.group)).mean(dim=2).repeat_interleave(self.group, dim=1)\n"
        "        k, v = (part",
    )


@caught_by("test_each_head_reads_the_keys_of_its_group")
def only_the_keys_repeated():
    """keys repeated for their group, a a b b, but values as a whole, a b a b"""
    edit(
        "(part.repeat_interleave(self.group, dim=1) for part in (k, v))",
        "k.repeat_interleave(self.group, dim=1), v.repeat(1, self.group, 1, 1)",
    )


@caught_by("test_each_head_reads_the_keys_of_its_group")
def repeated_along_the_width():
    """features repeated in the vector before it is split into heads, which mixes heads"""
    edit("layer(x)", "layer(x).repeat_interleave(1 if layer is self.query else self.group, dim=2)")
    edit("part.repeat_interleave(self.group, dim=1) for", "part for")


@caught_by("test_queries_and_keys_are_rotated_and_values_are_not")
def values_rotated_too():
    """values rotated together with queries and keys"""
    edit("        k, v = (part", "            v = rope(v, base=self.base)\n        k, v = (part")


@caught_by("test_queries_and_keys_are_rotated_and_values_are_not")
def only_queries_rotated():
    """queries rotated, but not keys"""
    edit("q, k = rope(q, base=self.base), rope(k", "q = rope(q")


@caught_by("test_queries_and_keys_are_rotated_and_values_are_not")
def only_keys_rotated():
    """keys rotated, but not queries"""
    edit("q, k = rope(q, base=self.base), rope", "k = rope")


@caught_by("test_queries_and_keys_are_rotated_and_values_are_not")
def base_ignored():
    """RoPE with its default base of 10,000, whatever base was given"""
    edit("(q, base=self.base), rope(k, base=self.base)", "(q), rope(k)")


@caught_by("test_each_head_reads_the_keys_of_its_group")
def rotated_without_a_base():
    """RoPE applied even if base is None"""
    edit("if self.base is not None:", "if self.head % 2 == 0:")
    edit("heads // kv_heads, base", "heads // kv_heads, base or 10_000.0")


@caught_by("test_queries_and_keys_are_rotated_and_values_are_not")
def never_rotated():
    """RoPE never applied, whatever base was given"""
    edit("if self.base is not None", "if False")


@caught_by("test_queries_and_keys_are_rotated_and_values_are_not")
def rotated_before_the_split():
    """RoPE applied before the vector is split into heads, so that pairs lie in two heads"""
    edit(
        "layer(x)",
        "(rope(layer(x), base=self.base) if self.base and layer is not self.value else layer(x))",
    )
    edit("if self.base is not None:", "if False:")


@caught_by("test_queries_and_keys_are_rotated_and_values_are_not")
def rotated_along_the_heads():
    """RoPE with positions along the heads: applied before heads and tokens are transposed"""
    edit(".transpose(1, 2) ", "  ")
    edit(
        "k, v = (part",
        "q, k, v = (part.transpose(1, 2) for part in (q, k, v))\n        k, v = (part",
    )


@caught_by("test_queries_and_keys_are_rotated_and_values_are_not")
def counted_from_one():
    """positions counted from 1 for the queries and from 0 for the keys"""
    edit("q, base=self", "q, start=1, base=self")


@caught_by("test_queries_and_keys_are_rotated_and_values_are_not")
def neighbours_as_pairs():
    """RoPE on pairs of neighbours, 2j and 2j + 1, instead of halves, j and j + D/2"""
    edit(
        "q, k = rope(q, base=self.base), rope(k, base=self.base)",
        "order = [*range(0, self.head, 2), *range(1, self.head, 2)]\n"
        "            q, k = (rope(part[..., order], base=self.base) for part in (q, k))",
    )


@caught_by("test_each_head_reads_the_keys_of_its_group")
def mask_inverted():
    """the mask inverted, as nn.MultiheadAttention expects it: True forbids"""
    edit("causal_mask(x.shape[1])", "~causal_mask(x.shape[1])")


@caught_by("test_a_sequence_of_any_length_is_served")
def mask_of_fixed_length():
    """a mask of fixed size, such as 512 by 512, which longer sequences do not fit"""
    with spelling():
        edit("causal_mask(x.shape[1])", "causal_mask(64)[: x.shape[1], : x.shape[1]]")
    with spelling():
        edit("causal_mask(x.shape[1])", "causal_mask(128)[: x.shape[1], : x.shape[1]]")
    with spelling():
        edit("causal_mask(x.shape[1])", "causal_mask(256)[: x.shape[1], : x.shape[1]]")
    with spelling():
        edit("causal_mask(x.shape[1])", "causal_mask(512)[: x.shape[1], : x.shape[1]]")
    with spelling():
        edit("causal_mask(x.shape[1])", "causal_mask(1024)[: x.shape[1], : x.shape[1]]")
    with spelling():
        edit("causal_mask(x.shape[1])", "causal_mask(2048)[: x.shape[1], : x.shape[1]]")


@caught_by("test_future_tokens_never_change_an_earlier_output")
def no_mask():
    """attention without a mask: each token attends to later tokens too"""
    edit("        read = scaled_dot_product(q, k, v, causal_mask(x.shape[1]))\n", "")
    edit(".out(read", ".out(scaled_dot_product(q, k, v)")


@caught_by("test_each_head_reads_the_keys_of_its_group")
def joined_without_transpose():
    """heads concatenated without moving them behind the tokens, which mixes the tokens"""
    edit("transpose(1, 2).flatten(2)", "reshape(x.shape)")


@caught_by("test_scores_are_divided_by_the_root_of_a_heads_width")
def root_of_the_whole_width():
    """scores divided by the root of C instead of that of D, the head dimension"""
    edit("scaled_dot_product(q,", "scaled_dot_product(q * (self.head / x.shape[2]) ** 0.5,")


@caught_by("test_scores_are_divided_by_the_root_of_a_heads_width")
def not_scaled():
    """scores that are not divided by the square root of D"""
    edit("scaled_dot_product(q,", "scaled_dot_product(q * self.head**0.5,")


@caught_by("test_scores_are_divided_by_the_root_of_a_heads_width")
def scaled_twice():
    """queries divided by the square root of D before an attention that divides as well"""
    edit("scaled_dot_product(q,", "scaled_dot_product(q / self.head**0.5,")


@caught_by("test_large_scores_choose_one_token")
def own_softmax_without_shift():
    """a softmax of its own without the shift, which overflows for large scores"""
    edit(
        "read = scaled_dot_product(q, k, v, causal_mask(x.shape[1]))",
        "scores = (q @ k.mT / q.shape[-1] ** 0.5).exp() * causal_mask(x.shape[1])\n"
        "        read = scores / scores.sum(dim=-1, keepdim=True) @ v",
    )


@caught_by("test_large_scores_choose_one_token")
def masked_with_a_number():
    """masked scores set to a number such as -1e4, which is not below every score"""
    edit(
        "read = scaled_dot_product(q, k, v, causal_mask(x.shape[1]))",
        "scores = q @ k.mT / q.shape[-1] ** 0.5\n"
        "        scores = scores.masked_fill(~causal_mask(x.shape[1]), -1e4)\n"
        "        read = scores.softmax(dim=-1) @ v",
    )


@caught_by("test_each_head_reads_the_keys_of_its_group")
def no_last_layer():
    """heads that are concatenated but not passed through the layer out"""
    edit("self.out(read.transpose(1, 2).flatten(2))", "read.transpose(1, 2).flatten(2)")


@caught_by("test_the_gradients_are_torchs")
def weights_without_gradient():
    """attention weights that are detached: no gradient reaches queries and keys"""
    edit("(q, k, v", "(q.detach(), k.detach(), v")


@caught_by("test_the_gradients_are_torchs")
def keys_without_gradient():
    """keys that are detached, so that their layer is not trained"""
    edit("(q, k, v", "(q, k.detach(), v")


@caught_by("test_the_gradients_are_torchs")
def keys_and_values_without_gradient():
    """keys and values that are detached, as if they came from a cache"""
    edit("(q, k, v", "(q, k.detach(), v.detach()")


@caught_by("test_the_gradients_are_torchs")
def detached_x():
    """an x that is detached, so that no gradient reaches earlier layers"""
    edit("layer(x)", "layer(x.detach())")


@caught_by("test_each_call_computes_anew")
def weights_of_the_first_call():
    """the weights as they were at the first call, whatever training changes later"""
    edit(
        "        q, k, v = (",
        '        if "kept" not in vars(self):\n'
        '            vars(self)["kept"] = copy.deepcopy((self.query, self.key, self.value))\n'
        "        q, k, v = (",
    )
    edit("in (self.query, self.key, self.value)", 'in vars(self)["kept"]')
    edit("import torch", "import copy\nimport torch")


@caught_by("test_the_layout_in_memory_makes_no_difference")
def flattened_with_view():
    """x flattened with view, which fails for a tensor that is not contiguous"""
    edit("layer(x).unflatten", "layer(x.view(-1, x.shape[2])).view(*x.shape[:2], -1).unflatten")


@caught_by("test_the_gradients_are_torchs")
def gradient_of_one_head():
    """shared keys and values that get a gradient from the first head of their group alone"""
    edit(
        "part.repeat_interleave(self.group, dim=1)",
        "torch.stack([part, *[part.detach()] * (self.group - 1)], dim=2).flatten(1, 2)",
    )


@caught_by("test_the_result_has_the_shape_and_dtype_of_x")
def float32_always():
    """grouped-query attention that returns float32, whatever the dtype of x"""
    edit(
        "self.out(read.transpose(1, 2).flatten(2))",
        "nn.functional.linear(read.transpose(1, 2).flatten(2), self.out.weight.float())",
    )
    edit("(q, k, v", "(q.float(), k.float(), v.float()")


@caught_by("test_a_sequence_is_the_same_alone_and_in_company")
def dropout_in_training():
    """dropout, so that training mode is random"""
    with spelling():
        edit("return self", "read = self")
        edit(
            "flatten(2))",
            "flatten(2))\n        return nn.functional.dropout(read, 0.1, self.training)",
        )
    with spelling():
        edit(
            "read = scaled_dot_product(q, k, v, causal_mask(x.shape[1]))",
            "scores = q @ k.mT / q.shape[-1] ** 0.5\n"
            "        scores = scores.masked_fill(~causal_mask(x.shape[1]), -torch.inf)\n"
            "        weights = nn.functional.dropout(scores.softmax(dim=-1), 0.1, self.training)\n"
            "        read = weights @ v",
        )


@caught_by("test_x_stays_as_it_was")
def input_added_in_place():
    """the output added to the caller's x in place (+= changes the input)"""
    edit("return self", "x += self")
    edit("flatten(2))", "flatten(2))\n        return x")


@caught_by("test_keys_and_values_are_made_for_fewer_heads")
def with_biases():
    """layers with a bias, which is the default of nn.Linear"""
    edit("self.query = nn.Linear(width, width, bias=False)", "self.query = nn.Linear(width, width)")
    edit(
        "self.key = nn.Linear(width, kv_heads * self.head, bias=False)",
        "self.key = nn.Linear(width, kv_heads * self.head)",
    )
    edit(
        "self.value = nn.Linear(width, kv_heads * self.head, bias=False)",
        "self.value = nn.Linear(width, kv_heads * self.head)",
    )
    edit("self.out = nn.Linear(width, width, bias=False)", "self.out = nn.Linear(width, width)")


@caught_by("test_keys_and_values_are_made_for_fewer_heads")
def other_names():
    """layers under other names than query, key, value and out"""
    with spelling():
        edit("self.query = nn", "self.wq = nn")
        edit("self.key = nn", "self.wk = nn")
        edit("self.value = nn", "self.wv = nn")
        edit("self.out = nn", "self.wo = nn")
        edit("self.query, self.key, self.value", "self.wq, self.wk, self.wv")
        edit("self.out(", "self.wo(")
    with spelling():
        edit("self.out = nn", "self.o_proj = nn")
        edit("self.out(", "self.o_proj(")


@caught_by("test_keys_and_values_are_made_for_fewer_heads")
def keys_for_all_heads():
    """keys and values for all H heads: multi-head attention, with nothing shared"""
    edit("heads // kv_heads, base", "1, base")
    edit("self.key = nn.Linear(width, kv_heads * self.head", "self.key = nn.Linear(width, width")
    edit(
        "self.value = nn.Linear(width, kv_heads * self.head", "self.value = nn.Linear(width, width"
    )


@caught_by("test_keys_and_values_are_made_for_fewer_heads")
def one_head_of_keys():
    """a single key-value head, whatever kv_heads was given"""
    edit("heads // kv_heads, base", "heads, base")
    edit(
        "self.key = nn.Linear(width, kv_heads * self.head", "self.key = nn.Linear(width, self.head"
    )
    edit(
        "self.value = nn.Linear(width, kv_heads * self.head",
        "self.value = nn.Linear(width, self.head",
    )


@caught_by("test_heads_that_cannot_be_shared_out_are_refused")
def any_number_of_heads():
    """heads that do not divide the width, instead of a ValueError"""
    edit("if width % heads", "if False")


@caught_by("test_heads_that_cannot_be_shared_out_are_refused")
def any_number_of_kv_heads():
    """key-value heads that do not divide the heads, instead of a ValueError"""
    edit("if heads % kv_heads", "if False")


@caught_by("test_heads_that_cannot_be_shared_out_are_refused")
def asserted():
    """heads refused by assert, which raises AssertionError, not ValueError"""
    edit(
        "if width % heads:\n"
        '            raise ValueError(f"width {width} is not divisible by {heads} heads")',
        "assert width % heads == 0",
    )
    edit(
        "if heads % kv_heads:\n"
        '            raise ValueError(f"{heads} heads are not divisible by {kv_heads} '
        'key-value heads")',
        "assert heads % kv_heads == 0",
    )
