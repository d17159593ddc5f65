"""One run of an upload, from a path to a stored object."""
