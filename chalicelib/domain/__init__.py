"""The rules of Manyhands: values in, values out. No clock, randomness, environment or I/O.

Read in this order: ``parts`` and ``manifest`` (what a file is), ``status`` (an upload's life),
``board`` (its tickets and clients), ``exchange`` with ``seats``, ``share``, ``rescue`` and
``pace`` (how they move), ``uploads`` (the whole record), ``inspection``, ``lifetime`` and
``shares`` (its end), ``names``, ``errors``.
"""
