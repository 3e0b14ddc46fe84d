"""Files of quantised weights.

Ours is an `.npz` with the fields of `QuantizedWeights`: `codes`, `scales`, `zeros` (or none), and
the scalars `bits`, `group` and `scale`. Layers that AWQ and GPTQ tools have packed are read from
`.safetensors`, or from an `.npz` whose arrays are named as theirs. Nothing is unpickled.
"""

import io
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, is_zipfile

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open

from golden.formats import IntFormat
from golden.places import first_of
from golden.quantize import QuantizedWeights, WeightsError
from golden.scales import Scale
from tpe.files import write_atomically
from tpe.layouts import Layout, read_layer
from tpe.operands import read_matrix
from tpe.problems import InputError, Problems

SUFFIXES = (".npz", ".safetensors")

_TENSORS = ("qweight", "qzeros", "scales", "g_idx")
_DTYPES = ("I8", "I16", "I32", "I64", "U8", "U16", "U32", "U64", "F16", "F32", "F64")
"""Of tensors that numpy has a dtype for, whatever else is imported."""
_SHOWN = 5


def write_weights(path: Path | str, weights: QuantizedWeights) -> None:
    """Write the `.npz` file `path`.

    Raises
    ------
    InputError
        If it cannot be written.
    """
    content = io.BytesIO()
    np.savez_compressed(content, **_fields(weights))
    write_atomically({Path(path): content.getvalue()})


def read_finite(path: Path) -> NDArray:
    """The matrix of finite numbers in the `.npy` file `path`.

    Raises
    ------
    InputError
        One line with the file's name.
    """
    values = read_matrix(path, whole=False)
    infinite = ~np.isfinite(values)
    if infinite.any():
        raise InputError([f"{path}: {first_of(values, infinite)} is no finite number"])
    return values


def read_weights(
    path: Path | str, *, layer: str | None = None, layout: Layout | None = None
) -> QuantizedWeights:
    """Weights from an `.npz` or `.safetensors` file.

    Parameters
    ----------
    path : Path or str
    layer : str or None
        Of a packed file: what stands before `.qweight`. May be None if there is only one.
    layout : str or None
        Of a packed file, see `tpe.layouts.read_layer`.

    Raises
    ------
    InputError
        If the file holds no such weights: a line for every problem, with the file's name.
    """
    path = Path(path)
    if path.suffix not in SUFFIXES:
        raise InputError([f"{path}: use a name that ends in {' or '.join(SUFFIXES)}"])
    opened = _npz if path.suffix == ".npz" else _safetensors
    with _problems_of(path), path.open("rb"), opened(path) as (names, get):
        if "codes" not in names:
            return read_layer(_tensors(names, get, layer), layout)
        if layer or layout:
            what = f"layer: {layer!r}" if layer else f"layout: {layout!r}"
            raise WeightsError([f"{what} given, leave it out: the file is of one matrix, unpacked"])
        return _own(names, get)


def read_parts(
    codes: Path, scales: Path, zeros: Path | None, *, bits: int, group: int, scale: Scale = "fp16"
) -> QuantizedWeights:
    """Weights from one `.npy` file each: codes (K, N), scales and maybe zero points (groups, N).

    Raises
    ------
    InputError
        If they are no such matrices, or do not fit together: a line for every problem.
    """
    problems = Problems()
    matrices: dict[str, NDArray] = {}
    for name, path in (("codes", codes), ("scales", scales), ("zeros", zeros)):
        if path is not None:
            with problems:
                matrices[name] = read_matrix(path, whole=name != "scales")
    problems.check()
    try:
        return QuantizedWeights(
            codes=matrices["codes"],
            scales=np.asarray(matrices["scales"], np.float64),
            zeros=matrices.get("zeros"),
            weights=IntFormat(bits=bits, signed=zeros is None),
            group=group,
            scale=scale,
        )
    except WeightsError as error:
        raise InputError(error.problems) from None


