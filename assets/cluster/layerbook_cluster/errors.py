"""What goes wrong, in sentences."""


class ClusterError(Exception):
    """Work that cannot be done; `hint` is what helps, where something is known to."""

    def __init__(self, message: str, hint: str | None = None, everywhere: bool = False) -> None:
        super().__init__(message)
        self.hint = hint
        # Whether every process finds the same fault, so that one of them need say it.
        self.everywhere = everywhere

    def __str__(self) -> str:
        message = super().__str__()
        return f"{message}; {self.hint}" if self.hint else message


class UsageError(ClusterError):
    """A command line or a settings file that is wrong: the same for every process."""

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message, hint, everywhere=True)


def nearest_hint(written: str, names: list[str], noun: str) -> str:
    """The names an author probably meant, or all there are."""
    from difflib import get_close_matches

    near = get_close_matches(written, names, n=3)
    if near:
        return "did you mean " + " or ".join(f"'{name}'" for name in near) + "?"
    return f"{noun} are " + ", ".join(names)
