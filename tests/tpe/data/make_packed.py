"""Make `TOOL.safetensors` beside this file: layers that a public tool has packed.

    pip install torch safetensors autoawq==0.2.9 transformers==4.51.3
    python tests/tpe/data/make_packed.py autoawq

    pip install torch safetensors auto-gptq==0.7.1 transformers==4.51.3 peft==0.10.0
    python tests/tpe/data/make_packed.py auto_gptq

    pip install torch safetensors gptqmodel==7.7.0
    python tests/tpe/data/make_packed.py gptqmodel

The tool gets floating-point weights that known codes stand for. Beside its own tensors the file has
what reading them must give: `expected.LAYER.zeros`, the zero points, and `expected.LAYER.weights`,
the weights that the tool itself unpacks, in fp16.
"""

import sys
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save_file
from torch import Tensor, nn

Tensors = dict[str, Tensor]

K, N = 32, 32
LAYERS = {
    "autoawq": {"int4": (4, 16)},
    "auto_gptq": {"int2": (2, 32), "int3": (3, 16), "int4": (4, 12), "int8": (8, 8)},
    "gptqmodel": {"int3": (3, 16), "int4": (4, 16)},
}
"""Bits and group. 12 leaves a last group of 8 rows."""


def main(tool: str) -> None:
    rng = np.random.default_rng(1)
    tensors: Tensors = {}
    for name, (bits, group) in LAYERS[tool].items():
        groups = -(-K // group)
        codes = rng.integers(0, 1 << bits, (K, N))
        zeros = rng.integers(ZERO_FROM[tool], 1 << bits, (groups, N))
        scales = rng.uniform(0.001, 0.01, (groups, N)).astype(np.float16)
        of_rows = np.arange(K) // group
        linear = nn.Linear(K, N, bias=False).half()
        weights = (codes - zeros[of_rows]) * scales[of_rows].astype(np.float64)
        linear.weight.data = torch.from_numpy(weights.T.copy()).half()
        tensors[f"expected.{name}.zeros"] = torch.from_numpy(zeros.astype(np.uint8))
        packed = PACKERS[tool](linear, bits, group, torch.tensor(scales), torch.tensor(zeros))
        tensors |= {key.replace("LAYER", name): tensor for key, tensor in packed.items()}
    path = Path(__file__).with_name(f"{tool}.safetensors")
    save_file({key: tensor.contiguous() for key, tensor in tensors.items()}, path)
    path.chmod(0o644)


def autoawq(linear: nn.Linear, bits: int, group: int, scales: Tensor, zeros: Tensor) -> Tensors:
    """By the method that quantises a model's layers."""
    from awq.modules.linear.gemm import WQLinear_GEMM
    from awq.utils.packing_utils import dequantize_gemm

    state = WQLinear_GEMM.from_linear(linear, bits, group, scales=scales, zeros=zeros).state_dict()
    weights = dequantize_gemm(state["qweight"], state["qzeros"], state["scales"], bits, group)
    return _named(state) | {"expected.LAYER.weights": weights}


def auto_gptq(linear: nn.Linear, bits: int, group: int, scales: Tensor, zeros: Tensor) -> Tensors:
    """By the method that quantises a model's layers; weights are the product with the identity."""
    from auto_gptq.nn_modules.qlinear.qlinear_cuda import QuantLinear

    layer = QuantLinear(bits, group, K, N, bias=False)
    layer.pack(linear, scales.T.contiguous(), zeros.T.contiguous())
    return _named(layer.state_dict()) | {"expected.LAYER.weights": layer(torch.eye(K).half())}


def gptqmodel(linear: nn.Linear, bits: int, group: int, scales: Tensor, zeros: Tensor) -> Tensors:
    """By the method that quantises a model's layers; then as version 2 and as version 1."""
    from gptqmodel import QuantizeConfig
    from gptqmodel.nn_modules.qlinear.torch import TorchLinear
    from gptqmodel.utils.model import convert_gptq_v2_to_v1_format_module

    layer = TorchLinear(
        bits=bits,
        group_size=group,
        sym=False,
        desc_act=False,
        in_features=K,
        out_features=N,
        bias=False,
        pack_dtype=torch.int32,
        register_buffers=True,
    )
    g_idx = torch.arange(K, dtype=torch.int32) // group
    layer.pack_original(linear, scales.T.contiguous(), zeros.T.contiguous(), g_idx)
    layer.post_init()
    weights = layer.dequantize_weight()
    version_2 = {key: tensor.clone() for key, tensor in layer.state_dict().items()}
    convert_gptq_v2_to_v1_format_module(layer, QuantizeConfig(bits=bits, group_size=group))
    version_1 = layer.state_dict()
    second = {f"version2.LAYER.{key}": tensor for key, tensor in version_2.items()}
    return _named(version_1) | second | {"expected.LAYER.weights": weights}


def _named(state: Tensors) -> Tensors:
    return {f"LAYER.{key}": tensor for key, tensor in state.items()}


PACKERS = {"autoawq": autoawq, "auto_gptq": auto_gptq, "gptqmodel": gptqmodel}
ZERO_FROM = {"autoawq": 0, "auto_gptq": 1, "gptqmodel": 0}
"""The least zero point: auto_gptq stores 0 as 32 ones over all that follow it in the word."""

if __name__ == "__main__":
    main(sys.argv[1])
