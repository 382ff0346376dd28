"""A folder with the result and one page to read it on."""
