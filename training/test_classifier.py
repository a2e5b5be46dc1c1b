"""A classifier of a made-up table makes a whole, valid and repeatable version."""

import json
from datetime import UTC, datetime

import numpy as np
import pytest
import yaml
from sklearn.ensemble import RandomForestClassifier
from sklearn.pipeline import make_pipeline

from training.classifier import Recipe, Run, Subject, Table, cross_validated, make_version, split
from training.classifiers import logistic_regression, scaler, support_vectors
from training.manifest import Input, check_against_schema, check_manifest, sha256
from training.onnx_export import NotConvertibleError, OnnxModel

INPUTS = (
    Input(name='length', title='Length', type='number', unit='mm', range=(0, 100), example=50),
    Input(name='kind', title='Kind', type='integer', example=1,
          values=tuple({'value': code, 'title': str(code)} for code in (1, 2, 3))),
    Input(name='old', title='Old', type='integer', example=0,
          values=({'value': 0, 'title': 'No'}, {'value': 1, 'title': 'Yes'})),
)  # fmt: skip
RUN = Run(datetime(2026, 1, 31, 12, tzinfo=UTC))
VERSION = '1.0.0'


def subject(*classes):
    return Subject(
        command='python -m training.made-up',
        name='made-up',
        title='Made up',
        notice='Made up',
        description='A made-up table.',
        inputs=INPUTS,
        classes=tuple({'name': name, 'title': name.upper()} for name in classes),
        intended='For tests.',
        data='Random numbers.',
        limitations=('All of them.',),
        license='CC0-1.0',
        citation='Nobody.',
    )


def table(classes, rows=240):
    rng = np.random.default_rng(7)
    inputs = np.column_stack([rng.uniform(0, 100, rows).round(1), rng.integers(1, 4, rows), rng.integers(0, 2, rows)])
    score = inputs[:, 0] / 100 + 0.3 * inputs[:, 1] + rng.normal(0, 0.2, rows)
    return Table(inputs, np.digitize(score, np.quantile(score, np.arange(1, classes) / classes)), 3, sha256(b''))


@pytest.fixture(scope='module', params=[('no', 'yes'), ('high', 'low', 'mid')], ids=['two classes', 'three classes'])
def made(request):
    about, data = subject(*request.param), table(len(request.param))
    recipes = [
        Recipe('logistic', 'Logistic regression', VERSION, 'Logistic.', logistic_regression(INPUTS)),
        Recipe('svm', 'Support vectors', None, 'Support vectors.', support_vectors(INPUTS)),
    ]
    metrics = cross_validated(about, recipes, split(data, RUN.seed)[0], RUN.seed)
    compared = {recipe.key: (recipe.title, metrics[recipe.key]) for recipe in recipes}
    return about, recipes, data, compared, make_version(about, recipes[0], VERSION, data, RUN, compared)


def test_the_files_fit_their_schemas_and_each_other(made):
    about, _, data, _, files = made
    manifest, golden = yaml.safe_load(files['manifest.yaml']), json.loads(files['golden.json'])
    check_manifest(manifest)
    check_against_schema(json.loads(files['evaluation.json']), 'evaluation.schema.json')
    check_against_schema(golden, 'golden.schema.json')
    assert manifest['artifact']['sha256'] == sha256(files['model.onnx'])
    assert golden['columns'] == manifest['features'][0]['select'] == about.columns
    assert manifest['provenance']['license'] == 'CC0-1.0' and 'Cite as: Nobody.' in manifest['provenance']['data']
    assert {metric['dataset'] for metric in manifest['metrics']} == {'train', 'held-out', 'cross-validation'}
    assert {'accuracy', 'precisionWeighted', 'recallWeighted', 'f1Weighted'} <= {m['name'] for m in manifest['metrics']}
    assert files['confusion.png'].startswith(b'\x89PNG') and files['curves.png'].startswith(b'\x89PNG')


def test_a_repeated_run_gives_the_same_bytes(made):
    about, recipes, data, compared, files = made
    assert make_version(about, recipes[0], VERSION, data, RUN, compared) == files


def test_the_golden_answers_are_those_of_onnx_runtime_too_and_no_row_of_the_data_is_among_them(made):
    _, _, data, _, files = made
    golden = json.loads(files['golden.json'])
    rows = np.array(golden['inputs'])
    np.testing.assert_allclose(OnnxModel(files['model.onnx']).scores(rows), golden['outputs'], atol=1e-5, rtol=1e-5)
    assert not {tuple(row) for row in rows.tolist()} & {tuple(row) for row in data.inputs.tolist()}


def test_the_examples_are_called_what_they_are_and_none_is_a_row_of_the_data(made):
    about, _, data, _, files = made
    examples = json.loads(files['examples.json'])['examples']
    rows = np.array([[each['input'][name] for name in about.columns] for each in examples], dtype=np.float64)
    called = OnnxModel(files['model.onnx']).scores(rows).argmax(axis=1)
    assert [each['label'] for each in examples] == [about.class_names[index] for index in called]
    assert len(set(called.tolist())) == len(examples) >= 2
    assert not {tuple(row) for row in rows.tolist()} & {tuple(row) for row in data.inputs.tolist()}


def test_the_card_states_the_figures_and_what_was_left_out(made):
    _, _, _, _, files = made
    card, manifest = files['card.md'].decode(), yaml.safe_load(files['manifest.yaml'])
    for metric in manifest['metrics']:
        if metric['dataset'] == 'held-out':
            assert f'{metric["value"]:.4f}' in card
    assert '3 more lacked a value' in card and '**Logistic regression**' in card and '(confusion.png)' in card


def test_no_row_is_in_both_parts_and_every_class_has_its_share(made):
    _, _, data, _, _ = made
    train, held_out = split(data, RUN.seed)
    assert len(train) + len(held_out) == len(data)
    shares = [np.bincount(part.labels) / len(part) for part in (train, held_out)]
    np.testing.assert_allclose(*shares, atol=0.02)


def test_what_onnx_would_answer_otherwise_becomes_no_version(made):
    about, _, data, compared, _ = made
    trees = Recipe('trees', 'Trees', VERSION, '', lambda seed: make_pipeline(
        scaler(INPUTS), RandomForestClassifier(60, random_state=seed)))  # fmt: skip
    with pytest.raises(NotConvertibleError, match='ONNX answers otherwise'):
        make_version(about, trees, VERSION, data, RUN, compared | {'trees': ('Trees', {})})


def test_the_scaler_puts_measurements_first_and_codes_against_their_first_value_where_asked():
    data = table(2)
    assert scaler(INPUTS).fit_transform(data.inputs).shape == (240, 5)
    design = scaler(INPUTS, reference=True).fit_transform(data.inputs)
    assert design.shape == (240, 4)
    np.testing.assert_allclose(design[:, 0].mean(), 0, atol=1e-9)
    assert np.array_equal(design[:, 1], data.inputs[:, 1] == 2) and np.array_equal(design[:, 3], data.inputs[:, 2])
