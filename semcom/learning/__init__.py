"""What learns, and the files that keep what it learned."""

from semcom.learning.pupil import Lesson, Pupil, files_of

__all__ = ["Lesson", "Pupil", "files_of"]
