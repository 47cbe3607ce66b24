"""Wrong versions of nats."""

import math

from grader.checks import caught_by, edit, spelling


@caught_by("test_equal_choices_cost_the_logarithm_of_their_number")
def bits():
    """the loss in bits (the logarithm to base 2) instead of nats"""
    edit(".log()", ".log2()")


@caught_by("test_equal_choices_cost_the_logarithm_of_their_number")
def logarithm_to_base_10():
    """the logarithm to base 10 instead of the natural one"""
    edit(".log()", ".log10()")


@caught_by("test_the_mean_is_taken_over_the_pairs")
def divided_by_characters():
    """the sum divided by the number of characters, not of pairs"""
    edit(
        "log_p[ids[:-1], ids[1:]].mean().item()",
        "log_p[ids[:-1], ids[1:]].sum().item() / len(text)",
    )


@caught_by("test_the_mean_is_taken_over_the_pairs")
def sum_of_the_losses():
    """the sum of the losses, not divided by the number of pairs"""
    edit("mean()", "sum()")


@caught_by("test_the_logarithms_are_averaged")
def log_of_the_mean():
    """the logarithm of the mean probability, not the mean of the logarithms"""
    edit("log_p[ids[:-1], ids[1:]].mean()", "log_p[ids[:-1], ids[1:]].exp().mean().log()")


@caught_by("test_pairs_worked_by_hand")
def mean_probability():
    """the mean probability of the pairs, without the logarithm"""
    edit("-log_p[ids[:-1], ids[1:]]", "log_p[ids[:-1], ids[1:]].exp()")


@caught_by("test_pairs_worked_by_hand")
def minus_forgotten():
    """the mean log-probability without the minus sign"""
    edit("-log_p", "log_p")


@caught_by("test_pairs_worked_by_hand")
def perplexity():
    """the exponential of the mean loss, which is the perplexity"""
    edit(".mean()", ".mean().exp()")


@caught_by("test_one_is_added_to_each_count")
def nothing_added():
    """probabilities of the counts alone, which are 0 for a pair that was not counted"""
    with spelling():
        edit("counts + 1", "counts")
    with spelling():
        edit("(counts + 1).double()", "counts.double()")
        edit("sum(dim=1, keepdim=True)", "sum(dim=1, keepdim=True).clamp(min=1)")


@caught_by("test_one_is_added_to_each_count")
def sum_without_the_ones():
    """one added to the count and not to the sum of the row"""
    with spelling():
        edit("weights / weights", "weights / (weights - 1)")
    with spelling():
        edit(
            "weights / weights.sum(dim=1, keepdim=True)",
            "weights / counts.sum(dim=1, keepdim=True).clamp(min=1)",
        )


@caught_by("test_one_is_added_to_each_count")
def one_added_to_the_sum():
    """one added to the sum of the row, not one for each of the V letters"""
    edit(
        "weights / weights.sum(dim=1, keepdim=True)",
        "weights / (counts.sum(dim=1, keepdim=True) + 1)",
    )


@caught_by("test_one_is_added_to_each_count")
def only_zeros_raised():
    """one added only to the counts that are zero"""
    edit("counts + 1", "counts.clamp(min=1)")


@caught_by("test_one_is_added_to_each_count")
def small_constant_in_the_log():
    """a small constant added inside the logarithm instead of one to each count"""
    edit("counts + 1", "counts")
    edit(
        "weights / weights.sum(dim=1, keepdim=True)",
        "weights / weights.sum(dim=1, keepdim=True).clamp(min=1) + 1e-9",
    )


@caught_by("test_one_is_added_to_each_count")
def pairs_never_counted_left_out():
    """pairs whose count is 0 left out of the mean"""
    edit(
        "    return -log_p",
        "    seen = counts[ids[:-1], ids[1:]] > 0\n    return -log_p",
    )
    edit("ids[1:]].mean()", "ids[1:]][seen].mean()")


@caught_by("test_rows_are_first_characters_and_letters_are_in_any_order")
def row_of_the_second():
    """the pair looked up the wrong way round: row of the second character, column of the first"""
    edit("-log_p[ids[:-1], ids[1:]]", "-log_p[ids[1:], ids[:-1]]")


@caught_by("test_rows_are_first_characters_and_letters_are_in_any_order")
def columns_sum_to_1():
    """counts divided by the sum of their column, not of their row"""
    edit("sum(dim=1", "sum(dim=0")


