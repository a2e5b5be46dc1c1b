"""A short run makes a whole, valid and repeatable version; the version that ships is what Keras says it is."""

import json
from datetime import UTC, datetime
from pathlib import Path

from training.backend import keras  # before everything that may import keras

import numpy as np
import pytest
import yaml

from training.keras_archive import load_archive
from training.manifest import check_against_schema, check_manifest, sha256
from training.markdown import figure
from training.shock.__main__ import SEED, Run, make_version
from training.shock.cohort import PATIENTS, draw_cases
from training.shock.examples import RECORDED, lost_values, shock_examples, sliding
from training.shock.physiology import SOURCES
from training.shock.requests import CHANGES, OUTPUT, VERSION_FOLDER, golden_requests
from training.shock.signals import CLASS_NAMES, COLUMNS
from training.windows import WindowRefusedError, window_pipeline

SHORT = Run(created_at=datetime(2026, 1, 31, 12, tzinfo=UTC), patients=160, epochs=2)


@pytest.fixture(scope='module')
def short_version():
    return make_version(SHORT)


@pytest.fixture(scope='module')
def shipped():
    return {path.name: path.read_bytes() for path in VERSION_FOLDER.iterdir()}


@pytest.fixture(scope='module')
def model(shipped):
    return load_archive(shipped['model.keras'])


def test_a_repeated_run_gives_the_same_bytes(short_version):
    assert make_version(SHORT) == short_version


def test_another_seed_gives_another_model(short_version):
    other = make_version(Run(SHORT.created_at, seed=1, patients=SHORT.patients, epochs=SHORT.epochs))
    assert sha256(other['model.keras']) != sha256(short_version['model.keras'])


def test_the_files_of_a_run_fit_their_schemas(short_version):
    assert_valid(short_version)


def test_the_stated_command_repeats_the_run(short_version):
    assert yaml.safe_load(short_version['manifest.yaml'])['provenance']['command'] == (
        'python -m training.shock --patients 160 --epochs 2 --created-at 2026-01-31T12:00:00Z'
    )


def test_the_shipped_files_fit_their_schemas_and_are_small(shipped):
    assert_valid(shipped)
    assert len(shipped['curves.png']) < 300_000
    assert sum(map(len, shipped.values())) < 1_000_000


def test_keras_still_gives_the_golden_answers(shipped, model):
    golden = json.loads(shipped['golden.json'])
    answers = model.predict(np.array(golden['inputs'], dtype=np.float32), verbose=0)
    np.testing.assert_allclose(answers, golden['outputs'], atol=golden['atol'], rtol=golden['rtol'])


def test_the_golden_answers_follow_from_the_weights_by_plain_arithmetic(shipped, model):
    golden = json.loads(shipped['golden.json'])
    lstm, dense = model.layers
    assert (lstm.units, lstm.activation.__name__, lstm.recurrent_activation.__name__) == (50, 'tanh', 'sigmoid')
    assert (dense.units, dense.activation.__name__) == (4, 'softmax')
    kernel, recurrent, bias = (np.asarray(weight, dtype=np.float64) for weight in lstm.weights)
    windows = np.array(golden['inputs'], dtype=np.float32).astype(np.float64)
    hidden = cell = np.zeros((len(windows), lstm.units))
    for step in range(windows.shape[1]):
        gates = windows[:, step] @ kernel + hidden @ recurrent + bias
        entering, kept, candidate, shown = np.split(gates, 4, axis=1)
        cell = sigmoid(kept) * cell + sigmoid(entering) * np.tanh(candidate)
        hidden = sigmoid(shown) * np.tanh(cell)
    weights, offset = (np.asarray(weight, dtype=np.float64) for weight in dense.weights)
    logits = hidden @ weights + offset
    scores = np.exp(logits - logits.max(axis=1, keepdims=True))
    scores /= scores.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(scores, golden['outputs'], atol=2e-6, rtol=1e-5)


def test_golden_rows_are_of_every_class(shipped):
    outputs = np.array(json.loads(shipped['golden.json'])['outputs'])
    assert set(outputs.argmax(axis=1).tolist()) == set(range(len(CLASS_NAMES)))


def test_the_shipped_constants_are_those_of_the_cohort(shipped):
    """On patients that were never drawn, the scaled columns have mean 0 and deviation 1 or nearly so: contractions come
    in bursts, whose deviation depends on a few windows."""
    pipeline = window_pipeline(yaml.safe_load(shipped['manifest.yaml']))
    windows = np.stack([window for _, window in unseen(pipeline, 600)])
    np.testing.assert_allclose(windows.mean(axis=(0, 1)), 0, atol=0.1)
    np.testing.assert_allclose(windows.std(axis=(0, 1)), 1, atol=0.35)


def test_the_held_out_figures_hold_for_patients_that_were_never_drawn(shipped, model):
    manifest = yaml.safe_load(shipped['manifest.yaml'])
    pipeline = window_pipeline(manifest)
    labels, windows = zip(*unseen(pipeline, 600))
    called = model.predict(np.stack(windows), batch_size=2048, verbose=0).argmax(axis=1)
    stated = next(m['value'] for m in manifest['metrics'] if (m['name'], m['dataset']) == ('accuracy', 'held-out'))
    # Three standard errors of a share over some 1,100 windows.
    assert np.mean(called == np.array(labels)) == pytest.approx(stated, abs=0.035)


