"""Writes to the folder argv[1] what MLServer serves: a logistic regression on scikit-learn's iris flowers; and golden.json with the
probabilities that scikit-learn computes. argv[2:] are the ports for HTTP, gRPC and metrics."""

import json
import pathlib
import sys

import joblib
import sklearn
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression

folder = pathlib.Path(sys.argv[1])
http_port, grpc_port, metrics_port = map(int, sys.argv[2:])
data = load_iris()
model = LogisticRegression(max_iter=1000).fit(data.data, data.target)
joblib.dump(model, folder / "model.joblib")
(folder / "model-settings.json").write_text(
    json.dumps(
        {
            "name": "iris",
            "implementation": "mlserver_sklearn.SKLearnModel",
            "parameters": {"uri": "./model.joblib", "version": "1.0.0"},
        }
    )
)
(folder / "settings.json").write_text(
    json.dumps(
        {
            "host": "127.0.0.1",
            "http_port": http_port,
            "grpc_port": grpc_port,
            "metrics_port": metrics_port,
            "parallel_workers": 0,
        }
    )
)
rows = data.data[::10]
(folder / "golden.json").write_text(
    json.dumps(
        {
            "schemaVersion": 1,
            "answeredBy": f"scikit-learn {sklearn.__version__}",
            "columns": ["sepalLength", "sepalWidth", "petalLength", "petalWidth"],
            "inputs": rows.tolist(),
            "outputs": model.predict_proba(rows).tolist(),
        }
    )
)
