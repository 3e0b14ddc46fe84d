"""Arrays without skew: every row of cells meets the same B and every column the same A.

Cells stand in blocks of at most `SEGMENT` x `SEGMENT`, each with registers of its own for its rows
of A and columns of B; trees of registers lead to many blocks. Marks travel with A. When a tile is
complete its rows of C leave through the top row of cells, one a cycle, moving up from cell to cell.
Bubbles are zeros on A, and a consumer that does not take a row freezes the whole array.
"""

from dataclasses import dataclass
from functools import partial

from amaranth.hdl import Module, Mux, Signal, Value
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

from golden.arrays.broadcast import SEGMENT, broadcast_registers
from hw.arrays.stream import Departures, engine_signature
from hw.distinct import Distinct, Make
from hw.element import Element
from hw.structure import Structure, Wire


@dataclass(frozen=True, kw_only=True)
class Cells:
    """What stands where a row and a column meet.

    Parameters
    ----------
    one, bottom : Distinct
        A cell, and one of the bottom row: `en` In(1); `a`, `b` In, all lanes of the operands; the
        `marks` In(1), a cycle early; `below` In(state), from the cell below, or 0; `o` Out(state).
    of_row : Distinct or None
        What a row of cells shares: `en` In(1), `a` In, as a cell gets it, `o` Out. Cells have an
        input `row` for it then.
    marks : tuple of str
        Of `clear` (the cell's sum is complete, the next one starts) and `leave` (a row of C leaves
        the top row).
    delay : int
        How many cycles later than their beat of operands the marks arrive.
    state : int
        Bits of a sum.
    resolve : callable () -> Component, or None
        As for `hw.element.Element`.
    """

    one: Distinct
    bottom: Distinct
    of_row: Distinct | None = None
    marks: tuple[str, ...]
    delay: int
    state: int
    resolve: Make | None


@dataclass(frozen=True, kw_only=True)
class Size:
    """Rows and columns of cells, and lanes of operands in each of them."""

    rows: int
    cols: int
    depth: int = 1


class Registered(wiring.Component):
    """A combinational component with a register behind its output `o`, and an enable."""

    def __init__(self, make: Make) -> None:
        self._inside = make()
        super().__init__({"en": In(1), **self._inside.signature.members})

    def elaborate(self, platform: object) -> Module:
        m = Module()
        m.submodules.inside = inside = self._inside
        held = Signal.like(self.o, name="held", reset_less=True)
        m.d.comb += self.o.eq(held)
        for name, member in inside.signature.members.items():
            if member.flow is wiring.In:
                m.d.comb += getattr(inside, name).eq(getattr(self, name))
        with m.If(self.en):
            m.d.sync += held.eq(inside.o)
        return m


class Wires(wiring.Component):
    """`o` = `i`."""

    def __init__(self, width: int) -> None:
        super().__init__({"i": In(width), "o": Out(width)})

    def elaborate(self, platform: object) -> Module:
        m = Module()
        m.d.comb += self.o.eq(self.i)
        return m


class Hold(wiring.Component):
    """A register that follows `i` in cycles with `take` only, so that what it feeds rests."""

    def __init__(self, width: int) -> None:
        super().__init__({"en": In(1), "take": In(1), "i": In(width), "o": Out(width)})

    def elaborate(self, platform: object) -> Module:
        m = Module()
        held = Signal.like(self.i, name="held", reset_less=True)
        m.d.comb += self.o.eq(held)
        with m.If(self.en & self.take):
            m.d.sync += held.eq(self.i)
        return m


class Block(Structure):
    """Cells behind one set of registers.

    Members
    -------
    en : In(1)
    a : In(rows * depth * lanes.a)
        One row after the other.
    b : In(cols * depth * lanes.b)
        One column after the other.
    marks : In(len(cells.marks))
    below, o : In/Out(cols * state)
        Sums on their way up.
    """

    def __init__(self, element: Element, cells: Cells, size: Size, bottom: bool) -> None:
        lanes = element.lanes
        super().__init__(
            {
                "en": In(1),
                "a": In(size.rows * size.depth * lanes.a),
                "b": In(size.cols * size.depth * lanes.b),
                "marks": In(len(cells.marks)),
                "below": In(size.cols * cells.state),
                "o": Out(size.cols * cells.state),
            }
        )
        a = self.delayed("a_held", self.port("a"), 1)
        b = self.delayed("b_held", self.port("b"), 1)
        marks = self.delayed("marks_held", self.port("marks"), cells.delay)
        below = self.port("below")
        for i in reversed(range(size.rows)):
            pe = cells.bottom if bottom and i == size.rows - 1 else cells.one
            row = self._of_row(i, a.lane(i, size.depth * lanes.a), cells.of_row)
            o = self.wire(f"o_{i}", size.cols * cells.state) if i else self.port("o")
            for j in range(size.cols):
                self.place(
                    pe,
                    f"pe_{i}_{j}",
                    en=self.port("en"),
                    a=a.lane(i, size.depth * lanes.a),
                    b=b.lane(j, size.depth * lanes.b),
                    below=below.lane(j, cells.state),
                    o=o.lane(j, cells.state),
                    **{name: marks.lane(n, 1) for n, name in enumerate(cells.marks)},
                    **row,
                )
            below = o

    def _of_row(self, i: int, a: Wire, of_row: Distinct | None) -> dict[str, Wire]:
        """The connection of the cells in row i with what they share, if anything."""
        if of_row is None:
            return {}
        row = self.wire(f"of_row_{i}", len(of_row.component.o))
        self.place(of_row, f"row_{i}", en=self.port("en"), a=a, o=row)
        return {"row": row}


