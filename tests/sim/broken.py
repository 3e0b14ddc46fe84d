"""Engines with a fault, to see that the simulation finds it."""

from dataclasses import replace

from hw.verilog import Design

_WRAPPER = """
module {top}({names});
{ports}
  integer row = 0;
  reg was_reset = 0;
  wire inner_c_valid, inner_a_ready, inner_b_ready;
  wire [{high}:0] inner_c_payload;
  reg inner_rst, inner_c_ready, loop;
  always @(posedge clk) begin
    was_reset <= was_reset | rst;
    row <= rst ? 0 : row + (c_valid & c_ready);
  end
  always @* begin
    c_valid = inner_c_valid;
    c_payload = inner_c_payload;
    a_ready = inner_a_ready;
    b_ready = inner_b_ready;
    inner_rst = rst;
    inner_c_ready = c_ready;
    {fault}
  end
  {top}_inner inner(.clk(clk), .rst(inner_rst),
    .a_payload(a_payload), .a_valid(a_valid), .a_ready(inner_a_ready),
    .b_payload(b_payload), .b_valid(b_valid), .b_ready(inner_b_ready),
    .c_payload(inner_c_payload), .c_valid(inner_c_valid), .c_ready(inner_c_ready));
endmodule
"""


def with_fault(design: Design, fault: str) -> Design:
    """`design` behind a shell that passes all ports on but for the Verilog statements `fault`.

    They may assign the ports c_valid, c_payload, a_ready and b_ready, and inner_rst,
    inner_c_ready and `loop`, which nobody reads. `row` counts the rows of C that have left,
    `was_reset` says whether there was a reset before.
    """
    ports = "\n".join(
        f"  {port.direction} {'reg ' if port.direction == 'output' else ''}"
        f"[{port.width - 1}:0] {port.name};"
        for port in design.ports
    )
    shell = _WRAPPER.format(
        top=design.top,
        names=", ".join(port.name for port in design.ports),
        ports=ports,
        high=design.width("c_payload") - 1,
        fault=fault,
    )
    inner = design.verilog.replace(f"module {design.top}(", f"module {design.top}_inner(")
    return replace(design, verilog=inner + shell)