@caught_by("test_pairs_worked_by_hand")
def divided_by_all_counts():
    """counts divided by the sum of the whole table: the probability of the pair"""
    edit("weights.sum(dim=1, keepdim=True)", "weights.sum()")


@caught_by("test_rows_are_first_characters_and_letters_are_in_any_order")
def sum_without_keepdim():
    """row sums without keepdim=True, which are broadcast along the rows"""
    edit("weights.sum(dim=1, keepdim=True)", "weights.sum(dim=1)")


@caught_by("test_rows_are_first_characters_and_letters_are_in_any_order")
def letters_sorted_again():
    """letters sorted before use, so that rows and letters no longer belong together"""
    edit("enumerate(letters)", "enumerate(sorted(letters))")


@caught_by("test_pairs_worked_by_hand")
def letters_alone():
    """the second character's share of all counts, whatever the first one is"""
    edit(
        "(weights / weights.sum(dim=1, keepdim=True)).log()",
        "(weights.sum(dim=0) / weights.sum()).log().expand(len(letters), -1)",
    )


@caught_by("test_pairs_worked_by_hand")
def softmax_of_the_counts():
    """probabilities by softmax of the counts: exponentials, not shares"""
    with spelling():
        edit(
            "(weights / weights.sum(dim=1, keepdim=True)).log()",
            "torch.log_softmax(weights, dim=1)",
        )
    with spelling():
        edit(
            "(weights / weights.sum(dim=1, keepdim=True)).log()",
            "torch.softmax(weights, dim=1).log()",
        )


@caught_by("test_a_pair_counts_each_time_it_occurs")
def each_pair_once():
    """each different pair of the text counted once in the mean"""

    def nats(counts, letters, text):
        if len(text) < 2 or not set(text) <= set(letters):
            raise ValueError("a text has two characters or more, all of them in letters")
        losses = []
        for first, second in set(zip(text, text[1:], strict=False)):
            row = counts[letters.index(first)]
            count = int(row[letters.index(second)]) + 1
            losses.append(-math.log(count / (int(row.sum()) + len(letters))))
        return math.fsum(losses) / len(losses)


@caught_by("test_the_mean_is_taken_over_the_pairs")
def wrapped_round():
    """the first character predicted from the last one, as if the text were a circle"""
    with spelling():
        edit("ids[:-1], ids[1:]", "ids, torch.roll(ids, -1)")
    with spelling():
        edit("ids[:-1], ids[1:]", "ids[torch.arange(len(ids)) - 1], ids")


@caught_by("test_the_mean_is_taken_over_the_pairs")
def last_pair_left_out():
    """the last pair of the text left out"""
    edit("ids[:-1], ids[1:]", "ids[:-2], ids[1:-1]")


@caught_by("test_pairs_worked_by_hand")
def counted_from_the_text_itself():
    """the text's own pairs added to the counts before it is measured"""
    edit(
        "    weights = (counts + 1).double()",
        "    V = len(letters)\n"
        "    own = torch.bincount(ids[:-1] * V + ids[1:], minlength=V * V).reshape(V, V)\n"
        "    weights = (counts + own + 1).double()",
    )


@caught_by("test_large_counts_are_read_exactly")
def small_integers():
    """counts read in an integer dtype with fewer bits, which overflows"""
    edit("counts + 1", "counts.to(torch.int32) + 1")


@caught_by("test_the_result_is_a_number_of_python")
def tensor_returned():
    """a tensor of shape (), not a number of Python"""
    edit(".item()", "")


@caught_by("test_equal_choices_cost_the_logarithm_of_their_number")
def rounded():
    """the result rounded to two decimals"""
    edit(
        "return -log_p[ids[:-1], ids[1:]].mean().item()",
        "return round(-log_p[ids[:-1], ids[1:]].mean().item(), 2)",
    )


@caught_by("test_an_unknown_character_is_refused")
def unknown_left_out():
    """characters that are not in letters left out of the text, without an error"""
    edit("or not set(text) <= set(letters)", "")
    edit(
        "    number = {",
        '    text = "".join(letter for letter in text if letter in letters)\n    number = {',
    )


@caught_by("test_an_unknown_character_is_refused")
def key_error():
    """KeyError for an unknown character, as a dict raises it, not ValueError"""
    edit("or not set(text) <= set(letters)", "")


@caught_by("test_an_unknown_character_is_refused")
def only_first_characters_tested():
    """only the first characters of pairs tested, so that an unknown last one is not refused"""
    with spelling():
        edit("set(text) <=", "set(text[:-1]) <=")
        edit("number[letter] for", "number.get(letter, 0) for")
    with spelling():
        edit("set(text) <=", "set(text[:-1]) <=")
        edit("number[letter] for", "number.get(letter, -1) for")


