"""`python -m training.convert MODEL --sample FILE.csv`: a pickled scikit-learn estimator as a version in ONNX.

Opening a pickle runs the code in it. It is opened here, by its owner; the server never opens one.
"""

from __future__ import annotations

import argparse
import re
import shlex
import sys
from datetime import datetime
from pathlib import Path

import numpy as np
import pandas as pd

from training import evaluation, multiclass
from training.classification_report import weighted_metrics
from training.classifier_plots import confusion_picture
from training.command_line import MODELS, add_options, created_at, deliver, iso, require_server
from training.convert.card import converted_card
from training.convert.estimator import (
    Columns,
    NotOpenedError,
    Opened,
    called,
    class_name,
    columns_of,
    converted,
    input_of_column,
    onnx_inputs,
    open_pickle,
    own_scores,
    width_of,
)
from training.csv_table import TableError, read_table
from training.golden import golden_document
from training.json_text import json_text
from training.manifest import check_against_schema, manifest_yaml, sha256
from training.onnx_export import NotConvertibleError, OnnxModel, agreement

NOTICE = 'Converted from scikit-learn; not validated for clinical use'
WARNING = 'Opening {} runs the code that is in it. Open pickles of your own alone.'
SEED = 2026
MOST_DRAWN_CLASSES = 12
LONGEST_COMMAND = 300


def make_version(
    opened: Opened, columns: Columns, outcomes: pd.Series | None, asked: argparse.Namespace, time: datetime
) -> dict[str, bytes]:
    """Converts, compares and describes, and returns the version's files by name. Nothing is written.

    `outcomes` are the target's values in the sample's rows, where it has one. Raises NotConvertibleError when ONNX
    answers otherwise than scikit-learn, and TableError for outcomes that are no classes of the estimator.
    """
    artifact, by_column = converted(opened, columns, asked.name)
    shipped = OnnxModel(artifact)
    width = width_of(shipped, columns, by_column)
    rows = columns.golden(asked.seed)
    own, inputs = own_scores(opened, columns, rows, width), onnx_inputs(shipped, columns, rows, by_column)
    on_sample = own_scores(opened, columns, columns.sample, width)
    agreed = agreement(own, shipped.scores(inputs))
    agreed += agreement(on_sample, shipped.scores(onnx_inputs(shipped, columns, columns.sample, by_column)))
    agreed.require()

    metrics, datasets = _measured(opened, outcomes, on_sample)
    declared = columns.declared()
    own_inputs = input_of_column(shipped, columns) if by_column else None
    manifest = _manifest(opened, columns, own_inputs, asked, time, artifact, metrics)
    golden = golden_document(
        None if by_column else [entry.name for entry in declared], inputs, own, opened.framework,
        _labels(opened, columns, rows, own),
    )  # fmt: skip
    check_against_schema(golden, 'golden.schema.json')
    files = {
        'model.onnx': artifact,
        'manifest.yaml': manifest_yaml(manifest, 'python -m training.convert').encode(),
        'card.md': converted_card(manifest, declared, opened.described(), agreed, datasets, metrics).encode(),
        'golden.json': json_text(golden).encode(),
    }
    if datasets:
        document = {'schemaVersion': 1, 'task': manifest['task'], 'classes': opened.classes, 'datasets': datasets}
        if manifest['task'] == 'binary-classification' and opened.kind == 'probabilities':
            document['threshold'] = 0.5
        check_against_schema(document, 'evaluation.schema.json')
        files['evaluation.json'] = json_text(document).encode()
        if len(opened.classes) <= MOST_DRAWN_CLASSES:
            titles = dict(zip(opened.classes, opened.classes))
            files['confusion.png'] = confusion_picture(f'{asked.title} {asked.version}', datasets, titles)
    if asked.card:
        files['card.md'] = asked.card.read_bytes()
    return files


