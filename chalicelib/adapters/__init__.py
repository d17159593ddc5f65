"""The outside, behind the ports. Clients are handed in; nothing is made at import."""