def test_the_shipped_pipeline_scales_by_constants_which_is_better_by_the_card(shipped):
    features = yaml.safe_load(shipped['manifest.yaml'])['features']
    assert [next(iter(step)) for step in features] == ['window', 'select', 'standardize']
    assert list(features[2]['standardize']['columns']) == list(COLUMNS)
    row = next(line for line in shipped['card.md'].decode().splitlines() if line.startswith('| Log loss'))
    by_constants, per_window = (float(cell) for cell in row.split('|')[2:4])
    assert by_constants < 0.75 * per_window


def test_the_card_states_the_figures_of_the_manifest_the_notice_and_the_sources(shipped):
    card, manifest = shipped['card.md'].decode(), yaml.safe_load(shipped['manifest.yaml'])
    assert manifest['notice'] == 'Trained on synthetic data; not for clinical use' and manifest['notice'] in card
    for metric in manifest['metrics']:
        if metric['name'] != 'precision':
            assert figure(metric['value']) in card
    assert all(source in card for source in SOURCES)
    assert manifest['provenance']['seed'] == SEED


def test_the_shipped_model_was_made_by_this_keras(shipped):
    assert json.loads(shipped['golden.json'])['answeredBy'] == f'keras {keras.__version__}'


def test_the_golden_requests_are_those_of_the_shipped_version(shipped):
    written = json.loads(OUTPUT.read_text(encoding='utf-8'))
    made = golden_requests(shipped)
    assert written['artifactSha256'] == sha256(shipped['model.keras'])
    for case, again in zip(written['cases'], made['cases'], strict=True):
        assert (case['name'], case['input']) == (again['name'], again['input'])
        np.testing.assert_allclose(case['tensor'], again['tensor'], atol=1e-6)
        np.testing.assert_allclose(case['scores'], again['scores'], atol=1e-5)


def test_the_shipped_examples_are_those_that_the_shipped_model_gives(shipped, model):
    examples = json.loads(shipped['examples.json'])
    check_against_schema(examples, 'examples.schema.json')
    again = shock_examples(yaml.safe_load(shipped['manifest.yaml']), lambda rows: model.predict(rows, verbose=0))
    assert examples['examples'] == again
    assert sorted(each['label'] for each in again) == sorted(CLASS_NAMES)
    assert len(shipped['examples.json']) < 200_000


def test_a_window_slides_over_each_example_and_ends_at_its_label(shipped, model):
    pipeline = window_pipeline(yaml.safe_load(shipped['manifest.yaml']))
    for each in json.loads(shipped['examples.json'])['examples']:
        windows = np.stack([pipeline(sent) for sent in sliding(each['input']['observations'])])
        called = [CLASS_NAMES[index] for index in model.predict(windows, verbose=0).argmax(axis=1)]
        # Of some times a recording may lose all values.
        assert RECORDED - 21 <= len(windows) <= RECORDED - 19 and called[-1] == each['label']
        if each['name'] == 'cardiogenic-shock':
            assert called[0] == 'sano'


def test_some_examples_lose_a_few_values_and_the_healthy_one_none(shipped):
    examples = json.loads(shipped['examples.json'])['examples']
    lost = {each['name']: lost_values(each['input']['observations']) for each in examples}
    assert lost['healthy'] == 0
    assert 0 < lost['low-cardiac-output'] < 15 and 0 < lost['cardiogenic-shock'] < 15


def test_each_golden_request_loses_values_and_has_several_at_one_time(shipped):
    cases = json.loads(OUTPUT.read_text(encoding='utf-8'))['cases']
    assert [case['name'] for case in cases] == list(CHANGES)
    for case in cases:
        observations = case['input']['observations']
        cells = {(str(each['signal']), datetime.fromisoformat(each['time'])) for each in observations}
        times = {time for signal, time in cells if signal not in ('150021',)}
        assert len(cells) < len(observations)
        assert sum(signal != '150021' for signal, _ in cells) < len(times) * len(COLUMNS)
    assert {int(np.argmax(case['scores'])) for case in cases} == set(range(len(CLASS_NAMES)))


def unseen(pipeline, patients):
    """Label and tensor of each accepted recording of patients whose numbers lie behind the cohort's."""
    for patient in range(PATIENTS, PATIENTS + patients):
        for case in draw_cases(patient, SEED):
            try:
                yield CLASS_NAMES.index(case.state), pipeline(case.observations)
            except WindowRefusedError:
                continue


def sigmoid(values):
    return 1 / (1 + np.exp(-values))


def assert_valid(files):
    manifest = yaml.safe_load(files['manifest.yaml'])
    check_manifest(manifest)
    evaluation = json.loads(files['evaluation.json'])
    check_against_schema(evaluation, 'evaluation.schema.json')
    assert evaluation['classes'] == [entry['name'] for entry in manifest['output']['classes']] == list(CLASS_NAMES)
    golden = json.loads(files['golden.json'])
    check_against_schema(golden, 'golden.schema.json')
    assert golden['columns'] == manifest['features'][1]['select'] == list(COLUMNS)
    assert np.shape(golden['inputs'])[1:] == (20, 9)
    assert manifest['artifact']['sha256'] == sha256(files['model.keras'])
    assert files['curves.png'].startswith(b'\x89PNG')
    assert set(manifest['files'].values()) <= files.keys()
