"""What is raised when something given to us cannot be used."""


class InputError(ValueError):
    """One sentence that says what was wrong, where, and what would work.

    The command line prints it and exits with code 2; a page shows it and continues.
    """
