"""What to do next, decided without I/O, clock or thread."""
