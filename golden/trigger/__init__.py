"""Track and trigger: how devices in a ring compute and communicate at once. Mirrors `hw/trigger/`."""
