"""`python -m training.shock`: draws the cohort, trains, evaluates and writes models/haemodynamic-shock/1.0.0."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from training.backend import FRAMEWORK, keras  # before everything that may import keras

import numpy as np

from training.command_line import MODELS, add_options, created_at, deliver, iso, require_server
from training.evaluation import DIGITS
from training.examples import examples_file
from training.golden import golden_document
from training.json_text import json_text
from training.keras_archive import keras_archive, load_archive
from training.manifest import check_against_schema, manifest_yaml, sha256
from training.multiclass import all_metrics, evaluate, histogram, histogram_edges
from training.multiclass_plots import multiclass_picture
from training.shock.card import model_card
from training.shock.cohort import PATIENTS, Cohort, generate_cohort, split
from training.shock.examples import shock_examples
from training.shock.network import BATCH_SIZE, EPOCHS, LEARNING_RATE, UNITS, WEIGHT_DECAY, train_network
from training.shock.pipeline import BY_THE_WINDOW, OBSERVATIONS, by_constants
from training.shock.signals import CLASS_NAMES, CLASSES, COLUMNS, SIGNALS
from training.windows import scaled

NAME, VERSION = 'haemodynamic-shock', '1.0.0'
TITLE = 'Haemodynamic shock'
NOTICE = 'Trained on synthetic data; not for clinical use'
DESCRIPTION = (
    'In which of four haemodynamic states a monitored patient is, from the last 20 samples of nine signs, five '
    'minutes apart: an LSTM of 50 units trained on windows from a documented physiological simulator.'
)
SEED = 2026
GOLDEN_ROWS_PER_CLASS = 8
DRAWN_SIGN = 'perfusionIndex'
PREDICT_BATCH = 4096
CONSTANTS, PER_WINDOW = 'constants', 'per window'
SETS = ('train', 'validation', 'held-out')


@dataclass(frozen=True)
class Run:
    """What a run was asked for."""

    created_at: datetime
    seed: int = SEED
    patients: int = PATIENTS
    epochs: int = EPOCHS
    version: str = VERSION

    @property
    def command(self) -> str:
        """The command that repeats this run."""
        parts = ['python -m training.shock']
        asked = ('version', 'seed', 'patients', 'epochs')
        parts += [f'--{name} {getattr(self, name)}' for name in asked if self._differs(name)]
        return ' '.join([*parts, f'--created-at {iso(self.created_at)}'])

    def _differs(self, name: str) -> bool:
        return getattr(self, name) != getattr(Run, name)


@dataclass(frozen=True)
class Candidate:
    """A network with the pipeline that it was trained behind."""

    features: list[dict]
    model: keras.Model
    history: dict

    def probabilities(self, cohort: Cohort) -> np.ndarray:
        """`[rows, classes]`"""
        return self.predict(scaled(self.features, COLUMNS, cohort.windows)).astype(np.float64)

    def predict(self, inputs: np.ndarray) -> np.ndarray:
        """`[rows, samples, columns]` behind the pipeline → `[rows, classes]`"""
        return self.model.predict(inputs, batch_size=PREDICT_BATCH, verbose=0)


def make_version(run: Run) -> dict[str, bytes]:
    """Trains and evaluates, and returns the version's files by name. Nothing is written."""
    cohort, refused = generate_cohort(run.patients, run.seed)
    train, validation, held_out = split(cohort, run.patients)
    candidates = {
        CONSTANTS: _train(by_constants(train.windows), train, validation, run),
        PER_WINDOW: _train(BY_THE_WINDOW, train, validation, run),
    }
    # The pipeline is chosen on the validation patients; what the card says of both comes from the held-out ones.
    on_validation = _compared(candidates, validation)
    chosen_name = min(on_validation, key=lambda name: on_validation[name]['logLoss'])
    chosen, history = candidates[chosen_name], candidates[chosen_name].history

    artifact = keras_archive(chosen.model, run.created_at)
    # All that follows is said about the file that ships, read back from its bytes.
    shipped = Candidate(chosen.features, load_archive(artifact), history)
    datasets = _datasets(shipped, train, held_out)
    manifest = _manifest(run, artifact, shipped, datasets)
    golden, evaluation = _golden(shipped, held_out), _evaluation(history, datasets)
    check_against_schema(golden, 'golden.schema.json')
    check_against_schema(evaluation, 'evaluation.schema.json')
    card = model_card(
        manifest,
        datasets,
        chosen=chosen_name,
        on_validation=on_validation,
        on_held_out={
            name: evaluate('held-out', '', held_out.labels, candidate.probabilities(held_out), CLASS_NAMES)
            for name, candidate in candidates.items()
        },
        body=_body_matters(shipped, held_out),
        arrests=_arrests(shipped, held_out),
        training={
            **_settings(run, shipped.model),
            'split': {name: _counted(part) for name, part in zip(SETS, (train, validation, held_out))},
            'refused': refused,
            'episodes': _episodes_of(cohort, refused),
        },
    )
    return {
        'model.keras': artifact,
        'manifest.yaml': manifest_yaml(manifest, 'python -m training.shock').encode(),
        'card.md': card.encode(),
        'golden.json': json_text(golden).encode(),
        'evaluation.json': json_text(evaluation).encode(),
        **examples_file(shock_examples(manifest, shipped.predict)),
        'curves.png': _picture(run, candidates, datasets[-1], train),
    }


