"""What can go wrong between a spec and its Verilog."""


class VerilogError(RuntimeError):
    """The Verilog cannot be written."""
