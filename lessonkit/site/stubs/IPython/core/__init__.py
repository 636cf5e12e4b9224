"""Part of the stand-in for IPython."""
