# wrong: test part is order[-test:], which is everything when test is 0 | violates: "Each row is in exactly one part."
"""A spam classifier: a small GPT learns from the subjects of e-mails which of them are spam."""

from collections.abc import Callable

import torch
from torch import nn

from exercises.data.padded_batch import padded_batch
from exercises.finetuning.classifier_head import Classifier
from exercises.finetuning.early_stopping import measure, train_best
from exercises.model.gpt import GPT
from exercises.tokenizer.word_tokenizer import WordTokenizer
from exercises.training.cross_entropy import cross_entropy
from exercises.training.dropout import Dropout

END = "<|endoftext|>"
CONTEXT = 32
"""The context length: the largest number of tokens of a subject, its END included."""
VOCABULARY = 2000
"""The largest size of the vocabulary."""

Row = tuple[str, int]


def split_rows(
    rows: list[Row], valid: int, test: int, seed: int
) -> tuple[list[Row], list[Row], list[Row]]:
    n_train = len(rows) - valid - test
    if n_train <= 0:
        raise ValueError("no rows left for training")
    generator = torch.Generator().manual_seed(seed)
    shuffled = [rows[i] for i in torch.randperm(len(rows), generator=generator).tolist()]
    return shuffled[:n_train], shuffled[n_train : n_train + valid], shuffled[-test:]


def encode_subjects(
    tokenizer: WordTokenizer, subjects: list[str], context: int
) -> tuple[torch.Tensor, torch.Tensor]:
    sequences = [tokenizer.encode(subject)[: context - 1] + [2] for subject in subjects]
    return padded_batch(sequences, pad=0)


def build_classifier(vocabulary: int, p: float, seed: int) -> Classifier:
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        model = GPT(vocabulary, CONTEXT, width=32, layers=1, heads=4)
        classifier = Classifier(model, classes=2)
    model.positions = nn.Sequential(model.positions, Dropout(p, seed))
    classifier.head = nn.Sequential(Dropout(p, (seed + 1) % 2**32), classifier.head)
    return classifier


def train_classifier(
    train: list[Row],
    valid: list[Row],
    *,
    p: float,
    rate: float,
    batch: int,
    epochs: int,
    patience: int,
    seed: int,
    report: Callable[[int, float], object] | None = None,
) -> tuple[WordTokenizer, Classifier]:
    tokenizer = WordTokenizer(END.join(subject for subject, _ in train), VOCABULARY)
    classifier = build_classifier(len(tokenizer.words), p, seed)
    optimizer = torch.optim.AdamW(classifier.parameters(), lr=rate)
    ids, mask, labels = _encode_rows(tokenizer, train)
    valid_data = _encode_rows(tokenizer, valid)
    generator = torch.Generator().manual_seed(seed)
    epoch = 0

    def train_epoch() -> None:
        for picked in torch.randperm(len(train), generator=generator).split(batch):
            loss = cross_entropy(classifier(ids[picked], mask[picked]), labels[picked])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()

    def validate() -> float:
        nonlocal epoch
        epoch += 1
        loss, _ = measure(classifier, *valid_data, batch)
        if report is not None:
            report(epoch, loss)
        return loss

    train_best(classifier, train_epoch, validate, epochs, patience)
    return tokenizer, classifier


def predict(tokenizer: WordTokenizer, classifier: Classifier, subjects: list[str]) -> torch.Tensor:
    was_training = classifier.training
    classifier.eval()
    with torch.no_grad():
        logits = classifier(*encode_subjects(tokenizer, subjects, CONTEXT))
    classifier.train(was_training)
    return logits.softmax(dim=1)[:, 1]


def _encode_rows(
    tokenizer: WordTokenizer, rows: list[Row]
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Return ids, mask and labels of rows."""
    labels = torch.tensor([label for _, label in rows])
    return *encode_subjects(tokenizer, [subject for subject, _ in rows], CONTEXT), labels
