"""How elements are wired and how data moves. Mirrors `golden/arrays/`."""
