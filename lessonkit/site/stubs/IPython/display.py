"""What a cell may show without being asked for it: the host says how."""


def show(value):
    """Show one value; the host puts its own function here."""


def display(*values, **options):
    """Show values, one after the other."""
    for value in values:
        show(value)


def clear_output(wait=False):
    """Do nothing: a page keeps what was shown."""
