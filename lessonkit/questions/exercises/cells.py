"""An exercise as the two cells of a notebook that ask for it.

>>> from lessonkit.questions import EXERCISES
>>> print(skeleton(EXERCISES["relu"]))
def my_relu(x):
    # your code, instead of the dots
    ...
<BLANKLINE>
<BLANKLINE>
EXERCISES["relu"].check(my_relu)
"""

import inspect

FOLDED = "<details><summary>{}</summary>\n\n{}\n\n</details>"


def text(exercise):
    """Return the task, with hints and solution folded away, in Markdown."""
    hints = [FOLDED.format(f"Hint {n}", hint) for n, hint in enumerate(exercise.hints, 1)]
    solution = FOLDED.format("One solution", f"```python\n{source(exercise)}\n```")
    return "\n\n".join([f"**Write it yourself.** {exercise.task}", *hints, solution])


def source(exercise):
    """Return the reference's code, under the name that the learner's function has."""
    code = inspect.getsource(exercise.reference).rstrip()
    return code.replace(f"def {exercise.name}(", f"def {exercise.asked}(", 1)


def skeleton(exercise):
    """Return the code cell to be completed."""
    return (
        f"def {exercise.call}:\n    # your code, instead of the dots\n    ...\n\n\n"
        f'EXERCISES["{exercise.name}"].check({exercise.asked})'
    )
