"""What verifying found: one check for each module, SDK and state of the repository."""

from __future__ import annotations

import enum

import msgspec
from msgspec import Struct


class RepositoryState(enum.Enum):
    """A state of the repository."""

    BEFORE = "before"
    NOW = "now"


class ImportOutcome(enum.Enum):
    """What importing a module came to."""

    PASSED = "passed"
    WARNED = "warned"
    """The SDK imports it, and warns."""
    FAILED = "failed"
    """The SDK refuses something."""
    BROKEN = "broken"
    """An error of the repository's own, or of what is not there here."""
    ENDED = "ended"
    """It took too long, or ended the process."""
    NOT_RUN = "not-run"
    """There was no SDK, or no room, to import it."""


class Message(Struct, frozen=True):
    """A warning or an error, with the last line of the repository that led to it; lines count from 1."""

    text: str
    path: str | None = None
    line: int | None = None
    modals: bool = True
    """Whether it is Modal's, and not the repository's own."""


class Check(Struct, frozen=True):
    """One import of one module."""

    module: str
    """Its path, relative to the root and with ``/``."""
    sdk: str
    state: RepositoryState
    outcome: ImportOutcome
    error: Message | None = None
    warnings: tuple[Message, ...] = ()
    seconds: float = 0.0


class Verification(Struct, frozen=True):
    """All checks of one run."""

    root: str
    before: str | None
    """The commit that counts as the state before; none where there is no other state than now."""
    sdks: tuple[str, ...]
    checks: tuple[Check, ...]
    network_cut: bool
    """Whether the system itself kept the modules from connecting, and not Python alone."""

    def count(self, sdk: str, state: RepositoryState, *outcomes: ImportOutcome) -> int:
        """Return how many modules came to one of ``outcomes``."""
        return sum(1 for each in self.checks if (each.sdk, each.state) == (sdk, state) and each.outcome in outcomes)

    def modules(self) -> tuple[str, ...]:
        """Return the paths of all modules that were imported, in order."""
        return tuple(sorted({each.module for each in self.checks}))

    def check(self, module: str, sdk: str, state: RepositoryState) -> Check | None:
        """Return one check; none where the module was not there."""
        wanted = (module, sdk, state)
        return next((each for each in self.checks if (each.module, each.sdk, each.state) == wanted), None)


def decoded(text: str) -> Verification | None:
    """Return what ``verify --format json`` printed; none where that is not it."""
    try:
        return msgspec.json.decode(text, type=Verification)
    except msgspec.DecodeError:
        return None
