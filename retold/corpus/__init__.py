"""Many stories: compared on a Dask cluster, written as Parquet tables.

>>> from retold import corpus
>>> corpus.run("stories.parquet", "out", workers=2)   # goes on where it was, if it was interrupted
>>> corpus.table("out", "findings")                   # a table of every finding
"""

from retold.corpus.drive import run
from retold.corpus.output import manifest, table

__all__ = ["manifest", "run", "table"]
