"""What is asked of a server, and which answers count as the same; the server here is a small one of our own."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import yaml

from training.agreement import agreement
from training.publish import PublishError, Server

GOLDEN = {
    'columns': ['age', 'smoker'],
    'answeredBy': 'keras 3.15.1',
    'atol': 1e-5,
    'rtol': 1e-5,
    'inputs': [[40, 0], [80, 1]],
    'outputs': [[0.25], [0.75]],
}
MANIFEST = {
    'name': 'risk',
    'version': '1.1.0',
    'artifact': {'sha256': 'abc'},
    'features': [{'select': ['age', 'smoker']}],
    'output': {'classes': [{'name': 'no'}, {'name': 'yes'}]},
}
REQUESTS = {
    'artifactSha256': 'abc',
    'answeredBy': 'keras 3.15.1',
    'tolerance': 1e-5,
    'cases': [{'input': {'observations': []}, 'scores': [0.4, 0.6]}],
}


class Predicting:
    """A server that gives each row the next of `probabilities` as that of `yes`."""

    def __init__(self):
        self.status, self.probabilities = 201, [0.25, 0.75]
        predicting = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                predicting.path, predicting.authorization = self.path, self.headers['Authorization']
                predicting.body = json.loads(self.rfile.read(int(self.headers['Content-Length'])))
                results = [{'probabilities': {'yes': p, 'no': 1 - p}} for p in predicting.probabilities]
                content = json.dumps({'results': results, 'detail': 'no more today', 'code': 'QUOTA'}).encode()
                self.send_response(predicting.status)
                self.send_header('Content-Length', str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_):
                pass

        self.http = ThreadingHTTPServer(('127.0.0.1', 0), Handler)
        self.server = Server(f'http://127.0.0.1:{self.http.server_address[1]}', 'secret-token')


@pytest.fixture
def predicting():
    predicting = Predicting()
    thread = threading.Thread(target=predicting.http.serve_forever, daemon=True)
    thread.start()
    yield predicting
    predicting.http.shutdown()
    predicting.http.server_close()
    thread.join()


def version(folder, **changes):
    (folder / 'manifest.yaml').write_text(yaml.safe_dump(MANIFEST | changes))
    (folder / 'golden.json').write_text(json.dumps(GOLDEN))
    (folder / 'requests.json').write_text(json.dumps(REQUESTS))
    return folder


def test_golden_rows_are_asked_by_name_of_the_very_version(predicting, tmp_path):
    predicting.probabilities = [0.25, 0.750001]
    told = agreement(version(tmp_path), predicting.server)
    assert told.startswith('risk 1.1.0: 2 rows, keras 3.15.1 and the server at most 1.0e-06 apart')
    assert predicting.path == '/v1/models/risk/predictions'
    assert predicting.authorization == 'Bearer secret-token'
    assert predicting.body == {'inputs': [{'age': 40, 'smoker': 0}, {'age': 80, 'smoker': 1}], 'version': '1.1.0'}


@pytest.mark.parametrize('wrong', [0.7501, float('nan')])
def test_what_lies_beyond_the_tolerance_is_a_failure(predicting, tmp_path, wrong):
    predicting.probabilities = [0.25, wrong]
    with pytest.raises(PublishError, match='beyond the tolerance.*first in row 1'):
        agreement(version(tmp_path), predicting.server)


def test_whole_requests_are_sent_as_they_are(predicting, tmp_path):
    predicting.probabilities = [0.6]
    folder = version(tmp_path, observations={'signals': []})
    assert '1 rows' in agreement(folder, predicting.server, folder / 'requests.json')
    assert predicting.body['inputs'] == [{'observations': []}]


def test_requests_that_another_file_answered_are_refused(predicting, tmp_path):
    folder = version(tmp_path, artifact={'sha256': 'def'})
    with pytest.raises(PublishError, match='another artifact'):
        agreement(folder, predicting.server, folder / 'requests.json')


@pytest.mark.parametrize(
    'changes', [{'observations': {'signals': []}}, {'features': [{'select': ['age']}, {'minMax': {}}]}]
)
def test_golden_rows_behind_a_pipeline_are_no_requests(predicting, tmp_path, changes):
    with pytest.raises(PublishError, match='--requests'):
        agreement(version(tmp_path, **changes), predicting.server)


def test_a_refusal_says_what_the_server_said(predicting, tmp_path):
    predicting.status = 429
    with pytest.raises(PublishError, match='not answered. 429 QUOTA: no more today'):
        agreement(version(tmp_path), predicting.server)
