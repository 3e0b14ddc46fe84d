"""What README and docs/ say is true: commands and Python run, tables are complete, links lead."""

import re
import shlex
import tomllib
from pathlib import Path

import pytest

from golden.catalog import ARRAYS, elements
from golden.loading import load_ring
from golden.spec import EngineSpec, SpecError
from golden.trigger.spec import RingSpec
from tests.tpe.conftest import Command
from tpe.sweep import LEAST, MOST, Sweep, load_sweep

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
SPEC_PAGE = (ROOT / "docs" / "spec.md").read_text()


def blocks(page: Path, language: str) -> list[str]:
    """Contents of the code blocks of one language."""
    return re.findall(rf"^```{language}\n(.*?)^```", page.read_text(), re.MULTILINE | re.DOTALL)


SHELL = [
    line.partition("#")[0].strip()
    for page in PAGES
    for block in blocks(page, "sh")
    for line in block.splitlines()
    if line.strip()
]
PYTHON = [(page.name, block) for page in PAGES for block in blocks(page, "python")]
TOML = [(page.name, block) for page in PAGES for block in blocks(page, "toml")]


@pytest.mark.usefixtures("examples")
@pytest.mark.parametrize("line", SHELL)
def test_commands_run_as_typed(tpe: Command, line: str) -> None:
    program, *arguments = shlex.split(line)
    assert program == "tpe"
    outcome = tpe(*arguments)
    assert outcome.status == 0, outcome.err


@pytest.mark.parametrize(("page", "block"), PYTHON)
def test_python_runs(page: str, block: str, capsys: pytest.CaptureFixture[str]) -> None:
    exec(compile(block, page, "exec"), {})
    assert capsys.readouterr().out


@pytest.mark.fast
@pytest.mark.parametrize(("page", "block"), TOML)
def test_specs_load(tpe: Command, tmp_path: Path, page: str, block: str) -> None:
    (tmp_path / "engine.toml").write_text(block)
    if "[ring]" in block:
        assert load_ring(tmp_path / "engine.toml")[1]
    elif "[[engines]]" in block:
        assert load_sweep(tmp_path / "engine.toml").candidates()
    else:
        assert tpe("describe", "engine.toml", "--quiet").status == 0


@pytest.mark.fast
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", page.read_text()):
        assert target.startswith("https://") or (page.parent / target).exists(), target


@pytest.mark.fast
def test_the_spec_reference_is_complete() -> None:
    for name in EngineSpec.model_fields:
        assert f"| `{name}` |" in SPEC_PAGE
    for known in (*elements().values(), *ARRAYS.values()):
        for option in known.options:
            values = ", ".join(f"`{choice}`" for choice in option.allowed.split(", "))
            assert f"| `{known.name}` | `{option.name}` | {values} |" in SPEC_PAGE


@pytest.mark.fast
def test_the_sweep_reference_is_complete() -> None:
    page = (ROOT / "docs" / "explore.md").read_text()
    for name in {*Sweep.model_fields, "spec", "set", *LEAST, *MOST} - {"folder"}:
        assert f"`{name}`" in page
    (shown,) = blocks(ROOT / "docs" / "explore.md", "toml")
    shipped = (ROOT / "examples" / "sweep.toml").read_text()
    assert tomllib.loads(shown) == tomllib.loads(shipped)


@pytest.mark.fast
@pytest.mark.parametrize(
    "path", sorted((ROOT / "examples").glob("*.toml")), ids=lambda path: path.name
)
def test_sweeps_that_are_shipped_load(path: Path) -> None:
    assert load_sweep(path).candidates()


@pytest.mark.fast
def test_the_ring_reference_is_complete() -> None:
    for name, field in RingSpec.model_fields.items():
        row = re.search(rf"^\| `{name}` \| (\d+) to (\d+) \| (\d+) \|", SPEC_PAGE, re.MULTILINE)
        assert row, name
        least, most, default = map(int, row.groups())
        assert default == field.default
        for value, allowed in ((least, True), (least - 1, False), (most, True), (most + 1, False)):
            try:
                RingSpec.make({name: value})
            except SpecError:
                assert not allowed, (name, value)
            else:
                assert allowed, (name, value)


@pytest.mark.fast
def test_the_readme_lists_every_element_and_array() -> None:
    readme = PAGES[0].read_text()
    for name in (*elements(), *ARRAYS):
        assert f"| `{name}` |" in readme
