"""What the commands of all models have in common: when, where to, and whether the version is published."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import yaml

from training.manifest import sha256
from training.publish import PublishError, Server, publish, warn_of_plain_text
from training.version_folder import VersionDiffersError, write_version

MODELS = Path(__file__).resolve().parents[1] / 'models'
TIME_FORMAT = '%Y-%m-%dT%H:%M:%SZ'


def add_options(parser: argparse.ArgumentParser, output: str) -> None:
    """`--output`, `--created-at`, `--overwrite` and `--publish`; `output` says in words where files go without it."""
    parser.add_argument('--output', type=Path, metavar='FOLDER', help=f'default: {output}')
    parser.add_argument(
        '--created-at',
        type=moment,
        metavar='TIME',
        help='time stated in the manifest, as 2026-01-31T12:00:00Z; default: the one stated in the folder, so that a '
        'run repeats what is there, else now',
    )
    parser.add_argument('--overwrite', action='store_true', help='replace a version that was never released')
    parser.add_argument(
        '--publish', action='store_true', help='send the version to LATIDO_URL, with the token in LATIDO_TOKEN'
    )


def iso(time: datetime) -> str:
    """As the manifest states a time: 2026-01-31T12:00:00Z."""
    return time.strftime(TIME_FORMAT)


def moment(text: str) -> datetime:
    """The time that `iso` states. Raises ValueError for another form."""
    return datetime.strptime(text, TIME_FORMAT).replace(tzinfo=UTC)


def created_at(asked: argparse.Namespace, folder: Path) -> datetime:
    """The time asked for; without one that of the version in the folder, so that a run repeats it; without that now."""
    if asked.created_at:
        return asked.created_at
    manifest = folder / 'manifest.yaml'
    if manifest.is_file() and not asked.overwrite:
        stated = yaml.safe_load(manifest.read_text(encoding='utf-8')).get('provenance', {}).get('createdAt')
        if stated:
            return moment(stated)
    return datetime.now(UTC).replace(microsecond=0)


def require_server(asked: argparse.Namespace) -> Server | None:
    """The server to publish to, None without `--publish`. Asked for before anything is trained: exits with 1 where the
    environment does not name one."""
    if not asked.publish:
        return None
    try:
        server = Server.of()
    except PublishError as error:
        raise SystemExit(str(error)) from None
    warn_of_plain_text(server)
    return server


def deliver(files: Mapping[str, bytes], folder: Path, overwrite: bool, server: Server | None) -> bool:
    """Writes a version into its folder, tells what was written, and publishes it where a server is given.

    Returns False, with the reason on stderr, when the folder holds another version of that number or the server did not
    take this one; the latter is written all the same.
    """
    manifest = yaml.safe_load(files['manifest.yaml'])
    try:
        written = write_version(folder, dict(files), overwrite)
    except VersionDiffersError as error:
        print(error, file=sys.stderr)
        return False
    print(f'{manifest["name"]} {manifest["version"]}: {"written" if written else "unchanged, every byte repeats"}')
    for name, content in files.items():
        print(f'  {name:16} {len(content):>8} bytes  sha256 {sha256(content)[:16]}…')
    if server is None:
        return True
    try:
        print(publish(files, server))
    except PublishError as error:
        print(error, file=sys.stderr)
        return False
    return True
