"""A user's own workload: CSV and ONNX files, and what is said of those that are wrong."""

from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from tpe.problems import InputError
from tpe.workloads.gemms import Gemm
from tpe.workloads.source import load_gemms

pytestmark = pytest.mark.fast


def problems(source: Path, **options: int) -> list[str]:
    with pytest.raises(InputError) as caught:
        load_gemms(source, **options)  # type: ignore[arg-type]
    return [line.removeprefix(str(source)).strip(":, ") for line in caught.value.problems]


def table(folder: Path, text: str) -> Path:
    path = folder / "mine.csv"
    path.write_text(text)
    return path


def test_csv(tmp_path: Path) -> None:
    text = "name, m, k, n, count, weights\nup, 1, 2, 3, 4, yes\n\nscores, 5, 6, 7, 8, 0\n"
    assert load_gemms(table(tmp_path, text)) == (
        Gemm(name="up", m=1, k=2, n=3, count=4),
        Gemm(name="scores", m=5, k=6, n=7, count=8, weights=False),
    )
    without = load_gemms(table(tmp_path, "count,n,k,m,name\n1,2,3,4,x\n"))
    assert without == (Gemm(name="x", m=4, k=3, n=2),)


def test_every_problem_of_a_csv(tmp_path: Path) -> None:
    text = "name,m,k,n,count,weights\n,0,-1,2.5,x,maybe\nshort,1\n"
    assert problems(table(tmp_path, text)) == [
        "line 2: m = '0' given, use a whole number from 1",
        "line 2: k = '-1' given, use a whole number from 1",
        "line 2: n = '2.5' given, use a whole number from 1",
        "line 2: count = 'x' given, use a whole number from 1",
        "line 2: name is empty, give one",
        "line 2: weights = 'maybe' given, use 1, true, yes, 0, false, no",
        "line 3: 2 values given, use 6: name,m,k,n,count,weights",
    ]
    wrong = problems(table(tmp_path, "name,m,k,depth,m\n"))
    assert [line.partition(": use")[0] for line in wrong] == [
        "no column 'n'",
        "no column 'count'",
        "column 'depth' is unknown",
        "column 'm' given 2 times, use it once",
    ]
    assert problems(table(tmp_path, "name,m,k,n,count\n")) == [
        "no line after the header, give at least one GEMM"
    ]
    assert len(problems(table(tmp_path, ""))) == 5


def test_a_file_has_its_own_sizes(tmp_path: Path) -> None:
    path = table(tmp_path, "name,m,k,n,count\nx,0,1,1,1\n")
    assert len(problems(path, batch=2, sequence=3)) == 3
    assert problems(tmp_path / "none.csv") == ["cannot be read: No such file or directory"]
    assert problems(tmp_path / "none.onnx") == ["cannot be read: No such file or directory"]


def save(
    folder: Path,
    nodes: list[onnx.NodeProto],
    inputs: dict[str, list[int | str]],
    weights: dict[str, tuple[int, ...]],
) -> Path:
    graph = helper.make_graph(
        nodes,
        "test",
        [helper.make_tensor_value_info(n, TensorProto.FLOAT, s) for n, s in inputs.items()],
        [helper.make_tensor_value_info(nodes[-1].output[0], TensorProto.FLOAT, None)],
        [numpy_helper.from_array(np.zeros(s, np.float32), n) for n, s in weights.items()],
    )
    path = folder / "mine.onnx"
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)]), str(path))
    return path


def node(kind: str, inputs: str, output: str, **attributes: object) -> onnx.NodeProto:
    return helper.make_node(kind, inputs.split(), [output], name=output, **attributes)


