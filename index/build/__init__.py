"""Composes the offline side."""

from index.build.articles import read_articles
from index.build.options import BuildOptions, BuildSteps
from index.build.pipeline import Built, IndexWriter, build_index, open_writer

__all__ = ["BuildOptions", "BuildSteps", "Built", "IndexWriter", "build_index", "open_writer", "read_articles"]
