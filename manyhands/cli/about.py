"""What ``manyhands --help`` says around the list of commands. ``\\b`` keeps lines as they are."""

HELP = (
    "Upload one file from every device that holds a copy of it, at the same time.\n\n"
    "Run the same command on each device. The same group, the same name and the same contents are "
    "the same upload, and each device sends the parts that the others have not. Stop it and run it "
    "again, or «manyhands resume», whenever you like: what was sent is kept.\n\n"
    "Begin with: manyhands login URL\n\n"
    "\b\n"
    "upload    a file on its way to the storage; has an id\n"
    "transfer  this machine's work for it; has a number\n"
    "part      a piece of the file; sent by one device\n"
    "board     which parts are in, and who sends what"
)

EPILOG = (
    "\b\n"
    "Environment:\n"
    "MANYHANDS_PROFILE       the profile, without --profile\n"
    "MANYHANDS_URL           instead of the profile's address\n"
    "MANYHANDS_HOME          a folder for all; no keyring then\n"
    "MANYHANDS_DEBUG         as --debug\n"
    "PYTHON_KEYRING_BACKEND  another keyring\n"
    "NO_COLOR                no colours\n\n"
    "With --json each line is an object, and its «event» says which: «size» is a whole file's "
    "bytes, «bytes» those of some parts, «bytes_done» how much is stored or has arrived, "
    "«own_bytes» what this machine brought of it, «account» whose transfer it is.\n\n"
    "Exit codes: 0 done, 1 not all came to its end, 2 usage, 130 Ctrl-C, 143 terminated, "
    "252 bad input, 253 not signed in or not configured, 254 refused by the service, "
    "255 unexpected, or no connection."
)
