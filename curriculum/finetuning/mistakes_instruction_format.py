"""What goes wrong with the instruction format."""

from grader.checks import caught_by, edit, spelling


@caught_by("test_an_empty_input_is_no_input")
def empty_input_section():
    """an empty input gets a section of its own"""
    with spelling():
        edit('text = example.get("input", "")', 'text = example.get("input")')
        edit("INTRO_WITH_INPUT if text else", "INTRO_WITH_INPUT if text is not None else")
        edit("if text:", "if text is not None:")
    with spelling():
        edit('text = example.get("input", "")', 'text = example.get("input")')
        edit("if text:", "if text is not None:")


@caught_by("test_a_prompt_without_input_to_the_letter")
def section_always_there():
    """the input's section always there, also where the example has no input"""
    with spelling():
        edit("if text:", "if True:")
        edit("INTRO_WITH_INPUT if text else INTRO", "INTRO_WITH_INPUT")
    with spelling():
        edit("if text:", "if True:")


@caught_by("test_a_prompt_without_input_to_the_letter")
def input_must_be_there():
    """a KeyError where the example has no input"""
    edit('example.get("input", "")', 'example["input"]')


@caught_by("test_a_prompt_with_input_to_the_letter")
def one_beginning_for_both():
    """the beginning for a task without input in every prompt"""
    edit("INTRO_WITH_INPUT if text else INTRO", "INTRO")


@caught_by("test_a_prompt_without_input_to_the_letter")
def beginning_always_with_input():
    """the beginning for a task with input in every prompt"""
    edit("INTRO_WITH_INPUT if text else INTRO", "INTRO_WITH_INPUT")


@caught_by("test_a_prompt_without_input_to_the_letter")
def beginnings_exchanged():
    """the two beginnings exchanged"""
    edit("INTRO_WITH_INPUT if text else INTRO", "INTRO if text else INTRO_WITH_INPUT")


@caught_by("test_a_prompt_without_input_to_the_letter")
def line_end_after_response():
    """a line end after "### Response:" """
    edit('"### Response:"]', '"### Response:\\n"]')


@caught_by("test_a_prompt_without_input_to_the_letter")
def space_after_response():
    """a space after "### Response:", which tokenizers join with the first word of an answer"""
    edit('"### Response:"]', '"### Response: "]')


@caught_by("test_a_prompt_without_input_to_the_letter")
def response_heading_missing():
    """no heading for the response: the prompt ends with the instruction or the input"""
    edit('[*sections, "### Response:"]', "sections")


@caught_by("test_a_prompt_without_input_to_the_letter")
def no_empty_lines():
    """sections joined with one line end, without an empty line between them"""
    edit('"\\n\\n".join', '"\\n".join')


@caught_by("test_a_prompt_without_input_to_the_letter")
def empty_line_of_the_input_left():
    """one empty line too many before "### Response:" where there is no input"""
    edit("if text:", 'if not text:\n        sections[1] += "\\n"\n    if text:')


@caught_by("test_an_empty_input_is_no_input")
def empty_instruction_left_out():
    """the section of an empty instruction left out"""
    edit("if text:", "if not example['instruction']:\n        sections.pop()\n    if text:")


@caught_by("test_a_prompt_without_input_to_the_letter")
def text_beside_its_heading():
    """the text on the same line as its heading"""
    with spelling():
        edit("### Instruction:\\n", "### Instruction: ")
        edit("### Input:\\n", "### Input: ")
    with spelling():
        edit("### Instruction:\\n", "### Instruction:")
        edit("### Input:\\n", "### Input:")


@caught_by("test_a_prompt_without_input_to_the_letter")
def no_beginning():
    """the prompt begins with the heading of the instruction"""
    edit(
        "[INTRO_WITH_INPUT if text else INTRO, f\"### Instruction:\\n{example['instruction']}\"]",
        "[f\"### Instruction:\\n{example['instruction']}\"]",
    )


@caught_by("test_a_prompt_with_input_to_the_letter")
def input_before_instruction():
    """the input's section before that of the instruction"""
    edit("sections.append(", "sections.insert(1, ")


@caught_by("test_a_prompt_with_input_to_the_letter")
def input_never_used():
    """the input left out"""
    edit('text = example.get("input", "")', 'text = ""')


@caught_by("test_every_other_input_is_an_input")
def spaces_are_no_input():
    """an input of spaces or line ends taken for none"""
    with spelling():
        edit("INTRO_WITH_INPUT if text else", "INTRO_WITH_INPUT if text.strip() else")
        edit("if text:", "if text.strip():")
    with spelling():
        edit('example.get("input", "")', 'example.get("input", "").strip()')


@caught_by("test_the_output_is_not_in_the_prompt")
def answer_in_the_prompt():
    """the output in the prompt, after "### Response:": the model is given what it has to find"""
    with spelling():
        edit('"### Response:"]', "f\"### Response:{example.get('output', '')}\"]")
    with spelling():
        edit('"### Response:"]', "f\"### Response:\\n{example.get('output', '')}\".rstrip()]")
    with spelling():
        edit(
            '[*sections, "### Response:"]',
            '[*sections, "\\n".join(["### Response:", *[example[key] for key in ("output",) '
            "if key in example]])]",
        )
        edit(
            "return format_prompt(example), ",
            "task = {key: text for key, text in example.items() if key != 'output'}\n"
            "    return format_prompt(task), ",
        )


