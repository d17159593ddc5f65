"""The file on the disk: reading it, hashing it, noticing that it changed."""
