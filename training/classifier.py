"""Versions of classifiers of rows, made with scikit-learn and served as ONNX.

A subject says what is asked of whom and by what data; a recipe is one way to answer it. Recipes of one subject are
versions of one model: they take the same inputs, answer the same question and replace each other, which is what
comparing, activating and rolling back are for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from sklearn.model_selection import StratifiedKFold, cross_val_predict, train_test_split
from threadpoolctl import threadpool_limits

from training import evaluation, multiclass
from training.classification_report import weighted_metrics
from training.classifier_card import model_card
from training.classifier_examples import typical_rows
from training.classifier_plots import confusion_picture, curves_picture
from training.command_line import iso
from training.examples import examples_file
from training.golden import golden_count, golden_document, golden_inputs
from training.json_text import json_text
from training.manifest import Input, check_against_schema, manifest_yaml, sha256
from training.onnx_export import FRAMEWORK, Agreement, OnnxModel, agreement, as_float32, matrix_type, onnx_bytes

SEED = 2026
HELD_OUT = 0.3
"""Share of the rows that is kept away from training; of a few hundred a fifth would say too little."""
FOLDS = 5
RANDOM_ROWS = 2000
"""Rows over the declared ranges on which ONNX is compared with scikit-learn, beside the golden and the data's own."""
THRESHOLD = 0.5


@dataclass(frozen=True)
class Subject:
    """What a model is asked, of whom, and what is known of the data."""

    command: str
    """What starts a run: `python -m training.penguins`."""
    name: str
    title: str
    notice: str
    description: str
    inputs: Sequence[Input]
    classes: Sequence[Mapping[str, str]]
    """`{name, title}`, sorted by name, as scikit-learn sorts them; of two the second is the positive one."""
    intended: str
    data: str
    """Where the rows come from, in a sentence or two."""
    limitations: Sequence[str]
    choice: str = ''
    """What follows from the comparison of the recipes."""
    license: str | None = None
    citation: str | None = None
    author: str | None = 'Latido'
    clinical: bool = True
    """Whether the inputs tell of patients."""

    @property
    def columns(self) -> list[str]:
        return [entry.name for entry in self.inputs]

    @property
    def class_names(self) -> list[str]:
        return [entry['name'] for entry in self.classes]

    @property
    def class_titles(self) -> dict[str, str]:
        return {entry['name']: entry['title'] for entry in self.classes}

    @property
    def binary(self) -> bool:
        return len(self.classes) == 2


@dataclass(frozen=True)
class Recipe:
    """One kind of classifier."""

    key: str
    title: str
    version: str | None
    """The number it ships under; None: it is only compared with."""
    about: str
    """How it is made up, in sentences."""
    make: Callable[[int], object]
    """Seed → the estimator, not fitted, with `predict_proba`."""


@dataclass(frozen=True)
class Table:
    """Labelled rows."""

    inputs: np.ndarray
    """`[rows, columns]` float64"""
    labels: np.ndarray
    """`[rows]`, index of the class."""
    dropped: int = 0
    """Rows of the file that lacked a value."""
    sha256: str = ''
    """Of the file."""

    def __len__(self) -> int:
        return len(self.labels)

    def part(self, rows: np.ndarray) -> Table:
        return Table(self.inputs[rows], self.labels[rows])


@dataclass(frozen=True)
class Run:
    """What a run was asked for."""

    created_at: datetime
    seed: int = SEED
    options: str = '--data FILE'
    """What else stands on the command line, as the manifest states it; the file's path is the reader's own."""

    def command(self, subject: Subject) -> str:
        """The command that repeats this run."""
        seed = f' --seed {self.seed}' if self.seed != SEED else ''
        return f'{subject.command} {self.options}{seed} --created-at {iso(self.created_at)}'


def split(table: Table, seed: int) -> tuple[Table, Table]:
    """Training rows and held-out rows, with every class's share the same in both."""
    rows = np.arange(len(table))
    train, held_out = train_test_split(rows, test_size=HELD_OUT, stratify=table.labels, random_state=seed)
    return table.part(np.sort(train)), table.part(np.sort(held_out))


def cross_validated(subject: Subject, recipes: Sequence[Recipe], train: Table, seed: int) -> dict[str, dict]:
    """Metrics of each recipe (by key) on training rows that it was not fitted to: five folds, answers pooled."""
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=seed)
    with threadpool_limits(1):
        return {
            recipe.key: _metrics(
                subject,
                train.labels,
                cross_val_predict(recipe.make(seed), train.inputs, train.labels, cv=folds, method='predict_proba'),
            )
            for recipe in recipes
        }


def fitted(recipe: Recipe, subject: Subject, train: Table, seed: int) -> object:
    """The estimator, fitted to the training rows with the classes' names as labels, on one thread."""
    with threadpool_limits(1):
        return recipe.make(seed).fit(train.inputs, np.array(subject.class_names)[train.labels])


