"""Wrong versions of self-attention."""

import math

import torch

from exercises.attention.causal_mask import causal_mask
from exercises.attention.scaled_dot_product import scaled_dot_product
from grader.checks import caught_by, edit, spelling


@caught_by("test_future_tokens_never_change_an_earlier_output")
def no_mask():
    """self-attention without a mask: each token attends to later tokens too"""
    edit("mask = causal_mask(x.shape[1])", "")
    edit("(x), mask", "(x)")


@caught_by("test_three_tokens_by_hand")
def mask_transposed():
    """a transposed mask: each token attends to itself and to later tokens"""
    edit("(x.shape[1])", "(x.shape[1]).T")


@caught_by("test_three_tokens_by_hand")
def not_itself():
    """a mask without its diagonal: a token attends to earlier tokens but not to itself"""
    edit("(x.shape[1])", "(x.shape[1]).tril(-1)")
    edit("return", "mask[0, 0] = True\n        return")


@caught_by("test_the_result_has_a_vector_for_each_token")
def mask_of_the_batch():
    """a mask of the batch size, shape[0], instead of the number of tokens"""
    edit(".shape[1]", ".shape[0]")


@caught_by("test_three_tokens_by_hand")
def mask_inverted():
    """the mask inverted, as nn.MultiheadAttention expects it: True forbids"""
    edit("causal_mask(x.shape[1])", "~causal_mask(x.shape[1])")


@caught_by("test_a_sequence_of_any_length_is_served")
def mask_of_fixed_length():
    """a mask of fixed size, such as 256 by 256, which longer sequences do not fit"""
    with spelling():
        edit("(x.shape[1])", "(64)[: x.shape[1], : x.shape[1]]")
    with spelling():
        edit("(x.shape[1])", "(128)[: x.shape[1], : x.shape[1]]")
    with spelling():
        edit("(x.shape[1])", "(256)[: x.shape[1], : x.shape[1]]")
    with spelling():
        edit("(x.shape[1])", "(512)[: x.shape[1], : x.shape[1]]")
    with spelling():
        edit("(x.shape[1])", "(1024)[: x.shape[1], : x.shape[1]]")
    with spelling():
        edit("(x.shape[1])", "(2048)[: x.shape[1], : x.shape[1]]")


@caught_by("test_a_query_chooses_among_keys")
def queries_and_keys_exchanged():
    """queries and keys exchanged: each token's key is compared with the others' queries"""
    edit("query(x), self.key", "key(x), self.query")


@caught_by("test_a_query_chooses_among_keys")
def queries_serve_as_keys():
    """queries used as keys too, so that the layer for keys is not used"""

    class SelfAttention:
        def forward(self, x):
            q = self.query(x)
            return scaled_dot_product(q, q, self.value(x), causal_mask(x.shape[1]))


@caught_by("test_every_token_is_what_the_definition_gives")
def keys_and_values_exchanged():
    """keys and values exchanged: queries are compared with values, and keys are averaged"""
    edit("self.key(x), self.value(x), mask", "self.value(x), self.key(x), mask")


@caught_by("test_every_token_is_what_the_definition_gives")
def keys_serve_as_values():
    """keys used as values too, so that the layer for values is not used"""
    edit("causal_mask(x.shape[1])", "self.key(x)")
    edit("self.key(x), self.value(x), mask", "mask, mask, causal_mask(x.shape[1])")


@caught_by("test_the_result_has_a_vector_for_each_token")
def values_without_a_layer():
    """a weighted average of the tokens themselves, without the layer for values"""
    edit("self.value(x)", "x")


@caught_by("test_every_token_is_what_the_definition_gives")
def values_without_a_layer_if_they_fit():
    """a weighted average of the tokens themselves where head equals width"""
    edit("self.value(x)", "(x if x.shape[2] == len(self.value.weight) else self.value(x))")


@caught_by("test_a_query_chooses_among_keys")
def root_of_the_tokens_width():
    """scores divided by the root of C, the embedding dimension, instead of that of D"""
    edit(
        "return scaled_dot_product(self.query(x)",
        "q = self.query(x)\n"
        "        return scaled_dot_product(q * (q.shape[-1] / x.shape[-1]) ** 0.5",
    )


@caught_by("test_a_query_chooses_among_keys")
def not_scaled():
    """scores that are not divided by the square root of D"""
    edit(
        "return scaled_dot_product(self.query(x)",
        "q = self.query(x)\n        return scaled_dot_product(q * q.shape[-1] ** 0.5",
    )


@caught_by("test_a_query_chooses_among_keys")
def scaled_twice():
    """queries divided by the square root of D before an attention that divides as well"""

    class SelfAttention:
        def forward(self, x):
            q = self.query(x) / math.sqrt(self.query.weight.shape[0])
            return scaled_dot_product(q, self.key(x), self.value(x), causal_mask(x.shape[1]))


