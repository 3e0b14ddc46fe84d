"""How fast this is, each figure a ratio against something measured beside it in the same run."""