def _train(features: list[dict], train: Cohort, validation: Cohort, run: Run) -> Candidate:
    model, history = train_network(
        (scaled(features, COLUMNS, train.windows), train.labels),
        (scaled(features, COLUMNS, validation.windows), validation.labels),
        run.seed,
        run.epochs,
    )
    return Candidate(features, model, history)


def _datasets(shipped: Candidate, train: Cohort, held_out: Cohort) -> list[dict]:
    """The `datasets` of evaluation.json; the bins of the histograms are those of the training windows."""
    edges = [histogram_edges(train.windows[:, :, i], *signal.range) for i, signal in enumerate(SIGNALS)]
    parts = (('train', 'Windows of the training patients', train),
             ('held-out', 'Windows of the held-out fifth of the patients', held_out))  # fmt: skip
    return [
        evaluate(name, title, part.labels, shipped.probabilities(part), CLASS_NAMES)
        | {'histograms': [histogram(c, part.windows[:, :, i], edges[i]) for i, c in enumerate(COLUMNS)]}
        for name, title, part in parts
    ]


def _evaluation(history: dict, datasets: list[dict]) -> dict:
    return {
        'schemaVersion': 1,
        'task': 'multiclass-classification',
        'classes': list(CLASS_NAMES),
        'learningCurves': [
            {'name': name, 'train': _rounded(history[name]), 'validation': _rounded(history[f'val_{name}'])}
            for name in ('loss', 'accuracy')
        ],
        'datasets': datasets,
    }


def _settings(run: Run, model: keras.Model) -> dict:
    return {
        'patients': run.patients,
        'epochs': run.epochs,
        'batch_size': BATCH_SIZE,
        'learning_rate': LEARNING_RATE,
        'weight_decay': WEIGHT_DECAY,
        'units': UNITS,
        'parameters': sum(int(np.prod(weight.shape)) for weight in model.trainable_weights),
    }


def _compared(candidates: dict[str, Candidate], cohort: Cohort) -> dict[str, dict[str, float]]:
    return {name: all_metrics(cohort.labels, each.probabilities(cohort)) for name, each in candidates.items()}


