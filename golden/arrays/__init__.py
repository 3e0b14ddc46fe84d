"""How each array wants its operands, and how many cycles it takes. Mirrors `hw/arrays/`."""
