"""What passes between the parts of a digit-serial array."""

from amaranth.lib import data, wiring

from hw.serial import SerialElement


def slot_bits(window: int) -> int:
    """Bits of the number of a place in a window."""
    return (window - 1).bit_length()


def own_digits(element: SerialElement, flow: wiring.Flow) -> dict[str, wiring.Member]:
    """The port on which elements that recode A themselves get their numbers."""
    return {} if element.shares_digits else {"number": flow(element.a.bits)}


def digit_fields(element: SerialElement) -> dict[str, int]:
    """What there is to know of a digit, and which term or multiple of B it takes, if of several."""
    pick = {"pick": (element.picks - 1).bit_length()} if element.picks > 1 else {}
    return {"place": element.lanes.place, "neg": 1, **pick}


def number_layout(element: SerialElement) -> dict[str, int]:
    """What elements that recode A themselves are told: a number, and whether it is a new one."""
    return {} if element.shares_digits else {"number": element.a.bits, "renew": 1}


def terms_port(element: SerialElement, flow: wiring.Flow) -> dict[str, wiring.Member]:
    """The port that says which terms numbers of B have, if they are kept as terms."""
    return {"terms": flow(element.b_terms)} if element.b_terms > 1 else {}


def issue_layout(element: SerialElement, window: int) -> data.StructLayout:
    """What a lane tells the elements of its row in a cycle.

    `valid`: there is a digit that is not zero, of weight 2**`place` and negative if `neg`, for the
    operand B in `slot` of the lane's window, or `pick` of its terms or multiples. Elements that
    recode A themselves are told the `number` instead, and whether to `renew` the digits that they
    have left.
    """
    digit = digit_fields(element) if element.shares_digits else {}
    return data.StructLayout(
        {
            "valid": 1,
            **digit,
            **number_layout(element),
            "slot": slot_bits(window),
        }
    )
