"""A logistic model of any table: odds ratios as worked out by hand, and refusals where there are none."""

import json
import sys

import numpy as np
import pandas as pd
import pytest
import yaml

from training.csv_table import TableError
from training.logistic import __main__ as command
from training.logistic.__main__ import labelled_table
from training.logistic.fit import (
    NoEstimateError,
    logistic_model,
    require_independent,
    require_overlap,
    terms,
    terms_section,
)
from training.manifest import Input, check_manifest

SMOKER = Input(name='smoker', title='Smoker', type='integer', example=0,
               values=({'value': 0, 'title': 'No'}, {'value': 1, 'title': 'Yes'}))  # fmt: skip
AGE = Input(name='age', title='Age', type='integer', unit='years', range=(0, 100), example=50)
WARD = Input(name='ward', title='Ward', type='integer', example=1,
             values=tuple({'value': code, 'title': f'Ward {code}'} for code in (1, 2, 3)))  # fmt: skip


def fitted(inputs, rows, labels, ridge=0.0):
    return logistic_model(inputs, ridge)(0).fit(rows, np.array(['no', 'yes'])[labels])


def test_the_odds_ratio_of_a_fourfold_table_and_its_interval_are_those_of_the_textbook():
    # 40 of 100 smokers and 20 of 120 others: odds ratio (40·100)/(60·20), Woolf's standard error.
    rows = np.repeat([[1.0], [1.0], [0.0], [0.0]], [40, 60, 20, 100], axis=0)
    labels = np.repeat([1, 0, 1, 0], [40, 60, 20, 100])
    intercept, smoker = terms(fitted([SMOKER], rows, labels), [SMOKER], rows, 0.0)
    assert np.exp(smoker.coefficient) == pytest.approx(40 * 100 / (60 * 20), rel=1e-6)
    assert smoker.error == pytest.approx(np.sqrt(1 / 40 + 1 / 60 + 1 / 20 + 1 / 100), rel=1e-5)
    assert np.exp(intercept.coefficient) == pytest.approx(20 / 100, rel=1e-6)
    assert (
        '| Smoker | Yes against No | 1.204 (0.579 to 1.829) | 3.333 (1.784 to 6.227) |'
        in terms_section([intercept, smoker], 0.0)[2]
    )


def test_measurements_and_codes_are_in_their_own_units():
    rng = np.random.default_rng(4)
    rows = np.column_stack([rng.integers(20, 90, 4000), rng.integers(1, 4, 4000)]).astype(float)
    odds = -3 + 0.05 * rows[:, 0] + 0.7 * (rows[:, 1] == 3)
    labels = (rng.random(4000) < 1 / (1 + np.exp(-odds))).astype(int)
    found = terms(fitted([AGE, WARD], rows, labels), [AGE, WARD], rows, 0.0)
    assert [(term.title, term.per) for term in found] == [
        ('Intercept', '–'), ('Age', '1 years'), ('Ward', 'Ward 2 against Ward 1'), ('Ward', 'Ward 3 against Ward 1')
    ]  # fmt: skip
    for term, truth in zip(found, (-3, 0.05, 0, 0.7)):
        assert abs(term.coefficient - truth) < 3 * term.error
    # Every sample's log odds follow from the terms alone.
    estimator = fitted([AGE, WARD], rows, labels)
    by_hand = found[0].coefficient + found[1].coefficient * 61 + found[3].coefficient
    assert estimator.decision_function([[61.0, 3.0]])[0] == pytest.approx(by_hand, rel=1e-9)


def test_a_penalty_has_no_intervals():
    rows = np.repeat([[1.0], [0.0]], 50, axis=0)
    found = terms(fitted([SMOKER], rows, np.tile([0, 1], 50), ridge=1.0), [SMOKER], rows, 1.0)
    assert found[1].error is None and 'shrunk' in terms_section(found, 1.0)[-1]


def test_separation_is_seen_also_where_values_tie_and_overlap_is_not_taken_for_it():
    rows = np.array([[30.0], [40], [50], [50], [60], [70]])
    for labels in ([0, 0, 0, 1, 1, 1], [0, 0, 0, 0, 1, 1]):
        with pytest.raises(NoEstimateError, match='separated'):
            require_overlap([AGE], rows, np.array(labels))
    require_overlap([AGE], rows, np.array([0, 1, 0, 1, 0, 1]))


