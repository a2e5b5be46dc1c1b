"""`python -m training.cardiac`: draws the cohort, trains, evaluates and writes models/cardiac-risk/1.0.0."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from training.backend import FRAMEWORK, keras  # before everything that may import keras

import numpy as np

from training.cardiac.card import LOWERED_BY, model_card
from training.cardiac.cohort import (
    CLASSES,
    COLUMNS,
    INPUTS,
    ROWS,
    THRESHOLD,
    Cohort,
    generate_cohort,
    rule_probability,
)
from training.cardiac.course import course_rule, load_course_data
from training.cardiac.examples import cardiac_examples
from training.cardiac.network import BATCH_SIZE, EPOCHS, LEARNING_RATE, train_network
from training.command_line import MODELS, add_options, created_at, deliver, iso, require_server
from training.evaluation import DIGITS, all_metrics, evaluate, share_lowered
from training.examples import examples_file
from training.golden import golden_document, golden_inputs
from training.json_text import json_text
from training.keras_archive import keras_archive, load_archive
from training.manifest import check_against_schema, manifest_yaml, sha256
from training.plots import training_picture

NAME, VERSION = 'cardiac-risk', '1.0.0'
NOTICE = 'Trained on synthetic data; not for clinical use'
DESCRIPTION = (
    'Whether a patient is at cardiac risk, from cholesterol, systolic pressure, glucose, age, overweight and '
    'smoking: a small neural network (Dense 14-7-1) trained on a synthetic cohort with a documented rule.'
)
SEED = 2026
GOLDEN_ROWS = 64
PREDICT_BATCH = 4096


@dataclass(frozen=True)
class Run:
    """What a run was asked for."""

    created_at: datetime
    seed: int = SEED
    rows: int = ROWS
    epochs: int = EPOCHS
    course_data: Path | None = None
    version: str = VERSION

    @property
    def command(self) -> str:
        """The command that repeats this run; the course file's path is the reader's own."""
        parts = ['python -m training.cardiac']
        asked = ('version', 'seed', 'rows', 'epochs')
        parts += [f'--{name} {getattr(self, name)}' for name in asked if self._differs(name)]
        parts.append(f'--created-at {iso(self.created_at)}')
        parts += ['--course-data FILE'] if self.course_data else []
        return ' '.join(parts)

    def _differs(self, name: str) -> bool:
        return getattr(self, name) != getattr(Run, name)


def make_version(run: Run) -> dict[str, bytes]:
    """Trains and evaluates, and returns the version's files by name. Nothing is written."""
    cohort = generate_cohort(run.rows, run.seed)
    train, validation, held_out = split(cohort)
    model, history = train_network(train, validation, run.seed, run.epochs)
    artifact = keras_archive(model, run.created_at)
    # All that follows is said about the file that ships, read back from its bytes.
    shipped = load_archive(artifact)

    def predict(inputs: np.ndarray) -> np.ndarray:
        return shipped.predict(inputs.astype(np.float32), batch_size=PREDICT_BATCH, verbose=0)[:, 0].astype(np.float64)

    samples = {
        'train': ('Training rows of the synthetic cohort', train),
        'held-out': ('Held-out fifth of the synthetic cohort', held_out),
    }
    if run.course_data:
        samples['course'] = ('Public course data set', load_course_data(run.course_data))
    class_names = [entry['name'] for entry in CLASSES]
    datasets = [
        evaluate(name, title, sample.inputs, sample.labels, predict(sample.inputs), INPUTS, class_names, THRESHOLD)
        for name, (title, sample) in samples.items()
    ]
    manifest = _manifest(run, artifact, datasets, samples)
    course = samples.get('course')
    card = model_card(
        manifest,
        datasets,
        ceiling=all_metrics(held_out.labels, rule_probability(held_out.inputs), THRESHOLD),
        subgroups=_subgroups(held_out, predict),
        lowered={name: _lowered(predict, held_out, column) for column, name in enumerate(COLUMNS)},
        training={
            'rows': run.rows,
            'train': len(train),
            'validation': len(validation),
            'epochs': run.epochs,
            'batch_size': BATCH_SIZE,
            'learning_rate': LEARNING_RATE,
            'layers': _layers_in_words(shipped),
            'parameters': sum(int(np.prod(weight.shape)) for weight in shipped.trainable_weights),
        },
        course_rule_accuracy=course and float(np.mean(course_rule(course[1].inputs) == course[1].labels)),
    )
    evaluation = {
        'schemaVersion': 1,
        'task': 'binary-classification',
        'classes': class_names,
        'threshold': THRESHOLD,
        'learningCurves': [
            {'name': name, 'train': _rounded(history[name]), 'validation': _rounded(history[f'val_{name}'])}
            for name in ('loss', 'accuracy')
        ],
        'datasets': datasets,
    }
    check_against_schema(evaluation, 'evaluation.schema.json')
    inputs = golden_inputs(INPUTS, GOLDEN_ROWS, run.seed)
    golden = golden_document(
        COLUMNS, inputs, shipped.predict(inputs.astype(np.float32), verbose=0), f'keras {keras.__version__}'
    )
    check_against_schema(golden, 'golden.schema.json')
    picture = training_picture(f'{manifest["title"]} {run.version}', history, datasets[1:])
    return {
        'model.keras': artifact,
        'manifest.yaml': manifest_yaml(manifest, 'python -m training.cardiac').encode(),
        'card.md': card.encode(),
        'golden.json': json_text(golden).encode(),
        'evaluation.json': json_text(evaluation).encode(),
        **examples_file(cardiac_examples(held_out, predict(held_out.inputs))),
        'curves.png': picture,
    }


