"""Specs: where they come from, what is wrong with them, and what they are called."""

import json
import pickle
from pathlib import Path

import pytest
from pydantic import ValidationError

from golden.catalog import ARRAYS, elements, presets
from golden.loading import load_spec
from golden.spec import EngineSpec, SpecError

pytestmark = pytest.mark.fast

TOML = """
element = "opt1"
array = "systolic-ws"
rows = 3
cols = 5
a = "uint4"
acc = "int24"
[options]
overflow = "wrap"
"""


def problems_of(source: str | Path, *settings: str) -> list[str]:
    with pytest.raises(SpecError) as caught:
        load_spec(source, settings)
    assert str(caught.value) == "\n".join(caught.value.problems)
    return caught.value.problems


def test_toml_json_python_and_settings_agree(tmp_path: Path) -> None:
    toml, as_json = tmp_path / "engine.toml", tmp_path / "engine.json"
    toml.write_text(TOML)
    spec = load_spec(toml)
    as_json.write_text(json.dumps(spec.model_dump()))
    built = EngineSpec.make(
        element="opt1", array="systolic-ws", rows=3, cols=5, a="uint4", acc="int24"
    )
    settings = ["rows=3", "cols=5", "a=uint4", "acc=int24", "options.overflow=wrap"]
    assert spec == load_spec(as_json) == built == load_spec("opt1-ws", settings)
    assert len({spec.hash, load_spec(as_json).hash, built.hash}) == 1
    assert (spec.rows, spec.cols, spec.a, spec.b, spec.acc) == (3, 5, "uint4", "int8", "int24")


def test_presets_are_every_element_on_its_arrays() -> None:
    assert {"mac-os", "mac-ws", "opt1-os", "opt1-ws"} <= presets().keys()
    for name, (element, array) in presets().items():
        spec = load_spec(name)
        assert (spec.element, spec.array, spec.rows, spec.cols) == (element, array, 8, 8)
        assert name == f"{element}-{ARRAYS[array].short}"
        assert array in elements()[element].arrays


def test_all_problems_at_once_each_with_field_value_and_remedy() -> None:
    problems = problems_of(
        "mac-os", "rows=0", "cols=257", "a=int99", "acc=float32", "colour=red", "options.speed=3"
    )
    expected = {
        "rows": ("0", "1 to 256"),
        "cols": ("257", "1 to 256"),
        "a": ("int99", "intN or uintN"),
        "acc": ("float32", "N = 2..64"),
        "colour": ("red", "rows"),
        "options": ("speed", "overflow"),
    }
    assert len(problems) == len(expected)
    for field, (value, remedy) in expected.items():
        line = next(line for line in problems if line.startswith(f"{field}:"))
        assert value in line
        assert remedy in line
        assert "\n" not in line


@pytest.mark.parametrize(
    ("setting", "field"),
    [
        ("rows=8.5", "rows"),
        ("rows=many", "rows"),
        ("cols=-1", "cols"),
        ("b=8", "b"),
        ("element=mak", "element"),
        ("array=ring", "array"),
        ("options.overflow=explode", "options"),
    ],
)
def test_a_bad_field_is_named(setting: str, field: str) -> None:
    (line,) = problems_of("mac-os", setting)
    assert line.startswith(f"{field}:")
    assert setting.partition("=")[2] in line


def test_depth_is_for_arrays_with_k_in_space() -> None:
    for name in presets():
        spec = load_spec(name)
        spatial = ARRAYS[spec.array].spatial
        assert spec.depth == (8 if spatial else 1)
        if spatial:
            assert load_spec(name, ["depth=3"]).name.split("_")[2] == "8x8x3"
        else:
            (line,) = problems_of(name, "depth=3")
            assert line.startswith("depth: 3")
            assert "cube" in line


def test_saturation_needs_products_one_by_one() -> None:
    (line,) = problems_of("mac-tree", "options.overflow=saturate")
    assert "saturate" in line
    assert "adder-tree" in line