class Grid(Structure):
    """All blocks, the trees of registers before them and the adders behind them.

    Members
    -------
    en : In(1)
    a, b : In(rows * depth * a.bits), In(depth * cols * b.bits)
        A beat of each.
    marks : In(len(cells.marks))
    c : Out(cols * acc.bits)
        A row of C.
    """

    def __init__(self, element: Element, cells: Cells, size: Size, skew: bool) -> None:
        super().__init__(
            {
                "en": In(1),
                "a": In(size.rows * size.depth * element.a.bits),
                "b": In(size.depth * size.cols * element.b.bits),
                "marks": In(len(cells.marks)),
                "c": Out(size.cols * element.acc.bits),
            }
        )
        self._element, self._cells, self._size, self._skew = element, cells, size, skew
        self._registers = broadcast_registers(size.rows, size.cols)
        self._kinds: dict[str, Distinct] = {}
        self._deliver(self._place_blocks(self._rows_of_a(), self._columns_of_b()))

    def _rows_of_a(self) -> Wire:
        """Recoded lanes of A, one row after the other; lane z comes z cycles late if skewed."""
        size, a = self._size, self.port("a")
        if self._skew:
            a = self.skewed("skew_a", a, list(range(size.depth)) * size.rows)
        return self.through(self._element.encode_a, "encode_a", a, self._element.a.bits)

    def _columns_of_b(self) -> Wire:
        """Recoded lanes of B, one column after the other."""
        size, bits = self._size, self._element.b.bits
        columns = self.wire("b_columns", len(self.b))
        for z in range(size.depth):
            for j in range(size.cols):
                lane = self.port("b").lane(z * size.cols + j, bits)
                self.join(columns.lane(j * size.depth + z, bits), lane)
        if self._skew:
            columns = self.skewed("skew_b", columns, list(range(size.depth)) * size.cols)
        return self.through(self._element.encode_b, "encode_b", columns, bits)

    def _place_blocks(self, a: Wire, b: Wire) -> Wire:
        """The blocks from the bottom up; the sums that leave the top row."""
        rows, cols = _segments(self._size.rows), _segments(self._size.cols)
        lane = self._size.depth * self._element.lanes.b
        columns = [
            self._spread(f"b_{start}", b.part(start * lane, count * lane), len(rows))
            for start, count in cols
        ]
        below: Wire | None = None
        for i, (start, height) in reversed(list(enumerate(rows))):
            copies = self._spread(f"a_{start}", self._marked(a, start, height), len(cols))
            operands = [(copy, column[i]) for copy, column in zip(copies, columns, strict=True)]
            below = self._place_row(start, height, operands, below)
        assert below
        return below

    def _marked(self, a: Wire, start: int, height: int) -> Wire:
        """The marks, and some rows of A above them."""
        lane, marks = self._size.depth * self._element.lanes.a, len(self._cells.marks)
        beat = self.wire(f"a_{start}", marks + height * lane)
        self.join(beat.part(0, marks), self.port("marks"))
        self.join(beat.part(marks, height * lane), a.part(start * lane, height * lane))
        return beat

    def _place_row(
        self, start: int, height: int, operands: list[tuple[Wire, Wire]], below: Wire | None
    ) -> Wire:
        """Blocks side by side, with marked rows of A and columns of B; the sums that leave them."""
        depth, state, marks = self._size.depth, self._cells.state, len(self._cells.marks)
        sums = self.wire(f"o_{start}", self._size.cols * state)
        for (a, b), (first, width) in zip(operands, _segments(self._size.cols), strict=True):
            size, bottom = Size(rows=height, cols=width, depth=depth), below is None
            name = f"block_{height}x{width}{'_bottom' if bottom else ''}"
            self.place(
                self._kind(name, partial(Block, self._element, self._cells, size, bottom)),
                f"block_{start}_{first}",
                en=self.port("en"),
                a=a.part(marks, a.width - marks),
                b=b,
                marks=a.part(0, marks),
                below=below.part(first * state, width * state) if below else 0,
                o=sums.part(first * state, width * state),
            )
        return sums

    def _spread(self, name: str, source: Wire, targets: int) -> list[Wire]:
        """`source` at each of many targets, through registers with `SEGMENT` readers."""
        wires, levels = [source], self._registers - 1
        make = partial(Registered, partial(Wires, source.width))
        for level in range(levels):
            count = -(-targets // SEGMENT ** (levels - level))
            relay = self._kind(f"relay_{source.width}", make)
            following = []
            for n in range(count):
                wire = self.wire(f"{name}_{level}_{n}", source.width)
                label = f"relay_{name}_{level}_{n}"
                self.place(relay, label, en=self.port("en"), i=wires[n // SEGMENT], o=wire)
                following.append(wire)
            wires = following
        return [wires[target // SEGMENT if levels else 0] for target in range(targets)]

    def _kind(self, name: str, make: Make) -> Distinct:
        """The one module of this name."""
        return self._kinds.setdefault(name, Distinct(name, make))

    def _deliver(self, sums: Wire) -> None:
        """Resolve the sums behind a register; what is a number already leaves as it is."""
        cells = self._cells
        if cells.resolve is not None:
            mark = self.port("marks").lane(cells.marks.index("leave"), 1)
            leaving = self.delayed("leaving", mark, self._registers + cells.delay)
            hold = Distinct("hold", partial(Hold, cells.state))
            held = self.wire("held", sums.width)
            for j in range(self._size.cols):
                here = {"i": sums.lane(j, cells.state), "o": held.lane(j, cells.state)}
                self.place(hold, f"hold_{j}", en=self.port("en"), take=leaving, **here)
            sums = self.through(cells.resolve, "resolve", held, cells.state)
        self.join(self.port("c"), sums)


def _segments(count: int) -> list[tuple[int, int]]:
    """Start and length of each segment of `count` rows or columns."""
    return [(start, min(SEGMENT, count - start)) for start in range(0, count, SEGMENT)]


class BroadcastArray(wiring.Component):
    """R x N cells: C[R, N] += A[R, K] B[K, N], `depth` values of k a beat, R rows of C.

    Parameters
    ----------
    element : Element
    cells : Cells
    size : Size
    skew : bool
        Lane z of the operands reaches the cells z cycles after lane 0.
    waits : bool
        No operands are taken while rows of C move up but for the last of them. Otherwise cells
        hold rows of C aside, and only the next tile's last beat has to wait.
    """

    def __init__(
        self, element: Element, cells: Cells, size: Size, *, skew: bool, waits: bool
    ) -> None:
        self._element, self._cells, self._size = element, cells, size
        self._skew, self._waits = skew, waits
        super().__init__(engine_signature(element, size.rows, size.cols, size.depth))

    def elaborate(self, platform: object) -> Module:
        m = Module()
        en, accept = Signal(), Signal()
        left = Signal(range(max(self._size.rows, 2) + 1), init=self._size.rows)
        m.d.comb += en.eq(~self.c.valid | self.c.ready)
        row = self._accept(m, en, accept, left)
        make = partial(Grid, self._element, self._cells, self._size, self._skew)
        grid = Distinct("grid", make).place(m, "grid")
        marks = {"clear": left == self._size.rows, "leave": left != 0}
        m.d.comb += [
            grid.en.eq(en),
            grid.a.eq(Mux(accept, self.a.p.data, 0)),
            grid.b.eq(self.b.p.data),
            *(grid.marks[n].eq(marks[name]) for n, name in enumerate(self._cells.marks)),
        ]
        self._deliver(m, en, grid.c, row, left == 1)
        return m

    def _accept(self, m: Module, en: Signal, accept: Signal, left: Signal) -> Value:
        """Take beats of A and B together; after each tile `left` counts its R rows of C down.

        After a reset a tile ends that is none, which clears the accumulators: by the first mark
        where sums are held aside, otherwise by zeros that move up as rows of C do.
        Returns whether a row of C is on its way.
        """
        clearing, open_ = Signal(init=1), Signal()
        # `left` > 1, from a register: what decides on a beat is on the way of all of A.
        more = int(self._size.rows > 1)
        moving = Signal(init=more)
        cleared = ~moving if self._waits else clearing
        m.d.comb += [
            open_.eq(en & ~(moving if self._waits else moving & self.a.p.last)),
            accept.eq(self.a.valid & self.b.valid & open_),
            self.a.ready.eq(self.b.valid & open_),
            self.b.ready.eq(self.a.valid & open_),
        ]
        with m.If(en):
            with m.If(accept & self.a.p.last):
                m.d.sync += [left.eq(self._size.rows), moving.eq(more)]
            with m.Elif(clearing & cleared):
                m.d.sync += [left.eq(0), moving.eq(0)]
            with m.Elif(left != 0):
                m.d.sync += [left.eq(left - 1), moving.eq(left > 2)]
            with m.If(cleared):
                m.d.sync += clearing.eq(0)
        return (left != 0) & ~clearing

    def _deliver(self, m: Module, en: Signal, c: Value, row: Value, tile_end: Value) -> None:
        registers = broadcast_registers(self._size.rows, self._size.cols)
        latency = registers + self._cells.delay + (self._cells.resolve is not None)
        m.submodules.departures = departures = Departures(latency)
        m.d.comb += [
            departures.en.eq(en),
            departures.row.eq(row),
            departures.tile_end.eq(tile_end),
            *departures.offer(self.c, c),
        ]
