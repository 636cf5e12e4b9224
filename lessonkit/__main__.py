"""python -m lessonkit is the command `lessonkit`."""

from lessonkit.command import main

if __name__ == "__main__":
    main()
