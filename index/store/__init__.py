"""The index folder on disk: immutable generations, and beside them what was posted and withdrawn. It can be moved or copied.

    scratch folder ─ manifest: checksums ─ publishing: one rename ─► generations/<name>/ ◄─ CURRENT names the served one
                                                                          │      └─ generations: opened, or the one before
    files, rejections, articles, chunks ─ catalogue_writer ─► catalogue.sqlite ─ catalogue ─► read
    documents by HTTP ─ uploads ─► documents/ ─┐        │ each generation has the ledger that it was built by
    names taken out ─ withdraw ─► withdrawals ─┴─► ledger ─► ledger.json, and a copy of it: withdrawn.json

durable writes files privately, whole or not at all · documents is the folder of posted ones, each held against its checksum in
the ledger · withdraw takes one document out by its name, whichever of the two it belongs to · listing has one short entry an
article, for lists and counts · holdings is the catalogue's table of who holds which office · catalogue reads what
catalogue_writer wrote; they alone import sqlite3 here.
"""

from index.store.generations import Generation, current_folder, current_name, open_generation

__all__ = ["Generation", "current_folder", "current_name", "open_generation"]
