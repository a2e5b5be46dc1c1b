"""Sends a version to a server: `POST {LATIDO_URL}/v1/models/{model}/versions`, multipart, one part for each file.

LATIDO_URL is where the server is (http://localhost:3000 when it is not set), LATIDO_TOKEN an API key or an access
token of somebody who may publish. Both are read from the environment and never from the command line, where every
process of the machine could read them. `python -m training.publish FOLDER` sends a version that was made before.
"""

from __future__ import annotations

import argparse
import json
import os
import secrets
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from pathlib import Path
from urllib.parse import quote, urlsplit

import yaml

DEFAULT_URL = 'http://localhost:3000'
TIMEOUT_SECONDS = 600
"""The server answers when it has verified the version, which may take minutes of a large one."""
NEAR = ('localhost', '127.0.0.1', '::1')
PARTS = {
    'card': 'text/markdown',
    'golden': 'application/json',
    'evaluation': 'application/json',
    'examples': 'application/json',
}
"""What may stand beside manifest and artifact, with its media type. Pictures stay where the version was made."""


class PublishError(Exception):
    """Nothing was published, or not what was meant; the message is for the one who asked."""


@dataclass(frozen=True)
class Server:
    """Where to publish, and as whom."""

    url: str
    token: str

    @classmethod
    def of(cls, environment: Mapping[str, str] = os.environ) -> Server:
        """From LATIDO_URL and LATIDO_TOKEN. Raises PublishError where they are no address and no token."""
        url = environment.get('LATIDO_URL', '').rstrip('/') or DEFAULT_URL
        parts = urlsplit(url)
        if parts.scheme not in ('http', 'https') or not parts.hostname or parts.username or parts.query:
            raise PublishError('LATIDO_URL must be like https://latido.example: http or https, a host, no user')
        token = environment.get('LATIDO_TOKEN', '').strip()
        if not token:
            raise PublishError('LATIDO_TOKEN is not set: an API key or an access token of somebody who may publish')
        if not (token.isascii() and token.isprintable()) or ' ' in token:
            raise PublishError('LATIDO_TOKEN holds what no token does: spaces or other characters than ASCII')
        return cls(url, token)


def publish(files: Mapping[str, bytes], server: Server) -> str:
    """Publishes a version by its files (name → content) and returns a line about what became of it.

    Raises PublishError with the server's reason when the version was rejected (its scores are wrong), differs from one
    of the same number, or was refused; and when the server cannot be reached.
    """
    manifest = yaml.safe_load(files['manifest.yaml'])
    name = f'{manifest["name"]} {manifest["version"]}'
    boundary = secrets.token_hex(16)
    status, answer = post(
        server,
        f'/v1/models/{quote(manifest["name"], safe="")}/versions',
        _multipart(_parts(manifest, files), boundary),
        f'multipart/form-data; boundary={boundary}',
    )
    if status == 201 and answer.get('status') == 'rejected':
        raise PublishError(
            f'{name}: published, but rejected and of no use: {answer.get("rejection") or "no reason given"}'
        )
    if status == 201:
        return f'{name}: published, {answer.get("status", "status unknown")}'
    if status == 200:
        return f'{name}: unchanged, the server has it already ({answer.get("status", "status unknown")})'
    raise PublishError(f'{name}: not published. {reason(status, answer)}')


def _parts(manifest: dict, files: Mapping[str, bytes]) -> list[tuple[str, str, str, bytes]]:
    """Part, file name, media type and content; the manifest first, so that the server can refuse by it early."""
    artifact, named = manifest['artifact']['file'], manifest.get('files', {})
    parts = [('manifest', 'manifest.yaml', 'application/yaml', files['manifest.yaml'])]
    for part, media_type in PARTS.items():
        usual = 'card.md' if part == 'card' else f'{part}.json'
        file = named.get(part, usual)
        if file in files:
            parts.append((part, file, media_type, files[file]))
    return [*parts, ('artifact', artifact, 'application/octet-stream', files[artifact])]


def post(server: Server, path: str, body: bytes, content_type: str) -> tuple[int, dict]:
    """Status and JSON of the answer ({} where it is none). Raises PublishError when the server cannot be reached."""
    address = urlsplit(server.url)
    kind = HTTPSConnection if address.scheme == 'https' else HTTPConnection
    connection = kind(address.hostname, address.port, timeout=TIMEOUT_SECONDS)
    headers = {
        'Authorization': f'Bearer {server.token}',
        'Accept': 'application/json, application/problem+json',
        'Content-Type': content_type,
    }
    try:
        try:
            connection.request('POST', address.path + path, body, headers)
        except (BrokenPipeError, ConnectionResetError):
            # A server that refuses early (401, 413) answers and closes before it has read everything.
            pass
        # Redirects are not followed: the token is for this server alone.
        response = connection.getresponse()
        return response.status, _json(response.read())
    except (OSError, HTTPException) as error:
        raise PublishError(f'{server.url} cannot be reached: {error or type(error).__name__}') from error
    finally:
        connection.close()


def _multipart(parts: list[tuple[str, str, str, bytes]], boundary: str) -> bytes:
    """multipart/form-data (RFC 7578). Names of parts and files are plain: the manifest's schema sees to it."""
    chunks = []
    for part, file, media_type, content in parts:
        chunks += [
            f'--{boundary}\r\nContent-Disposition: form-data; name="{part}"; filename="{file}"\r\n'
            f'Content-Type: {media_type}\r\n\r\n'.encode(),
            content,
            b'\r\n',
        ]
    return b''.join([*chunks, f'--{boundary}--\r\n'.encode()])


def _json(content: bytes) -> dict:
    try:
        answer = json.loads(content)
    except ValueError:
        return {}
    return answer if isinstance(answer, dict) else {}


def reason(status: int, problem: dict) -> str:
    """What a problem document (RFC 9457) says, with every field at fault on a line of its own."""
    said = problem.get('detail') or problem.get('title') or 'the answer is no problem document'
    code = f' {problem["code"]}' if problem.get('code') else ''
    faults = [f'\n  {fault.get("pointer", "")}: {fault.get("detail", "")}' for fault in problem.get('errors') or []]
    return f'{status}{code}: {said}{"".join(faults)}'


def warn_of_plain_text(server: Server) -> None:
    """Says on stderr when the token would cross a network unencrypted."""
    address = urlsplit(server.url)
    if address.scheme == 'http' and address.hostname not in NEAR:
        print(f'LATIDO_URL is http: the token goes to {address.hostname} unencrypted', file=sys.stderr)


def version_files(folder: Path) -> dict[str, bytes]:
    """The files of a version's folder by name. Raises PublishError when it holds no manifest."""
    if not (folder / 'manifest.yaml').is_file():
        raise PublishError(f'{folder} holds no manifest.yaml')
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def main() -> int:
    """Publishes the version in a folder. Exit code 1 when it is not in the server, or of no use there."""
    parser = argparse.ArgumentParser(prog='python -m training.publish', description=__doc__.splitlines()[0])
    parser.add_argument(
        'folder', type=Path, metavar='FOLDER', help='a version: manifest.yaml and what stands beside it'
    )
    asked = parser.parse_args()
    try:
        server = Server.of()
        warn_of_plain_text(server)
        print(publish(version_files(asked.folder), server))
    except PublishError as error:
        parser.exit(1, f'{error}\n')
    return 0


if __name__ == '__main__':
    raise SystemExit(main())
