"""Pickles become versions that ONNX Runtime answers as scikit-learn does, or are refused."""

import json
import sys

import joblib
import numpy as np
import pandas as pd
import pytest
import yaml
from sklearn.cluster import KMeans
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import GradientBoostingClassifier, GradientBoostingRegressor, RandomForestClassifier
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from sklearn.svm import SVC, LinearSVC

from training.convert import __main__ as command
from training.manifest import check_against_schema, check_manifest
from training.onnx_export import OnnxModel

RNG = np.random.default_rng(11)
ROWS = 300
TABLE = pd.DataFrame(
    {
        'Age (years)': RNG.integers(20, 90, ROWS).astype(float),
        'weight': RNG.normal(75, 12, ROWS).round(1),
        'ward': RNG.choice(['East', 'North', 'West'], ROWS),
    }
)
SCORE = TABLE['Age (years)'] / 20 + TABLE['weight'] / 30 + 2 * (TABLE['ward'] == 'West') + RNG.normal(0, 0.5, ROWS)
TABLE['risk'] = np.where(SCORE > SCORE.median(), 'risk', 'no-risk')
TABLE['grade'] = np.digitize(SCORE, SCORE.quantile([1 / 3, 2 / 3]))
TABLE['stay'] = SCORE.round(3)
NUMBERS, ALL = ['Age (years)', 'weight'], ['Age (years)', 'weight', 'ward']


def mixed(last):
    columns = ColumnTransformer(
        [('n', StandardScaler(), NUMBERS), ('w', OneHotEncoder(handle_unknown='ignore'), ['ward'])]
    )
    return make_pipeline(columns, last).fit(TABLE[ALL], TABLE['risk'])


@pytest.fixture
def convert(tmp_path, monkeypatch):
    def run(estimator, *options, columns=NUMBERS, target=None, table=TABLE):
        joblib.dump(estimator, tmp_path / 'my_model.pkl')
        table[[*columns, *([target] if target else [])]].to_csv(tmp_path / 'sample.csv', index=False)
        asked = ['convert', str(tmp_path / 'my_model.pkl'), '--sample', str(tmp_path / 'sample.csv')]
        asked += ['--output', str(tmp_path / 'out'), *(['--target', target] if target else []), *options]
        monkeypatch.setattr(sys, 'argv', asked)
        code = command.main()
        return code, {path.name: path.read_bytes() for path in (tmp_path / 'out').glob('*')}

    return run


def assert_served(files):
    """The documents fit their schemas, and ONNX Runtime gives the golden answers. Returns manifest and golden rows."""
    manifest, golden = yaml.safe_load(files['manifest.yaml']), json.loads(files['golden.json'])
    check_manifest(manifest)
    check_against_schema(golden, 'golden.schema.json')
    inputs = golden['inputs']
    if isinstance(inputs, dict):
        texts = {name for name, rows in inputs.items() if isinstance(rows[0][0], str)}
        fed = {name: np.array(rows, dtype=object if name in texts else np.float32) for name, rows in inputs.items()}
    else:
        fed = np.array(inputs)
    model = OnnxModel(files['model.onnx'])
    assert isinstance(model.shape[1], int), 'the server asks how many scores a row has'
    scores = model.scores(fed)
    np.testing.assert_allclose(scores, golden['outputs'], atol=1e-5, rtol=1e-5)
    return manifest, golden


def test_numbers_go_in_as_one_tensor_and_probabilities_come_out(convert):
    code, files = convert(RandomForestClassifier(20, random_state=1).fit(TABLE[NUMBERS], TABLE['risk']), target='risk')
    assert code == 0
    manifest, golden = assert_served(files)
    assert [(entry['name'], entry['title'], entry['type']) for entry in manifest['inputs']] == [
        ('Age_years', 'Age (years)', 'number'), ('weight', 'weight', 'number')
    ]  # fmt: skip
    assert manifest['features'] == [{'select': ['Age_years', 'weight']}] and golden['columns'] == [
        'Age_years',
        'weight',
    ]
    assert manifest['task'] == 'binary-classification' and manifest['output']['threshold'] == 0.5
    assert set(golden['labels']) == {'no-risk', 'risk'} and manifest['name'] == 'my-model'
    assert {'accuracy', 'f1Weighted', 'auc'} <= {metric['name'] for metric in manifest['metrics']}
    assert files['confusion.png'].startswith(b'\x89PNG') and '(confusion.png)' in files['card.md'].decode()


@pytest.mark.parametrize('last', [LogisticRegression(), SVC(), GradientBoostingClassifier(n_estimators=5)])
def test_text_and_numbers_go_in_by_column(convert, last):
    if isinstance(last, GradientBoostingClassifier):
        last = GradientBoostingClassifier(n_estimators=5, max_depth=2, random_state=1)
    code, files = convert(mixed(last), columns=ALL, target='risk')
    assert code == 0
    manifest, golden = assert_served(files)
    assert manifest['features'] == {
        'Age__years_': [{'select': ['Age_years']}], 'weight': [{'select': ['weight']}], 'ward': [{'select': ['ward']}]
    }  # fmt: skip
    assert manifest['inputs'][2]['type'] == 'string'
    assert {row[0] for row in golden['inputs']['ward']} == {'East', 'North', 'West'}
    assert manifest['output'].get('kind') == ('decision' if isinstance(last, SVC) else None)


