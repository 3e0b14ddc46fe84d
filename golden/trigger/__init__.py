"""Track and trigger: devices in a ring compute and communicate at once. Mirrors `hw/trigger/`."""