def make_version(
    subject: Subject,
    recipe: Recipe,
    version: str,
    table: Table,
    run: Run,
    compared: Mapping[str, tuple[str, dict]],
    sections: Sequence[str] = (),
) -> dict[str, bytes]:
    """Trains and evaluates, and returns the version's files by name. Nothing is written.

    `compared`: key → title and cross-validated metrics of every recipe, this one among them; `sections`: what the card
    says besides.
    """
    train, held_out = split(table, run.seed)
    estimator = fitted(recipe, subject, train, run.seed)
    artifact = onnx_bytes(estimator, matrix_type(len(subject.columns)), subject.name)
    # All that follows is said about the file that ships; scikit-learn itself answers the golden rows.
    shipped = OnnxModel(artifact)
    inputs = golden_inputs(subject.inputs, golden_count(len(subject.inputs)), run.seed).astype(np.float32)
    agreed = _agreement(estimator, shipped, subject, [inputs, table.inputs], run.seed).require()

    parts = (('train', 'Training rows', train), ('held-out', 'Held-out rows', held_out))
    datasets = [_evaluated(subject, name, title, part, shipped.scores(part.inputs)) for name, title, part in parts]
    exact = inputs.astype(np.float64)
    golden = golden_document(
        subject.columns, inputs, estimator.predict_proba(exact), FRAMEWORK, estimator.predict(exact).tolist()
    )
    evaluated = {
        'schemaVersion': 1,
        'task': _task(subject),
        'classes': subject.class_names,
        **({'threshold': THRESHOLD} if subject.binary else {}),
        'datasets': datasets,
    }
    check_against_schema(golden, 'golden.schema.json')
    check_against_schema(evaluated, 'evaluation.schema.json')
    manifest = _manifest(subject, recipe, version, run, artifact, datasets, compared[recipe.key][1], table)
    card = model_card(manifest, subject, recipe, datasets, compared, agreed, table, sections)
    examples = typical_rows(subject.inputs, subject.classes, held_out.inputs, held_out.labels, shipped.scores)
    name = f'{subject.title} {version}: {recipe.title.lower()}'
    return {
        'model.onnx': artifact,
        'manifest.yaml': manifest_yaml(manifest, subject.command).encode(),
        'card.md': card.encode(),
        'golden.json': json_text(golden).encode(),
        'evaluation.json': json_text(evaluated).encode(),
        **examples_file(examples),
        'confusion.png': confusion_picture(name, datasets, subject.class_titles),
        'curves.png': curves_picture(name, datasets, subject.class_titles),
    }


def _agreement(
    estimator: object, shipped: OnnxModel, subject: Subject, rows: Sequence[np.ndarray], seed: int
) -> Agreement:
    spread = golden_inputs(subject.inputs, RANDOM_ROWS, seed + 1)
    inputs = as_float32(np.vstack([*rows, spread]))
    return agreement(estimator.predict_proba(inputs), shipped.scores(inputs))


def _metrics(subject: Subject, labels: np.ndarray, probabilities: np.ndarray) -> dict[str, float]:
    if subject.binary:
        return evaluation.all_metrics(labels, probabilities[:, 1], THRESHOLD)
    return multiclass.all_metrics(labels, probabilities)


def _evaluated(subject: Subject, name: str, title: str, part: Table, probabilities: np.ndarray) -> dict:
    """One entry of `datasets` in evaluation.json, with the classification report's weighted means."""
    if subject.binary:
        dataset = evaluation.evaluate(
            name, title, part.inputs, part.labels, probabilities[:, 1], subject.inputs, subject.class_names, THRESHOLD
        )
    else:
        dataset = multiclass.evaluate(name, title, part.labels, probabilities, subject.class_names)
        dataset['histograms'] = [
            evaluation.histogram(part.inputs[:, index], entry) for index, entry in enumerate(subject.inputs)
        ]
    dataset['metrics'] |= weighted_metrics(dataset['confusionMatrix']['counts'])
    return dataset


def _task(subject: Subject) -> str:
    return 'binary-classification' if subject.binary else 'multiclass-classification'


def _manifest(
    subject: Subject,
    recipe: Recipe,
    version: str,
    run: Run,
    artifact: bytes,
    datasets: Sequence[dict],
    on_folds: dict[str, float],
    table: Table,
) -> dict:
    metrics = [(name, value, dataset['name']) for dataset in datasets for name, value in dataset['metrics'].items()]
    metrics += [(name, value, 'cross-validation') for name, value in on_folds.items()]
    provenance = {
        'createdAt': iso(run.created_at),
        'author': subject.author,
        'license': subject.license,
        'framework': FRAMEWORK,
        'command': run.command(subject),
        'seed': run.seed,
        'data': ' '.join(
            [
                subject.data,
                *([f'Cite as: {subject.citation}'] if subject.citation else []),
                f'{len(table)} complete rows, {datasets[0]["rows"]} of them for training and {datasets[1]["rows"]} '
                f'held out; SHA-256 of the file {table.sha256}.',
            ]
        ),
    }
    return {
        'schemaVersion': 1,
        'name': subject.name,
        'version': version,
        'title': subject.title,
        'description': f'{subject.description} {recipe.title}, made with scikit-learn.',
        'task': _task(subject),
        'notice': subject.notice,
        **({} if subject.clinical else {'clinical': False}),
        'artifact': {'file': 'model.onnx', 'format': 'onnx', 'sha256': sha256(artifact)},
        'inputs': [entry.declaration() for entry in subject.inputs],
        'features': [{'select': subject.columns}],
        'output': {
            'classes': [dict(entry) for entry in subject.classes],
            **({'threshold': THRESHOLD} if subject.binary else {}),
        },
        'metrics': [{'name': name, 'value': value, 'dataset': dataset} for name, value, dataset in metrics],
        'provenance': {key: value for key, value in provenance.items() if value is not None},
        'files': {'card': 'card.md', 'golden': 'golden.json', 'evaluation': 'evaluation.json'},
    }
