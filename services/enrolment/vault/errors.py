"""What can go wrong in the vault.

VaultError
├── KeysRefused   the key-encryption keys cannot be read
├── Unreadable    what is kept does not open, although nobody erased it: an alarm
└── Gone          the learner was erased
"""


class VaultError(Exception):
    """Base of the vault's errors."""


class KeysRefused(VaultError):
    """The key-encryption keys cannot be read, or are none."""


class Unreadable(VaultError):
    """What is kept does not open, although its key was not destroyed: never taken for an erasure."""


class Gone(VaultError):
    """The learner was erased: the key is destroyed, and nothing is kept of them again."""

    def __init__(self, learner_ref: str) -> None:
        """Name the learner."""
        super().__init__(f"{learner_ref} was erased: their personal data is destroyed")
