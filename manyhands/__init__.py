"""Manyhands, the Python client: one file, uploaded by every device that holds a copy of it.

The package in layers, each importing only from those below it:

    cli
    display | status | signals               what a person or a program reads, and says
    runner | auth                            one run; signing in and staying so
    work                                     the loop of the one thread that decides
    calls | crew | cognito | store           exchanges, connections, sign-in, its file
    desk | sender                            the inbox; one part on its way
    api | line | limiter | hashing | tally | pager
    transport | reader | groups | events | words
    engine                                   every decision, without I/O, clock or thread
    puts
    hand | pace
    happenings | rate | stages | backoff
    parts
    wire                                     the protocol's JSON
    errors                                   all that can go wrong, with exit codes

The client shares the protocol with the server, and no code.
"""

__version__ = "0.1.0"
