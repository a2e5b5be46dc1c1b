"""Tests of models whose framework is not installed are left out, and the report's head says so."""

from importlib.util import find_spec

NEEDS = {
    'keras': ['cardiac', 'shock'],
    'sklearn': [
        'convert',
        'logistic',
        'penguins',
        'vertebral',
        'test_classification_report.py',
        'test_classifier.py',
        'test_column_inputs.py',
        'test_csv_table.py',
        'test_onnx_export.py',
    ],
}
"""Framework → folders and files whose tests need it."""

_absent = [framework for framework in NEEDS if find_spec(framework) is None]
collect_ignore = [path for framework in _absent for path in NEEDS[framework]]


def pytest_report_header(config):
    return [f'not installed: {framework}; left out: {", ".join(NEEDS[framework])}' for framework in _absent]