@caught_by("test_a_text_without_a_pair_is_refused")
def mean_of_nothing():
    """the mean of no pairs, which is NaN, for a text of one character"""
    edit("len(text) < 2 or not", "not text or not")


@caught_by("test_a_text_without_a_pair_is_refused")
def nothing_costs_nothing():
    """0.0 for a text without a pair, not ValueError"""
    edit(
        "    if len(text)",
        "    if len(text) < 2 and set(text) <= set(letters):\n        return 0.0\n    if len(text)",
    )


@caught_by("test_a_text_without_a_pair_is_refused")
def division_by_zero():
    """ZeroDivisionError for a text without a pair, not ValueError"""
    edit("len(text) < 2 or not", "not")
    edit(
        "log_p[ids[:-1], ids[1:]].mean().item()",
        "log_p[ids.long()[:-1], ids.long()[1:]].sum().item() / (max(len(text), 1) - 1)",
    )


@caught_by("test_counts_and_letters_stay_as_they_were")
def counts_changed_in_place():
    """one added to the caller's counts (counts += 1), so that each call adds another one"""
    edit("    weights = (counts + 1).double()", "    counts += 1\n    weights = counts.double()")


@caught_by("test_the_last_tenth_of_shakespeare_costs_2_46_nats")
def product_before_the_logarithm():
    """the probabilities multiplied first: the product of a long text underflows to 0"""
    edit(
        "-log_p[ids[:-1], ids[1:]].mean().item()",
        "-log_p[ids[:-1], ids[1:]].exp().prod().log().item() / (len(text) - 1)",
    )


@caught_by("test_large_counts_are_read_exactly")
def epsilon_in_the_log():
    """a small constant added inside the logarithm, so that no pair costs more than about 20"""
    with spelling():
        edit("keepdim=True)).log()", "keepdim=True) + 1e-8).log()")
    with spelling():
        edit("keepdim=True)).log()", "keepdim=True) + 1e-9).log()")
    with spelling():
        edit("keepdim=True)).log()", "keepdim=True) + 1e-10).log()")


@caught_by("test_equal_choices_cost_the_logarithm_of_their_number")
def three_digits():
    """logarithms in float16, which has about three digits"""
    edit(".log()  # (V, V)", ".log().half().double()  # (V, V)")


@caught_by("test_pairs_worked_by_hand")
def four_decimals():
    """the result rounded to four decimals, as the example shows it"""
    edit(
        "return -log_p[ids[:-1], ids[1:]].mean().item()",
        "return round(-log_p[ids[:-1], ids[1:]].mean().item(), 4)",
    )


@caught_by("test_the_mean_is_taken_over_the_pairs")
def mean_of_row_means():
    """the mean of each first character's mean, so that rare characters weigh more"""
    edit(
        "    return -log_p[ids[:-1], ids[1:]].mean().item()",
        "    losses, first = -log_p[ids[:-1], ids[1:]], ids[:-1]\n"
        "    return torch.stack([losses[first == i].mean() for i in first.unique()]).mean().item()",
    )


@caught_by("test_pairs_worked_by_hand")
def first_character_predicted():
    """the first character counted too, at log V, as if it had been predicted by chance"""
    edit(
        "-log_p[ids[:-1], ids[1:]].mean().item()",
        "(len(letters) * (-log_p[ids[:-1], ids[1:]].sum()).exp()).log().item() / len(text)",
    )


@caught_by("test_equal_choices_cost_the_logarithm_of_their_number")
def text_added_to_the_counts():
    """each pair of the text added to the counts once it was predicted"""
    edit(
        "    return -log_p[ids[:-1], ids[1:]].mean().item()",
        "    total = 0.0\n"
        "    for i, j in zip(ids[:-1], ids[1:], strict=True):\n"
        "        total -= (weights[i, j] / weights[i].sum()).log().item()\n"
        "        weights[i, j] += 1\n"
        "    return total / (len(ids) - 1)",
    )


@caught_by("test_the_mean_is_taken_over_the_pairs")
def weighted_by_the_counts():
    """each loss weighted by the pair's count in the table, which is another text's"""
    edit(
        "    return -log_p[ids[:-1], ids[1:]].mean().item()",
        "    many = weights[ids[:-1], ids[1:]]\n"
        "    return -((log_p[ids[:-1], ids[1:]] * many).sum() / many.sum()).item()",
    )
