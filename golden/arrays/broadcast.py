"""What the arrays that broadcast their operands share: trees of registers.

Every row of elements meets the same B and every column the same A in the same cycle. So that no
wire reaches too far, elements stand in blocks of `SEGMENT` x `SEGMENT` behind registers of their
own. A port reaches `SEGMENT` blocks in a line; to more of them leads a tree of registers.
"""

SEGMENT = 8
"""Elements in a line behind one register, and registers behind a port or another register."""


def broadcast_registers(rows: int, cols: int) -> int:
    """Registers between the ports and the elements: the block's, and one a level of the tree."""
    blocks, registers = -(-max(rows, cols) // SEGMENT), 1
    while blocks > SEGMENT:
        blocks = -(-blocks // SEGMENT)
        registers += 1
    return registers
