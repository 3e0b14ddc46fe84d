"""Which modules of a design stay modules when Verilator compiles it."""

import pytest

from hw.verilog import Design
from sim.build import repeated_modules

pytestmark = pytest.mark.fast


def test_repeated_modules() -> None:
    verilog = """
module top(i);
  input i;
  row row_0 (
    .i(i)
  );
  row row_1 (
    .i(i)
  );
  row \\row.2 (
    .i(i)
  );
  row row_3 (
    .i(i)
  );
  once only (
    .i(i)
  );
endmodule
module row(i);
  input i;
  pe pe_0 (
    .i(i)
  );
endmodule
module pe(i);
  input i;
endmodule
module once(i);
  input i;
endmodule
"""
    design = Design(verilog=verilog, top="top", modules=("top", "row", "pe", "once"), ports=())
    assert repeated_modules(design) == ["row"]
