"""The base of every error that is told to the person and is not our own fault."""

from __future__ import annotations


class WizardError(Exception):
    """Something that could not be done: what happened, and what to do next.

    Whatever the texts have from files, folders or programs, a terminal obeys none of it.
    """

    def __init__(self, message: str, hint: str = "") -> None:
        from modal_wizard.text.sanitize import visible_lines

        super().__init__(message, hint)
        self.message = visible_lines(message)
        self.hint = visible_lines(hint)
        self.left: tuple[str, ...] = ()
        """Files that do not hold what they held before: somebody saved them meanwhile, and they stay so."""

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()
