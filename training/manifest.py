"""manifest.yaml: the declaration from which the server takes validation, OpenAPI schema and card of a version."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

import jsonschema
import yaml

SCHEMAS = Path(__file__).resolve().parent.parent / 'docs' / 'schemas'

UNPRINTABLE = r'\\u0000-\\u001f\\u007f-\\u009f\\u00ad\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff'
"""What the schemas' `\\p{C}` means inside a set of characters, for Python's `re`, which does not know it."""

LOINC = 'http://loinc.org'
SNOMED_CT = 'http://snomed.info/sct'
IEEE_11073 = 'urn:iso:std:iso:11073:10101'


@dataclass(frozen=True)
class Input:
    """One value that a client sends for one row, as `inputs` of the manifest declares it."""

    name: str
    title: str
    type: str
    """`number`, `integer` or `string`."""
    example: float | str
    unit: str | None = None
    """As people read it."""
    ucum: str | None = None
    """The same unit in UCUM."""
    range: tuple[float, float] | None = None
    values: tuple[dict, ...] | None = None
    """The only values allowed, each `{value, title}`."""
    code: tuple[str, str, str] | None = None
    """System, code and display name in a terminology."""
    description: str | None = None

    def declaration(self) -> dict:
        """The entry under `inputs`, without what is not stated."""
        entry = {
            'name': self.name,
            'title': self.title,
            'description': self.description,
            'type': self.type,
            'unit': self.unit,
            'ucum': self.ucum,
            'range': self.range and {'minimum': self.range[0], 'maximum': self.range[1]},
            'values': self.values and [dict(value) for value in self.values],
            'code': self.code and dict(zip(('system', 'code', 'display'), self.code)),
            'example': self.example,
        }
        return {key: value for key, value in entry.items() if value is not None}


@dataclass(frozen=True)
class Signal:
    """One sign that a client sends as observations over time, as `observations.signals` of the manifest declares it."""

    name: str
    title: str
    example: float
    unit: str
    """As people read it."""
    range: tuple[float, float]
    """A value outside is refused."""
    codes: tuple[tuple[str, str, str], ...]
    """System, code and display name; a client may name the signal by any of the codes."""
    ucum: str | None = None
    """The same unit in UCUM; None where `unit` is UCUM already."""
    description: str | None = None

    def declaration(self) -> dict:
        """The entry under `observations.signals`, without what is not stated."""
        entry = {
            'name': self.name,
            'title': self.title,
            'description': self.description,
            'unit': self.unit,
            'ucum': self.ucum or self.unit,
            'range': {'minimum': self.range[0], 'maximum': self.range[1]},
            'codes': [dict(zip(('system', 'code', 'display'), code)) for code in self.codes],
            'example': self.example,
        }
        return {key: value for key, value in entry.items() if value is not None}


def check_against_schema(document: dict, schema_name: str) -> None:
    """Raises jsonschema.ValidationError, naming the place, unless `document` fits docs/schemas/`schema_name`."""
    schema = json.loads((SCHEMAS / schema_name).read_text(encoding='utf-8').replace(r'\\p{C}', UNPRINTABLE))
    validator = jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())
    validator.check_schema(schema)
    validator.validate(document)


def check_manifest(manifest: dict) -> None:
    """Checks a manifest against its schema and for what the schema cannot say.

    Raises jsonschema.ValidationError, or ValueError for a name that stands twice, a selected column that is no input, a
    code that two signals share, or an example that the input itself would refuse.
    """
    check_against_schema(manifest, 'manifest.schema.json')
    inputs, signals = manifest.get('inputs', []), manifest.get('observations', {}).get('signals', [])
    names = [entry['name'] for entry in [*inputs, *signals]]
    if len(set(names)) < len(names):
        raise ValueError('two inputs have the same name')
    designations = [name for signal in signals for name in designations_of(signal)]
    if len(set(designations)) < len(designations):
        raise ValueError('two signals have the same code')
    features = manifest.get('features', [])
    steps = features if isinstance(features, list) else [step for each in features.values() for step in each]
    for step in steps:
        unknown = set(step.get('select', [])) - set(names)
        if unknown:
            raise ValueError(f'features select what is no input: {sorted(unknown)}')
    for entry in [*inputs, *signals]:
        if 'example' in entry and not _allows(entry, entry['example']):
            raise ValueError(f'the example of {entry["name"]} is not a valid value')


def designations_of(signal: dict) -> set[str]:
    """What a client may call a declared signal: its name and each of its codes."""
    return {signal['name'], *(code['code'] for code in signal.get('codes', []))}


def manifest_yaml(manifest: dict, command: str) -> str:
    """The manifest as YAML, checked, with a first line that says how it came to be."""
    check_manifest(manifest)
    body = yaml.safe_dump(manifest, sort_keys=False, allow_unicode=True, width=110)
    return f'# Written by `{command}`: change the training kit, not this file.\n{body}'


def sha256(content: bytes) -> str:
    """SHA-256 as 64 hexadecimal digits, as `artifact.sha256` states it."""
    return hashlib.sha256(content).hexdigest()


def _allows(entry: dict, value: float) -> bool:
    if entry.get('type') == 'integer' and value != int(value):
        return False
    if 'values' in entry and value not in [allowed['value'] for allowed in entry['values']]:
        return False
    limits = entry.get('range')
    return limits is None or limits['minimum'] <= value <= limits['maximum']
