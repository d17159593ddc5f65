"""HTTP: parse, call the use case, format."""