def _labels(opened: Opened, columns: Columns, rows: pd.DataFrame, own: np.ndarray) -> list[str] | None:
    """The classes that scikit-learn answers, None for a regression. Where `predict` is not the class of the largest
    score (SVC with probabilities), it says so on stderr: the server answers the latter."""
    if not opened.classifier:
        return None
    answered = [opened.classes[index] for index in called(own, opened.classes, opened.kind)]
    predicted = [class_name(label) for label in opened.estimator.predict(columns.asked(rows))]
    others = sum(one != other for one, other in zip(answered, predicted))
    if others:
        print(
            f'predict() differs from the most probable class on {others} of {len(rows)} golden rows: the server '
            'answers the most probable one',
            file=sys.stderr,
        )
    return answered


def _measured(opened: Opened, outcomes: pd.Series | None, scores: np.ndarray) -> tuple[dict[str, float], list[dict]]:
    """Metrics on the sample and, of a classifier, the one data set of evaluation.json."""
    if outcomes is None:
        return {}, []
    if not opened.classifier:
        if not pd.api.types.is_numeric_dtype(outcomes):
            raise TableError(f'the target {outcomes.name} holds what is no number')
        actual, gaps = outcomes.to_numpy(dtype=np.float64), outcomes.to_numpy(dtype=np.float64) - scores[:, 0]
        spread = float(((actual - actual.mean()) ** 2).sum())
        figures = {'mae': np.abs(gaps).mean(), 'rmse': np.sqrt((gaps**2).mean())}
        figures |= {'r2': 1 - float((gaps**2).sum()) / spread} if spread else {}
        return {name: evaluation.rounded(value) for name, value in figures.items()}, []
    places = {name: index for index, name in enumerate(opened.classes)}
    labels = outcomes.map(lambda label: places.get(class_name(label), -1)).to_numpy()
    if set(labels) != set(range(len(places))):
        raise TableError(
            f'the target {outcomes.name} must hold every class of the estimator, and no other: {", ".join(places)}'
        )
    title = 'Rows of the sample'
    if opened.kind == 'decision':
        dataset = _of_calls(title, labels, called(scores, opened.classes, opened.kind), opened.classes)
    elif len(places) == 2:
        dataset = evaluation.evaluate('sample', title, scores, labels, scores[:, 1], [], opened.classes, 0.5)
    else:
        dataset = multiclass.evaluate('sample', title, labels, scores, opened.classes)
    dataset['metrics'] |= weighted_metrics(dataset['confusionMatrix']['counts'])
    return dataset['metrics'], [dataset]


def _of_calls(title: str, labels: np.ndarray, calls: np.ndarray, classes: list[str]) -> dict:
    """A data set of evaluation.json from the calls alone: scores of a decision function have no calibration."""
    counts = np.zeros((len(classes), len(classes)), dtype=int)
    np.add.at(counts, (labels, calls), 1)
    return {
        'name': 'sample',
        'title': title,
        'rows': len(labels),
        'classCounts': counts.sum(axis=1).tolist(),
        'metrics': {'accuracy': evaluation.rounded(np.trace(counts) / counts.sum())},
        'confusionMatrix': {'classes': list(classes), 'counts': counts.tolist()},
    }


