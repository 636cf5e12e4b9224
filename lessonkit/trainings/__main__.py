"""Train again what the lessons show, and write data/ anew: python -m lessonkit.trainings dropout

Each name is that of a record in data/records/; several may be given. Without a name this lists
those that exist.
"""

import sys

from lessonkit import trainings
from lessonkit.trainings.files import write

USAGE = "python -m lessonkit.trainings NAME [NAME …]"


def main(names):
    """Make and write the records called `names`, one after the other.

    Names that do not exist end the program before anything is trained.
    """
    unknown = [name for name in names if name not in trainings.__all__]
    if unknown:
        sys.exit(f"There is no training called {', '.join(map(repr, unknown))}. {_choices()}")
    if not names:
        print(f"Usage: {USAGE}\n{_choices()}")
    for name in names:
        write(getattr(trainings, name).make())


def _choices():
    return f"The trainings are {', '.join(trainings.__all__)}."


if __name__ == "__main__":
    main(sys.argv[1:])