@pytest.mark.parametrize("setting", ["rows", "=3", ""])
def test_settings_need_a_key_and_a_value(setting: str) -> None:
    (line,) = problems_of("mac-os", setting)
    assert "key=value" in line


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("missing.toml", None, "cannot be read"),
        ("broken.toml", b"element = ", "not valid TOML"),
        ("broken.json", b"{", "not valid JSON"),
        ("list.json", b"[1, 2]", "table of fields"),
        ("binary.toml", b"\xff\xfe\x00", "not text"),
        ("other.yaml", b"element: mac", "neither"),
    ],
)
def test_files_that_are_no_spec(
    tmp_path: Path, name: str, content: bytes | None, reason: str
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    (line,) = problems_of(path)
    assert reason in line
    assert name in line


def test_missing_fields_are_all_named(tmp_path: Path) -> None:
    path = tmp_path / "empty.toml"
    path.write_text("rows = 4")
    assert problems_of(path) == ["element: missing", "array: missing"]


def test_hash_tells_engines_apart() -> None:
    """Build results are filed under the hash: another value means another engine."""
    spec = load_spec("mac-os")
    variants = [
        spec,
        *(spec.override(rows=rows) for rows in (1, 16)),
        spec.override(a="uint8"),
        *(load_spec("mac-tree", [f"depth={depth}"]) for depth in (1, 8)),
        spec.override(acc="int33"),
        spec.override(options={"overflow": "saturate"}),
        load_spec("mac-ws"),
        load_spec("opt1-os"),
    ]
    assert len({variant.hash for variant in variants}) == len(variants)
    assert len({variant.name for variant in variants}) == len(variants)
    assert spec.override(options={"overflow": "wrap"}).hash == spec.hash


def test_names_are_verilog_identifiers() -> None:
    for name in presets():
        assert load_spec(name, ["rows=3", "cols=5"]).name.isidentifier()


def test_specs_cannot_be_changed() -> None:
    spec = load_spec("mac-os")
    with pytest.raises(ValidationError):
        spec.rows = 4


def test_override_reports_problems_as_well() -> None:
    with pytest.raises(SpecError, match="rows: 0"):
        load_spec("mac-os").override(rows=0)


def test_nothing_in_a_spec_changes() -> None:
    spec = load_spec("mac-os")
    with pytest.raises(TypeError):
        spec.options["overflow"] = "saturate"  # type: ignore[index]
    with pytest.raises(ValidationError):
        spec.rows = 4
    assert pickle.loads(pickle.dumps(spec)) == spec


def test_float_elements_take_float_formats_and_no_others() -> None:
    spec = load_spec("lmul-os", ["a=e4m3", "b=e5m2", "acc=exact", "options.offset=-3"])
    assert [number.name for number in spec.formats] == ["e4m3", "e5m2", "q43.25"]
    assert spec.name == "lmul_os_8x8_e4m3_e5m2_exact__3"
    (line,) = problems_of("lmul-os", "a=int8")
    assert "'int8' is not a float format" in line
    (line,) = problems_of("mac-os", "a=e4m3")
    assert "'e4m3' is not a format: use intN or uintN" in line
    for acc in ("int32", "e3m2", "q0.4", "q600.600"):
        (line,) = problems_of("fmac-os", f"acc={acc}")
        assert f"acc: {acc!r} is not an accumulator: use exact, qI.F" in line


def test_floating_point_sums_need_an_order() -> None:
    (line,) = problems_of("lmul-tree", "acc=fp32")
    assert line.startswith("acc: 'fp32' given, use exact or qI.F: adder-tree adds")


def test_options_of_lmul() -> None:
    (line,) = problems_of("lmul-os", "options.offset=nearest")
    assert "use best, paper, none, -64 to 1048575" in line
    (line,) = problems_of("lmul-os", "options.carry=on")
    assert "carry: on given for the bit form and 7 mantissa bits" in line
    assert load_spec("lmul-os", ["a=e4m3", "b=e4m3", "options.carry=on"]).options["carry"] == "on"
