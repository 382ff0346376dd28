"""Who holds which office, told from the table that indexing makes of the archive.

    question ─ question, english ─► OfficeQuestion ─┐
                                                    ├─ holders ─► terms of office ─ telling ─► lines with quotes
    index.offices ─► table of the generation ───────┘

question reads what is asked of which office, in Chinese · english the same in English · holders finds who the reports name,
as terms of office in the order of time · telling says it, or that another unit's holder is all that there is · register gives
the holders as values to GET /v1/offices · words has the service's own words. rag.lookup.office_holders puts them together.
"""
