"""`python -m tpe` is `tpe`."""

from tpe.cli import main

main()
