"""What goes wrong with mixtures."""

from grader.checks import caught_by, edit, spelling


@caught_by("test_each_source_is_chosen_as_often_as_its_weight_says")
def all_alike():
    """draws from all sources with a weight above 0 equally often"""
    edit("accumulate(weights)", "accumulate(map(bool, weights))")


@caught_by("test_a_small_weight_counts")
def weights_in_percent():
    """weights rounded to whole percents"""
    edit(
        "accumulate(weights)",
        "accumulate(round(100 * weight / sum(weights)) for weight in weights)",
    )


@caught_by("test_the_result_is_a_list_of_count_items")
def never_empty():
    """one item for a count of 0 instead of an empty list"""
    edit("range(count)", "range(max(count, 1))")


@caught_by("test_each_source_is_chosen_as_often_as_its_weight_says")
def weights_that_must_sum_to_1():
    """weights refused that do not sum to 1"""
    edit("if not any(weights)", "if abs(sum(weights) - 1) > 1e-6 or not any(weights)")


@caught_by("test_one_source_gives_its_items_in_order_and_begins_again")
def zero_weights_refused():
    """a weight of 0 refused"""
    edit("min(weights) < 0", "min(weights) <= 0")


@caught_by("test_few_draws_are_independent_too")
def two_items_a_draw():
    """two items for each choice of a source instead of one"""
    edit(
        "i = bisect(ends",
        "i = i if len(drawn) % 2 else bisect(ends",
    )


@caught_by("test_few_draws_are_independent_too")
def exact_amounts():
    """each source exactly in proportion to its weight, in shuffled order"""
    edit(
        "for _ in range(count):\n        i = bisect(ends, generator.random() * ends[-1])",
        "order = [bisect(ends, (n + 0.5) / count * ends[-1]) for n in range(count)]\n"
        "    generator.shuffle(order)\n"
        "    for i in order:",
    )


@caught_by("test_each_source_is_chosen_as_often_as_its_weight_says")
def used_up_skipped():
    """a source that is used up skipped until all others are used up too"""
    edit(
        "i = bisect(ends, generator.random() * ends[-1])",
        "if all(t == len(s) or not w for t, s, w in zip(taken, sources, weights, strict=True)):\n"
        "            taken = [0] * len(sources)\n"
        "        i = bisect(ends, generator.random() * ends[-1])\n"
        "        while taken[i] == len(sources[i]):\n"
        "            i = bisect(ends, generator.random() * ends[-1])",
    )


@caught_by("test_each_source_is_chosen_as_often_as_its_weight_says")
def weights_times_sizes():
    """weights multiplied by the sizes of the sources: a weight for each item, not each source"""
    edit(
        "accumulate(weights)",
        "accumulate(w * len(s) for w, s in zip(weights, sources, strict=True))",
    )


@caught_by("test_each_source_is_chosen_as_often_as_its_weight_says")
def weights_taken_for_shares():
    """weights used as if they summed to 1: the rest goes to the last source or the first"""
    edit(
        "generator.random() * ends[-1])",
        "generator.random(), 0, len(ends) - 1)\n        i = i if sources[i] else 0",
    )


@caught_by("test_a_choice_does_not_depend_on_the_one_before")
def in_turn():
    """sources chosen in a fixed order, each when it is behind its weight: nothing is random"""
    edit(
        "i = bisect(ends, generator.random() * ends[-1])",
        'lag = [(t + 1) / w if w else float("inf") for t, w in zip(taken, weights, strict=True)]\n'
        "        i = lag.index(min(lag))",
    )


@caught_by("test_a_choice_does_not_depend_on_the_one_before")
def one_after_the_other():
    """draws in blocks: all of the first source, then all of the second, in the right amounts"""
    edit("for _ in range(count):", "for place in sorted(generator.random() for _ in range(count)):")
    edit("generator.random() * ends[-1]", "place * ends[-1]")


@caught_by("test_each_source_goes_on_where_it_stopped")
def any_item_of_the_source():
    """an item from anywhere in the chosen source, not the one that comes next"""
    edit(
        "for _ in range(count):\n        i = bisect(ends, generator.random() * ends[-1])",
        "for i in [bisect(ends, generator.random() * ends[-1]) for _ in range(count)]:",
    )
    edit("sources[i][taken[i] % len(sources[i])]", "generator.choice(sources[i])")


@caught_by("test_each_source_goes_on_where_it_stopped")
def random_item_of_the_source():
    """a random item of the chosen source, drawn together with the source"""
    edit("sources[i][taken[i] % len(sources[i])]", "generator.choice(sources[i])")


@caught_by("test_one_source_gives_its_items_in_order_and_begins_again")
def from_the_last_item():
    """the items of a source from the last to the first"""
    edit("[taken[i] % len(sources[i])]", "[-1 - taken[i] % len(sources[i])]")


