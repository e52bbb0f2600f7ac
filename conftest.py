"""The Python examples of the README and the docs are run, each page with names of its own."""

import gc

from sybil import Sybil
from sybil.parsers.markdown import PythonCodeBlockParser, SkipParser

pytest_collect_file = Sybil(
    parsers=[PythonCodeBlockParser(), SkipParser()], patterns=["README.md", "docs/**/*.md"]
).pytest()


def pytest_collection_finish() -> None:
    """Leave what has been collected out of garbage collection: it stays to the end.

    Ten thousand tests and the libraries of the suite are a large heap to walk, again and again.
    """
    gc.collect()
    gc.freeze()
