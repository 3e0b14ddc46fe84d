"""What an engine costs: synthesis, timing, activity, power."""
