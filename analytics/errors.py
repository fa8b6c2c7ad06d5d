"""The one error a user can meet: a code with parameters. Words for it live in presentation/texts."""

from __future__ import annotations


class Refusal(Exception):
    """Something asked for cannot be done; nothing was changed.

    `code` is stable (snake_case, also printed by the command line), `params` fill the sentence that
    presentation/texts holds under `refusal.<code>` in both languages.
    """

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code if not params else f"{code} {params}")
        self.code = code
        self.params = params
