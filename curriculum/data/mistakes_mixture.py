"""What goes wrong with mixtures."""

import random

from grader.course import caught_by


@caught_by("test_each_source_is_chosen_as_often_as_its_weight_says")
def all_alike():
    """draws from all sources with a weight above 0 alike, however large it is"""

    def mixture(sources, weights, count, seed):
        if len(sources) != len(weights) or not any(weights) or min(weights) < 0:
            raise ValueError("weights that fit no source")
        if any(weight and not source for source, weight in zip(sources, weights, strict=True)):
            raise ValueError("an empty source")
        open_ones = [i for i, weight in enumerate(weights) if weight]
        chosen = random.Random(seed).choices(open_ones, k=count)
        taken, drawn = [0] * len(sources), []
        for i in chosen:
            drawn.append(sources[i][taken[i] % len(sources[i])])
            taken[i] += 1
        return drawn


@caught_by("test_each_source_is_chosen_as_often_as_its_weight_says")
def weights_times_sizes():
    """weights multiplied by the sizes of the sources: a weight for each item, not each source"""

    def mixture(sources, weights, count, seed):
        if len(sources) != len(weights) or not any(weights) or min(weights) < 0:
            raise ValueError("weights that fit no source")
        if any(weight and not source for source, weight in zip(sources, weights, strict=True)):
            raise ValueError("an empty source")
        odds = [weight * len(source) for source, weight in zip(sources, weights, strict=True)]
        chosen = random.Random(seed).choices(range(len(sources)), odds, k=count)
        taken, drawn = [0] * len(sources), []
        for i in chosen:
            drawn.append(sources[i][taken[i] % len(sources[i])])
            taken[i] += 1
        return drawn


@caught_by("test_each_source_is_chosen_as_often_as_its_weight_says")
def weights_taken_for_shares():
    """weights used as if they summed to 1: what lies beyond goes to the last source or the first"""

    def mixture(sources, weights, count, seed):
        if len(sources) != len(weights) or not any(weights) or min(weights) < 0:
            raise ValueError("weights that fit no source")
        if any(weight and not source for source, weight in zip(sources, weights, strict=True)):
            raise ValueError("an empty source")
        generator = random.Random(seed)
        taken, drawn = [0] * len(sources), []
        for _ in range(count):
            place, i = generator.random(), 0
            while i < len(weights) - 1 and place >= weights[i]:
                place -= weights[i]
                i += 1
            i = i if sources[i] else 0
            drawn.append(sources[i][taken[i] % len(sources[i])])
            taken[i] += 1
        return drawn


@caught_by("test_a_choice_does_not_depend_on_the_one_before")
def in_turn():
    """sources taken in turn, each as soon as it lags behind its share: nothing is random"""

    def mixture(sources, weights, count, seed):
        if len(sources) != len(weights) or not any(weights) or min(weights) < 0:
            raise ValueError("weights that fit no source")
        if any(weight and not source for source, weight in zip(sources, weights, strict=True)):
            raise ValueError("an empty source")
        taken, drawn = [0] * len(sources), []
        for _ in range(count):
            lag = [(t + 1) / w if w else float("inf") for t, w in zip(taken, weights, strict=True)]
            i = lag.index(min(lag))
            drawn.append(sources[i][taken[i] % len(sources[i])])
            taken[i] += 1
        return drawn


@caught_by("test_a_choice_does_not_depend_on_the_one_before")
def one_after_the_other():
    """draws in blocks: all of the first source, then all of the second, in the right amounts"""

    def mixture(sources, weights, count, seed):
        if len(sources) != len(weights) or not any(weights) or min(weights) < 0:
            raise ValueError("weights that fit no source")
        if any(weight and not source for source, weight in zip(sources, weights, strict=True)):
            raise ValueError("an empty source")
        chosen = sorted(random.Random(seed).choices(range(len(sources)), weights, k=count))
        taken, drawn = [0] * len(sources), []
        for i in chosen:
            drawn.append(sources[i][taken[i] % len(sources[i])])
            taken[i] += 1
        return drawn


@caught_by("test_each_source_goes_on_where_it_stopped")
def any_item_of_the_source():
    """an item from anywhere in the chosen source, not the one that comes next"""

    def mixture(sources, weights, count, seed):
        if len(sources) != len(weights) or not any(weights) or min(weights) < 0:
            raise ValueError("weights that fit no source")
        if any(weight and not source for source, weight in zip(sources, weights, strict=True)):
            raise ValueError("an empty source")
        generator = random.Random(seed)
        chosen = generator.choices(range(len(sources)), weights, k=count)
        return [generator.choice(sources[i]) for i in chosen]


