"""A point that failed, told in plain words that cross from a worker."""

MUTE = "in user code:"  # how TensorFlow begins the message of an error met while tracing; what it was comes last


class PointError(Exception):
    """What went wrong in a worker: the error's kind and the line that says it.

    The error itself may be of a class that only its library can unpickle, and importing TensorFlow for that would be
    slow and noisy; its traceback stands in `__cause__`.
    """


def point_error(error: Exception) -> PointError:
    """The error of a failed point; TensorFlow's messages have dozens of lines."""
    kind = type(error).__name__
    lines = [line.strip() for line in str(error).splitlines() if line.strip()] or ["without a word"]
    if lines[0] != MUTE:
        return PointError(f"{kind}: {lines[0]}")
    named = [line for line in lines if line.startswith(f"{kind}: ")]
    return PointError(named[-1] if named else f"{kind}: {lines[-1]}")