def _fields(weights: QuantizedWeights) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "codes": weights.codes,
        "scales": weights.scales,
        "bits": np.array(weights.weights.bits),
        "group": np.array(weights.group),
        "scale": np.array(weights.scale),
    }
    return fields if weights.zeros is None else fields | {"zeros": weights.zeros}


Get = Callable[[str], NDArray]
"""The array of a name."""


def _own(names: Iterable[str], get: Get) -> QuantizedWeights:
    wanted = ("codes", "scales", "bits", "group", "scale")
    problems = [f"{name}: missing" for name in wanted if name not in names]
    if problems:
        raise WeightsError(problems)
    scalars = {name: get(name) for name in ("bits", "group", "scale")}
    for name, kinds in (("bits", "iu"), ("group", "iu"), ("scale", "U")):
        value = scalars[name]
        if value.ndim or value.dtype.kind not in kinds:
            what = "a whole number" if kinds == "iu" else "a name"
            problems.append(f"{name}: {value.dtype} array {value.shape} given, use {what}")
    if problems:
        raise WeightsError(problems)
    zeros = get("zeros") if "zeros" in names else None
    return QuantizedWeights(
        codes=get("codes"),
        scales=get("scales"),
        zeros=zeros,
        weights=IntFormat(bits=int(scalars["bits"]), signed=zeros is None),
        group=int(scalars["group"]),
        scale=str(scalars["scale"]),  # type: ignore[arg-type]
    )


def _tensors(names: Iterable[str], get: Get, layer: str | None) -> Mapping[str, NDArray]:
    layers = sorted(
        name.removesuffix("qweight").removesuffix(".")
        for name in names
        if name == "qweight" or name.endswith(".qweight")
    )
    if not layers:
        raise WeightsError(
            ["holds neither `codes`, as `tpe quantize` writes them, nor a packed layer's `qweight`"]
        )
    if layer is None and len(layers) > 1:
        raise WeightsError([f"layer: none given of {len(layers)}, use one: {_some(layers)}"])
    if layer is not None and layer not in layers:
        raise WeightsError([f"layer: {layer!r} given, use {_some(layers)}"])
    prefix = layers[0] if layer is None else layer
    keys = {name: f"{prefix}.{name}" if prefix else name for name in _TENSORS}
    return {name: get(key) for name, key in keys.items() if key in names}


def _some(layers: list[str]) -> str:
    shown = ", ".join(repr(layer) for layer in layers[:_SHOWN])
    return shown if len(layers) <= _SHOWN else f"{shown} or one of {len(layers) - _SHOWN} more"


@contextmanager
def _problems_of(path: Path) -> Iterator[None]:
    """Problems found inside are those of `path`."""
    try:
        yield
    except WeightsError as error:
        raise InputError(f"{path}: {problem}" for problem in error.problems) from None
    except OSError as error:
        raise InputError([f"{path}: cannot be read: {error.strerror}"]) from None


@contextmanager
def _npz(path: Path) -> Iterator[tuple[list[str], Get]]:
    def get(name: str) -> NDArray:
        with _damage():
            return np.asarray(file[name])

    if not is_zipfile(path):
        raise WeightsError(["not an .npz file, or cut off"])
    with _damage():
        file = np.load(path, allow_pickle=False)
    with file:
        yield file.files, get


@contextmanager
def _damage() -> Iterator[None]:
    """What numpy raises about an archive is one line."""
    try:
        yield
    except (BadZipFile, EOFError, MemoryError, RuntimeError, ValueError, zlib.error):
        raise WeightsError(["not an .npz file of numbers, or damaged"]) from None


@contextmanager
def _safetensors(path: Path) -> Iterator[tuple[list[str], Get]]:
    def get(name: str) -> NDArray:
        dtype = file.get_slice(name).get_dtype()
        if dtype not in _DTYPES:
            raise WeightsError([f"{name}: dtype {dtype} given, use I32, or F16 or F32 for scales"])
        return file.get_tensor(name)

    try:
        with safe_open(path, framework="numpy") as file:
            yield list(file.keys()), get
    except SafetensorError:
        raise WeightsError(["not a .safetensors file, or cut off"]) from None
