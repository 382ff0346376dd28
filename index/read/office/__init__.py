"""Office files → Document, without the programs that made them.

    bytes ─┬─ package: ZIP, XML parts ─┬─ word ──────► paragraphs, tables, headings ─┐
           │                           ├─ workbook ──► sheets as tables ─────────────┤
           │                           ├─ slides ────► slides in order ──────────────┼─► Document
           │                           └─ ofd ───────► lines of pages ───────────────┤
           └─ compound_file: streams ──── old_word ──► paragraphs, tables ───────────┘

word puts together what word_runs reads of a paragraph, word_tables of a table, word_numbering of lists and word_margins of headers, all by
word_styles · equations writes formulas as a line, raised superscripts, number_formats the
numbers of a workbook's cells.
"""

from index.read.office.ofd import read_ofd
from index.read.office.old_word import read_old_word
from index.read.office.slides import read_slides
from index.read.office.word import read_word
from index.read.office.workbook import read_workbook

__all__ = ["read_ofd", "read_old_word", "read_slides", "read_word", "read_workbook"]