def test_onnx_network(tmp_path: Path) -> None:
    """A convolution, its groups, products with weights on either side, and attention."""
    nodes = [
        node("Conv", "image kernel", "conv", strides=[2, 2], pads=[1, 1, 1, 1]),
        node("Conv", "conv depthwise", "dw", group=16),
        node("Flatten", "dw", "flat"),
        node("Gemm", "flat fc", "gemm", transB=1),
        node("Transpose", "square", "turned"),
        node("MatMul", "tokens turned", "q"),
        node("MatMul", "tokens square", "k"),
        node("Transpose", "k", "kt", perm=[0, 2, 1]),
        node("MatMul", "q kt", "scores"),
        node("MatMul", "left tokens", "mixed"),
    ]
    path = save(
        tmp_path,
        nodes,
        {"image": [2, 3, 32, 32], "tokens": [5, 7, 12]},
        {
            "kernel": (16, 3, 3, 3),
            "depthwise": (16, 1, 3, 3),
            "fc": (10, 16 * 14 * 14),
            "square": (12, 12),
            "left": (9, 7),
        },
    )
    assert load_gemms(path) == (
        Gemm(name="conv", m=2 * 16 * 16, k=27, n=16),
        Gemm(name="dw", m=2 * 14 * 14, k=9, n=1, count=16),
        Gemm(name="gemm", m=2, k=16 * 14 * 14, n=10),
        # Two products with different weights and one shape.
        Gemm(name="q", m=5 * 7, k=12, n=12, count=2),
        Gemm(name="scores", m=7, k=12, n=7, count=5, weights=False),
        # left X = (X^T left^T)^T, for every X.
        Gemm(name="mixed", m=5 * 12, k=7, n=9),
    )


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ([4, 5], [5, 6], (4, 5, 6, 1)),
        ([5], [5, 6], (1, 5, 6, 1)),
        ([4, 5], [5], (4, 5, 1, 1)),
        ([3, 4, 5], [5, 6], (12, 5, 6, 1)),
        ([4, 5], [3, 5, 6], (4, 5, 6, 3)),
        ([2, 1, 4, 5], [3, 5, 6], (8, 5, 6, 3)),
        ([2, 3, 4, 5], [2, 1, 5, 6], (12, 5, 6, 2)),
    ],
)
def test_onnx_products_of_any_rank(
    tmp_path: Path, a: list[int], b: list[int], expected: tuple[int, ...]
) -> None:
    (gemm,) = load_gemms(save(tmp_path, [node("MatMul", "a b", "c")], {"a": a, "b": b}, {}))
    assert (gemm.m, gemm.k, gemm.n, gemm.count) == expected
    assert not gemm.weights
    size = np.matmul(np.zeros(a), np.zeros(b)).size
    assert gemm.macs == size * expected[1], "numpy's result has as many sums"


def test_every_problem_of_an_onnx_file(tmp_path: Path) -> None:
    nodes = [
        node("MatMul", "a w", "c"),
        node("Einsum", "c", "d", equation="ij->ji"),
        node("MatMul", "e w", "f"),
    ]
    path = save(tmp_path, nodes, {"a": ["batch", 4], "e": [0, 4]}, {"w": (4, 4)})
    first, second, third = problems(path)
    assert first == "node 'c': 'a' is batch x 4, use numbers from 1 for every side"
    assert second.startswith("node 'd': Einsum is not read, use MatMul")
    assert third == "node 'f': 'e' is 0 x 4, use numbers from 1 for every side"
    bare = [helper.make_node("MatMul", ["a"], ["c"], name="c"), node("MatMul", "s w", "d")]
    assert problems(save(tmp_path, bare, {"a": [4], "s": []}, {"w": (4, 4)})) == [
        "node 'c': operands are missing, use a valid MatMul",
        "node 'd': 's' has 0 sides, use at least 1",
    ]
    nothing = save(tmp_path, [node("Relu", "a", "c")], {"a": [4]}, {})
    assert problems(nothing)[0].startswith("has no matrix product")
    nothing.write_bytes(b"no model")
    assert problems(nothing)[0].startswith("is no ONNX model")
