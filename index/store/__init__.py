"""The index folder on disk: immutable generations, and beside them what was uploaded and withdrawn.

    scratch folder ─ manifest: checksums ─ generations: one rename ─► generations/<name>/ ◄─ CURRENT names the served one
                                                                          │
    files, rejections, articles, chunks ─ catalogue ─► catalogue.sqlite ──┘
    documents by HTTP ─ uploads ─► documents/ ────────┐
    names taken out ─ withdrawals ─► withdrawn.json ──┴─► every later build reads both

withdraw takes one document out by its name, whichever of the two it belongs to · catalogue is the only importer of
sqlite3 here.
"""

from index.store.generations import Generation, current_folder, open_generation

__all__ = ["Generation", "current_folder", "open_generation"]