@pytest.mark.parametrize('target, width', [('grade', 3), ('risk', 2)])
def test_scores_of_a_decision_function_are_declared_as_such(convert, target, width):
    code, files = convert(make_pipeline(StandardScaler(), LinearSVC()).fit(TABLE[NUMBERS].to_numpy(), TABLE[target]),
                          target=target)  # fmt: skip
    assert code == 0
    manifest, golden = assert_served(files)
    assert manifest['output']['kind'] == 'decision' and 'threshold' not in manifest['output']
    assert len(manifest['output']['classes']) == width
    assert 'which is no probability' in files['card.md'].decode()
    assert 'calibration' not in json.loads(files['evaluation.json'])['datasets'][0]


def test_classes_that_are_numbers_keep_their_names(convert):
    estimator = LogisticRegression(max_iter=2000).fit(TABLE[NUMBERS].to_numpy(), TABLE['grade'])
    code, files = convert(estimator, target='grade')
    manifest, golden = assert_served(files)
    assert code == 0 and [entry['name'] for entry in manifest['output']['classes']] == ['0', '1', '2']
    assert set(golden['labels']) <= {'0', '1', '2'}


@pytest.mark.parametrize('estimator', [Ridge(), GradientBoostingRegressor(n_estimators=10, random_state=1)])
def test_a_regression_is_one(convert, estimator):
    code, files = convert(estimator.fit(TABLE[NUMBERS].to_numpy(), TABLE['stay']), target='stay')
    assert code == 0
    manifest, golden = assert_served(files)
    assert manifest['task'] == 'regression' and manifest['output'] == {} and 'labels' not in golden
    assert {metric['name'] for metric in manifest['metrics']} == {'mae', 'rmse', 'r2'}
    assert 'evaluation.json' not in files


def test_golden_rows_are_exact_in_float32_and_none_of_the_sample(convert):
    _, files = convert(RandomForestClassifier(5, random_state=1).fit(TABLE[NUMBERS], TABLE['risk']))
    rows = np.array(json.loads(files['golden.json'])['inputs'], dtype=np.float32)
    sample = {tuple(row) for row in TABLE[NUMBERS].to_numpy(dtype=np.float32).tolist()}
    assert not {tuple(row) for row in rows.tolist()} & sample


def test_trees_behind_a_scaler_are_refused_where_onnx_answers_otherwise(convert, capsys):
    rows = np.round(RNG.normal(size=(ROWS, 2)), 1).astype(np.float32).astype(np.float64)
    table = pd.DataFrame(rows, columns=NUMBERS)
    estimator = make_pipeline(StandardScaler(), RandomForestClassifier(50, random_state=1)).fit(table, TABLE['risk'])
    code, files = convert(estimator, table=table)
    assert code == 1 and files == {}
    assert 'ONNX answers otherwise than scikit-learn' in capsys.readouterr().err


def test_a_pickle_is_warned_of_and_what_is_no_estimator_is_refused(convert, capsys):
    code, files = convert({'a': 1})
    told = capsys.readouterr().err
    assert code == 1 and files == {}
    assert 'runs the code that is in it' in told and 'but dict' in told
    assert convert(KMeans(2).fit(TABLE[NUMBERS]))[0] == 1
    assert convert(LogisticRegression())[0] == 1
    assert 'not fitted' in capsys.readouterr().err


def test_a_sample_without_the_columns_of_the_estimator_is_refused(convert, capsys):
    estimator = LogisticRegression(max_iter=2000).fit(TABLE[NUMBERS], TABLE['risk'])
    assert convert(estimator, columns=['weight'])[0] == 1
    assert 'no column Age (years)' in capsys.readouterr().err
    nameless = LogisticRegression(max_iter=2000).fit(TABLE[NUMBERS].to_numpy(), TABLE['risk'])
    assert convert(nameless, columns=ALL)[0] == 1
    assert 'takes 2' in capsys.readouterr().err


def test_texts_of_one_row_alone_are_in_no_golden_row(convert, capsys):
    table = TABLE.assign(ward=['Unique', *TABLE['ward'][1:]])
    _, files = convert(mixed(LogisticRegression()), columns=ALL, table=table)
    assert b'Unique' not in files['golden.json'] + files['manifest.yaml'] + files['card.md']
    names = TABLE.assign(ward=[f'Name {row}' for row in range(ROWS)])
    assert convert(mixed(LogisticRegression()), columns=ALL, table=names)[0] == 1
    told = capsys.readouterr().err
    assert 'every text of the column ward is another' in told and 'Name 1' not in told


def test_outcomes_that_are_no_classes_of_the_estimator_are_refused(convert, capsys):
    estimator = LogisticRegression(max_iter=2000).fit(TABLE[NUMBERS], TABLE['risk'])
    assert convert(estimator, target='grade')[0] == 1
    assert 'every class of the estimator' in capsys.readouterr().err


def test_a_repeated_run_says_that_it_repeats(convert, capsys):
    estimator = Ridge().fit(TABLE[NUMBERS], TABLE['stay'])
    convert(estimator, '--author', 'Me', '--source', 'Made up.')
    capsys.readouterr()
    assert convert(estimator, '--author', 'Me', '--source', 'Made up.')[0] == 0
    assert 'unchanged, every byte repeats' in capsys.readouterr().out
