"""Devices, lines and a service on one virtual clock: the real board and the real engine decide."""
