"""What must hold of every version of a classifier of rows that ships, for the tests of each."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import yaml

from training.classifier import Recipe, Run, Subject, Table, cross_validated, make_version, split
from training.command_line import moment
from training.manifest import check_against_schema, check_manifest, sha256
from training.markdown import figure
from training.onnx_export import FRAMEWORK, OnnxModel

TABULAR = Path(__file__).resolve().parents[2] / 'shared' / 'fixtures' / 'tabular'
"""The public tables: not part of the project, read from ../shared/fixtures where they are at hand."""
LARGEST_FILE = 300_000


def assert_ships(folder: Path, subject: Subject) -> None:
    """The files fit their schemas and each other, the card states the figures, ONNX Runtime gives the golden answers
    and calls each class's example what it is."""
    files = {path.name: path.read_bytes() for path in folder.iterdir()}
    manifest, golden = yaml.safe_load(files['manifest.yaml']), json.loads(files['golden.json'])
    check_manifest(manifest)
    check_against_schema(json.loads(files['evaluation.json']), 'evaluation.schema.json')
    check_against_schema(golden, 'golden.schema.json')
    assert max(map(len, files.values())) < LARGEST_FILE
    assert manifest['artifact']['sha256'] == sha256(files['model.onnx'])
    assert manifest['notice'] == subject.notice
    assert manifest.get('clinical', True) == subject.clinical
    assert set(manifest['provenance']) == {'createdAt', 'author', 'license', 'framework', 'command', 'seed', 'data'}
    assert subject.citation in manifest['provenance']['data']
    assert golden['answeredBy'] == manifest['provenance']['framework'] == FRAMEWORK
    assert golden['columns'] == manifest['features'][0]['select'] == subject.columns
    answers = OnnxModel(files['model.onnx']).scores(np.array(golden['inputs']))
    np.testing.assert_allclose(answers, golden['outputs'], atol=golden['atol'], rtol=golden['rtol'])

    examples = json.loads(files['examples.json'])
    check_against_schema(examples, 'examples.schema.json')
    assert [each['label'] for each in examples['examples']] == subject.class_names
    rows = np.array([[each['input'][name] for name in subject.columns] for each in examples['examples']])
    assert OnnxModel(files['model.onnx']).scores(rows).argmax(axis=1).tolist() == list(range(len(subject.classes)))

    card = files['card.md'].decode()
    assert manifest['notice'] in card and subject.citation in card
    held_out = {metric['name']: metric['value'] for metric in manifest['metrics'] if metric['dataset'] == 'held-out'}
    for name in ('accuracy', 'precisionWeighted', 'recallWeighted', 'f1Weighted'):
        assert figure(held_out[name]) in card
    for picture in ('confusion.png', 'curves.png'):
        assert files[picture].startswith(b'\x89PNG') and f'({picture})' in card


def repeated(folder: Path, subject: Subject, recipes: tuple[Recipe, ...], recipe: Recipe, table: Table) -> dict:
    """The shipped files, and those that a run at the stated time makes now."""
    shipped = {path.name: path.read_bytes() for path in folder.iterdir()}
    run = Run(moment(yaml.safe_load(shipped['manifest.yaml'])['provenance']['createdAt']))
    metrics = cross_validated(subject, recipes, split(table, run.seed)[0], run.seed)
    compared = {each.key: (each.title, metrics[each.key]) for each in recipes}
    return {'shipped': shipped, 'again': make_version(subject, recipe, recipe.version, table, run, compared)}