def split(cohort: Cohort) -> tuple[Cohort, Cohort, Cohort]:
    """Training rows, validation rows (a tenth of the rest) and the held-out fifth.

    The patients are drawn independently of each other, so the order of drawing is as random as any shuffle.
    """
    held_out_from = len(cohort) * 4 // 5
    validation_from = held_out_from * 9 // 10
    return (
        cohort.part(slice(0, validation_from)),
        cohort.part(slice(validation_from, held_out_from)),
        cohort.part(slice(held_out_from, None)),
    )


def _manifest(run: Run, artifact: bytes, datasets: Sequence[dict], samples: dict) -> dict:
    data = f'{run.rows} synthetic patients, uniform over the declared ranges, labelled by a logistic score with noise'
    if 'course' in samples:
        data += '; evaluated on a held-out fifth of them and on the public course data set (dataset "course")'
    else:
        data += '; evaluated on a held-out fifth of them'
    return {
        'schemaVersion': 1,
        'name': NAME,
        'version': run.version,
        'title': 'Cardiac risk',
        'description': DESCRIPTION,
        'task': 'binary-classification',
        'notice': NOTICE,
        'artifact': {'file': 'model.keras', 'format': 'keras', 'sha256': sha256(artifact)},
        'inputs': [entry.declaration() for entry in INPUTS],
        'features': [{'select': list(COLUMNS)}],
        'output': {'classes': [dict(entry) for entry in CLASSES], 'threshold': THRESHOLD},
        'metrics': [
            {'name': name, 'value': value, 'dataset': dataset['name']}
            for dataset in datasets
            for name, value in dataset['metrics'].items()
        ],
        'provenance': {
            'createdAt': iso(run.created_at),
            'author': 'Latido',
            'framework': FRAMEWORK,
            'command': run.command,
            'seed': run.seed,
            'data': data,
        },
        'files': {'card': 'card.md', 'golden': 'golden.json', 'evaluation': 'evaluation.json'},
    }


def _subgroups(held_out: Cohort, predict: Callable[[np.ndarray], np.ndarray]) -> list[tuple[str, int, dict]]:
    column = {name: held_out.inputs[:, index] for index, name in enumerate(COLUMNS)}
    groups = {
        'Age 0 to 17': column['age'] < 18,
        'Age 18 to 50': (column['age'] >= 18) & (column['age'] <= 50),
        'Age 51 to 99': column['age'] > 50,
        'Overweight': column['overweight'] == 1,
        'Not overweight': column['overweight'] == 0,
        'Smoker': column['smoker'] == 1,
        'Not a smoker': column['smoker'] == 0,
    }
    return [
        (name, int(rows.sum()), all_metrics(held_out.labels[rows], predict(held_out.inputs[rows]), THRESHOLD))
        for name, rows in groups.items()
    ]


def _lowered(predict: Callable[[np.ndarray], np.ndarray], held_out: Cohort, column: int) -> float:
    minimum, maximum = INPUTS[column].range or (0, 1)
    step = (maximum - minimum) / 10 if INPUTS[column].range else 1
    return share_lowered(predict, held_out.inputs, column, step, maximum, by=LOWERED_BY)


def _layers_in_words(model: keras.Model) -> str:
    dense = [layer for layer in model.layers if isinstance(layer, keras.layers.Dense)]
    return ', '.join(f'{layer.units} {layer.activation.__name__}' for layer in dense)


def _rounded(values: Sequence[float]) -> list[float]:
    return [round(float(value), DIGITS) for value in values]


def main() -> int:
    """Reads the command line, makes the version, writes and publishes it. Exit code 1: the folder holds another version
    of that number, or the server did not take it."""
    parser = argparse.ArgumentParser(prog='python -m training.cardiac', description=__doc__)
    parser.add_argument('--course-data', type=Path, metavar='FILE', help='the public course CSV, as a second test set')
    add_options(parser, f'models/{NAME}/VERSION')
    parser.add_argument('--version', default=VERSION, help=f'number of the version, default {VERSION}')
    parser.add_argument('--seed', type=int, default=SEED, help=f'default {SEED}')
    parser.add_argument('--rows', type=int, default=ROWS, help=f'patients to draw, default {ROWS}')
    parser.add_argument('--epochs', type=int, default=EPOCHS, help=f'default {EPOCHS}')
    asked = parser.parse_args()

    server = require_server(asked)
    folder = asked.output or MODELS / NAME / asked.version
    time = created_at(asked, folder)
    files = make_version(Run(time, asked.seed, asked.rows, asked.epochs, asked.course_data, asked.version))
    return 0 if deliver(files, folder, asked.overwrite, server) else 1


if __name__ == '__main__':
    raise SystemExit(main())
