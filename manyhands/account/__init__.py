"""Signing in, staying signed in, and where that is remembered."""
