"""Shared by all tests: one build cache, and property tests that run the same everywhere."""

import os
from pathlib import Path

from hypothesis import settings

# Tests that change the working directory still find what others have built.
os.environ.setdefault("TPE_CACHE", str(Path(__file__).parents[1] / ".tpe-cache"))

# A suite that proves a commit must not fail for another; HYPOTHESIS_PROFILE=search looks further.
settings.register_profile("prove", derandomize=True, deadline=None)
settings.register_profile("search", deadline=None, max_examples=2000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "prove"))
