"""Wrong versions of write."""

from grader.checks import caught_by, edit, spelling


@caught_by("test_a_letter_comes_as_often_as_its_count_says")
def likeliest_each_time():
    """the most probable letter each time, which soon runs in a circle"""
    edit("int(torch.multinomial(weights, 1, generator=generator))", "int(weights.argmax())")


@caught_by("test_each_letter_is_drawn_from_the_row_of_the_one_before")
def always_from_the_row_of_start():
    """every letter drawn from the row of start, not of the letter before it"""
    with spelling():
        edit("i = int(torch", "j = int(torch")
        edit("+= letters[i]", "+= letters[j]")
    with spelling():
        edit("    for _ in range(length):\n", "    if length:\n")
        edit(
            "i = int(torch.multinomial(weights, 1, ",
            "drawn = torch.multinomial(weights, length, True, ",
        )
        edit("generator=generator))", "generator=generator)")
        edit("text += letters[i]", 'text += "".join(letters[j] for j in drawn)')


@caught_by("test_each_letter_is_drawn_from_the_row_of_the_one_before")
def drawn_from_a_column():
    """letters drawn from a column of the counts: what comes before the letter, not after it"""
    edit("counts[i]", "counts[:, i]")


@caught_by("test_each_letter_is_drawn_from_the_row_of_the_one_before")
def letters_alone():
    """letters drawn by how often each occurs, whatever the letter before is"""
    edit("counts[i] + 1", "counts.sum(dim=0) + 1")


@caught_by("test_each_letter_is_drawn_from_the_row_of_the_one_before")
def even_draws():
    """all letters equally probable, whatever the counts are"""
    edit("counts[i] + 1", "torch.ones_like(counts[i])")


@caught_by("test_a_row_of_zeros_makes_all_letters_equally_probable")
def nothing_added():
    """probabilities of the counts alone, without the one that is added to each"""
    with spelling():
        edit("counts[i] + 1", "counts[i]")
    with spelling():
        edit("(counts[i] + 1).double()", "counts[i] / counts[i].sum()")


@caught_by("test_one_is_added_to_each_count")
def only_zeros_raised():
    """one added only to the counts that are zero"""
    with spelling():
        edit("counts[i] + 1", "counts[i].clamp(min=1)")
    with spelling():
        edit("counts[i] + 1", "counts[i] + (counts[i] == 0)")


@caught_by("test_a_letter_comes_as_often_as_its_count_says")
def next_to_nothing_added():
    """far less than one added to each count, or one only where the whole row is zero"""
    with spelling():
        edit("counts[i] + 1", "counts[i] + 1e-6")
    with spelling():
        edit("counts[i] + 1", "counts[i] + (counts[i].sum() == 0)")


@caught_by("test_one_is_added_to_each_count")
def less_than_one_added():
    """less than one added to each count, such as 1/V or 1/2"""
    with spelling():
        edit("counts[i] + 1", "counts[i] + 1 / len(letters)")
    with spelling():
        edit("counts[i] + 1", "counts[i] + 0.5")


@caught_by("test_one_is_added_to_each_count")
def more_than_one_added():
    """more than one added to each count"""
    edit("counts[i] + 1", "counts[i] + 2")


@caught_by("test_a_letter_comes_as_often_as_its_count_says")
def added_to_probabilities():
    """one added to the probabilities, not to the counts"""
    edit("(counts[i] + 1).double()", "counts[i] / counts[i].sum().clamp(min=1) + 1")


@caught_by("test_a_letter_comes_as_often_as_its_count_says")
def softmax_of_counts():
    """probabilities by softmax of the counts: exponentials, not shares"""
    edit("(counts[i] + 1).double()", "torch.softmax((counts[i] + 1).double(), dim=0)")


@caught_by("test_a_letter_comes_as_often_as_its_count_says")
def off_by_one_in_the_sums():
    """an off-by-one error in the running sums: the first letter too often, the last too rarely"""
    with spelling():
        edit("weights = (counts[i] + 1).double()", "sums = (counts[i] + 1).cumsum(dim=0)")
        edit(
            "torch.multinomial(weights, 1, generator=generator)",
            "torch.searchsorted(sums, torch.randint(int(sums[-1]), (1,), generator=generator))",
        )
    with spelling():
        edit("import torch", "import random\n\nimport torch")
        edit("torch.Generator().manual_seed(seed)", "random.Random(seed)")
        edit("weights = (counts[i] + 1).double()", "sums = (counts[i] + 1).cumsum(dim=0)")
        edit(
            "torch.multinomial(weights, 1, generator=generator)",
            "torch.searchsorted(sums, generator.randrange(int(sums[-1])))",
        )


