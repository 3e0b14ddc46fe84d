"""One description and golden model per processing element. Mirrors `hw/pe/`."""
