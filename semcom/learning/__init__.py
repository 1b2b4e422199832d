"""What learns, and the files that keep what it learned."""

from semcom.learning.pupil import Lesson, Pupil

__all__ = ["Lesson", "Pupil"]
