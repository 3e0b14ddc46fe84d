"""Partial products: the bits whose sum is a product.

Negative weights are turned into inverted bits and constants, so no row is sign-extended.
"""

from amaranth.hdl import Cat, Const, Module, Signal, Value
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

from golden.formats import IntFormat
from hw.arith.heap import AND_DELAY, XOR_DELAY, Heap

BOOTH_DELAY = 2 * AND_DELAY + XOR_DELAY


def add_and_array(heap: Heap, a: Value, b: Value, a_format: IntFormat, b_format: IntFormat) -> None:
    """Add `a` * `b`, one AND gate a bit.

    C. R. Baugh, B. A. Wooley, "A Two's Complement Parallel Array Multiplication Algorithm",
    IEEE Trans. Computers C-22(12), 1973; here for any two widths and signs.
    """
    for i in range(a_format.bits):
        for j in range(b_format.bits):
            negative = (a_format.signed and i == a_format.bits - 1) != (
                b_format.signed and j == b_format.bits - 1
            )
            name = f"pp_{i}_{j}"
            product = Signal(name=name)
            heap.statements.append(product.eq(a[i] & b[j]))
            add = heap.subtract_bit if negative else heap.add_bit
            add(product, i + j, AND_DELAY)
