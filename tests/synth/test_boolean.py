"""Liberty's boolean expressions."""

import pytest

from synth.boolean import names, truth_table

pytestmark = pytest.mark.fast


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("A B", "0001"),
        ("A & B", "0001"),
        ("A * B", "0001"),
        ("A + B", "0111"),
        ("A | B", "0111"),
        ("A ^ B", "0110"),
        ("!A", "1100"),
        ("A'", "1100"),
        ("!(A B)'", "0001"),
        ("A B ^ A", "0010"),
        ("!A ^ B", "1001"),
        ("1", "1111"),
        ("0", "0000"),
    ],
)
def test_operators_and_their_order(text: str, wanted: str) -> None:
    assert truth_table(text, ("A", "B")) == tuple(bit == "1" for bit in wanted)


def test_names_come_in_order_and_once() -> None:
    assert names("(CI ^ (A1 ^ B)) + A1") == ("CI", "A1", "B")


@pytest.mark.parametrize("text", ["", "A &", "(A", "A)", "A $ B", "& A"])
def test_what_is_no_expression(text: str) -> None:
    with pytest.raises(ValueError):
        names(text)
