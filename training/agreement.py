"""`python -m training.agreement FOLDER`: asks the server in LATIDO_URL what the framework that trained has answered, and
tells by how much the two differ at most.

A version of rows is asked for its own golden rows. One of windows needs whole requests, as `training.shock.requests`
writes them: its golden rows begin behind the feature pipeline, and the pipeline is what could be out of step. The
questions are predictions as any others: they go through authentication, quota, validation and the record.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from urllib.parse import quote

import numpy as np
import yaml

from training.publish import PublishError, Server, post, reason, warn_of_plain_text


def agreement(folder: Path, server: Server, requests: Path | None = None) -> str:
    """A line about the largest difference. Raises PublishError where an answer lies beyond the tolerance, where the
    server refuses, and where the version gives nothing to ask."""
    manifest = yaml.safe_load((folder / 'manifest.yaml').read_text(encoding='utf-8'))
    name, version = manifest['name'], manifest['version']
    asked, expected, atol, rtol, framework = (
        _of_requests(requests, manifest) if requests else _of_golden(folder, manifest)
    )
    status, answer = post(
        server,
        f'/v1/models/{quote(name, safe="")}/predictions',
        json.dumps({'inputs': asked, 'version': version}).encode(),
        'application/json',
    )
    if status != 201:
        raise PublishError(f'{name} {version}: not answered. {reason(status, answer)}')
    scores = [
        _scores(manifest, result, len(wanted)) for result, wanted in zip(answer['results'], expected, strict=True)
    ]
    differences = np.abs(np.array(scores) - np.array(expected))
    # Written so that a score that is no number lies beyond.
    beyond = np.flatnonzero(~np.all(differences <= atol + rtol * np.abs(expected), axis=1))
    told = f'{name} {version}: {len(asked)} rows, {framework} and the server at most {differences.max():.1e} apart'
    if beyond.size:
        raise PublishError(f'{told}: beyond the tolerance ({atol:g} + {rtol:g}·|expected|), first in row {beyond[0]}')
    return f'{told} (allowed: {atol:g} + {rtol:g}·|expected|)'


def _of_golden(folder: Path, manifest: dict) -> tuple[list, list, float, float, str]:
    if manifest.get('observations') or [list(step) for step in manifest.get('features', [])] not in ([], [['select']]):
        raise PublishError(
            f'{manifest["name"]}: its golden rows begin behind the feature pipeline; give whole requests with --requests'
        )
    golden = json.loads((folder / 'golden.json').read_text(encoding='utf-8'))
    rows = [dict(zip(golden['columns'], row, strict=True)) for row in golden['inputs']]
    outputs = [row if isinstance(row, list) else [row] for row in golden['outputs']]
    return rows, outputs, golden['atol'], golden['rtol'], golden['answeredBy']


def _of_requests(file: Path, manifest: dict) -> tuple[list, list, float, float, str]:
    document = json.loads(file.read_text(encoding='utf-8'))
    if document['artifactSha256'] != manifest['artifact']['sha256']:
        raise PublishError(f'{file} was answered by another artifact than that of this version')
    cases, tolerance = document['cases'], document['tolerance']
    expected = [case['scores'] for case in cases]
    return [case['input'] for case in cases], expected, tolerance, tolerance, document['answeredBy']


def _scores(manifest: dict, result: dict, count: int) -> list[float]:
    """The model's own scores, as far as the answer tells them: of a sigmoid it is the second class's probability."""
    if 'value' in result:
        return [result['value']]
    by_class = result.get('probabilities') or result['scores']
    scores = [by_class[entry['name']] for entry in manifest['output']['classes']]
    return scores[1:] if count == 1 else scores


def main() -> int:
    """Asks and prints. Exit code 1 when the two disagree or the server does not answer."""
    parser = argparse.ArgumentParser(prog='python -m training.agreement', description=__doc__)
    parser.add_argument('folder', type=Path, metavar='FOLDER', help='a version that the server has')
    parser.add_argument('--requests', type=Path, metavar='FILE', help='whole requests with answers')
    asked = parser.parse_args()
    try:
        server = Server.of()
        warn_of_plain_text(server)
        print(agreement(asked.folder, server, asked.requests))
    except PublishError as error:
        parser.exit(1, f'{error}\n')
    return 0


if __name__ == '__main__':
    raise SystemExit(main())
