"""The maths, pictures and data behind the lessonkit notebooks.

Sections, equations and figures numbered 12 are those of our source, part 11 of a course in Chinese:
<https://yq.aliyun.com/articles/159710>.
"""