def _manifest(
    opened: Opened,
    columns: Columns,
    own_inputs: dict[str, str] | None,
    asked: argparse.Namespace,
    time: datetime,
    artifact: bytes,
    metrics: dict[str, float],
) -> dict:
    inputs = columns.declared()
    names = [entry.name for entry in inputs]
    features = [{'select': names}]
    if own_inputs is not None:
        names_by_column = dict(zip(columns.names, names))
        features = {given: [{'select': [names_by_column[column]]}] for column, given in own_inputs.items()}
    output = {}
    task = 'regression'
    if opened.classifier:
        task = 'binary-classification' if len(opened.classes) == 2 else 'multiclass-classification'
        output['classes'] = [{'name': name, 'title': name} for name in opened.classes]
        output |= {'kind': 'decision'} if opened.kind == 'decision' else {}
        output |= {'threshold': 0.5} if len(opened.classes) == 2 and opened.kind == 'probabilities' else {}
    provenance = {
        'createdAt': iso(time),
        'author': asked.author,
        'license': asked.license,
        'framework': opened.framework,
        'command': _command(asked, time),
        'seed': asked.seed,
        'data': asked.source,
    }
    files = {'card': 'card.md', 'golden': 'golden.json'}
    return {
        'schemaVersion': 1,
        'name': asked.name,
        'version': asked.version,
        'title': asked.title,
        'description': f'{opened.described()}, converted from scikit-learn.',
        'task': task,
        'notice': asked.notice,
        'artifact': {'file': 'model.onnx', 'format': 'onnx', 'sha256': sha256(artifact)},
        'inputs': [entry.declaration() for entry in inputs],
        'features': features,
        'output': output,
        'metrics': [{'name': name, 'value': value, 'dataset': 'sample'} for name, value in metrics.items()],
        'provenance': {key: value for key, value in provenance.items() if value is not None},
        'files': files | ({'evaluation': 'evaluation.json'} if metrics and opened.classifier else {}),
    }


def _command(asked: argparse.Namespace, time: datetime) -> str:
    """The command that repeats this run; the files' paths are the reader's own."""
    target = f' --target {shlex.quote(asked.target)}' if asked.target else ''
    seed = f' --seed {asked.seed}' if asked.seed != SEED else ''
    return (
        f'python -m training.convert MODEL --sample FILE{target} --name {asked.name} --version {asked.version}{seed} '
        f'--created-at {iso(time)}'
    )[:LONGEST_COMMAND]


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog='python -m training.convert', description=__doc__)
    parser.add_argument('model', type=Path, metavar='MODEL', help='a pickle or joblib file, of your own')
    parser.add_argument(
        '--sample', type=Path, required=True, metavar='FILE.csv', help='a table with the columns it takes'
    )
    parser.add_argument('--target', metavar='COLUMN', help='what came out, for metrics on the sample')
    parser.add_argument('--name', help='of the model, in kebab case; default: from the file')
    parser.add_argument('--version', default='1.0.0', metavar='NUMBER', help='default 1.0.0')
    parser.add_argument('--title', help='of the model, for people; default: its name')
    parser.add_argument('--notice', default=NOTICE, help=f'stands in every answer; default: {NOTICE}')
    parser.add_argument('--author', help='stated in the manifest')
    parser.add_argument('--license', help='stated in the manifest')
    parser.add_argument('--source', help='what it was trained on, in a sentence or two')
    parser.add_argument('--card', type=Path, metavar='FILE', help='a model card of your own in place of the short one')
    add_options(parser, 'models/NAME/VERSION')
    parser.add_argument('--seed', type=int, default=SEED, help=f'of the golden rows, default {SEED}')
    return parser


def main() -> int:
    """Reads the command line, makes the version, writes and publishes it. Exit code 1: the estimator cannot be opened
    or has no ONNX that answers as it does, the folder holds another version, or the server did not take it."""
    asked = _arguments().parse_args()
    asked.name = asked.name or re.sub('[^a-z0-9]+', '-', asked.model.stem.lower()).strip('-')
    asked.title = asked.title or asked.name
    server = require_server(asked)
    folder = asked.output or MODELS / asked.name / asked.version
    print(WARNING.format(asked.model), file=sys.stderr)
    try:
        opened = open_pickle(asked.model)
        if ', saved by' in opened.framework:
            print(f'{opened.framework}: compare its answers with those it gave there', file=sys.stderr)
        table = read_table(asked.sample)
        columns, complete = columns_of(opened, table, asked.sample, asked.target)
        outcomes = table.loc[complete, asked.target] if asked.target else None
        files = make_version(opened, columns, outcomes, asked, created_at(asked, folder))
    except (NotOpenedError, TableError, NotConvertibleError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0 if deliver(files, folder, asked.overwrite, server) else 1


if __name__ == '__main__':
    raise SystemExit(main())
