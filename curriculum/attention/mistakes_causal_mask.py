"""Wrong versions of the causal mask."""

from grader.checks import caught_by, edit, spelling


@caught_by("test_three_tokens_by_hand")
def not_itself():
    """a mask with j < i: no token attends to itself, and the first attends to nothing"""
    edit("key <= query", "key < query")


@caught_by("test_three_tokens_by_hand")
def upper_triangle():
    """a mask of the upper triangle: tokens attend to later tokens and not to earlier ones"""
    edit("key <= query", "key >= query")


@caught_by("test_three_tokens_by_hand")
def true_forbids():
    """a mask that is True where attending is forbidden, as in nn.MultiheadAttention"""
    edit("key <= query", "key > query")


@caught_by("test_future_tokens_never_change_an_earlier_output")
def one_too_far():
    """a mask with j <= i + 1: each token attends to the one that it has to predict"""
    edit("key <= query + past", "key <= query + past + 1")


@caught_by("test_future_tokens_never_change_an_earlier_output")
def everything_permitted():
    """a mask that allows everything"""
    edit("key <= query + past", "key <= query + keys")


@caught_by("test_the_last_two_of_five_tokens_by_hand")
def aligned_at_the_start():
    """a mask aligned at the first key: the last of five tokens is treated as the first"""
    edit("key <= query + past", "key <= query")


@caught_by("test_a_single_query_attends_to_every_key")
def forgets_itself_after_a_past():
    """an off-by-one error after earlier tokens: the newest token does not attend to itself"""
    edit("past = keys - queries", "past = max(keys - queries - 1, 0)")


@caught_by("test_the_last_rows_of_a_whole_mask_are_the_mask_of_the_last_queries")
def the_past_forgotten():
    """a mask in which the queries attend only to each other, not to the tokens before them"""
    edit("key <= query + past", "(key >= past) & (key <= query + past)")


@caught_by("test_each_entry_follows_the_rule")
def the_past_wide_open():
    """a mask that allows everything if there are more keys than queries"""
    edit("key <= query + past", "(key <= query) | (past > 0)")


@caught_by("test_the_mask_is_a_bool_tensor_of_queries_by_keys")
def keys_ignored():
    """a square mask of the queries alone, whatever keys was given"""
    edit("key <= query + past", "key[:queries] <= query")


@caught_by("test_the_mask_is_a_bool_tensor_of_queries_by_keys")
def keys_before_the_queries():
    """a mask in which keys counts only the tokens before the queries"""
    edit("queries if keys is None else keys", "queries + (keys or 0)")


@caught_by("test_the_mask_is_a_bool_tensor_of_queries_by_keys")
def rows_and_columns_swapped():
    """a transposed mask, with a row per key and a column per query"""
    edit("key <= query + past", "(key <= query + past).T")


@caught_by("test_the_mask_is_a_bool_tensor_of_queries_by_keys")
def ones_and_zeros():
    """a mask of the numbers 1 and 0 instead of booleans"""
    with spelling():
        edit("key <= query + past", "(key <= query + past).float()")
    with spelling():
        edit("key <= query + past", "(key <= query + past).long()")
    with spelling():
        edit("key <= query + past", "(key <= query + past).int()")


@caught_by("test_the_mask_is_a_bool_tensor_of_queries_by_keys")
def minus_infinity():
    """a mask to add to the scores: 0 where attending is allowed and -inf where not"""
    edit("key <= query + past", "torch.where(key <= query + past, 0.0, -torch.inf)")


@caught_by("test_the_mask_is_a_bool_tensor_of_queries_by_keys")
def dimensions_added():
    """a mask with dimensions of size 1 in front, for batch and heads"""
    with spelling():
        edit("key <= query + past", "(key <= query + past)[None, None]")
    with spelling():
        edit("key <= query + past", "(key <= query + past)[None]")


@caught_by("test_more_queries_than_keys_are_refused")
def any_sizes():
    """a mask for more queries than keys, instead of a ValueError"""
    edit("if keys < queries:", "if False:")


@caught_by("test_more_queries_than_keys_are_refused")
def zero_keys_as_none():
    """keys = 0 taken for None, since 0 is false too, instead of a ValueError"""
    edit("queries if keys is None else keys", "keys or queries")


@caught_by("test_more_queries_than_keys_are_refused")
def asserted():
    """sizes refused by assert, which raises AssertionError, not ValueError"""
    edit(
        'if keys < queries:\n        raise ValueError(f"{queries} queries cannot be the last of '
        '{keys} keys")',
        "assert keys >= queries",
    )


@caught_by("test_a_single_query_attends_to_every_key")
def as_many_keys_refused():
    """a ValueError for as many keys as queries, where keys is given"""
    edit("queries if keys is None else keys", "queries if given is None else given")
    edit("keys: int | None = None", "given: int | None = None")
    edit("if keys < queries:", "if keys < queries or given == queries:")


@caught_by("test_no_number_of_tokens_is_too_large")
def table_of_fixed_size():
    """a mask that is cut from a table of fixed size, too small for longer sequences"""
    with spelling():
        edit("key <= query + past", "torch.ones(64, 64).tril().bool()[past:keys, :keys]")
    with spelling():
        edit("key <= query + past", "torch.ones(512, 512).tril().bool()[past:keys, :keys]")
    with spelling():
        edit("key <= query + past", "torch.ones(1024, 1024).tril().bool()[past:keys, :keys]")
    with spelling():
        edit("key <= query + past", "torch.ones(2048, 2048).tril().bool()[past:keys, :keys]")


@caught_by("test_each_call_returns_a_tensor_of_its_own")
def one_mask_for_all_calls():
    """a remembered tensor returned again, with whatever a caller has changed in it"""
    edit("def causal_mask", "import functools\n\n@functools.cache\ndef causal_mask")


@caught_by("test_the_last_two_of_five_tokens_by_hand")
def offset_the_wrong_way():
    """a mask with j <= i + (queries - keys): the offset has the wrong sign"""
    edit("key <= query + past", "key <= query - past")