@caught_by("test_the_output_is_not_in_the_prompt")
def text_key_used():
    """the key text, which Alpaca's data has for the finished text, returned if it is there"""
    edit(
        '    text = example.get("input", "")',
        '    if "text" in example:\n        return example["text"]\n'
        '    text = example.get("input", "")',
    )


@caught_by("test_the_answer_is_the_output_and_the_end")
def end_missing():
    """the output without the end: the model never learns to stop"""
    edit('example["output"] + end', 'example["output"]')


@caught_by("test_the_answer_is_the_output_and_the_end")
def space_or_line_before_the_end():
    """a line end or a space between the output and the end"""
    with spelling():
        edit('example["output"] + end', 'example["output"] + "\\n" + end')
    with spelling():
        edit('example["output"] + end', 'example["output"] + " " + end')


@caught_by("test_the_answer_is_the_output_and_the_end")
def line_before_the_answer():
    """a line end or a space before the output"""
    with spelling():
        edit('example["output"] + end', '"\\n" + example["output"] + end')
    with spelling():
        edit('example["output"] + end', '" " + example["output"] + end')


@caught_by("test_the_answer_is_the_output_and_the_end")
def end_before_the_answer():
    """the end before the output, or at the prompt's end"""
    with spelling():
        edit('example["output"] + end', 'end + example["output"]')
    with spelling():
        edit(
            'return format_prompt(example), example["output"] + end',
            'return format_prompt(example) + end, example["output"]',
        )


@caught_by("test_the_answer_is_the_output_and_the_end")
def whole_text_as_answer():
    """the whole text, with the prompt, as the answer"""
    edit('example["output"] + end', 'format_prompt(example) + example["output"] + end')


@caught_by("test_the_end_is_added_once_to_every_output")
def end_only_where_it_is_missing():
    """the end not added to an output that has its text at the end already"""
    with spelling():
        edit('example["output"] + end', 'example["output"].removesuffix(end) + end')
    with spelling():
        edit(
            'example["output"] + end',
            'example["output"] + ("" if end in example["output"] else end)',
        )


@caught_by("test_the_answer_is_the_output_and_the_end")
def no_end_after_an_empty_output():
    """no end after an empty output"""
    edit('example["output"] + end', 'example["output"] + (end if example["output"] else "")')


@caught_by("test_a_prompt_is_a_text_and_an_example_two")
def joined_example():
    """one text returned by format_example instead of two"""
    edit('format_prompt(example), example["output"]', 'format_prompt(example) + example["output"]')


@caught_by("test_texts_are_used_as_they_are")
def texts_stripped():
    """spaces and line ends around the texts removed"""
    with spelling():
        edit("{example['instruction']}", "{example['instruction'].strip()}")
        edit("### Input:\\n{text}", "### Input:\\n{text.strip() or text}")
        edit('example["output"] + end', 'example["output"].rstrip(" ") + end')
    with spelling():
        edit("{example['instruction']}", "{example['instruction'].strip()}")
    with spelling():
        edit("{example['instruction']}", "{example['instruction'].strip()}")
        edit("### Input:\\n{text}", "### Input:\\n{text.strip()}")
    with spelling():
        edit('example["output"] + end', 'example["output"].strip() + end')


@caught_by("test_texts_are_used_as_they_are")
def other_line_ends_replaced():
    """line ends written as \\r\\n in the texts replaced by \\n"""
    with spelling():
        edit(
            'text = example.get("input", "")',
            'example = {k: part.replace("\\r\\n", "\\n") for k, part in example.items()}\n'
            '    text = example.get("input", "")',
        )
    with spelling():
        edit(
            'text = example.get("input", "")',
            'example = {k: part.replace("\\r\\n", "\\n") for k, part in example.items()}\n'
            '    text = example.get("input", "")',
        )
        edit('example["output"] + end', 'example["output"].replace("\\r\\n", "\\n") + end')


@caught_by("test_every_other_input_is_an_input")
def finished_prompt_dedented():
    """textwrap.dedent applied to the prompt with its texts, so that spaces in these are lost"""
    edit(
        'return "\\n\\n".join([*sections, "### Response:"])',
        "import textwrap\n\n"
        '    return textwrap.dedent("\\n\\n".join([*sections, "### Response:"]))',
    )


@caught_by("test_texts_are_used_as_they_are")
def texts_are_templates():
    """the texts filled in one after the other, so that {input} in an instruction is replaced"""
    edit("{example['instruction']}", "{example['instruction'].replace('{input}', text)}")


@caught_by("test_texts_are_used_as_they_are")
def doubled_format():
    """str.format applied to a text that has the instruction in it: braces there are an error"""
    edit(
        'return "\\n\\n".join([*sections, "### Response:"])',
        'return "\\n\\n".join([*sections, "### Response:"]).format(**example)',
    )


@caught_by("test_a_missing_instruction_or_output_is_an_error")
def missing_texts_are_empty():
    """an empty text used where the instruction or the output is missing"""
    with spelling():
        edit("example['instruction']", "example.get('instruction', '')")
    with spelling():
        edit('example["output"] + end', 'example.get("output", "") + end')
    with spelling():
        edit("example['instruction']", "example.get('instruction', '')")
        edit('example["output"] + end', 'example.get("output", "") + end')


@caught_by("test_the_example_stays_as_it_was")
def example_changed():
    """the caller's dict changed: a key removed or added"""
    with spelling():
        edit('example.get("input", "")', 'example.setdefault("input", "")')
    with spelling():
        edit('example["output"] + end', 'example.pop("output") + end')
    with spelling():
        edit('example.get("input", "")', 'example.pop("input", "")')
