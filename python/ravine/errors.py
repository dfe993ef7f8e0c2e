"""What can go wrong in a call on a library."""

import enum


class Status(enum.IntEnum):
    """The status codes of the contract; RAVINE_ERROR_RANGE is `Status.RANGE`."""

    VERSION = -1
    ARGUMENT = -2
    TENSOR = -3
    OVERLAP = -4
    NAME = -5
    RANGE = -6
    REQUIREMENT = -7
    FIXED = -8
    PRECISION = -9
    MEMORY = -10
    TARGET = -11
    BUSY = -12
    NONFINITE = -13
    FILE = -14


class Error(Exception):
    """A refused call. Nothing has changed: no parameter, no state, no counter, no setting.

    `status` says what kind of fault it is (a `Status`, or a plain number that this package does not know), `message`
    names the culprit.
    """

    def __init__(self, status, message):
        super().__init__(message)
        self.status = Status(status) if status in Status._value2member_map_ else status
        self.message = message

    def __str__(self):
        name = self.status.name if isinstance(self.status, Status) else f"status {self.status}"
        return f"{self.message} ({name})"