@caught_by("test_a_draw_does_not_depend_on_earlier_ones")
def seeded_for_each_letter():
    """the generator seeded anew for each letter, so that all draws use the same random number"""
    with spelling():
        edit("        weights =", "        generator.manual_seed(seed)\n        weights =")
    with spelling():
        edit("    generator = torch.Generator().manual_seed(seed)\n", "")
        edit("generator=generator", "generator=torch.Generator().manual_seed(seed)")
    with spelling():
        edit("import torch", "import random\n\nimport torch")
        edit("    generator = torch.Generator().manual_seed(seed)\n", "")
        edit("torch.multinomial(weights, 1, generator=generator)", "drawn[0]")
        edit(
            "        i = ",
            "        drawn = random.Random(seed).choices(range(len(letters)), weights.tolist())\n"
            "        i = ",
        )


@caught_by("test_the_global_generators_are_left_alone")
def global_generator_seeded():
    """PyTorch's global generator seeded and used (torch.manual_seed)"""
    edit("generator = torch.Generator().manual_seed(seed)", "torch.manual_seed(seed)")
    edit(", generator=generator", "")


@caught_by("test_the_global_generators_are_left_alone")
def pythons_generator_seeded():
    """Python's global generator seeded and used (random.seed)"""
    edit("import torch", "import random\n\nimport torch")
    edit("generator = torch.Generator().manual_seed(seed)", "random.seed(seed)")
    edit(
        "int(torch.multinomial(weights, 1, generator=generator))",
        "random.choices(range(len(letters)), weights.tolist())[0]",
    )


@caught_by("test_the_global_generators_are_left_alone")
def numpys_generator_seeded():
    """NumPy's global generator seeded and used (np.random.seed)"""
    edit("import torch", "import numpy as np\nimport torch")
    edit("generator = torch.Generator().manual_seed(seed)", "np.random.seed(seed)")
    edit(
        "torch.multinomial(weights, 1, generator=generator)",
        "np.random.choice(len(letters), p=(weights / weights.sum()).numpy())",
    )


@caught_by("test_the_seed_decides_the_text")
def seed_not_used():
    """draws that do not use the seed"""
    with spelling():
        edit(", generator=generator", "")
    with spelling():
        edit("manual_seed(seed)", "manual_seed(0)")


@caught_by("test_the_text_begins_with_start_and_goes_on_for_length_characters")
def start_left_out():
    """only the letters that were drawn, without start"""
    with spelling():
        edit("text = start", 'text = ""')
    with spelling():
        edit("import torch", "import random\n\nimport torch")
        edit("torch.Generator().manual_seed(seed)", "random.Random(seed)")
        edit(
            "int(torch.multinomial(weights, 1, generator=generator))",
            "generator.choices(range(len(letters)), weights.tolist())[0]",
        )
        edit("text = start", 'text = ""')


@caught_by("test_the_text_begins_with_start_and_goes_on_for_length_characters")
def start_counted():
    """length characters with start, so that one fewer is drawn"""
    with spelling():
        edit("range(length)", "range(length - 1)")
    with spelling():
        edit("import torch", "import random\n\nimport torch")
        edit("torch.Generator().manual_seed(seed)", "random.Random(seed)")
        edit(
            "int(torch.multinomial(weights, 1, generator=generator))",
            "generator.choices(range(len(letters)), weights.tolist())[0]",
        )
        edit("range(length)", "range(length - 1)")


@caught_by("test_the_text_begins_with_start_and_goes_on_for_length_characters")
def list_of_letters():
    """a list of letters, not a string"""
    edit("return text", "return list(text)")


@caught_by("test_the_text_begins_with_start_and_goes_on_for_length_characters")
def numbers_of_letters():
    """the numbers of the letters, not their text"""
    edit("return text", "return [letters.index(letter) for letter in text]")


@caught_by("test_the_letters_may_be_in_any_order")
def letters_sorted_again():
    """letters sorted before use, so that rows and letters no longer belong together"""
    edit("    i = letters", "    letters = sorted(letters)\n    i = letters")