@caught_by("test_each_source_goes_on_where_it_stopped")
def one_place_for_all():
    """one count of draws for all sources, so that items are skipped"""

    def mixture(sources, weights, count, seed):
        if len(sources) != len(weights) or not any(weights) or min(weights) < 0:
            raise ValueError("weights that fit no source")
        if any(weight and not source for source, weight in zip(sources, weights, strict=True)):
            raise ValueError("an empty source")
        chosen = random.Random(seed).choices(range(len(sources)), weights, k=count)
        return [sources[i][place % len(sources[i])] for place, i in enumerate(chosen)]


@caught_by("test_one_source_gives_its_items_in_order_and_begins_again")
def always_the_first_item():
    """the first item of the chosen source, each time"""

    def mixture(sources, weights, count, seed):
        if len(sources) != len(weights) or not any(weights) or min(weights) < 0:
            raise ValueError("weights that fit no source")
        if any(weight and not source for source, weight in zip(sources, weights, strict=True)):
            raise ValueError("an empty source")
        chosen = random.Random(seed).choices(range(len(sources)), weights, k=count)
        return [sources[i][0] for i in chosen]


@caught_by("test_one_source_gives_its_items_in_order_and_begins_again")
def ends_with_a_source():
    """a mixture that ends as soon as a source is used up"""

    def mixture(sources, weights, count, seed):
        if len(sources) != len(weights) or not any(weights) or min(weights) < 0:
            raise ValueError("weights that fit no source")
        if any(weight and not source for source, weight in zip(sources, weights, strict=True)):
            raise ValueError("an empty source")
        chosen = random.Random(seed).choices(range(len(sources)), weights, k=count)
        streams, drawn = [iter(source) for source in sources], []
        for i in chosen:
            item = next(streams[i], None)
            if item is None:
                break
            drawn.append(item)
        return drawn


@caught_by("test_one_source_gives_its_items_in_order_and_begins_again")
def the_last_item_again_and_again():
    """a source that is used up goes on giving its last item"""

    def mixture(sources, weights, count, seed):
        if len(sources) != len(weights) or not any(weights) or min(weights) < 0:
            raise ValueError("weights that fit no source")
        if any(weight and not source for source, weight in zip(sources, weights, strict=True)):
            raise ValueError("an empty source")
        chosen = random.Random(seed).choices(range(len(sources)), weights, k=count)
        taken, drawn = [0] * len(sources), []
        for i in chosen:
            drawn.append(sources[i][min(taken[i], len(sources[i]) - 1)])
            taken[i] += 1
        return drawn


@caught_by("test_the_result_is_a_list_of_count_items")
def items_with_their_source():
    """pairs of a source's number and an item, in place of items"""

    def mixture(sources, weights, count, seed):
        if len(sources) != len(weights) or not any(weights) or min(weights) < 0:
            raise ValueError("weights that fit no source")
        if any(weight and not source for source, weight in zip(sources, weights, strict=True)):
            raise ValueError("an empty source")
        chosen = random.Random(seed).choices(range(len(sources)), weights, k=count)
        taken, drawn = [0] * len(sources), []
        for i in chosen:
            drawn.append((i, sources[i][taken[i] % len(sources[i])]))
            taken[i] += 1
        return drawn


@caught_by("test_the_seed_decides_the_draws")
def seed_unused():
    """draws from the global generator, whatever the seed"""

    def mixture(sources, weights, count, seed):
        if len(sources) != len(weights) or not any(weights) or min(weights) < 0:
            raise ValueError("weights that fit no source")
        if any(weight and not source for source, weight in zip(sources, weights, strict=True)):
            raise ValueError("an empty source")
        chosen = random.choices(range(len(sources)), weights, k=count)
        taken, drawn = [0] * len(sources), []
        for i in chosen:
            drawn.append(sources[i][taken[i] % len(sources[i])])
            taken[i] += 1
        return drawn


@caught_by("test_the_global_generators_are_left_alone")
def global_seed():
    """draws after seeding the generator of the whole program (random.seed)"""

    def mixture(sources, weights, count, seed):
        if len(sources) != len(weights) or not any(weights) or min(weights) < 0:
            raise ValueError("weights that fit no source")
        if any(weight and not source for source, weight in zip(sources, weights, strict=True)):
            raise ValueError("an empty source")
        random.seed(seed)
        chosen = random.choices(range(len(sources)), weights, k=count)
        taken, drawn = [0] * len(sources), []
        for i in chosen:
            drawn.append(sources[i][taken[i] % len(sources[i])])
            taken[i] += 1
        return drawn


