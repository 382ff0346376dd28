"""PDF files → Document: the frames of their pages in reading order.

    bytes ─ page_glyphs ► glyphs ─ lines ─► printed lines ─ blocks ─► blocks as a reader takes them ─ reading_order ─►
                            ▲                                                                       text and frames
                            └─ recognised_glyphs: of pages that are pictures, or tell other characters

text_layer puts all of it together · page_glyphs takes glyphs and their places from PDFium; the machine's fonts have no part
in it, since substitution gives PDFium the one font of stand_in for every font that a PDF names and does not carry · trust
tells whether characters are those that are printed, scanned whether a page is a picture · jitter evens what other programs
recognised · watermarks tells what is printed askew or over others · lines joins what stands on one baseline · tables takes
rows and columns, grids those between the lines that rules finds drawn · blocks joins lines of one size in one column ·
page_places tells where the characters of the text stand. PDFium is native code
that a file may crash, hang or have fill the memory: index/build/readers.py has it run in a process of its own.
"""

from index.read.pdf.page_glyphs import picture_of_page
from index.read.pdf.page_places import PagePlaces, PlacedLine, places_on, places_on_picture
from index.read.pdf.text_layer import read_pdf

__all__ = ["PagePlaces", "PlacedLine", "picture_of_page", "places_on", "places_on_picture", "read_pdf"]