@caught_by("test_the_parameters_are_three_weights")
def with_biases():
    """layers with a bias, which is the default of nn.Linear"""
    edit("query = nn.Linear(width, head, bias=False)", "query = nn.Linear(width, head)")
    edit("key = nn.Linear(width, head, bias=False)", "key = nn.Linear(width, head)")
    edit("value = nn.Linear(width, head, bias=False)", "value = nn.Linear(width, head)")


@caught_by("test_the_parameters_are_three_weights")
def other_names():
    """layers under other names than query, key and value"""

    class SelfAttention:
        def __init__(self, width, head):
            nn.Module.__init__(self)
            self.q_proj = nn.Linear(width, head, bias=False)
            self.k_proj = nn.Linear(width, head, bias=False)
            self.v_proj = nn.Linear(width, head, bias=False)

        def forward(self, x):
            q, k, v = self.q_proj(x), self.k_proj(x), self.v_proj(x)
            return scaled_dot_product(q, k, v, causal_mask(x.shape[1]))


@caught_by("test_the_parameters_are_three_weights")
def keys_share_the_layer_of_the_queries():
    """one layer under two names: queries and keys share a weight"""
    edit("self.key = nn.Linear(width, head, bias=False)", "self.key = self.query")


@caught_by("test_the_parameters_are_three_weights")
def one_layer_for_all():
    """a single layer that computes queries, keys and values"""
    edit("self.key = nn.Linear(width, head, bias=False)", "self.key = self.query")
    edit("self.value = nn.Linear(width, head, bias=False)", "self.value = self.query")


@caught_by("test_the_parameters_are_three_weights")
def weights_transposed():
    """weights of shape (C, D): those of nn.Linear are (out, in)"""
    edit("self.query = nn.Linear(width, head", "self.query = nn.Linear(head, width")
    edit("self.key = nn.Linear(width, head", "self.key = nn.Linear(head, width")
    edit("self.value = nn.Linear(width, head", "self.value = nn.Linear(head, width")
    edit(
        "self.query(x), self.key(x), self.value(x)",
        "*(x @ part.weight for part in (self.query, self.key, self.value))",
    )


@caught_by("test_the_parameters_are_three_weights")
def with_a_last_layer():
    """a fourth layer after attention, as in multi-head attention"""
    edit(
        "value = nn.Linear(width, head, bias=False)",
        "value = nn.Linear(width, head, bias=False)\n"
        "        self.out = nn.Linear(head, head, bias=False)",
    )
    edit("return ", "return self.out(")
    edit("(x), mask)", "(x), mask))")


@caught_by("test_the_parameters_are_three_weights")
def frozen_weights():
    """frozen weights, which training does not change"""
    edit(
        "value = nn.Linear(width, head, bias=False)",
        "value = nn.Linear(width, head, bias=False)\n        self.requires_grad_(False)",
    )


@caught_by("test_a_sequence_is_the_same_alone_and_in_company")
def sequences_run_together():
    """all sequences of the batch concatenated, so that later ones attend to earlier ones"""

    class SelfAttention:
        def forward(self, x):
            q, k, v = (part(x).flatten(0, 1) for part in (self.query, self.key, self.value))
            mixed = scaled_dot_product(q, k, v, causal_mask(len(q)))
            return mixed.view(*x.shape[:2], -1)


@caught_by("test_training_and_evaluation_are_the_same")
def dropout_in_training():
    """dropout, so that training mode is random"""
    with spelling():
        edit("return", "mixed =")
        edit(
            "(x), mask)",
            "(x), mask)\n        return nn.functional.dropout(mixed, 0.1, self.training)",
        )
    with spelling():
        edit("return", "mixed =")
        edit(
            "(x), mask)",
            "(x), mask)\n        return nn.functional.dropout(mixed, 0.2, self.training)",
        )
    with spelling():

        class SelfAttention:
            def forward(self, x):
                q, k, v = self.query(x), self.key(x), self.value(x)
                scores = q @ k.mT / math.sqrt(q.shape[-1])
                scores = scores.masked_fill(~causal_mask(x.shape[1]), -math.inf)
                return nn.functional.dropout(torch.softmax(scores, -1), 0.1, self.training) @ v

    with spelling():

        class SelfAttention:
            def forward(self, x):
                q, k, v = self.query(x), self.key(x), self.value(x)
                scores = q @ k.mT / math.sqrt(q.shape[-1])
                scores = scores.masked_fill(~causal_mask(x.shape[1]), -math.inf)
                return nn.functional.dropout(torch.softmax(scores, -1), 0.2, self.training) @ v


