"""Transfers that outlive their process: what is kept of each, whose turn it is, who carries it."""
