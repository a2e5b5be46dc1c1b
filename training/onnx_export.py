"""scikit-learn estimators as ONNX: the conversion, what ONNX Runtime answers, and by how much that differs.

ONNX computes in float32, scikit-learn in float64. An input is therefore rounded to float32 before either sees it: then
only the arithmetic between input and answer can differ. Where it does by more than the tolerance, an estimator is not
converted. That happens where a scaler stands before trees: its rounding carries values that lie next to a threshold
over to the other side.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import onnxruntime
import sklearn
from onnx import ModelProto, TensorProto, helper
from skl2onnx import convert_sklearn
from skl2onnx.common.data_types import FloatTensorType, StringTensorType

from training.golden import TOLERANCE

FRAMEWORK = f'scikit-learn {sklearn.__version__}'
"""Name and version of what trains and answers, as manifests and golden rows state it."""
OPSETS = {'': 17, 'ai.onnx.ml': 3}
"""Old enough for any server that is in use, and new enough for every estimator that skl2onnx knows."""
LONGEST_REASON = 200
SCORES = ('probabilities', 'probability_tensor', 'scores', 'variable')
"""What skl2onnx calls the output that is served; `label` and `output_label` stand beside it."""


class NotConvertibleError(Exception):
    """The estimator has no ONNX that answers as it does. The message says why, and tells of no value."""


@dataclass(frozen=True)
class Agreement:
    """How close ONNX Runtime's answers are to scikit-learn's own."""

    rows: int
    differing: int
    """Rows with a number beyond the tolerance."""
    largest: float
    """Largest absolute difference of any number."""

    def require(self) -> Agreement:
        """Itself; raises NotConvertibleError when any row differs."""
        if self.differing:
            raise NotConvertibleError(
                f'ONNX answers otherwise than scikit-learn on {self.differing} of {self.rows} rows, by up to '
                f'{self.largest:.2g}; the tolerance is {TOLERANCE:g}. ONNX computes in float32. Behind a scaler that '
                'moves values over thresholds of trees, which need no scaler: train them without. Or large '
                'coefficients cancel each other out: leave out columns that say the same.'
            )
        return self

    def __add__(self, other: Agreement) -> Agreement:
        return Agreement(self.rows + other.rows, self.differing + other.differing, max(self.largest, other.largest))


class OnnxModel:
    """An ONNX file in ONNX Runtime, on one thread, so that sums are added in the same order every time."""

    def __init__(self, content: bytes):
        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3  # errors; what skl2onnx declares amiss is put right
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(content, options, providers=['CPUExecutionProvider'])
        self.given = [
            (each.name, each.type == 'tensor(string)', each.shape[-1] if isinstance(each.shape[-1], int) else None)
            for each in self._session.get_inputs()
        ]
        """Name, whether it takes text, and columns of every input."""
        self.inputs = [name for name, _, _ in self.given]
        outputs = [output.name for output in self._session.get_outputs()]
        self.output = next((name for name in SCORES if name in outputs), outputs[-1])
        self.shape = next(given.shape for given in self._session.get_outputs() if given.name == self.output)

    def scores(self, inputs: np.ndarray | Mapping[str, np.ndarray]) -> np.ndarray:
        """`[rows, scores]` float32 for `[rows, columns]`, or for one `[rows, 1]` for each input by its name."""
        if isinstance(inputs, np.ndarray):
            inputs = {self.inputs[0]: inputs.astype(np.float32)}
        scores = self.raw(inputs)
        return scores.reshape(len(scores), -1)

    def raw(self, inputs: Mapping[str, np.ndarray]) -> np.ndarray:
        """The scores in whatever shape the file gives them."""
        return np.asarray(self._session.run([self.output], dict(inputs))[0])


def matrix_type(columns: int) -> list[tuple]:
    """The graph's input where all columns are numbers: one tensor `[rows, columns]`."""
    return [('inputs', FloatTensorType([None, columns]))]


