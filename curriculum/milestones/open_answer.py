"""The milestone "An open model answers": SmolLM2's weights in the learner's Llama."""

from exercises.model.load_llama import load_llama

TOKENS = 24
"""As many tokens of each answer are compared."""
ANSWERS = {
    "What is the capital of France?": "The capital of France is Paris.",
    "What does a neural network learn from?": (
        "A neural network is a type of machine learning algorithm inspired by the human brain's "
        "neural network. It's a computational model"
    ),
}
"""What Transformers 5.24 answers with the same file, greedily; the test of the course's Llama asks
it again. In no place are the two most probable tokens closer than 0.006."""


def run(stage):
    """Load the model, ask it, and compare its answers with those of Transformers."""
    file = stage.open_model()
    if file is None:
        stage.reach(False, "SmolLM2 is not downloaded yet: grade fetch smollm2")
        return
    of = file.read_settings()
    model = load_llama(file.read_tensors(), of.heads, of.kv_heads, of.base, of.eps)
    wrong = 0
    for question, due in ANSWERS.items():
        stage.say(question)
        answer = ""
        for piece in stage.answer(model, file, question, TOKENS):
            stage.write(piece)
            answer += piece
        stage.write("\n")
        if answer.strip() != due:
            wrong += 1
            stage.say(f"Transformers answers: {due}")
    stage.measure("answers that are those of Transformers, word for word", len(ANSWERS) - wrong)
    says = f"{len(ANSWERS) - wrong} of {len(ANSWERS)} answers are those of Transformers."
    stage.reach(wrong == 0, says)
