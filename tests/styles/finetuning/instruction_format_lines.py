"""The prompt as a list of lines."""


def format_prompt(example):
    """Return the prompt."""
    has_input = "input" in example and len(example["input"]) > 0
    lines = ["Below is an instruction that describes a task"]
    if has_input:
        lines[0] += ", paired with an input that provides further context"
    lines[0] += ". Write a response that appropriately completes the request."
    lines += ["", "### Instruction:", example["instruction"], ""]
    if has_input:
        lines += ["### Input:", example["input"], ""]
    lines += ["### Response:"]
    return "\n".join(lines)


def format_example(example, end):
    """Return prompt and answer."""
    return format_prompt(example), "".join((example["output"], end))
