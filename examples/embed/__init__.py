"""Somebody else's site, with Manyhands as its uploader: an example, and what is tested."""
