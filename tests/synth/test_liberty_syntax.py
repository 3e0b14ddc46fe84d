"""Liberty's syntax, apart from what it means."""

import pytest

from synth.liberty_syntax import LibertySyntaxError, parse

pytestmark = pytest.mark.fast

TEXT = """
/* a comment
   of two lines */
library (name) {  // another
  time_unit : "1ns";
  unit (1, pf);
  pin(A, "B") { direction : input ; function : "!(A & B)"; values ("1, 2", \\
      "3, 4"); }
  pin(C) { direction : output }
  entry(1, 2); entry(3, 4);
}
"""


def test_groups_and_attributes() -> None:
    library = parse(TEXT)
    assert (library.name, library.arguments) == ("library", ("name",))
    assert library.text("time_unit") == "1ns"
    assert library.values("unit") == ("1", "pf")
    assert library.number("unit") == 1.0
    assert list(library.all_values("entry")) == [("1", "2"), ("3", "4")]
    first, second = library.named("pin")
    assert first.arguments == ("A", "B")
    assert first.text("function") == "!(A & B)"
    assert first.values("values") == ("1, 2", "3, 4")
    assert second.text("direction") == "output"


def test_what_is_not_there() -> None:
    library = parse("library (x) { }")
    assert library.text("area") == "" and library.text("area", "1") == "1"
    assert library.number("area") == 0.0
    assert library.values("area") == () and library.named("cell") == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "line 1: the end of the file"),
        ("library (x) {\n  area : 1;\n", "line 3: the end of the file"),
        ("library (x) {\n  ?!; }", "line 2: '?!; }'"),
        ("}", "line 1: '}'"),
        ("area : 1;", "'area' is in no group"),
    ],
)
def test_what_is_no_liberty(text: str, message: str) -> None:
    with pytest.raises(LibertySyntaxError) as error:
        parse(text)
    assert message in str(error.value)
