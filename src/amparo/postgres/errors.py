"""What can go wrong with the database, each as a sentence for the operator.

DatabaseError
├── NoBinaries      no PostgreSQL on this machine that could serve these data
├── NotPrepared     the home holds no database yet, or not all of it
├── AlreadyServed   another process serves this home
├── CannotCopy      the database could not be written into a file, or filled from one
├── CannotStart     the server died, did not answer, or has no place that its user can reach
└── NotDurable      the server answers, but what it acknowledges can be lost
"""


class DatabaseError(Exception):
    """The database cannot be used; the text says why and what to do."""


class NoBinaries(DatabaseError):
    """No PostgreSQL that fits was found; the text says what to install."""


class NotPrepared(DatabaseError):
    """There is no complete database in the home; the text says how to make one."""


class AlreadyServed(DatabaseError):
    """Another live process serves this home; the text names it."""


class CannotCopy(DatabaseError):
    """A dump could not be written or read; the text holds what PostgreSQL's program says."""


class CannotStart(DatabaseError):
    """The server did not come up; the text holds the last lines of its log."""


class NotDurable(DatabaseError):
    """The server may lose what it has acknowledged; the text names each setting."""
