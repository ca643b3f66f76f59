"""The one base of every error that a person or a program may be shown.

An error is a class whose docstring is its message, so class, documentation and words
cannot drift apart. Braces in the docstring are filled from the keyword arguments::

    class UnknownProject(PlatformError):
        '''Jira has no project {key}. Nothing was created. Check the key in Jira.'''

        code = "unknown_project"

    raise UnknownProject(key="DEMO")
"""

from __future__ import annotations

from inspect import cleandoc
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from collections.abc import Mapping


class PlatformError(Exception):
    """The request could not be carried out. Nothing was changed. Try again or ask the App's owner."""

    #: Stable, machine-readable name of the error; part of the API once published.
    code: ClassVar[str] = "error"
    #: HTTP status an edge answers with when it lets this error through.
    status: ClassVar[int] = 400

    def __init__(self, **details: Any) -> None:
        self.details = details
        super().__init__(self.message)

    @classmethod
    def sentence(cls) -> str:
        """The docstring on one line, with its braces as they are."""
        return " ".join(cleandoc(cls.__doc__ or "").split())

    @property
    def message(self) -> str:
        """The sentence, its braces filled. Never holds a secret: details are shown to people."""
        text = self.sentence()
        return text.format(**self.details) if self.details else text

    @property
    def more(self) -> Mapping[str, Any]:
        """What a program is told beside the words, such as what is in the way. Never holds a secret."""
        return {}

    def __str__(self) -> str:
        return self.message
