"""python -m lessonkit.site build FOLDER builds the web edition."""

from lessonkit.site.command import main

if __name__ == "__main__":
    main()
