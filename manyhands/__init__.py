"""Manyhands, the Python client: one file, uploaded by every device that holds a copy of it.

The package in layers, each importing only from those below it:

    cli                     commands, options, exit codes
    display  status         what a person or a program reads
    runner   auth           threads around the engine; signing in
    crew  sender  api       PUTs to the storage, calls to the service
    hashing  reader         the file
    engine                  every decision, without I/O, clock or thread
    wire  errors  parts     the protocol, what can go wrong, how a file is cut

The client shares the protocol with the server, and no code.
"""

__version__ = "0.1.0"