@caught_by("test_large_scores_choose_one_token")
def own_softmax_without_shift():
    """a softmax of its own without the shift, which overflows for large scores"""

    class SelfAttention:
        def forward(self, x):
            q, k, v = self.query(x), self.key(x), self.value(x)
            weights = (q @ k.mT / math.sqrt(q.shape[-1])).exp() * causal_mask(x.shape[1])
            return weights / weights.sum(dim=-1, keepdim=True) @ v


@caught_by("test_large_scores_choose_one_token")
def masked_with_a_number():
    """masked scores set to a number such as -1e4, which is not below every score"""

    class SelfAttention:
        def forward(self, x):
            q, k, v = self.query(x), self.key(x), self.value(x)
            scores = q @ k.mT / math.sqrt(q.shape[-1])
            scores = scores.masked_fill(~causal_mask(x.shape[1]), -1e4)
            return torch.softmax(scores, dim=-1) @ v


@caught_by("test_each_call_computes_anew")
def weights_of_the_first_call():
    """the weights as they were at the first call, whatever training changes later"""

    class SelfAttention:
        def forward(self, x):
            if "kept" not in vars(self):
                layers = (self.query, self.key, self.value)
                vars(self)["kept"] = [part.weight.clone() for part in layers]
            parts = (nn.functional.linear(x, part) for part in vars(self)["kept"])
            return scaled_dot_product(*parts, causal_mask(x.shape[1]))


@caught_by("test_the_layout_in_memory_makes_no_difference")
def flattened_with_view():
    """x flattened with view, which fails for a tensor that is not contiguous"""

    class SelfAttention:
        def forward(self, x):
            tokens = x.view(-1, x.shape[2])
            q, k, v = (part(tokens) for part in (self.query, self.key, self.value))
            q, k, v = (part.view(*x.shape[:2], -1) for part in (q, k, v))
            return scaled_dot_product(q, k, v, causal_mask(x.shape[1]))


@caught_by("test_x_stays_as_it_was")
def input_scaled_in_place():
    """the caller's tokens scaled in place before the layers (*= changes the input)"""
    edit("causal_mask(x.shape[1])", "self.value(x)")
    edit("return", "x *= x.shape[-1] ** -0.25\n        return")
    edit("self.value(x), mask", "mask, causal_mask(x.shape[1])")


@caught_by("test_the_gradients_are_torchs")
def weights_without_gradient():
    """attention weights that are detached: no gradient reaches queries and keys"""
    edit("self.query(x), self.key(x)", "self.query(x).detach(), self.key(x).detach()")


@caught_by("test_the_gradients_are_torchs")
def keys_without_gradient():
    """keys that are detached, so that their layer is not trained"""
    edit("self.key(x)", "self.key(x).detach()")


@caught_by("test_the_gradients_are_torchs")
def keys_and_values_of_a_detached_x():
    """keys and values computed from a detached x, which loses part of its gradient"""
    edit("self.key(x), self.value(x)", "self.key(x.detach()), self.value(x.detach())")


@caught_by("test_the_gradients_are_torchs")
def detached_x():
    """an x that is detached, so that no gradient reaches earlier layers"""
    edit("return", "x = x.detach()\n        return")


@caught_by("test_the_result_has_a_vector_for_each_token")
def float32_always():
    """self-attention that returns float32, whatever the dtype of x"""

    class SelfAttention:
        def forward(self, x):
            parts = (part(x).float() for part in (self.query, self.key, self.value))
            return scaled_dot_product(*parts, causal_mask(x.shape[1]))


@caught_by("test_the_result_has_a_vector_for_each_token")
def last_token_only():
    """the output of the last token alone"""
    edit("(x), mask)", "(x), mask)[:, -1]")


@caught_by("test_a_query_chooses_among_keys")
def tokens_compared_alone():
    """scores computed from the tokens themselves, without the layers for queries and keys"""

    class SelfAttention:
        def forward(self, x):
            return scaled_dot_product(x, x, self.value(x), causal_mask(x.shape[1]))


@caught_by("test_three_tokens_by_hand")
def added_to_the_input():
    """the input added to the output, which is the residual connection of a block"""
    edit("return", "read =")
    edit("(x), mask)", "(x), mask)\n        return x + read if read.shape == x.shape else read")


@caught_by("test_every_token_is_what_the_definition_gives")
def softmax_over_queries():
    """softmax over the queries instead of the keys: each column sums to 1, not each row"""

    class SelfAttention:
        def forward(self, x):
            q, k, v = self.query(x), self.key(x), self.value(x)
            scores = q @ k.transpose(-2, -1) / math.sqrt(q.shape[-1])
            scores = scores.masked_fill(~causal_mask(x.shape[1]), -math.inf)
            return torch.softmax(scores, dim=-2) @ v
