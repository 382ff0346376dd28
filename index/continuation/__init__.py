"""Articles that jump to another page → whole articles: 下转02版 finds its 上接01版 in the rest of the archive.

    articles ─ pair_features ─► possible pairs ─ matching ─► the best, where clearly so ─ merge ─► whole articles

A pair must be of one issue and its page numbers must agree as far as they are known; then its texts must agree, the
more the less is known (pair_features). Where several could go together the assignment with the greatest total wins, and
what is not clearly better than the next best stays parted (matching): an article cut in two is a smaller fault than two
made one. merge puts the texts together, with the places of both.
"""

from index.continuation.matching import JoinedArticle, is_continued, join_continued

__all__ = ["JoinedArticle", "is_continued", "join_continued"]
