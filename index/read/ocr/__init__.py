"""Text recognition (OCR): the picture of a page → its lines with their places, and how sure each character is.

    picture ─ recognition ─► RecognisedPage ─ kept_pages: in a folder, by the file's digest ─► pdf, images: laid out

An optional extra: without it nothing is recognised, and what needs it says how it is installed. strips cuts lines out of a
picture for recognition, the only importer of the engine, which takes seconds and a gigabyte for a page: index/build/recognisers.py has it run in processes of
its own, under limits. Nothing is downloaded: the weights are files of the engine's package.
"""

from index.read.ocr.kept_pages import (
    INSTALL,
    RECOGNISE,
    PageImage,
    RecognisedLine,
    RecognisedPage,
    RecognisedPages,
    Recognition,
    UnrecognisedError,
    is_installed,
)

__all__ = [
    "INSTALL",
    "RECOGNISE",
    "PageImage",
    "RecognisedLine",
    "RecognisedPage",
    "RecognisedPages",
    "Recognition",
    "UnrecognisedError",
    "is_installed",
]
