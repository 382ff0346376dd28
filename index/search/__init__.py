"""What is searched: vectors and terms."""