@caught_by("test_one_source_gives_its_items_in_order_and_begins_again")
def begins_again_with_the_second():
    """a source that begins again with its second item"""
    edit(
        "i = bisect(ends, generator.random() * ends[-1])",
        "i = bisect(ends, generator.random() * ends[-1])\n"
        "        if taken[i] == len(sources[i]):\n"
        "            taken[i] = min(1, len(sources[i]) - 1)",
    )


@caught_by("test_one_source_gives_its_items_in_order_and_begins_again")
def last_item_never():
    """an off-by-one error: the last item of a source is never taken"""
    edit("% len(sources[i])", "% max(len(sources[i]) - 1, 1)")


@caught_by("test_one_source_gives_its_items_in_order_and_begins_again")
def back_and_forth():
    """a source that is read backwards after its last item"""
    edit(
        "sources[i][taken[i] % len(sources[i])]",
        "[*sources[i], *sources[i][::-1]][taken[i] % (2 * len(sources[i]))]",
    )


@caught_by("test_one_source_gives_its_items_in_order_and_begins_again")
def shuffled_for_each_pass():
    """a source whose items are shuffled before it begins again"""
    edit(
        "taken[i] += 1  #",
        "taken[i] += 1\n"
        "        if taken[i] == len(sources[i]):\n"
        "            taken[i], new = 0, generator.sample(sources[i], len(sources[i]))\n"
        "            sources = [*sources[:i], new, *sources[i + 1 :]]\n"
        "        #",
    )


@caught_by("test_each_source_goes_on_where_it_stopped")
def all_begin_again():
    """all sources begin again as soon as one of them is used up"""
    edit(
        "taken[i] += 1  #",
        "taken[i] += 1\n"
        "        if taken[i] == len(sources[i]):\n"
        "            taken = [0] * len(sources)\n"
        "        #",
    )


@caught_by("test_each_source_goes_on_where_it_stopped")
def one_place_for_all():
    """one position for all sources, so that items are skipped"""
    edit("taken[i] % len", "len(drawn) % len")


@caught_by("test_one_source_gives_its_items_in_order_and_begins_again")
def always_the_first_item():
    """the first item of the chosen source, each time"""
    edit("[taken[i] % len(sources[i])]", "[0]")


@caught_by("test_one_source_gives_its_items_in_order_and_begins_again")
def ends_with_a_source():
    """draws that stop as soon as a source is used up"""
    edit(
        "drawn.append(", "if taken[i] == len(sources[i]):\n            break\n        drawn.append("
    )


@caught_by("test_one_source_gives_its_items_in_order_and_begins_again")
def the_last_item_again_and_again():
    """a source that repeats its last item when it is used up"""
    edit("taken[i] % len(sources[i])", "min(taken[i], len(sources[i]) - 1)")


@caught_by("test_the_result_is_a_list_of_count_items")
def items_with_their_source():
    """pairs of a source's index and an item instead of items"""
    edit("sources[i][taken[i] % len(sources[i])]", "(i, sources[i][taken[i] % len(sources[i])])")


@caught_by("test_the_seed_decides_the_draws")
def seed_unused():
    """draws from the global generator, whatever the seed"""
    edit("random.Random(seed)", "random")


@caught_by("test_the_global_generators_are_left_alone")
def global_seed():
    """draws after seeding Python's global generator (random.seed)"""
    edit("generator = random.Random(seed)", "random.seed(seed)\n    generator = random")


@caught_by("test_the_global_generators_are_left_alone")
def global_seed_of_numpy():
    """draws after seeding NumPy's global generator (np.random.seed)"""
    with spelling():
        edit("import random", "import numpy as np")
        edit("generator = random.Random(seed)", "np.random.seed(seed % 2**32)")
        edit("generator.random()", "np.random.random()")
    with spelling():
        edit("import random", "import numpy as np")
        edit("generator = random.Random(seed)", "np.random.seed(seed % 2**32)")
        edit(
            "for _ in range(count):\n        i = bisect(ends, generator.random() * ends[-1])",
            "shares = np.array(weights) / sum(weights)\n"
            "    for i in np.random.choice(len(weights), size=count, p=shares).tolist():",
        )


@caught_by("test_sources_weights_and_sizes_stay_as_they_were")
def weights_normalised_in_place():
    """the caller's weights divided by their sum in place"""
    edit(
        "ends = list(",
        "weights[:] = [weight / sum(weights) for weight in weights]\n    ends = list(",
    )


@caught_by("test_sources_weights_and_sizes_stay_as_they_were")
def items_taken_out():
    """items removed from the caller's lists with pop and appended again"""
    edit(
        "sources[i][taken[i] % len(sources[i])])",
        "sources[i].pop(0))\n        sources[i].append(drawn[-1])",
    )


@caught_by("test_invalid_weights_and_empty_sources_are_refused")
def lengths_not_compared():
    """fewer weights than sources accepted: their numbers are not compared, or in one direction"""
    with spelling():
        edit("if len(sources) != len(weights):", "if False:")
    with spelling():
        edit("if len(sources) != len(weights):", "if len(sources) < len(weights):")