def _body_matters(shipped: Candidate, held_out: Cohort) -> dict[str, float]:
    """Metrics when height and weight are those of another patient: what the model takes from them."""
    columns = [COLUMNS.index(name) for name in ('bodyHeight', 'bodyWeight')]
    windows = held_out.windows.copy()
    windows[:, :, columns] = np.roll(windows[:, :, columns], len(windows) // 2, axis=0)
    return all_metrics(held_out.labels, shipped.probabilities(replace(held_out, windows=windows)))


def _arrests(shipped: Candidate, held_out: Cohort) -> dict[str, tuple[int, float]]:
    """Windows and recall of the arrests that had begun and of those that were still to come."""
    arrest = CLASS_NAMES.index('arresto_cardiaco')
    called = shipped.probabilities(held_out).argmax(axis=1) == arrest
    mine = held_out.labels == arrest
    parts = {'begun': mine & held_out.arrested, 'to come': mine & ~held_out.arrested}
    return {name: (int(rows.sum()), float(called[rows].mean())) for name, rows in parts.items()}


def _counted(cohort: Cohort) -> tuple[int, int]:
    return len(np.unique(cohort.patients)), len(cohort)


def _episodes_of(cohort: Cohort, refused: Counter[str]) -> dict[str, int]:
    return {name: int((cohort.labels == index).sum()) + refused[name] for index, name in enumerate(CLASS_NAMES)}


def _golden(shipped: Candidate, held_out: Cohort) -> dict:
    """Golden rows: of each class the first held-out windows, after the pipeline."""
    rows = np.concatenate(
        [np.flatnonzero(held_out.labels == index)[:GOLDEN_ROWS_PER_CLASS] for index in range(len(CLASS_NAMES))]
    )
    inputs = scaled(shipped.features, COLUMNS, held_out.windows[rows])
    return golden_document(COLUMNS, inputs, shipped.model.predict(inputs, verbose=0), f'keras {keras.__version__}')


def _manifest(run: Run, artifact: bytes, shipped: Candidate, datasets: Sequence[dict]) -> dict:
    return {
        'schemaVersion': 1,
        'name': NAME,
        'version': run.version,
        'title': TITLE,
        'description': DESCRIPTION,
        'task': 'multiclass-classification',
        'notice': NOTICE,
        'artifact': {'file': 'model.keras', 'format': 'keras', 'sha256': sha256(artifact)},
        'observations': OBSERVATIONS,
        'features': shipped.features,
        'output': {'classes': [dict(entry) for entry in CLASSES]},
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
            'data': (
                f'{run.patients} synthetic patients with two recordings each, in four states that are equally '
                'frequent, from a physiological simulator; evaluated on a held-out fifth of the patients'
            ),
        },
        'files': {'card': 'card.md', 'golden': 'golden.json', 'evaluation': 'evaluation.json'},
    }


def _picture(run: Run, candidates: dict[str, Candidate], dataset: dict, train: Cohort) -> bytes:
    column = COLUMNS.index(DRAWN_SIGN)
    medians = {
        name: np.median(train.windows[train.labels == index][:, :, column], axis=0)
        for index, name in enumerate(CLASS_NAMES)
    }
    return multiclass_picture(
        f'{TITLE} {run.version}',
        {f'scaled by {name}' if name == CONSTANTS else f'scaled {name}': c.history for name, c in candidates.items()},
        dataset,
        {entry['name']: entry['title'] for entry in CLASSES},
        medians,
        f'{SIGNALS[column].title.lower()}, {SIGNALS[column].unit}',
    )


def _rounded(values: Sequence[float]) -> list[float]:
    return [round(float(value), DIGITS) for value in values]


def main() -> int:
    """Reads the command line, makes the version, writes and publishes it. Exit code 1: the folder holds another version
    of that number, or the server did not take it."""
    parser = argparse.ArgumentParser(prog='python -m training.shock', description=__doc__)
    add_options(parser, f'models/{NAME}/VERSION')
    parser.add_argument('--version', default=VERSION, help=f'number of the version, default {VERSION}')
    parser.add_argument('--seed', type=int, default=SEED, help=f'default {SEED}')
    parser.add_argument('--patients', type=int, default=PATIENTS, help=f'patients to draw, default {PATIENTS}')
    parser.add_argument('--epochs', type=int, default=EPOCHS, help=f'default {EPOCHS}')
    asked = parser.parse_args()

    server = require_server(asked)
    folder = asked.output or MODELS / NAME / asked.version
    time = created_at(asked, folder)
    files = make_version(Run(time, asked.seed, asked.patients, asked.epochs, asked.version))
    return 0 if deliver(files, folder, asked.overwrite, server) else 1


if __name__ == '__main__':
    raise SystemExit(main())
