"""The database's schema, and how an older one becomes the newest.

``MIGRATIONS`` holds one script for each version; a new version is a new script at the end, and none
is ever changed. SQLite's own ``user_version`` says how many were applied. A database of a newer
Manyhands is left alone.
"""

import sqlite3

from manyhands.errors import NewerDatabase

MIGRATIONS = (
    """
    CREATE TABLE transfers (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        kind TEXT NOT NULL CHECK (kind IN ('upload', 'download')),
        account TEXT NOT NULL,
        path BLOB NOT NULL,
        upload TEXT NOT NULL DEFAULT '',
        grp TEXT NOT NULL DEFAULT '',
        name TEXT NOT NULL DEFAULT '',
        aim TEXT NOT NULL DEFAULT '',
        size INTEGER NOT NULL DEFAULT 0,
        mtime_ns INTEGER NOT NULL DEFAULT 0,
        part_size INTEGER NOT NULL DEFAULT 0,
        digests BLOB NOT NULL DEFAULT x'',
        client TEXT NOT NULL DEFAULT '',
        seq INTEGER NOT NULL DEFAULT 0,
        options TEXT NOT NULL DEFAULT '{}',
        bytes_done INTEGER NOT NULL DEFAULT 0,
        own_bytes INTEGER NOT NULL DEFAULT 0,
        state TEXT NOT NULL,
        why TEXT NOT NULL DEFAULT '',
        wish TEXT NOT NULL DEFAULT '',
        place REAL NOT NULL,
        created_at REAL NOT NULL,
        changed_at REAL NOT NULL
    );
    CREATE UNIQUE INDEX one_for_each_purpose ON transfers (kind, account, path, grp, name, aim);
    CREATE TABLE unreported (
        transfer INTEGER NOT NULL REFERENCES transfers (id) ON DELETE CASCADE,
        client TEXT NOT NULL,
        part INTEGER NOT NULL,
        PRIMARY KEY (transfer, client, part)
    ) WITHOUT ROWID;
    """,
)


def migrate(connection: sqlite3.Connection) -> None:
    """Bring the database to the newest version. Raises NewerDatabase, sqlite3.Error."""
    while (version := _version(connection)) < len(MIGRATIONS):
        _apply(connection, version)
    if version > len(MIGRATIONS):
        raise NewerDatabase


def _apply(connection: sqlite3.Connection, version: int) -> None:
    """All or nothing; another process that was quicker is no mistake."""
    connection.execute("BEGIN EXCLUSIVE")
    try:
        if _version(connection) == version:
            for statement in MIGRATIONS[version].split(";"):
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {version + 1}")
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])
