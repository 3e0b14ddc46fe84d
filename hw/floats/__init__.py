"""Arithmetic on floating-point numbers."""
