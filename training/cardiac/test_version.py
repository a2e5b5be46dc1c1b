"""A short run makes a whole, valid and repeatable version; the version that ships is what Keras says it is."""

import json
from datetime import UTC, datetime
from pathlib import Path

from training.backend import keras  # before everything that may import keras

import numpy as np
import pytest
import yaml

from training.cardiac.__main__ import Run, make_version
from training.cardiac.cohort import COLUMNS, generate_cohort
from training.cardiac.course import course_rule, load_course_data
from training.evaluation import all_metrics
from training.keras_archive import load_archive
from training.manifest import check_against_schema, check_manifest, sha256
from training.markdown import figure

SHIPPED = Path(__file__).resolve().parents[2] / 'models' / 'cardiac-risk' / '1.0.0'
COURSE_DATA = Path(__file__).resolve().parents[3] / 'shared' / 'fixtures' / 'cardiac' / 'datos_de_pacientes_5000.csv'
"""The public course file: not part of the project, read from ../shared/fixtures where that is at hand."""
SHORT = Run(created_at=datetime(2026, 1, 31, 12, tzinfo=UTC), rows=1500, epochs=3)


@pytest.fixture(scope='module')
def short_version():
    return make_version(SHORT)


def test_a_repeated_run_gives_the_same_bytes(short_version):
    assert make_version(SHORT) == short_version


def test_another_seed_gives_another_model(short_version):
    other = make_version(Run(SHORT.created_at, seed=1, rows=SHORT.rows, epochs=SHORT.epochs))
    assert sha256(other['model.keras']) != sha256(short_version['model.keras'])


def test_the_files_of_a_run_fit_their_schemas(short_version):
    assert_valid(short_version)


def test_the_stated_command_repeats_the_run(short_version):
    manifest = yaml.safe_load(short_version['manifest.yaml'])
    assert manifest['provenance']['command'] == (
        'python -m training.cardiac --rows 1500 --epochs 3 --created-at 2026-01-31T12:00:00Z'
    )


@pytest.fixture(scope='module')
def shipped():
    return {path.name: path.read_bytes() for path in SHIPPED.iterdir()}


def test_the_shipped_files_fit_their_schemas(shipped):
    assert_valid(shipped)
    assert len(shipped['curves.png']) < 300_000


def test_keras_still_gives_the_golden_answers(shipped):
    golden = json.loads(shipped['golden.json'])
    answers = load_archive(shipped['model.keras']).predict(np.array(golden['inputs'], dtype=np.float32), verbose=0)
    np.testing.assert_allclose(answers, golden['outputs'], atol=golden['atol'], rtol=golden['rtol'])


def test_the_golden_answers_follow_from_the_weights_by_plain_arithmetic(shipped):
    golden = json.loads(shipped['golden.json'])
    model = load_archive(shipped['model.keras'])
    assert [type(layer).__name__ for layer in model.layers] == ['Normalization', 'Dense', 'Dense', 'Dense']
    assert [layer.units for layer in model.layers[1:]] == [14, 7, 1]
    normalization, *dense = model.layers
    rows = np.array(golden['inputs'], dtype=np.float32).astype(np.float64)
    mean, variance = (np.asarray(weight, dtype=np.float64) for weight in normalization.weights[:2])
    rows = (rows - mean) / np.sqrt(variance)
    for layer in dense:
        kernel, bias = (np.asarray(weight, dtype=np.float64) for weight in layer.weights)
        rows = rows @ kernel + bias
        rows = np.maximum(rows, 0) if layer is not dense[-1] else 1 / (1 + np.exp(-rows))
    np.testing.assert_allclose(rows, golden['outputs'], atol=1e-6, rtol=1e-5)


def test_the_normalization_inside_the_model_is_that_of_raw_values(shipped):
    normalization = load_archive(shipped['model.keras']).layers[0]
    cohort = generate_cohort(20_000, seed=5)
    mean = np.asarray(normalization.weights[0])
    np.testing.assert_allclose(mean, cohort.inputs.mean(axis=0), rtol=0.05)


