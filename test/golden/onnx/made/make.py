"""Makes the files of this folder: synthetic data, seeded; answers by scikit-learn and XGBoost themselves.

python make.py FOLDER    (scikit-learn, skl2onnx, xgboost, onnxmltools, pandas)
"""
import json
import pathlib
import sys

import numpy as np
import pandas as pd
import sklearn
import xgboost
from onnxmltools import convert_xgboost
from onnxmltools.convert.common.data_types import FloatTensorType as XgboostFloats
from skl2onnx import convert_sklearn, to_onnx
from skl2onnx.common.data_types import FloatTensorType, Int64TensorType, StringTensorType
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import GradientBoostingRegressor, RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from sklearn.svm import SVC, LinearSVC

folder = pathlib.Path(sys.argv[1])
random = np.random.default_rng(7)
rows = 300
opset = {"": 17, "ai.onnx.ml": 3}


def save(name, model, inputs, outputs, answered_by=f"scikit-learn {sklearn.__version__}", labels=None):
    (folder / f"{name}.onnx").write_bytes(model.SerializeToString())
    golden = {"schemaVersion": 1, "answeredBy": answered_by, "inputs": inputs}
    golden["outputs"] = np.asarray(outputs, np.float32).reshape(8, -1).astype(float).round(7).tolist()
    if labels is not None:
        golden["labels"] = [str(label) for label in labels]
    (folder / f"{name}.golden.json").write_text(json.dumps(golden) + "\n")


# Columns of numbers and texts, each an input of its own.
table = pd.DataFrame({
    "age": random.integers(20, 90, rows),
    "pressure": random.normal(130, 20, rows).round(1).astype(np.float32),
    "sex": random.choice(["female", "male"], rows),
    "ward": random.choice(["cardiology", "emergency", "surgery"], rows),
})
score = table.age / 90 + (table.pressure - 130) / 60 + (table.sex == "male") * 0.3 + (table.ward == "emergency") * 0.4
urgency = np.where(score + random.normal(0, 0.2, rows) > 0.9, "high", "low")
types = [("age", Int64TensorType([None, 1])), ("pressure", FloatTensorType([None, 1])),
         ("sex", StringTensorType([None, 1])), ("ward", StringTensorType([None, 1]))]
head = table.head(8)
for name, unknown in [("triage", "ignore"), ("triage-strict", "error")]:
    columns = ColumnTransformer([("texts", OneHotEncoder(handle_unknown=unknown), ["sex", "ward"]),
                                 ("numbers", StandardScaler(), ["age", "pressure"])])
    pipeline = make_pipeline(columns, LogisticRegression()).fit(table, urgency)
    model = convert_sklearn(pipeline, initial_types=types, target_opset=opset)
    inputs = {column: head[[column]].values.tolist() for column in table.columns}
    save(name, model, inputs, pipeline.predict_proba(head), labels=pipeline.predict(head))

numbers = random.normal(0, 1, (rows, 3)).astype(np.float32)
inputs = numbers[:8].astype(float).tolist()
stay = numbers @ [1.5, -2, 0.5] + 3 + random.normal(0, 0.1, rows)
boosting = GradientBoostingRegressor(n_estimators=5, max_depth=2, random_state=7).fit(numbers, stay)
save("stay-boosting", to_onnx(boosting, numbers[:1], target_opset=opset), inputs, boosting.predict(numbers[:8]))
trees = xgboost.XGBRegressor(n_estimators=5, max_depth=2).fit(numbers, stay)
save("stay-xgboost", convert_xgboost(trees, initial_types=[("input", XgboostFloats([None, 3]))], target_opset=15),
     inputs, trees.predict(numbers[:8]), answered_by=f"xgboost {xgboost.__version__}")

# Inputs and answers of double precision; classes 0 and 1.
doubles = numbers.astype(np.float64)
positive = (doubles @ [1.5, -2, 0.5] > 0).astype(np.int64)
logistic = make_pipeline(StandardScaler(), LogisticRegression()).fit(doubles, positive)
save("binary-float64", to_onnx(logistic, doubles[:1], target_opset=opset, options={"zipmap": False}), inputs,
     logistic.predict_proba(doubles[:8]), labels=logistic.predict(doubles[:8]))

# One distance a row; classes -1 and 1.
machine = LinearSVC(random_state=7).fit(numbers, np.where(positive == 1, 1, -1))
save("binary-linear-svc", to_onnx(machine, numbers[:1], target_opset=opset), inputs,
     machine.decision_function(numbers[:8]), labels=machine.predict(numbers[:8]))

# Leaves that hold the probability of the second class alone.
forest = RandomForestClassifier(5, max_depth=3, random_state=7).fit(numbers, positive)
save("binary-forest", to_onnx(forest, numbers[:1], target_opset=opset, options={"zipmap": False}), inputs,
     forest.predict_proba(numbers[:8]), labels=forest.predict(numbers[:8]))

# Two distances a row, that to the second class first.
vectors = SVC(random_state=7).fit(numbers[:60], np.where(positive == 1, "sick", "well")[:60])
distances = vectors.decision_function(numbers[:8])
save("binary-svc", to_onnx(vectors, numbers[:1], target_opset=opset), inputs,
     np.stack([distances, -distances], axis=1), labels=vectors.predict(numbers[:8]))
