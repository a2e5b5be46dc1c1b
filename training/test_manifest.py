"""A manifest that does not fit is refused before anything is written."""

import copy

import jsonschema
import pytest
import yaml

from training.cardiac.cohort import CLASSES, COLUMNS, INPUTS
from training.manifest import check_manifest, manifest_yaml, sha256
from training.markdown import table
from training.shock.signals import SIGNALS

MANIFEST = {
    'schemaVersion': 1,
    'name': 'cardiac-risk',
    'version': '1.0.0',
    'title': 'Cardiac risk',
    'task': 'binary-classification',
    'artifact': {'file': 'model.keras', 'format': 'keras', 'sha256': sha256(b'')},
    'inputs': [entry.declaration() for entry in INPUTS],
    'features': [{'select': list(COLUMNS)}],
    'output': {'classes': [dict(entry) for entry in CLASSES], 'threshold': 0.5},
    'provenance': {'createdAt': '2026-01-31T12:00:00Z'},
}


WINDOWED = {
    **{name: value for name, value in MANIFEST.items() if name != 'inputs'},
    'task': 'multiclass-classification',
    'observations': {'signals': [signal.declaration() for signal in SIGNALS]},
    'features': [{'window': {'samples': 20}}, {'select': [signal.name for signal in SIGNALS]}],
    'output': {'classes': [dict(entry) for entry in CLASSES]},
}


def changed(path, value, manifest=MANIFEST):
    manifest = copy.deepcopy(manifest)
    target = manifest
    for key in path[:-1]:
        target = target[key]
    target[path[-1]] = value
    return manifest


def test_yaml_reads_back_as_the_same_manifest_with_version_and_time_as_text():
    read = yaml.safe_load(manifest_yaml(MANIFEST, 'python -m training.cardiac'))
    assert read == MANIFEST
    assert isinstance(read['provenance']['createdAt'], str)


@pytest.mark.parametrize(
    'path, value',
    [
        (('version',), '1.0'),
        (('name',), 'Cardiac risk'),
        (('artifact', 'sha256'), 'abc'),
        (('artifact', 'file'), '../model.keras'),
        (('inputs', 0, 'colour'), 'red'),
        (('output', 'threshold'), 1),
    ],
)
def test_what_the_schema_forbids_is_refused(path, value):
    with pytest.raises(jsonschema.ValidationError):
        check_manifest(changed(path, value))


def test_a_selected_column_must_be_an_input():
    with pytest.raises(ValueError, match='weight'):
        check_manifest(changed(('features', 0, 'select'), ['age', 'weight']))


def test_a_manifest_of_signals_is_one():
    check_manifest(WINDOWED)


@pytest.mark.parametrize(
    'path, value, message',
    [
        (('name',), 'heartRate', 'same name'),
        (('codes', 0, 'code'), '147842', 'same code'),
        (('codes', 0, 'code'), 'heartRate', 'same code'),
        (('example',), 31, 'example'),
    ],
)
def test_signals_must_be_told_apart_and_their_examples_be_valid(path, value, message):
    with pytest.raises(ValueError, match=message):
        check_manifest(changed(('observations', 'signals', 0, *path), value, WINDOWED))


def test_a_selected_column_may_be_a_signal_and_nothing_else():
    with pytest.raises(ValueError, match='age'):
        check_manifest(changed(('features', 1, 'select'), ['heartRate', 'age'], WINDOWED))


def test_an_input_name_may_stand_once():
    with pytest.raises(ValueError, match='same name'):
        check_manifest(changed(('inputs', 1, 'name'), 'cholesterol'))


@pytest.mark.parametrize('index, example', [(0, 3.1), (3, 50.5), (4, 2)])
def test_an_example_must_be_a_valid_value(index, example):
    with pytest.raises(ValueError, match='example'):
        check_manifest(changed(('inputs', index, 'example'), example))


def test_numbers_in_a_table_stand_to_the_right():
    rows = [['a', 1, '–'], ['b', '> 0.9', 'g/L']]
    assert table(['Name', 'Rows', 'Unit'], rows).splitlines()[1] == '| --- | ---: | --- |'
