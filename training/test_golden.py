"""Golden rows reach the whole of the declared ranges and survive the trip through JSON."""

import json

import numpy as np
import pytest

from training.cardiac.cohort import COLUMNS, INPUTS
from training.golden import golden_document, golden_inputs
from training.json_text import json_text
from training.manifest import check_against_schema


def test_rows_hold_the_corners_and_stay_inside_the_ranges():
    rows = golden_inputs(INPUTS, 64, seed=1)
    assert rows.shape == (64, len(COLUMNS))
    assert rows[0].tolist() == [1.0, 0.6, 0.5, 0, 0, 0]
    assert rows[1].tolist() == [3.0, 1.8, 2.0, 99, 1, 1]
    for column, entry in enumerate(INPUTS):
        low, high = entry.range or (0, 1)
        assert rows[:, column].min() == low and rows[:, column].max() == high
        if entry.type == 'integer':
            assert np.array_equal(rows[:, column], np.round(rows[:, column]))


def test_inner_rows_are_spread_evenly_along_every_input():
    inner = golden_inputs(INPUTS, 64, seed=1)[14:]
    quarters, _ = np.histogram(inner[:, 0], bins=np.linspace(1, 3, 5))
    assert quarters.min() >= 12 and quarters.max() <= 13
    assert inner[:, 5].sum() == 25


def test_the_same_seed_gives_the_same_rows():
    assert np.array_equal(golden_inputs(INPUTS, 64, seed=1), golden_inputs(INPUTS, 64, seed=1))
    assert not np.array_equal(golden_inputs(INPUTS, 64, seed=1), golden_inputs(INPUTS, 64, seed=2))


def test_too_few_rows_for_the_corners_are_refused():
    with pytest.raises(ValueError, match='14 corner rows'):
        golden_inputs(INPUTS, 14, seed=1)


def test_float32_answers_read_back_as_the_same_float32():
    outputs = np.random.default_rng(3).random((50, 1)).astype(np.float32)
    text = json_text(golden_document(COLUMNS, golden_inputs(INPUTS, 50, 1), outputs, 'keras 3.15.1'))
    document = json.loads(text)
    check_against_schema(document, 'golden.schema.json')
    assert np.array_equal(np.array(document['outputs'], dtype=np.float32), outputs)
    assert max(len(str(value[0])) for value in document['outputs']) < 16


def test_windows_fit_the_schema_too():
    document = golden_document(['a', 'b'], np.zeros((2, 3, 2)), np.zeros((2, 4), dtype=np.float32), 'keras 3.15.1')
    check_against_schema(document, 'golden.schema.json')


def test_json_has_no_nan():
    with pytest.raises(ValueError):
        json_text({'outputs': [[float('nan')]]})
