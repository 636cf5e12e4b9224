"""What ipywidgets and comm ask of IPython, for a page that has none."""

version_info = (9, 0, 0)  # Matplotlib asks for it before it asks for a shell


def get_ipython():
    """Return None: there is no shell."""
    return None
