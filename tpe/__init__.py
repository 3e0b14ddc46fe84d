"""The front door: command line, reports, and the same verbs as Python functions."""
