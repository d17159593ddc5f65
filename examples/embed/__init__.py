"""Somebody else's site, with Manyhands as its uploader: an example to copy from, and what is tested."""
