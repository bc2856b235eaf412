"""What can go wrong at the vault, one tree for sealing, opening and starting.

    VaultError
    ├── VaultDown      not now: ask again later, and say "not at the moment" on the page
    ├── VaultRefused   not you, or not for this purpose: asking again changes nothing
    ├── VaultDamaged   the stored bytes or the row are not what was sealed: page a person
    ├── NotSealed      the bytes are not durably kept: do not acknowledge them
    └── BadSetup       keys, store or sockets are set up wrongly: the message says what to change

Each carries a sentence for people and a stable `reason` for programs. Neither ever holds a name, a text or bytes.
"""


class VaultError(Exception):
    def __init__(self, message: str, reason: str) -> None:
        super().__init__(message)
        self.reason = reason


class VaultDown(VaultError):
    pass


class VaultRefused(VaultError):
    pass


class VaultDamaged(VaultError):
    pass


class NotSealed(VaultError):
    pass


class BadSetup(VaultError):
    pass
