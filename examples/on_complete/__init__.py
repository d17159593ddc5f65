"""A job for each file that is complete."""
