"""The checks of the instruction format."""

import pytest

from grader.checks import equal, formed

INTRO = (
    "Below is an instruction that describes a task. "
    "Write a response that appropriately completes the request.\n\n"
)
INTRO_WITH_INPUT = (
    "Below is an instruction that describes a task, paired with an input that provides further "
    "context. Write a response that appropriately completes the request.\n\n"
)
COLOUR = {"instruction": "Name a colour.", "input": "", "output": "Blue."}
FRENCH = {"instruction": "Translate into French.", "input": "a red house", "output": "une maison"}
COLOUR_PROMPT = f"{INTRO}### Instruction:\nName a colour.\n\n### Response:"
FRENCH_PROMPT = (
    f"{INTRO_WITH_INPUT}### Instruction:\nTranslate into French.\n\n"
    "### Input:\na red house\n\n### Response:"
)
END = "<|endoftext|>"


def test_a_prompt_is_a_text_and_an_example_two(format_prompt, format_example):
    """format_prompt returns a str, format_example a tuple of two."""
    formed(format_prompt(dict(COLOUR)), "str", "format_prompt(...)")
    got = format_example(dict(COLOUR), END)
    formed(got, "tuple of 2", "format_example(...)")
    for name, part in zip(("the prompt", "the answer"), got, strict=True):
        formed(part, "str", name)


def test_a_prompt_without_input_to_the_letter(format_prompt):
    """Without an input there are two headings, an empty line before each, and a short beginning."""
    equal(format_prompt({"instruction": "Name a colour."}), COLOUR_PROMPT)


def test_a_prompt_with_input_to_the_letter(format_prompt):
    """With an input there is a third section, and the beginning says that there is one."""
    equal(
        format_prompt({"instruction": "Translate into French.", "input": "a red house"}),
        FRENCH_PROMPT,
    )


def test_an_empty_input_is_no_input(format_prompt):
    """An input of no characters gives the same prompt as a missing one."""
    equal(format_prompt({"instruction": "Name a colour.", "input": ""}), COLOUR_PROMPT)
    equal(
        format_prompt({"input": "", "instruction": ""}),
        f"{INTRO}### Instruction:\n\n\n### Response:",
    )


def test_every_other_input_is_an_input(format_prompt):
    """An input of one space or one line end, of 0 or of None as a word, has its section."""
    for text in (" ", "\n", "0", "None", "False", "."):
        want = f"{INTRO_WITH_INPUT}### Instruction:\nAdd.\n\n### Input:\n{text}\n\n### Response:"
        equal(format_prompt({"instruction": "Add.", "input": text}), want, say=f"input {text!r}")


def test_the_output_is_not_in_the_prompt(format_prompt):
    """The prompt is the same with an output, with another one and with other keys."""
    for example, want in ((COLOUR, COLOUR_PROMPT), (FRENCH, FRENCH_PROMPT)):
        for more in ({}, {"output": "Red."}, {"text": "a text", "prompt": "a prompt", "end": "!"}):
            equal(format_prompt(example | more), want, say=f"with {more or 'an output'}")


def test_the_answer_is_the_output_and_the_end(format_example):
    """The answer is the output with the end directly after it; the prompt is not in it."""
    equal(format_example(dict(COLOUR), END)[1], "Blue.<|endoftext|>")
    equal(format_example(dict(FRENCH), "</s>")[1], "une maison</s>")
    equal(format_example({"instruction": "Wait.", "output": ""}, END)[1], END, say="no output")
    equal(format_example({"instruction": "Wait.", "output": "done\n"}, "#")[1], "done\n#")


def test_the_end_is_added_once_to_every_output(format_example):
    """An output that ends with the text of the end, or has it inside, gets it all the same."""
    for output in ("Write </s>", "</s>", "a</s>b", "</s></s>"):
        got = format_example({"instruction": "Explain.", "output": output}, "</s>")[1]
        equal(got, output + "</s>", say=f"output {output!r}, end '</s>'")


def test_the_prompt_of_an_example_is_that_of_format_prompt(format_example):
    """Prompt and answer, joined, are the whole text, with an input and without one."""
    for example, prompt in ((COLOUR, COLOUR_PROMPT), (FRENCH, FRENCH_PROMPT)):
        got = format_example(dict(example), END)
        equal(got[0], prompt, say="the prompt")
        equal("".join(got), prompt + example["output"] + END, say="prompt and answer, joined")


def test_texts_are_used_as_they_are(format_prompt, format_example, rng):
    """Spaces, line ends, braces, headings and any characters in the texts stay as they are."""
    texts = [
        "  two spaces \n",
        "\n\n",
        "{instruction} {input} {output} {0} {} {{x}}",
        "%s %(input)s % $input ${output}",
        "### Response:\nno",
        "### Input:\n\n\n### Instruction:",
        "a\\nb\t\r\nc",
        "naïve 日本 🙂",
        "".join(rng.choices("ab {}#:\n", k=40)),
    ]
    for text in texts:
        other = rng.choice(texts)
        example = {"instruction": text, "input": other, "output": text}
        want = f"{INTRO_WITH_INPUT}### Instruction:\n{text}\n\n### Input:\n{other}\n\n### Response:"
        say = f"instruction {text!r}, input {other!r}"
        equal(format_prompt(dict(example)), want, say=say)
        equal(format_example(dict(example), END), (want, text + END), say=f"{say}, output {text!r}")
        short = f"{INTRO}### Instruction:\n{text}\n\n### Response:"
        equal(format_prompt({"instruction": text}), short, say=f"instruction {text!r}, no input")
    for end in ("{output}", " ", ""):
        equal(format_example(dict(COLOUR), end)[1], f"Blue.{end}", say=f"end {end!r}")


def test_a_missing_instruction_or_output_is_an_error(format_prompt, format_example):
    """Without the key instruction, or in format_example output, KeyError is raised."""
    for example in ({}, {"input": "a", "output": "b"}, {"Instruction": "a"}):
        with pytest.raises(KeyError):
            format_prompt(example)
    for example in ({"instruction": "a"}, {"output": "a"}, {"instruction": "a", "answer": "b"}):
        with pytest.raises(KeyError):
            format_example(example, END)


def test_the_example_stays_as_it_was(format_prompt, format_example):
    """Neither function changes the dict that it is given."""
    for example in ({"instruction": "a", "output": "b"}, dict(FRENCH), dict(COLOUR)):
        before = dict(example)
        format_prompt(example)
        equal(example, before, say="the example after format_prompt")
        format_example(example, END)
        equal(example, before, say="the example after format_example")
