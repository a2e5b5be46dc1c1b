"""Scores a CSV file as one would without a server: pandas reads, ONNX Runtime computes, pandas writes."""

import json
import sys
import time

import numpy as np
import onnxruntime
import pandas as pd

INPUTS = ["cholesterol", "systolicPressure", "glucose", "age", "overweight", "smoker"]

model, path, answer = sys.argv[1:]
started_at = time.perf_counter()
frame = pd.read_csv(path)
session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
(name,) = [each.name for each in session.get_inputs()]
probability = session.run(None, {name: frame[INPUTS].to_numpy(np.float32)})[0][:, 0]
frame["label"] = np.where(probability >= 0.5, "risk", "no-risk")
frame["probability"] = np.where(probability >= 0.5, probability, 1 - probability)
frame["no-risk"] = 1 - probability
frame["risk"] = probability
frame.to_csv(answer, index=False)
seconds = time.perf_counter() - started_at
print(json.dumps({"seconds": seconds, "pandas": pd.__version__, "onnxruntime": onnxruntime.__version__}))
