"""Documents → articles: what a page's blocks are, which belong together, in which order, under which headline.

    document ─ blocks ─► text, headings, captions … ─ runs ─► running text, cut wherever an article may begin ─┐
                                          articles ◄─ assemble ◄─ headlines: whose they are ◄─ linking ◄───────┘
                                                                                     which run goes on from which

segmenter composes them · roles tells a block by its form, block_context by what stands around it, line_roles which headings are
none · row_forms tells what lines may be rows of a table or a list, cells what parts the cells of a row, torn_tables which rows were
copied with a cell a line, item_numbers which begin an item, listings where they stand, list_context whose they are · topic_similarity
tells what texts are about · line_cuts cuts paragraphs where another text begins inside them, seams runs where another article
begins without a mark, by how texts go on (going_on) and what they are about (topic_vectors), both learnt from the news
(going_on.npz) · page_runs measures them, link_features tells what makes one run go on from another, heading_features whose a
heading is · trees scores what these found by what was learnt (weights.json), openings how a text begins · revise puts right what
the headings show to be wrong, sections tells where in its article a sub-heading stood that was printed elsewhere · page_breaks finds page numbers and
running titles · pdf_frames takes pages whose type sizes are known (PDF) · issues tells which page of which issue each
part of a document is of, by its mastheads · record takes a line of a corpus · prose takes documents in paragraphs (Word, web, Markdown), headings tells
which of their headings open an article · unsure says which articles have characters that recognition is not sure of.
"""

from index.segment.assemble import DOUBTFUL
from index.segment.segmenter import split_articles

__all__ = ["DOUBTFUL", "split_articles"]