def column_types(columns: Mapping[str, bool]) -> list[tuple]:
    """The graph's inputs where some columns are text: one `[rows, 1]` for each, by name (→ whether it is text)."""
    return [(name, (StringTensorType if text else FloatTensorType)([None, 1])) for name, text in columns.items()]


def onnx_bytes(estimator: object, types: list[tuple], name: str) -> bytes:
    """The fitted estimator as an ONNX file: scores as a plain tensor (no ZipMap), of a classifier without
    probabilities those of its decision function. Raises NotConvertibleError for what skl2onnx does not know."""
    last = estimator.steps[-1][1] if hasattr(estimator, 'steps') else estimator
    wanted = [{}]
    if sklearn.base.is_classifier(estimator):
        wanted = [{'zipmap': False}, {}]
        if not hasattr(estimator, 'predict_proba'):
            wanted = [{'zipmap': False, 'raw_scores': True}, {'raw_scores': True}, *wanted]
    for options in wanted:
        try:
            with warnings.catch_warnings():
                # skl2onnx reads attributes that scikit-learn has announced to rename.
                warnings.simplefilter('ignore', FutureWarning)
                model = convert_sklearn(
                    estimator, name, types, options={id(last): options} if options else None, target_opset=OPSETS
                )
        except NameError:  # skl2onnx' word for an option that this estimator does not have
            continue
        except Exception as error:
            reason = (str(error).strip().splitlines() or [''])[0][:LONGEST_REASON]
            raise NotConvertibleError(
                f'skl2onnx cannot convert this estimator: {type(error).__name__}: {reason}'
            ) from error
        _declare_width(model)
        # skl2onnx takes them from a set, in an order that changes from run to run.
        opsets = sorted(model.opset_import, key=lambda entry: entry.domain)
        del model.opset_import[:]
        model.opset_import.extend(opsets)
        return model.SerializeToString(deterministic=True)
    raise NotConvertibleError('skl2onnx knows none of the options that give plain scores for this estimator')


def _declare_width(model: ModelProto) -> None:
    """Declares scores as `[rows, scores]` by what they are: a server asks how many a row has, and skl2onnx declares
    those of a decision function of two classes as one where they are two, or as `[rows]`."""
    answered = OnnxModel(model.SerializeToString())
    if len(answered.shape) == 2 and isinstance(answered.shape[1], int):
        return
    probe = {name: np.full((2, 1 if width is None else width), 'a' if text else 1, dtype=object if text else np.float32)
             for name, text, width in answered.given}  # fmt: skip
    scores = answered.raw(probe)
    output = next(entry for entry in model.graph.output if entry.name == answered.output)
    name = output.name
    if scores.ndim == 1:
        name = 'scores'
        model.graph.initializer.append(helper.make_tensor('one_a_row', TensorProto.INT64, [2], [-1, 1]))
        model.graph.node.append(helper.make_node('Reshape', [output.name, 'one_a_row'], [name], 'widen'))
    width = 1 if scores.ndim == 1 else scores.shape[1]
    output.CopyFrom(helper.make_tensor_value_info(name, TensorProto.FLOAT, [None, width]))


def agreement(expected: np.ndarray, answered: np.ndarray) -> Agreement:
    """Compares `[rows, scores]` of scikit-learn with ONNX Runtime's, number by number, to the server's tolerance.

    Raises NotConvertibleError when they are not of the same shape.
    """
    if expected.shape != answered.shape:
        raise NotConvertibleError(
            f'ONNX answers {answered.shape[1]} numbers a row where scikit-learn has {expected.shape[1]}'
        )
    gaps = np.abs(expected - answered.astype(np.float64))
    beyond = ~(gaps <= TOLERANCE + TOLERANCE * np.abs(expected))
    return Agreement(len(gaps), int(beyond.any(axis=1).sum()), float(gaps.max(initial=0.0)))


def as_float32(inputs: np.ndarray) -> np.ndarray:
    """`inputs` as the nearest float32, in float64: what both sides are asked, so that neither rounds."""
    return inputs.astype(np.float32).astype(np.float64)
