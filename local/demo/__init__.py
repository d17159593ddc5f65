"""The demonstration: three devices bring one file, one dies, one comes late, and nothing is lost.

``devices`` are processes of the real command line, ``watch`` asks the API as anybody may,
``view`` draws the board, ``proof`` compares what was stored with what was sent, ``story`` tells it
all in order.
"""