def test_the_shipped_model_knows_clear_cases(shipped):
    model = load_archive(shipped['model.keras'])
    rows = {
        'raised glucose in old age': [2.45, 1.35, 1.75, 68, 0, 0],
        'high pressure and cholesterol': [2.75, 1.65, 0.85, 41, 0, 0],
        'nothing raised': [1.25, 0.95, 0.85, 27, 0, 0],
        'smoking alone': [1.05, 0.95, 0.95, 22, 0, 1],
    }
    risk = dict(zip(rows, model.predict(np.array(list(rows.values()), dtype=np.float32), verbose=0)[:, 0]))
    assert risk['raised glucose in old age'] > 0.9
    assert risk['high pressure and cholesterol'] > 0.8
    assert risk['nothing raised'] < 0.1
    assert risk['smoking alone'] < 0.1


def test_the_shipped_examples_are_adults_at_risk_not_at_risk_and_near_the_threshold(shipped):
    examples = json.loads(shipped['examples.json'])
    check_against_schema(examples, 'examples.schema.json')
    by_name = {each['name']: each for each in examples['examples']}
    assert list(by_name) == ['at-risk', 'not-at-risk', 'near-the-threshold']
    rows = np.array([[each['input'][name] for name in COLUMNS] for each in by_name.values()], dtype=np.float32)
    high, low, near = load_archive(shipped['model.keras']).predict(rows, verbose=0)[:, 0]
    assert [each['label'] for each in by_name.values()] == ['risk', 'no-risk', 'risk']
    assert high > 0.9 and low < 0.1 and 0.505 < near < 0.56
    assert all(30 <= each['input']['age'] <= 85 for each in by_name.values())


def test_the_card_states_the_figures_of_the_manifest(shipped):
    card, manifest = shipped['card.md'].decode(), yaml.safe_load(shipped['manifest.yaml'])
    assert manifest['notice'] == 'Trained on synthetic data; not for clinical use' and manifest['notice'] in card
    stated = [metric for metric in manifest['metrics'] if metric['dataset'] in ('held-out', 'course')]
    assert {metric['dataset'] for metric in stated} == {'held-out', 'course'}
    for metric in stated:
        assert figure(metric['value']) in card


def test_the_shipped_model_was_made_by_this_keras(shipped):
    assert json.loads(shipped['golden.json'])['answeredBy'] == f'keras {keras.__version__}'


@pytest.mark.skipif(not COURSE_DATA.exists(), reason='the course file is not in ../shared/fixtures/cardiac')
def test_the_course_figures_are_those_of_the_course_file_and_none_of_its_rows_ships(shipped):
    course = load_course_data(COURSE_DATA)
    assert np.array_equal(course_rule(course.inputs), course.labels)
    probabilities = load_archive(shipped['model.keras']).predict(course.inputs, batch_size=5000, verbose=0)[:, 0]
    manifest = yaml.safe_load(shipped['manifest.yaml'])
    stated = {metric['name']: metric['value'] for metric in manifest['metrics'] if metric['dataset'] == 'course'}
    assert stated == pytest.approx(all_metrics(course.labels, probabilities.astype(np.float64), 0.5), abs=1e-5)
    example = [entry['example'] for entry in manifest['inputs']]
    patients = [list(each['input'].values()) for each in json.loads(shipped['examples.json'])['examples']]
    rows = np.array([*json.loads(shipped['golden.json'])['inputs'], *patients, example], dtype=np.float32)
    assert not {tuple(row) for row in rows.tolist()} & {tuple(row) for row in course.inputs.tolist()}


def assert_valid(files):
    manifest = yaml.safe_load(files['manifest.yaml'])
    check_manifest(manifest)
    check_against_schema(json.loads(files['evaluation.json']), 'evaluation.schema.json')
    golden = json.loads(files['golden.json'])
    check_against_schema(golden, 'golden.schema.json')
    assert golden['columns'] == manifest['features'][0]['select'] == list(COLUMNS)
    assert manifest['artifact']['sha256'] == sha256(files['model.keras'])
    assert files['curves.png'].startswith(b'\x89PNG')
    assert set(manifest['files'].values()) <= files.keys()
