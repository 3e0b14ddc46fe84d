"""Parts of the digit-serial array `column`."""
