"""`tpe explore`: what a sweep consists of, which designs no other one beats, and what is said."""

import random
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from golden.loading import load_spec
from synth.cost import estimate
from tests.tpe.conftest import Command
from tpe.problems import InputError
from tpe.sweep import LEAST, MOST, Candidate, Sweep, load_sweep
from tpe.verbs.explore import Explored, front

pytestmark = pytest.mark.fast

SMALL = {"a": "int2", "b": "int2", "acc": "int5"}


def labels(sweep: Sweep) -> list[tuple[str, dict[str, str], object]]:
    return [(one.source, one.settings, one.clock) for one in sweep.candidates()]


def test_every_combination_once() -> None:
    sweep = Sweep.make(
        engines=[
            {
                "spec": ["mac-os", "mac-2d"],
                "set": {"rows": [2, 4], "options": {"accumulator": "whole"}},
            },
            {"spec": "mac-os", "set": {"options.accumulator": ["whole", "split"], "rows": 4}},
        ],
        clock=["best", 1.5],
    )
    assert labels(sweep) == [
        *(
            (source, {"rows": rows, "options.accumulator": "whole"}, clock)
            for source in ("mac-os", "mac-2d")
            for rows in ("2", "4")
            for clock in ("best", 1.5)
        ),
        # The other one is there already.
        *(
            ("mac-os", {"options.accumulator": "split", "rows": "4"}, clock)
            for clock in ("best", 1.5)
        ),
    ]
    first = sweep.candidates()[0]
    assert first.spec == load_spec("mac-os", ["rows=2", "options.accumulator=whole"])
    assert not first.element_only


def test_files_lie_beside_the_sweep_and_elements_stand_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text('element = "mac"\narray = "systolic-ws"\n')
    (tmp_path / "sweep.json").write_text('{"engines": [{"spec": ["mine.toml", "opt1"]}]}')
    mine, alone = load_sweep(tmp_path / "sweep.json").candidates()
    assert mine.spec == load_spec("mac-ws")
    assert (alone.spec.element, alone.element_only, mine.element_only) == ("opt1", True, False)
    assert (mine.clock, alone.wanted) == ("best", "best")


def test_operands_are_those_of_the_distribution() -> None:
    spec = load_spec("mac-os", ["rows=2", "cols=3"])
    assert Sweep.make(engines={"spec": "mac"}).operands(spec, element_only=False) == (None, None)
    a, b = Sweep.make(engines={"spec": "mac"}, dist="max").operands(spec, element_only=False)
    assert (a == 127).all() and (b == 127).all()
    assert a.shape[0] % 2 == b.shape[1] % 3 == 0


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, ["engines: missing"]),
        ({"engines": []}, ["engines: [] given, use at least one"]),
        (
            {"engines": [{"set": 4}, {"spec": 3, "sets": {}}], "colour": 1},
            [
                "engines.0.spec: missing",
                "engines.0.set: use a table of fields and their values, such as {rows = [4, 8]}",
                "engines.1.spec.0: 3 given, use a preset, the name of an element, or a file",
                "engines.1.sets: {} given, but there is no such field: use spec, set",
                "colour: 1 given, but there is no such field: use engines, clock, dist, seed,"
                " activity, objectives",
            ],
        ),
        (
            {"engines": {"spec": "mac", "set": {"rows": [1.5]}}, "clock": ["soon", 0, True]},
            [
                "engines.0.set: {'rows': [1.5]} given, rows = [1.5]: use whole numbers and names",
                "clock.0: 'soon' given, use smallest, best, fastest, or a positive period in ns",
                "clock.1: 0 given, use smallest, best, fastest, or a positive period in ns",
                "clock.2: True given, use smallest, best, fastest, or a positive period in ns",
            ],
        ),
        (
            {"engines": {"spec": "mac"}, "seed": -1, "activity": "x", "objectives": ["speed"]},
            [
                "seed: -1 given, use a whole number that is not negative",
                "activity: 'x' given, use sim, or toggles a net and cycle that are not negative",
                f"objectives.0: 'speed' given, use {', '.join(LEAST + MOST)}",
            ],
        ),
    ],
    ids=str,
)
def test_all_problems_of_a_sweep(fields: dict[str, Any], expected: list[str]) -> None:
    with pytest.raises(InputError) as raised:
        Sweep.make(**fields)
    assert raised.value.problems == expected


