"""What a user of Triton's Python client does, against the server at argv[1]: reads its task from standard input as JSON, asks every
model as JSON and as bytes, plain and compressed, and prints what came as JSON."""

import json
import sys

import numpy as np
import tritonclient.http as http
from tritonclient.utils import InferenceServerException, triton_to_np_dtype

task = json.load(sys.stdin)
client = http.InferenceServerClient(sys.argv[1], concurrency=4, connection_timeout=30, network_timeout=30)


def bearer(token):
    return {"Authorization": f"Bearer {token}"}


def headers():
    return bearer(task["token"])  # the client writes into the headers it is given


def plain(array):
    return [value.decode() if isinstance(value, bytes) else value for value in array.flatten().tolist()]


def inputs_of(model, tensors, binary):
    inputs = []
    for tensor in tensors:
        values = np.array(model["tensors"][tensor["name"]], dtype=triton_to_np_dtype(tensor["datatype"]))
        values = values.reshape([-1, *tensor["shape"][1:]])
        infer_input = http.InferInput(tensor["name"], list(values.shape), tensor["datatype"])
        inputs.append(infer_input.set_data_from_numpy(values, binary_data=binary))
    return inputs


def ask(model, metadata, binary, compression):
    outputs = [http.InferRequestedOutput(output["name"], binary_data=binary) for output in metadata["outputs"]]
    result = client.infer(
        model["name"],
        inputs_of(model, metadata["inputs"], binary),
        model_version=metadata["versions"][0] if compression else "",
        outputs=outputs,
        request_id="request-7",
        headers=headers(),
        request_compression_algorithm=compression,
        response_compression_algorithm=compression,
    )
    assert result.get_response()["id"] == "request-7"
    return {output["name"]: plain(result.as_numpy(output["name"])) for output in metadata["outputs"]}


def refusal(call):
    try:
        call()
    except InferenceServerException as error:
        return [error.status(), error.message()]
    return None


answers = {}
for model in task["models"]:
    name = model["name"]
    assert client.is_model_ready(name, headers=headers())
    metadata = client.get_model_metadata(name, headers=headers())
    asked = {
        f"{'bytes' if binary else 'json'} {compression}": ask(model, metadata, binary, compression)
        for binary in (False, True)
        for compression in (None, "gzip", "deflate")
    }
    # Without outputs the client asks for all of them as bytes.
    pending = client.async_infer(name, inputs_of(model, metadata["inputs"], True), headers=headers())
    result = pending.get_result()
    asked["async"] = {output["name"]: plain(result.as_numpy(output["name"])) for output in metadata["outputs"]}
    answers[name] = asked

first = task["models"][0]["name"]
admin = lambda: bearer(task["admin"])
client.unload_model(first, headers=admin())
ready_after_unload = client.is_model_ready(first, headers=headers())
client.load_model(first, headers=admin())

wrong = http.InferInput("x", [1, 2], "FP32").set_data_from_numpy(np.zeros((1, 2), np.float32))
print(
    json.dumps(
        {
            "live": client.is_server_live(),
            "ready": client.is_server_ready(),
            "server": client.get_server_metadata(headers=headers()),
            "answers": answers,
            "index": client.get_model_repository_index(headers=headers()),
            "statistics": client.get_inference_statistics(headers=headers()),
            "readiness": [ready_after_unload, client.is_model_ready(first, headers=headers())],
            "refusals": {
                "unknown tensor": refusal(lambda: client.infer(first, [wrong], headers=headers())),
                "unknown model": refusal(lambda: client.get_model_metadata("nothing", headers=headers())),
                "not offered": refusal(lambda: client.get_model_config(first, headers=headers())),
                "no token": refusal(lambda: client.infer(first, [wrong])),
                "not an administrator": refusal(lambda: client.unload_model(first, headers=headers())),
            },
        }
    )
)