@caught_by("test_a_length_of_0_gives_start_alone")
def nothing_for_length_0():
    """an empty text for length 0"""
    edit("return text", 'return text if length else ""')


@caught_by("test_a_length_of_0_gives_start_alone")
def one_drawn_at_least():
    """at least one letter drawn, also for length 0"""
    edit("range(length)", "range(max(length, 1))")


@caught_by("test_a_start_that_is_none_of_the_letters_is_refused")
def key_error():
    """KeyError for an unknown start, as a dict raises it, not ValueError"""
    with spelling():
        edit("raise ValueError", "raise KeyError")
    with spelling():
        edit(
            "    if start not in letters:\n"
            '        raise ValueError(f"{start!r} is none of the {len(letters)} letters")\n',
            "    number = {letter: i for i, letter in enumerate(letters)}\n",
        )
        edit("letters.index(start)", "number[start]")


@caught_by("test_a_start_that_is_none_of_the_letters_is_refused")
def unknown_start_replaced():
    """the first letter's row used for an unknown start, without an error"""
    edit(
        'raise ValueError(f"{start!r} is none of the {len(letters)} letters")', "start = letters[0]"
    )


@caught_by("test_a_start_that_is_none_of_the_letters_is_refused")
def several_characters_accepted():
    """a start of several characters, or none, accepted if it is part of the joined letters"""
    edit("start not in letters", 'start not in "".join(letters)')
    edit("letters.index(start)", '"".join(letters).index(start)')


@caught_by("test_a_start_that_is_none_of_the_letters_is_refused")
def only_the_last_character_tested():
    """only the last character of start looked up, so that a longer start is accepted"""
    with spelling():
        edit("start not in letters", "start[-1:] not in letters")
        edit("letters.index(start)", "letters.index(start[-1])")
    with spelling():
        edit("start not in letters", "not start")
        edit("letters.index(start)", "letters.index(start[-1])")


@caught_by("test_a_start_that_is_none_of_the_letters_is_refused")
def tested_only_when_drawing():
    """an unknown start refused only if something is drawn"""
    with spelling():
        edit("if start not in letters", "if length and start not in letters")
        edit("i = letters.index(start)", "i = letters.index(start) if length else 0")
    with spelling():
        edit(
            "    if start not in letters:\n"
            '        raise ValueError(f"{start!r} is none of the {len(letters)} letters")\n',
            "",
        )
        edit("    i = letters.index(start)\n    text = start\n", "    text = last = start\n")
        edit("        weights", "        i = letters.index(last)\n        weights")
        edit("text += letters[i]", "last = letters[i]\n        text += last")


@caught_by("test_counts_and_letters_stay_as_they_were")
def counts_changed_in_place():
    """one added to the caller's counts (counts += 1), so that each call adds another one"""
    edit("    i = letters", "    counts += 1\n    i = letters")
    edit("counts[i] + 1", "counts[i]")


@caught_by("test_each_letter_is_drawn_from_the_row_of_the_one_before")
def never_twice_the_same():
    """no letter drawn right after itself"""
    edit(
        "        i = int(torch",
        "        if len(letters) > 1:\n            weights[i] = 0\n        i = int(torch",
    )


@caught_by("test_each_letter_is_drawn_from_the_row_of_the_one_before")
def columns_normalised():
    """counts divided by the sums of their columns (dim=0), which distorts the row"""
    edit("(counts[i] + 1).double()", "((counts + 1).double() / (counts + 1).sum(dim=0))[i]")


@caught_by("test_the_global_generators_are_left_alone")
def every_generator_seeded():
    """the global generator of Python or NumPy seeded as well, and not put back"""
    edit("import torch", "import random\n\nimport numpy as np\nimport torch")
    edit(
        "    generator = torch",
        "    random.seed(seed)\n    np.random.seed(seed)\n    generator = torch",
    )


@caught_by("test_the_seed_decides_the_text")
def seed_cut_off():
    """only the lowest bits of the seed used, so that different seeds give the same text"""
    with spelling():
        edit("manual_seed(seed)", "manual_seed(seed & 0xFF)")
    with spelling():
        edit("import torch", "import random\n\nimport torch")
        edit("torch.Generator().manual_seed(seed)", "random.Random(seed & 0xFF)")
        edit(
            "int(torch.multinomial(weights, 1, generator=generator))",
            "generator.choices(range(len(letters)), weights.tolist())[0]",
        )
