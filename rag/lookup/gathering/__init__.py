"""Answers gathered from many sentences or many articles: lists, first and last, points, timelines, summaries. All quoted.

    question ─ asked ─► subjects, acts, kind, time
                  │
                  ▼
              candidates: all articles that have them
                  │
      ┌───────────┼──────────────┬───────────────┐
      ▼           ▼              ▼               ▼
    lists       points        timeline        summary
      │       units, demands     │             leads
      └───────────┴──────┬───────┴───────────────┘
                         ▼
              items: dated, merged, in order ─► writing ─► Composition, page by page

asked reads what is to be gathered · candidates finds every article that has it · lists is what somebody did and what
happened · points is what is said of one body among several (units), or what somebody asks for (demands) · timeline is what
became of a matter · numbered_items is the second of a list that a report numbers · summary is an article, a month or a matter in short, by its leads · items dates and merges what was
gathered · writing makes the answer of it.

None of it ranks: what fulfils the question is in, all else is out. Which words stand for which act is a vocabulary
(index/language/vocabulary/acts.txt); no sentence is shown that code did not find to have the subject and the act.
"""
