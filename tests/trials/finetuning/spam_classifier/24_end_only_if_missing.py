# wrong: END is not appended when the kept ids already end with END (a subject that contains it) | violates: "The ids of a subject are the first ``context`` - 1 that ``tokenizer.encode`` returns for it, and then the id of END, which is 2."
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

PAD_ID, END_ID = 0, 2


def split_rows(
    rows: list[Row], valid: int, test: int, seed: int
) -> tuple[list[Row], list[Row], list[Row]]:
    if len(rows) <= valid + test:
        raise ValueError("no row is left for training")
    order = torch.randperm(len(rows), generator=torch.Generator().manual_seed(seed)).tolist()
    parts = order[:valid], order[valid : valid + test], order[valid + test :]
    valid_rows, test_rows, train_rows = ([rows[i] for i in part] for part in parts)
    return train_rows, valid_rows, test_rows


def encode_subjects(
    tokenizer: WordTokenizer, subjects: list[str], context: int
) -> tuple[torch.Tensor, torch.Tensor]:
    rows: list[list[int]] = []
    for subject in subjects:
        row = tokenizer.encode(subject)[: context - 1]
        if not row or row[-1] != END_ID:
            row.append(END_ID)
        rows.append(row)
    return padded_batch(rows, PAD_ID)


def build_classifier(vocabulary: int, p: float, seed: int) -> Classifier:
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        classifier = Classifier(GPT(vocabulary, CONTEXT, 32, 1, 4), classes=2)
    gpt, linear = classifier.model, classifier.head
    gpt.positions = nn.Sequential(gpt.positions, Dropout(p, seed))
    classifier.head = nn.Sequential(Dropout(p, 2**32 - 1 - seed), linear)
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
    tokenizer = WordTokenizer(END.join(text for text, _ in train), vocab_size=VOCABULARY)
    classifier = build_classifier(len(tokenizer.words), p=p, seed=seed)
    optimizer = torch.optim.AdamW(classifier.parameters(), lr=rate, weight_decay=0)
    train_ids, train_mask, train_labels = _encode_rows(tokenizer, train)
    valid_ids, valid_mask, valid_labels = _encode_rows(tokenizer, valid)
    shuffler = torch.Generator().manual_seed(seed)
    history: list[float] = []

    def epoch() -> None:
        for rows in torch.split(torch.randperm(len(train), generator=shuffler), batch):
            logits = classifier(train_ids[rows], train_mask[rows])
            optimizer.zero_grad(set_to_none=True)
            cross_entropy(logits, train_labels[rows]).backward()
            optimizer.step()

    def validation() -> float:
        loss, _accuracy = measure(classifier, valid_ids, valid_mask, valid_labels, batch)
        history.append(loss)
        if report is not None:
            report(len(history), loss)
        return loss

    train_best(classifier, epoch, validation, epochs=epochs, patience=patience)
    return tokenizer, classifier


def predict(tokenizer: WordTokenizer, classifier: Classifier, subjects: list[str]) -> torch.Tensor:
    mode = classifier.training
    try:
        classifier.eval()
        with torch.no_grad():
            logits = classifier(*encode_subjects(tokenizer, subjects, CONTEXT))
            return logits.softmax(dim=-1).select(1, 1)
    finally:
        classifier.train(mode)


def _encode_rows(
    tokenizer: WordTokenizer, rows: list[Row]
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Return ids, mask and labels of rows."""
    labels = torch.tensor([label for _, label in rows])
    return *encode_subjects(tokenizer, [subject for subject, _ in rows], CONTEXT), labels
