"""The web edition, built from the notebooks: pages that answer at once and then become live.

python.py makes the Python that a page's worker loads, host.py is the kernel's half of such a page
and worker.js the thread it lives in; record.py lets the same Python answer beforehand.
"""
