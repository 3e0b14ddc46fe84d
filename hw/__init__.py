"""How silicon computes it: arithmetic, elements and arrays in Amaranth, and the Verilog writer."""
