"""The maths, pictures and data behind the lessonkit notebooks."""
