"""A user's workload as an ONNX file: its matrix products and convolutions.

Shapes come from ONNX's own shape inference and have to be numbers. A convolution is the GEMM that
im2col makes of it, one for every group. A product whose left operand holds the weights is read as
its transpose, so that weights are always B.
"""

from collections.abc import Callable, Iterable
from math import prod
from pathlib import Path
from typing import Any

from tpe.problems import InputError, Problems
from tpe.workloads.gemms import Gemm, merged

Shape = tuple[int, ...]

UNREAD = {
    "Attention",
    "ConvTranspose",
    "DeformConv",
    "Einsum",
    "GRU",
    "If",
    "LSTM",
    "Loop",
    "RNN",
    "Scan",
}
"""Operators that multiply matrices, or may, and are not read: they are refused, not left out."""


LEAST_SIDES = {False: 1, True: 3}
"""Of an operand of a product, and of a convolution."""


def read_onnx(path: Path) -> tuple[Gemm, ...]:
    """The GEMMs of an ONNX file; those of one shape are one with a count.

    Raises
    ------
    InputError
        If it is no ONNX file, or for every product that cannot be read.
    """
    graph = _graph(path)
    shapes = _shapes(graph)
    constant = _constants(graph)
    problems = Problems()
    gemms: list[Gemm] = []
    for index, node in enumerate(graph.node):
        name = node.name or f"{node.op_type} {index}"
        where = f"{path}, node {name!r}"
        operands = OPERANDS.get(node.op_type)
        if node.op_type in UNREAD:
            problems.add(
                f"{where}: {node.op_type} is not read, use {', '.join(OPERANDS)} in its place"
            )
        if operands is None:
            continue
        if len(node.input) <= max(operands) or not node.output:
            problems.add(f"{where}: operands are missing, use a valid {node.op_type}")
            continue
        a, b = (node.input[at] for at in operands)
        with problems:
            least = LEAST_SIDES["Conv" in node.op_type]
            known = [_known(where, tensor, shapes, least) for tensor in (a, b)]
            known.append(_known(where, node.output[0], shapes, least - 1))
            gemms += READ[node.op_type](name, node, known, (a in constant, b in constant))
    if not gemms and not problems.lines:
        problems.add(f"{path}: has no matrix product, use a model with {', '.join(OPERANDS)}")
    problems.check()
    return merged(gemms)


def _graph(path: Path) -> Any:
    # Imported here: no other command needs it, and it takes a while.
    import onnx  # noqa: PLC0415
    from google.protobuf.message import DecodeError  # noqa: PLC0415
    from onnx import inliner  # noqa: PLC0415

    try:
        model = onnx.load(str(path), load_external_data=False)
        inlined = inliner.inline_local_functions(model)
        return onnx.shape_inference.infer_shapes(inlined, data_prop=True).graph
    except OSError as error:
        raise InputError([f"{path}: cannot be read: {error.strerror}"]) from None
    except (DecodeError, ValueError, RuntimeError, onnx.checker.ValidationError) as error:
        reason = str(error).strip().split("\n")[0]
        raise InputError([f"{path}: is no ONNX model: {reason}"]) from None


def _shapes(graph: Any) -> dict[str, tuple[int | str, ...]]:
    """Shape of every tensor that has one; a side that is no number is its name, or `?`."""
    shapes: dict[str, tuple[int | str, ...]] = {
        tensor.name: tuple(tensor.dims) for tensor in graph.initializer
    }
    for info in (*graph.value_info, *graph.input, *graph.output):
        tensor = info.type.tensor_type
        if tensor.HasField("shape"):
            shapes[info.name] = tuple(
                side.dim_value if side.HasField("dim_value") else side.dim_param or "?"
                for side in tensor.shape.dim
            )
    return shapes


def _constants(graph: Any) -> set[str]:
    """Tensors that follow from the model alone: weights, also quantised or transposed ones."""
    constant = {tensor.name for tensor in graph.initializer}
    for node in graph.node:
        inputs = [name for name in node.input if name]
        if node.op_type == "Constant" or (inputs and constant.issuperset(inputs)):
            constant.update(node.output)
    return constant


def _known(where: str, tensor: str, shapes: dict[str, tuple[int | str, ...]], least: int) -> Shape:
    shape = shapes.get(tensor)
    if shape is None:
        raise InputError([f"{where}: the shape of {tensor!r} is not known, state it in the model"])
    sides = [side for side in shape if isinstance(side, int) and side > 0]
    if len(sides) < len(shape):
        shown = " x ".join(map(str, shape))
        raise InputError([f"{where}: {tensor!r} is {shown}, use numbers from 1 for every side"])
    if len(shape) < least:
        raise InputError([f"{where}: {tensor!r} has {len(shape)} sides, use at least {least}"])
    return tuple(sides)


def _product(name: str, a: Shape, b: Shape, weights: tuple[bool, bool]) -> Iterable[Gemm]:
    """A (..., M, K) times B (..., K, N); matrices of A that meet one B are below each other."""
    left = a if len(a) > 1 else (1, *a)
    right = b if len(b) > 1 else (*b, 1)
    if weights[0] and not weights[1]:
        # C^T = B^T A^T
        a, b = (*right[:-2], right[-1], right[-2]), (*left[:-2], left[-1], left[-2])
        yield from _product(name, a, b, (False, True))
        return
    count = prod(right[:-2])
    ranks = max(len(left), len(right)) - 2
    pairs = zip(
        (1,) * (ranks - len(left) + 2) + left[:-2],
        (1,) * (ranks - len(right) + 2) + right[:-2],
        strict=True,
    )
    stacked = prod(max(pair) for pair in pairs) // count
    yield Gemm(
        name=name,
        m=stacked * left[-2],
        k=left[-1],
        n=right[-1],
        count=count,
        weights=weights[1],
    )


def _matmul(
    name: str, node: Any, shapes: list[Shape], weights: tuple[bool, bool]
) -> Iterable[Gemm]:
    return _product(name, shapes[0], shapes[1], weights)


def _gemm(name: str, node: Any, shapes: list[Shape], weights: tuple[bool, bool]) -> Iterable[Gemm]:
    turned = {attribute.name for attribute in node.attribute if attribute.i}
    a = shapes[0][::-1] if "transA" in turned else shapes[0]
    b = shapes[1][::-1] if "transB" in turned else shapes[1]
    return _product(name, a, b, weights)


def _conv(name: str, node: Any, shapes: list[Shape], weights: tuple[bool, bool]) -> Iterable[Gemm]:
    groups = next((entry.i for entry in node.attribute if entry.name == "group"), 1)
    _, kernel, (batch, channels, *pixels) = shapes
    yield Gemm(
        name=name,
        m=batch * prod(pixels),
        k=prod(kernel[1:]),
        n=channels // groups,
        count=groups,
        weights=weights[1],
    )


OPERANDS = {
    "MatMul": (0, 1),
    "MatMulInteger": (0, 1),
    "QLinearMatMul": (0, 3),
    "Gemm": (0, 1),
    "Conv": (0, 1),
    "ConvInteger": (0, 1),
    "QLinearConv": (0, 3),
}
"""Operators that are read, and which of their inputs are A and B."""

READ: dict[str, Callable[[str, Any, list[Shape], tuple[bool, bool]], Iterable[Gemm]]] = {
    name: _gemm if name == "Gemm" else _conv if "Conv" in name else _matmul for name in OPERANDS
}
