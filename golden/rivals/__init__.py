"""Elements of other accelerators, to price ours against: they are no elements of the catalog."""
