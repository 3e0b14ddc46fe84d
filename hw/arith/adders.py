"""Adders for two words: parallel-prefix networks, and none (the choice left to synthesis).

Sources: J. Sklansky, "Conditional-Sum Addition Logic", IRE Trans. Electronic Computers EC-9(2),
1960; P. M. Kogge, H. S. Stone, "A Parallel Algorithm for the Efficient Solution of a General Class
of Recurrence Equations", IEEE Trans. Computers C-22(8), 1973; R. P. Brent, H. T. Kung, "A Regular
Layout for Parallel Adders", IEEE Trans. Computers C-31(3), 1982.
"""

from collections.abc import Iterator

from amaranth.hdl import Cat, Const, Module, Signal, Value
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

Level = list[tuple[int, int]]


def sklansky(width: int) -> Iterator[Level]:
    """Fewest levels, fan-out up to width / 2."""
    for level in range((width - 1).bit_length()):
        yield [(i, (i >> level << level) - 1) for i in range(width) if i >> level & 1]


def kogge_stone(width: int) -> Iterator[Level]:
    """Fewest levels, fan-out 2, most nodes."""
    for level in range((width - 1).bit_length()):
        yield [(i, i - (1 << level)) for i in range(1 << level, width)]


def brent_kung(width: int) -> Iterator[Level]:
    """Fewest nodes, almost twice the levels."""
    steps = [1 << level for level in range((width - 1).bit_length())]
    for step in steps:
        yield [(i, i - step) for i in range(2 * step - 1, width, 2 * step)]
    for step in reversed(steps):
        yield [(i, i - step) for i in range(3 * step - 1, width, 2 * step)]


def ripple(width: int) -> Iterator[Level]:
    """One node a bit, one level a bit."""
    for i in range(1, width):
        yield [(i, i - 1)]


NETWORKS = {
    "brent_kung": brent_kung,
    "kogge_stone": kogge_stone,
    "ripple": ripple,
    "sklansky": sklansky,
}


class Adder(wiring.Component):
    """`o` = `x` + `y` modulo 2**width.

    Parameters
    ----------
    width : int
        Of operands and sum.
    network : str
        A key of `NETWORKS`, or "plain" for a `+` of which synthesis chooses the structure.

    Members
    -------
    x, y : In(width)
    o : Out(width)
    """

    def __init__(self, width: int, network: str) -> None:
        if network not in ("plain", *NETWORKS):
            raise ValueError(f"'network' must be 'plain' or one of {[*NETWORKS]}, not {network!r}")
        self._network = network
        super().__init__({"x": In(width), "y": In(width), "o": Out(width)})

    def elaborate(self, platform: object) -> Module:
        m = Module()
        if self._network == "plain":
            m.d.comb += self.o.eq(self.x + self.y)
            return m
        width = len(self.x)
        generate, propagate = Signal(width), Signal(width)
        m.d.comb += [generate.eq(self.x & self.y), propagate.eq(self.x ^ self.y)]
        carries = self._carries(m, list(generate), list(propagate))
        m.d.comb += self.o.eq(propagate ^ Cat(Const(0, 1), *carries[:-1]))
        return m

    def _carries(self, m: Module, g: list[Value], p: list[Value]) -> list[Value]:
        """The carry out of every bit: `g` and `p` of the bits from it down to the lowest."""
        for number, level in enumerate(NETWORKS[self._network](len(g))):
            before = list(zip(g, p, strict=True))
            for i, j in level:
                g[i], p[i] = Signal(name=f"g{number}_{i}"), Signal(name=f"p{number}_{i}")
                m.d.comb += [
                    g[i].eq(before[i][0] | (before[i][1] & before[j][0])),
                    p[i].eq(before[i][1] & before[j][1]),
                ]
        return g
