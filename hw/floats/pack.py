"""Wide magnitudes as floating-point numbers: normalised, rounded to nearest even."""

from amaranth.hdl import Cat, Const, Module, Mux, Signal, Value
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

from golden.floats import FloatFormat


def leading_zeros(m: Module, value: Value, name: str) -> Value:
    """How many zeros `value` begins with; if it is 0, something that is not less than that allows.

    Halves are looked at one after the other: is the upper one all zeros, and then the same in the
    half that is left.
    """
    width = 1 << (len(value) - 1).bit_length()
    rest: Value = Cat(Const(0, width - len(value)), value)
    digits: list[Value] = []
    while len(rest) > 1:
        half = len(rest) // 2
        empty = Signal(name=f"{name}_{half}")
        left = Signal(half, name=f"{name}_rest_{half}")
        m.d.comb += [empty.eq(~rest[half:].any()), left.eq(Mux(empty, rest[:half], rest[half:]))]
        digits.insert(0, empty)
        rest = left
    return Cat(*digits)


class Pack(wiring.Component):
    """A magnitude as the nearest number of a format, ties to even.

    Parameters
    ----------
    number : FloatFormat
        With NaN.
    width : int
        Bits of the magnitude, more than the format's significand has. The lowest one may stand for
        everything below it.
    field_bits : int
        Of `field`, 1 to what `field_bits` hold.

    Members
    -------
    negative : In(1)
    magnitude : In(width)
    field : In(field_bits)
        Exponent field of the number if the highest bit of the magnitude is 1, at least 1.
    o : Out(number.bits)
    """

    def __init__(self, number: FloatFormat, width: int, field_bits: int) -> None:
        self._number = number
        super().__init__(
            {
                "negative": In(1),
                "magnitude": In(width),
                "field": In(field_bits),
                "o": Out(number.bits),
            }
        )

    def elaborate(self, platform: object) -> Module:
        m = Module()
        number, width = self._number, len(self.magnitude)
        most = leading_zeros(m, self.magnitude, "zeros")
        allowed = Signal(len(self.field))
        shift, subnormal = Signal(len(most)), Signal()
        m.d.comb += [
            allowed.eq(self.field - 1),
            subnormal.eq(most > allowed),
            shift.eq(Mux(subnormal, allowed, most)),
        ]
        shifted = Signal(width)
        m.d.comb += shifted.eq(self.magnitude << shift)
        bits = number.mantissa_bits
        below = shifted[: width - 1 - bits]
        field, rounded = Signal(len(self.field)), Signal(bits + len(self.field) + 1)
        up = below[-1] & (below[:-1].any() | shifted[width - 1 - bits])
        m.d.comb += [
            field.eq(Mux(shifted[-1], self.field - shift, 0)),
            rounded.eq(Cat(shifted[width - 1 - bits : -1], field) + up),
            self.o.eq(Cat(self._limited(rounded), self.negative)),
        ]
        return m

    def _limited(self, rounded: Value) -> Value:
        """A magnitude as a code of the format: infinity if it is too large, NaN without one."""
        number = self._number
        if number.inf_code is None:
            return Mux(rounded > number.max_code, number.nan_code, rounded[: number.magnitude_bits])
        field = rounded[number.mantissa_bits :]
        most = (1 << number.exponent_bits) - 1
        return Mux(field >= most, number.inf_code, rounded[: number.magnitude_bits])
