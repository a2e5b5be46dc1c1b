"""What is sent to a server, and what is made of its answer; the server here is a small one of our own."""

import json
import threading
from email.parser import BytesParser
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import yaml

from training import publish as module
from training.publish import PublishError, Server, publish, version_files, warn_of_plain_text

MANIFEST = {
    'name': 'cardiac-risk',
    'version': '1.2.0',
    'artifact': {'file': 'model.keras', 'format': 'keras'},
    'files': {'golden': 'golden-rows.json'},
}
FILES = {
    'manifest.yaml': yaml.safe_dump(MANIFEST).encode(),
    'model.keras': bytes(range(256)) + b'\r\n--not-a-boundary--\r\n',
    'golden-rows.json': b'{}',
    'examples.json': b'{"examples": []}',
    'card.md': b'# Card',
    'curves.png': b'\x89PNG',
}


class Asked:
    """A server that answers with `status` and `answer` and keeps what it was sent."""

    def __init__(self):
        self.status, self.answer, self.location = 201, {'status': 'verified'}, None
        self.reads_body = True
        asked = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                asked.path, asked.headers = self.path, self.headers
                if asked.reads_body:
                    asked.body = self.rfile.read(int(self.headers['Content-Length']))
                content = asked.answer if isinstance(asked.answer, bytes) else json.dumps(asked.answer).encode()
                self.send_response(asked.status)
                if asked.location:
                    self.send_header('Location', asked.location)
                self.send_header('Content-Length', str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_):
                pass

        self.http = ThreadingHTTPServer(('127.0.0.1', 0), Handler)

    @property
    def server(self):
        return Server(f'http://127.0.0.1:{self.http.server_address[1]}', 'secret-token')

    def parts(self):
        head = f'Content-Type: {self.headers["Content-Type"]}\r\n\r\n'.encode()
        message = BytesParser(policy=HTTP).parsebytes(head + self.body)
        return {
            part.get_param('name', header='content-disposition'): (part.get_filename(), part.get_payload(decode=True))
            for part in message.iter_parts()
        }


@pytest.fixture
def asked():
    asked = Asked()
    thread = threading.Thread(target=asked.http.serve_forever, daemon=True)
    thread.start()
    yield asked
    asked.http.shutdown()
    asked.http.server_close()
    thread.join()


def test_every_file_that_the_route_knows_is_a_part_with_its_name_and_the_token_is_a_header(asked):
    assert publish(FILES, asked.server) == 'cardiac-risk 1.2.0: published, verified'
    assert asked.path == '/v1/models/cardiac-risk/versions'
    assert asked.headers['Authorization'] == 'Bearer secret-token'
    assert asked.parts() == {
        'manifest': ('manifest.yaml', FILES['manifest.yaml']),
        'artifact': ('model.keras', FILES['model.keras']),
        'golden': ('golden-rows.json', b'{}'),
        'examples': ('examples.json', FILES['examples.json']),
        'card': ('card.md', FILES['card.md']),
    }


def test_a_server_below_a_path_is_asked_there(asked):
    publish(FILES, Server(asked.server.url + '/latido', 'secret-token'))
    assert asked.path == '/latido/v1/models/cardiac-risk/versions'


def test_a_version_that_is_there_already_is_no_failure(asked):
    asked.status = 200
    assert 'unchanged' in publish(FILES, asked.server)


def test_a_rejected_version_is_a_failure_with_its_reason(asked):
    asked.answer = {'status': 'rejected', 'rejection': 'onnx against keras: score 0 is 0.1 instead of 0.9'}
    with pytest.raises(PublishError, match='rejected.*instead of 0.9'):
        publish(FILES, asked.server)


@pytest.mark.parametrize(
    'status, answer, message',
    [
        (409, {'code': 'VERSION_CONFLICT', 'detail': 'another one'}, '409 VERSION_CONFLICT: another one'),
        (422, {'detail': 'does not fit', 'errors': [{'pointer': '/inputs/0/type', 'detail': 'is missing'}]},
         'does not fit\n  /inputs/0/type: is missing'),
        (401, {'title': 'Unauthorized'}, '401: Unauthorized'),
        (502, b'<html>', '502: the answer is no problem document'),
    ],
)  # fmt: skip
def test_a_refusal_says_what_the_server_said(asked, status, answer, message):
    asked.status, asked.answer = status, answer
    with pytest.raises(PublishError, match=message):
        publish(FILES, asked.server)


def test_a_redirect_is_not_followed_since_the_token_is_for_this_server_alone(asked):
    asked.status, asked.location = 307, 'http://127.0.0.1:9/elsewhere'
    with pytest.raises(PublishError, match='not published. 307'):
        publish(FILES, asked.server)


def test_a_server_that_refuses_without_reading_is_heard_or_told_of(asked):
    asked.status, asked.answer, asked.reads_body = 413, {'detail': 'too large'}, False
    with pytest.raises(PublishError, match='413: too large|cannot be reached'):
        publish(FILES | {'model.keras': bytes(20_000_000)}, asked.server)


def test_a_server_that_is_not_there_is_told_of():
    with pytest.raises(PublishError, match='http://127.0.0.1:1 cannot be reached'):
        publish(FILES, Server('http://127.0.0.1:1', 'secret-token'))


def test_address_and_token_come_from_the_environment():
    assert Server.of({'LATIDO_TOKEN': 'abc'}) == Server('http://localhost:3000', 'abc')
    given = {'LATIDO_URL': 'https://latido.example/', 'LATIDO_TOKEN': 'abc\n'}
    assert Server.of(given) == Server('https://latido.example', 'abc')


@pytest.mark.parametrize(
    'environment, message',
    [
        ({}, 'LATIDO_TOKEN'),
        ({'LATIDO_TOKEN': 'a\r\nHost: b'}, 'LATIDO_TOKEN'),
        ({'LATIDO_TOKEN': 'abc', 'LATIDO_URL': 'latido.example'}, 'LATIDO_URL'),
        ({'LATIDO_TOKEN': 'abc', 'LATIDO_URL': 'https://me:word@latido.example'}, 'LATIDO_URL'),
    ],
)
def test_an_environment_without_them_is_refused_and_never_shown(environment, message):
    with pytest.raises(PublishError, match=message) as refusal:
        Server.of(environment)
    assert 'word' not in str(refusal.value) and 'Host' not in str(refusal.value)


def test_a_token_that_would_cross_a_network_unencrypted_is_warned_of(capsys):
    warn_of_plain_text(Server('http://localhost:3000', 'abc'))
    warn_of_plain_text(Server('https://latido.example', 'abc'))
    assert capsys.readouterr().err == ''
    warn_of_plain_text(Server('http://latido.example', 'abc'))
    assert capsys.readouterr().err == 'LATIDO_URL is http: the token goes to latido.example unencrypted\n'


def test_a_folder_is_published_and_a_failure_ends_with_1(asked, tmp_path, monkeypatch, capsys):
    for name, content in FILES.items():
        (tmp_path / name).write_bytes(content)
    assert version_files(tmp_path) == FILES
    monkeypatch.setenv('LATIDO_URL', asked.server.url)
    monkeypatch.setenv('LATIDO_TOKEN', 'secret-token')
    monkeypatch.setattr('sys.argv', ['publish', str(tmp_path)])
    assert module.main() == 0
    assert capsys.readouterr().out == 'cardiac-risk 1.2.0: published, verified\n'
    asked.status, asked.answer = 409, {'detail': 'another one'}
    with pytest.raises(SystemExit) as ended:
        module.main()
    assert ended.value.code == 1
    assert 'another one' in capsys.readouterr().err
