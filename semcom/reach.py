"""How far methods reach that take a distribution of some letters."""

from typing import Annotated, ClassVar

from pydantic import Field

from semcom.errors import UserError
from semcom_channels import Part

MOST_LETTERS = 1 << 24


class Reach(Part):
    """A method with a number of letters that it is asked for."""

    most_letters: ClassVar[int] = MOST_LETTERS
    """Letters above which it would take for ever, or too much memory."""
    up_to_letters: Annotated[int, Field(ge=1)] | None = None
    """Points with more letters are left out, so that slow methods stand beside fast ones; null: none is."""

    def is_asked(self, letters: int) -> bool:
        """Whether a point with so many letters is not left out."""
        return self.up_to_letters is None or letters <= self.up_to_letters

    def check(self, letters: int) -> None:
        """Raises UserError for more letters than it can take."""
        if letters > self.most_letters:
            raise UserError(
                f"{self.kind} takes at most {self.most_letters} letters; letters is {letters}. "
                f"Leave such points out by up_to_letters: {self.most_letters}"
            )
