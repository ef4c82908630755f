"""An engine for the real Dynamo whose answer is a function of its prompt: each token of those before it, so that whoever goes on gives the same."""
import asyncio
import os
import sys

from dynamo.common.utils.runtime import create_runtime
from dynamo.llm import ModelInput, ModelType, WorkerType, register_model

FIRST, COUNT, SECONDS = 1000, 500, 0.02


def following(tokens):
    state = len(tokens)
    for token in tokens[-8:]:
        state = (state * 31 + token) % 1000003
    return FIRST + state % COUNT


async def generate(request, context):
    tokens = list(request["token_ids"])
    wanted = request["stop_conditions"]["max_tokens"]
    for i in range(wanted):
        await asyncio.sleep(SECONDS)
        tokens.append(following(tokens))
        yield {"token_ids": tokens[-1:], **({"finish_reason": "length"} if i == wanted - 1 else {})}


async def serve(path, name):
    runtime, _ = create_runtime(os.environ.get("DYN_DISCOVERY_BACKEND", "file"), os.environ.get("DYN_REQUEST_PLANE", "tcp"), "zmq")
    endpoint = runtime.endpoint(f"{os.environ.get('DYN_NAMESPACE', 'dynamo')}.backend.generate")
    await register_model(
        ModelInput.Tokens, ModelType.Chat | ModelType.Completions, endpoint, path, name,
        worker_type=WorkerType.Aggregated, ignore_weights=True)
    print("All 1 mocker worker(s) created and running", flush=True)
    await endpoint.serve_endpoint(generate)


asyncio.run(serve(sys.argv[1], sys.argv[2]))
