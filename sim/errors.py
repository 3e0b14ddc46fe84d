"""What can go wrong between asking for a simulation and having its result."""


class SimulationError(RuntimeError):
    """The simulation has no result: a tool is missing or failed, or the engine misbehaved."""


class ProtocolError(SimulationError):
    """The engine broke the rules of its streams: it hung, returned too much or changed its mind."""
