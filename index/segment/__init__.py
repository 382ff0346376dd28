"""Documents → articles: what a page's pieces are, which belong together, in which order, under which headline.

document ─ pieces ─► text, headings, captions, jump lines … ─ stretches ─► running text, cut wherever an article may
begin ─ links ─► which stretch goes on from which ─ headlines ─► which heading is whose ─ assemble ─► articles

split composes them · roles tells a piece by its form, context by what stands around it · topic tells what texts are
about, features describes a link · revise puts right what the headings show to be wrong · frames takes pages whose
type sizes are known (PDF)
"""

from index.segment.assemble import DOUBTFUL
from index.segment.segmenter import split_articles

__all__ = ["DOUBTFUL", "split_articles"]