@caught_by("test_invalid_weights_and_empty_sources_are_refused")
def negative_weights_accepted():
    """a weight below 0 accepted"""
    with spelling():
        edit("not any(weights) or min(weights) < 0", "not any(weights) or sum(weights) < 0")
    with spelling():
        edit("not any(weights) or min(weights) < 0", "not any(weight > 0 for weight in weights)")
        edit("accumulate(weights)", "accumulate(max(weight, 0) for weight in weights)")


@caught_by("test_invalid_weights_and_empty_sources_are_refused")
def zero_weights_as_equal():
    """weights that are all 0 used as equal weights"""
    edit(
        "if not any(weights) or min",
        "weights = weights if any(weights) else [float(len(source) > 0) for source in sources]\n"
        "    if not any(weights) or min",
    )


@caught_by("test_they_are_refused_even_if_nothing_is_drawn")
def nothing_checked_for_count_0():
    """weights and sources that are not checked when the count is 0"""
    edit(
        "if len(sources) != len(weights):",
        "if not count:\n        return []\n    if len(sources) != len(weights):",
    )


@caught_by("test_they_are_refused_even_if_nothing_is_drawn")
def refused_only_when_drawn():
    """an empty source refused only when it is drawn"""
    edit("if any(weight and", "if False and any(weight and")
    edit(
        "drawn.append(",
        'if not sources[i]:\n            raise ValueError("empty")\n        drawn.append(',
    )


@caught_by("test_invalid_weights_and_empty_sources_are_refused")
def empty_sources_refused_always():
    """ValueError for an empty source even if its weight is 0"""
    edit("weight and not source", "not source")


@caught_by("test_probabilities_worked_by_hand")
def alpha_after_the_shares():
    """probabilities raised to alpha without normalizing: they no longer sum to 1"""
    edit("powers = [size", "return [(size / sum(sizes)) ")
    edit("    return [power / sum(powers) for power in powers]\n", "")


@caught_by("test_probabilities_worked_by_hand")
def softmax_of_the_shares():
    """a softmax of alpha times the share of each source"""
    edit("size**alpha", "2.718281828459045 ** (alpha * size / sum(sizes))")


@caught_by("test_probabilities_worked_by_hand")
def never_normalized():
    """the powers themselves, which are not divided by their sum"""
    edit("[power / sum(powers) for power in powers]", "powers")


@caught_by("test_probabilities_worked_by_hand")
def divided_by_the_sizes():
    """powers divided by the sum of the sizes instead of the sum of the powers"""
    edit("sum(powers)", "sum(sizes)")


@caught_by("test_probabilities_worked_by_hand")
def another_exponent():
    """an exponent other than alpha, such as 1 - alpha, -alpha or always 1/2"""
    with spelling():
        edit("size**alpha", "size ** (1 - alpha)")
    with spelling():
        edit("size**alpha", "size**-alpha")
    with spelling():
        edit("size**alpha", "size ** (0.5 if alpha < 1 else 1)")


@caught_by("test_probabilities_worked_by_hand")
def another_default():
    """an alpha of 0.5 where none is given, instead of 1"""
    edit("alpha: float = 1.0", "alpha: float = 0.5")


@caught_by("test_probabilities_worked_by_hand")
def sorted_by_size():
    """probabilities sorted by size, not in the order of the sizes"""
    with spelling():
        edit("for size in sizes]", "for size in sorted(sizes, reverse=True)]")
    with spelling():
        edit("for size in sizes]", "for size in sorted(sizes)]")


@caught_by("test_probabilities_worked_by_hand")
def alpha_ignored():
    """probabilities proportional to the sizes, whatever alpha is passed"""
    edit("    powers = [size**alpha for size in sizes]\n", "")
    edit("(powers) for power in powers", "(sizes) for power in sizes")


@caught_by("test_probabilities_worked_by_hand")
def alpha_as_a_temperature():
    """an exponent of 1 / alpha, as with a temperature: large sources get even more"""
    edit("size**alpha", "(size / max(sizes)) ** (1 / max(alpha, 1e-9))")


@caught_by("test_probabilities_worked_by_hand")
def blended_with_equal_shares():
    """a linear interpolation between equal probabilities and those by size"""
    edit("size**alpha", "alpha * size / sum(sizes) + (1 - alpha) / len(sizes)")
    edit("power / sum(powers)", "power")


@caught_by("test_sizes_below_1_are_refused")
def sizes_of_any_kind():
    """sizes of 0 taken as 1, so that an empty source gets a probability"""
    edit("if not sizes or min(sizes) < 1:", "if False:")
    edit("size**alpha", "max(size, 1) ** alpha")


@caught_by("test_probabilities_follow_the_rule")
def shares_rounded():
    """probabilities rounded to a few decimals, so that small sources get 0"""
    with spelling():
        edit("power / sum(powers)", "round(power / sum(powers), 2)")
    with spelling():
        edit("power / sum(powers)", "round(power / sum(powers), 3)")