def test_columns_that_are_sums_of_others_are_named():
    rng = np.random.default_rng(4)
    one, other = rng.normal(50, 10, (2, 100))
    inputs = [Input(name=name, title=name, type='number', range=(0, 100), example=1) for name in ('a', 'b', 'sum')]
    with pytest.raises(NoEstimateError, match=r'depend on each other \(a, b, sum\)'):
        require_independent(inputs, np.column_stack([one, other, one + other + rng.normal(0, 0.01, 100)]))
    with pytest.raises(NoEstimateError, match='depend on each other'):
        require_independent(inputs, np.column_stack([one, other, one + other]))
    require_independent(inputs, np.column_stack([one, other, rng.normal(50, 10, 100)]))


def made_up(path, rows=400):
    rng = np.random.default_rng(9)
    table = pd.DataFrame(
        {
            'Id': range(rows),
            'Age': rng.integers(20, 90, rows),
            'Smoker': rng.choice(['yes', 'no'], rows),
            'Ward': rng.choice(['East', 'North', 'West'], rows),
        }
    )
    odds = -4 + 0.05 * table['Age'] + 1.5 * (table['Smoker'] == 'yes')
    table['Readmitted'] = np.where(rng.random(rows) < 1 / (1 + np.exp(-odds)), 'yes', 'no')
    table.loc[5, 'Age'] = None
    table.to_csv(path, index=False, sep=';')
    return path


def run(monkeypatch, *arguments):
    monkeypatch.setattr(sys, 'argv', ['logistic', *map(str, arguments)])
    return command.main()


def test_a_table_becomes_a_whole_version_that_repeats(tmp_path, monkeypatch, capsys):
    path = made_up(tmp_path / 'stays 2026.csv')
    asked = (path, '--target', 'Readmitted', '--without', 'Id', '--output', tmp_path / 'out', '--author', 'Me')
    assert run(monkeypatch, *asked) == 0
    manifest = yaml.safe_load((tmp_path / 'out' / 'manifest.yaml').read_text())
    check_manifest(manifest)
    assert (manifest['name'], manifest['task']) == ('stays-2026-readmitted', 'binary-classification')
    assert [entry['name'] for entry in manifest['output']['classes']] == ['no', 'yes']
    assert [entry['name'] for entry in manifest['inputs']] == ['Age', 'Smoker', 'Ward']
    assert manifest['provenance']['command'].startswith(
        'python -m training.logistic FILE --target Readmitted --without Id --created-at'
    )
    assert manifest['provenance']['author'] == 'Me' and 'license' not in manifest['provenance']
    card = (tmp_path / 'out' / 'card.md').read_text()
    assert '| Smoker | Yes against No |' in card and '| Ward | North against East |' in card
    assert '399 complete rows, 1 more lacked a value' in card
    assert run(monkeypatch, *asked) == 0
    assert 'unchanged, every byte repeats' in capsys.readouterr().out


def test_golden_rows_are_nobody(tmp_path, monkeypatch):
    path = made_up(tmp_path / 'stays.csv')
    run(monkeypatch, path, '--target', 'Readmitted', '--without', 'Id', '--output', tmp_path / 'out')
    golden = json.loads((tmp_path / 'out' / 'golden.json').read_text())
    assert len(golden['inputs']) == 64 and golden['columns'] == ['Age', 'Smoker', 'Ward']


def test_the_value_that_means_yes_may_be_named(tmp_path):
    path = made_up(tmp_path / 'stays.csv')
    _, table = labelled_table(path, 'Ward', 'East', without=['Id'])
    assert table.labels.sum() == (pd.read_csv(path, sep=';').dropna()['Ward'] == 'East').sum()


@pytest.mark.parametrize(
    'options, message',
    [
        ({'target': 'Ward'}, '--positive'),
        ({'target': 'Nothing'}, 'no column Nothing'),
        ({'target': 'Ward', 'positive': 'South'}, '0 complete rows with yes'),
        ({'target': 'Readmitted', 'columns': ['Weight']}, 'no column Weight'),
    ],
)
def test_what_cannot_be_a_model_is_told(tmp_path, options, message):
    with pytest.raises(TableError, match=message):
        labelled_table(made_up(tmp_path / 'stays.csv'), **options)


def test_a_refusal_ends_with_1_and_writes_nothing(tmp_path, monkeypatch, capsys):
    path = made_up(tmp_path / 'stays.csv')
    assert run(monkeypatch, path, '--target', 'Ward', '--output', tmp_path / 'out') == 1
    assert '--positive' in capsys.readouterr().err and not (tmp_path / 'out').exists()
