"""Libraries that all tests of the room share."""

import pytest

from synth.liberty import default_liberty, read_library
from synth.library import Library
from tests.synth.tiny import tiny_library


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Library:
    """The library that can be computed by hand."""
    return tiny_library(tmp_path_factory.mktemp("tiny"))


@pytest.fixture(scope="session")
def nangate() -> Library:
    """The default library."""
    return read_library(default_liberty())
