"""The Python examples of the README and the docs are run: a page is a test, with names of its own.

One test, since its later examples rest on its earlier ones: processes that share the tests out
among them must not part them.
"""

import gc
import re
from collections.abc import Iterator

from sybil import Document, Region, Sybil
from sybil.parsers.markdown import PythonCodeBlockParser
from sybil.region import Lexeme

_MARK = re.compile(r"<!--+ *skip: (next|start|end) *-->")
"""Before an excerpt, which is not run, and around several."""


def is_skipped(before: str) -> bool:
    """Whether the example after this text is."""
    marks = list(_MARK.finditer(before))
    if not marks or marks[-1][1] == "end":
        return False
    return marks[-1][1] == "start" or not before[marks[-1].end() :].strip()


class WholePage(PythonCodeBlockParser):
    """All examples of a page as one, each at its own line."""

    def __call__(self, document: Document) -> Iterator[Region]:
        """One region, or none."""
        found = [
            region
            for region in super().__call__(document)
            if not is_skipped(document.text[: region.start])
        ]
        if not found:
            return
        source = ""
        for region in found:
            line = document.text.count("\n", 0, region.start) + region.parsed.line_offset
            source += "\n" * (line - source.count("\n")) + region.parsed
            source = source.rstrip("\n") + "\n"
        first, last = found[0], found[-1]
        before = document.text.count("\n", 0, first.start)
        # The evaluator puts as many empty lines before it as the region has above it.
        whole = Lexeme(source[before:], 0, 0)
        yield Region(first.start, last.end, whole, first.evaluator)


pytest_collect_file = Sybil(parsers=[WholePage()], patterns=["README.md", "docs/**/*.md"]).pytest()


def pytest_collection_finish() -> None:
    """Leave what has been collected out of garbage collection: it stays to the end.

    Ten thousand tests and the libraries of the suite are a large heap to walk, again and again.
    """
    gc.collect()
    gc.freeze()
