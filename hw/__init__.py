"""How silicon computes it: arithmetic, processing elements and arrays in Amaranth, and the Verilog."""