@caught_by("test_sources_weights_and_sizes_stay_as_they_were")
def weights_normalised_in_place():
    """the caller's weights divided by their sum in place"""

    def mixture(sources, weights, count, seed):
        if len(sources) != len(weights) or not any(weights) or min(weights) < 0:
            raise ValueError("weights that fit no source")
        if any(weight and not source for source, weight in zip(sources, weights, strict=True)):
            raise ValueError("an empty source")
        whole = sum(weights)
        for i in range(len(weights)):
            weights[i] /= whole
        chosen = random.Random(seed).choices(range(len(sources)), weights, k=count)
        taken, drawn = [0] * len(sources), []
        for i in chosen:
            drawn.append(sources[i][taken[i] % len(sources[i])])
            taken[i] += 1
        return drawn


@caught_by("test_sources_weights_and_sizes_stay_as_they_were")
def items_taken_out():
    """items taken out of the caller's lists with pop, and put back at the end"""

    def mixture(sources, weights, count, seed):
        if len(sources) != len(weights) or not any(weights) or min(weights) < 0:
            raise ValueError("weights that fit no source")
        if any(weight and not source for source, weight in zip(sources, weights, strict=True)):
            raise ValueError("an empty source")
        drawn = []
        for i in random.Random(seed).choices(range(len(sources)), weights, k=count):
            drawn.append(sources[i].pop(0))
            sources[i].append(drawn[-1])
        return drawn


@caught_by("test_what_cannot_be_drawn_from_is_refused")
def refused_only_when_drawn():
    """no weights refused before the draws: what is wrong with them shows late or never"""

    def mixture(sources, weights, count, seed):
        generator, taken, drawn = random.Random(seed), [0] * len(sources), []
        for _ in range(count):
            (i,) = generator.choices(range(len(sources)), weights)
            if not sources[i]:
                raise ValueError("an empty source")
            drawn.append(sources[i][taken[i] % len(sources[i])])
            taken[i] += 1
        return drawn


@caught_by("test_what_cannot_be_drawn_from_is_refused")
def empty_sources_refused_always():
    """an empty source refused also where its weight is 0"""

    def mixture(sources, weights, count, seed):
        if len(sources) != len(weights) or not any(weights) or min(weights) < 0:
            raise ValueError("weights that fit no source")
        if any(weight and not source for source, weight in zip(sources, weights, strict=True)):
            raise ValueError("an empty source")
        if not all(sources):
            raise ValueError("an empty source")
        chosen = random.Random(seed).choices(range(len(sources)), weights, k=count)
        taken, drawn = [0] * len(sources), []
        for i in chosen:
            drawn.append(sources[i][taken[i] % len(sources[i])])
            taken[i] += 1
        return drawn


@caught_by("test_shares_worked_by_hand")
def alpha_after_the_shares():
    """shares raised to alpha and left so, which no longer sum to 1"""

    def mixture_weights(sizes, alpha=1.0):
        if not sizes or min(sizes) < 1:
            raise ValueError("sizes of 1 or more")
        return [(size / sum(sizes)) ** alpha for size in sizes]


@caught_by("test_shares_worked_by_hand")
def alpha_ignored():
    """shares by size, whatever alpha says"""

    def mixture_weights(sizes, alpha=1.0):
        if not sizes or min(sizes) < 1:
            raise ValueError("sizes of 1 or more")
        return [size / sum(sizes) for size in sizes]


@caught_by("test_shares_worked_by_hand")
def alpha_as_a_temperature():
    """shares with the power 1 / alpha, as with a temperature: large sources get still more"""

    def mixture_weights(sizes, alpha=1.0):
        if not sizes or min(sizes) < 1:
            raise ValueError("sizes of 1 or more")
        powers = [(size / max(sizes)) ** (1 / max(alpha, 1e-9)) for size in sizes]
        return [power / sum(powers) for power in powers]


@caught_by("test_shares_worked_by_hand")
def blended_with_equal_shares():
    """shares on the straight line between equal ones and those by size, alpha of the way"""

    def mixture_weights(sizes, alpha=1.0):
        if not sizes or min(sizes) < 1:
            raise ValueError("sizes of 1 or more")
        return [alpha * size / sum(sizes) + (1 - alpha) / len(sizes) for size in sizes]


@caught_by("test_sizes_below_1_are_refused")
def sizes_of_any_kind():
    """sizes of 0 taken as 1, so that an empty source gets a share"""

    def mixture_weights(sizes, alpha=1.0):
        powers = [max(size, 1) ** alpha for size in sizes]
        return [power / sum(powers) for power in powers]


@caught_by("test_shares_follow_the_rule")
def shares_rounded():
    """shares rounded to three places, which makes small sources vanish"""

    def mixture_weights(sizes, alpha=1.0):
        if not sizes or min(sizes) < 1:
            raise ValueError("sizes of 1 or more")
        powers = [size**alpha for size in sizes]
        return [round(power / sum(powers), 3) for power in powers]
