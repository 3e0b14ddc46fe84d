"""Workloads: lists of GEMMs, and what they take on an engine behind buffers and DRAM."""