def test_all_problems_of_its_engines() -> None:
    engines = [
        {"spec": ["mac-os", "opt1-os"], "set": {"rows": [0, 2], "options.ripple": 7}},
        {"spec": "no.toml"},
    ]
    with pytest.raises(InputError) as raised:
        Sweep.make(engines=engines).candidates()
    lines = raised.value.problems
    assert [line.split(":")[0] for line in lines] == [
        "mac-os rows=0 options.ripple=7",
        "mac-os rows=0 options.ripple=7",
        "opt1-os rows=0 options.ripple=7",
        "no.toml",
    ]
    assert "'ripple' is not an option of mac" in lines[1]
    with pytest.raises(InputError, match=r"^mac: dist: 'poisson:3' given"):
        Sweep.make(engines={"spec": "mac"}, dist="poisson:3").candidates()


def test_the_front_is_what_no_other_one_beats() -> None:
    """Against the definition, word for word, on points many of which are equal."""
    rng = random.Random(1)
    spec = load_spec("mac-os")
    candidate = Candidate(source="mac", settings={}, clock="best", spec=spec, element_only=True)
    for objectives in (("area_um2",), ("area_um2", "tops"), ("tops", "delay_ns", "fmax_mhz")):
        rows = [
            Explored(
                candidate=candidate,
                cost=SimpleNamespace(**{name: rng.randrange(5) for name in objectives}),  # type: ignore[arg-type]
            )
            for _ in range(60)
        ]
        rows.insert(7, Explored(candidate=candidate, cost=None, problem="too fast"))

        def better(x: Any, y: Any, name: str) -> bool:
            x, y = getattr(x.cost, name), getattr(y.cost, name)
            return x > y if name in MOST else x < y

        expected = {
            place
            for place, row in enumerate(rows)
            if row.cost
            and not any(
                any(better(other, row, name) for name in objectives)
                and not any(better(row, other, name) for name in objectives)
                for other in rows
                if other.cost
            )
        }
        found = front(rows, objectives)
        assert set(found) == expected
        firsts = [getattr(rows[place].cost, objectives[0]) for place in found]
        assert firsts == sorted(firsts, reverse=objectives[0] in MOST)


def test_rows_are_prices_and_a_clock_may_be_too_short(tpe: Command, tmp_path: Path) -> None:
    settings = ", ".join(f'{name} = "{value}"' for name, value in SMALL.items())
    (tmp_path / "sweep.toml").write_text(
        'clock = ["smallest", 0.01]\nactivity = 0.2\nobjectives = ["area_um2", "tops"]\n'
        f'[[engines]]\nspec = ["mac", "opt1"]\nset = {{ {settings} }}\n'
    )
    outcome = tpe("explore", "sweep.toml", "--json", "-", "--picture", "sweep.svg")
    assert outcome.status == 0, outcome.err
    found = outcome.json
    assert [(row["source"], row["clock"]) for row in found["rows"]] == [
        (source, clock) for source in ("mac", "opt1") for clock in ("smallest", 0.01)
    ]
    spec = load_spec("mac-os", [f"{name}={value}" for name, value in SMALL.items()])
    cost = estimate(spec, activity=0.2, element_only=True)
    row = found["rows"][0]
    assert (row["area_um2"], row["tops"], row["problem"]) == (cost.area_um2, cost.tops, None)
    assert (row["hash"], row["settings"], row["spec"]["b"]) == (spec.hash, SMALL, "int2")
    assert "cannot be met" in found["rows"][1]["problem"] and "area_um2" not in found["rows"][1]
    assert found["objectives"] == ["area_um2", "tops"]
    assert found["pareto"] and set(found["pareto"]) <= {0, 2}
    assert "opt1" in (tmp_path / "sweep.svg").read_text()
    said = tpe("explore", "sweep.toml").out
    assert "not beaten" in said and "cannot be met" in said


def test_bad_input_stops_before_any_work(tpe: Command, tmp_path: Path) -> None:
    (tmp_path / "sweep.toml").write_text('objectives = "tops"\nengines = {spec = "mac-os"}')
    outcome = tpe("explore", "sweep.toml", "--picture", "x.txt", "--quiet", "--verbose")
    assert (outcome.status, outcome.err) == (
        2,
        [
            "--quiet and --verbose: use one of them",
            "--picture x.txt: use a name that ends in .svg, .png, .pdf",
            "--picture x.txt: needs two objectives",
        ],
    )
    for name, line in (
        ("no.toml", "no.toml: cannot be read: No such file or directory"),
        ("sweep.txt", "sweep.txt: use a sweep in a .toml or .json file"),
    ):
        outcome = tpe("explore", name)
        assert (outcome.status, outcome.err) == (2, [line])
    outcome = tpe("explore", "sweep.toml", "--liberty", "no.lib")
    assert outcome.status == 2 and "no.lib" in outcome.err[0]
