"""Bringing a stored file onto this disk."""
