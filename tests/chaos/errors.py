"""What can end a run before its verdict.

ChaosError
├── Stalled     a service did not get on within the time given after a fault: lost until somebody helps
├── NotStruck   a fault did not happen: its point was never passed, or the server refused it
├── NotFed      the broker did not take what was published
└── Unkept      a promise that is not about effects was broken, such as a worker that goes on where it must refuse
"""


class ChaosError(Exception):
    """A run that has no verdict."""


class Stalled(ChaosError):
    """A service did not get on within the time given after a fault."""


class NotStruck(ChaosError):
    """A fault did not happen."""


class NotFed(ChaosError):
    """The broker did not take what was published."""


class Unkept(ChaosError):
    """A promise that is not about effects was broken."""
