"""A user's workload as a table: `name,m,k,n,count` and, if need be, `weights`."""

import csv
from pathlib import Path

from tpe.problems import InputError
from tpe.workloads.gemms import Gemm

COLUMNS = ("name", "m", "k", "n", "count")
OPTIONAL = "weights"
WORDS = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}
"""What `weights` may say; yes where there is no such column."""


def read_csv(path: Path) -> tuple[Gemm, ...]:
    """The GEMMs of a CSV file.

    Raises
    ------
    InputError
        Every problem of every line.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise InputError([f"{path}: cannot be read: {error.strerror}"]) from None
    except UnicodeDecodeError:
        raise InputError([f"{path}: cannot be read: it is not text"]) from None
    try:
        rows = list(csv.reader(text.splitlines(), skipinitialspace=True))
    except csv.Error as error:
        raise InputError([f"{path}: is no CSV file: {error}"]) from None
    header = [name.strip().lower() for name in rows[0]] if rows else []
    _check_header(path, header)
    problems: list[str] = []
    gemms = []
    for number, cells in enumerate(rows[1:], start=2):
        if not any(cell.strip() for cell in cells):
            continue
        where = f"{path}, line {number}"
        if len(cells) != len(header):
            problems.append(
                f"{where}: {len(cells)} values given, use {len(header)}: {','.join(header)}"
            )
            continue
        line = dict(zip(header, (cell.strip() for cell in cells), strict=True))
        found = _problems(where, line)
        problems += found
        if not found:
            gemms.append(_gemm(line))
    if not gemms and not problems:
        problems.append(f"{path}: no line after the header, give at least one GEMM")
    if problems:
        raise InputError(problems)
    return tuple(gemms)


def _check_header(path: Path, header: list[str]) -> None:
    expected = f"use {','.join(COLUMNS)} and, if need be, {OPTIONAL}"
    problems = [f"{path}: no column {name!r}: {expected}" for name in COLUMNS if name not in header]
    problems += [
        f"{path}: column {name!r} is unknown: {expected}"
        for name in header
        if name not in (*COLUMNS, OPTIONAL)
    ]
    problems += [
        f"{path}: column {name!r} given {header.count(name)} times, use it once"
        for name in dict.fromkeys(header)
        if header.count(name) > 1
    ]
    if problems:
        raise InputError(problems)


def _problems(where: str, line: dict[str, str]) -> list[str]:
    problems = [
        f"{where}: {name} = {line[name]!r} given, use a whole number from 1"
        for name in COLUMNS[1:]
        if not _is_size(line[name])
    ]
    if not line["name"]:
        problems.append(f"{where}: name is empty, give one")
    if line.get(OPTIONAL, "1").lower() not in WORDS:
        problems.append(f"{where}: weights = {line[OPTIONAL]!r} given, use {', '.join(WORDS)}")
    return problems


def _is_size(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 16 and int(text) > 0


def _gemm(line: dict[str, str]) -> Gemm:
    return Gemm(
        name=line["name"],
        m=int(line["m"]),
        k=int(line["k"]),
        n=int(line["n"]),
        count=int(line["count"]),
        weights=WORDS[line.get(OPTIONAL, "1").lower()],
    )
