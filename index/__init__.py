"""The offline side: newspaper files become articles, chunks and an index folder on disk.

    files ─ read ─► documents ─ repair ─► printed text ─ segment ─► articles ─ continuation ─► whole articles
                                                                                                      │ chunking
    index folder ◄─ store ─ generation ◄─ search ─ vectors, terms ◄─ embedding, language ◄─ chunks ◄──┘

build composes the stages · dates reads when a page was printed and which days a text speaks of · language has
sentences, terms and numerals · records are the values that flow, errors what is raised · files writes and reads
those of a generation · provenance tells where a slice
of an article was printed. Further: index/README.md.
"""
