"""What code looks up whole instead of ranking passages for it: the answer is complete and exact, or there is none here.

    as typed ─► small_talk, off_topic, next_part ─┐
                                                  ├─ lookups ─► the first that knows its kind ─► Composition: lines,
    able to stand alone ─► reports, gathering/ ───┘     │ none                                   quotes, choices
                             │                          ▼
           report_question ──┤ which ones?        evidence, generation
                 mentions ───┤ what do they print?
         report_selection ───┘ which are they?

reception receives a question as typed: typed lookups, self-contained, names as printed, lookups · inquiry is what a lookup is
given · lookups asks them in turn · office_holders answers who
holds an office, by offices/ · gathering/ lists, sums up and follows through time what many
sentences tell · computing/ reckons with printed figures · quotes cites a stretch of an article that no passage was retrieved for.

The archive itself: report_question reads what reports a Chinese question wants, report_question_english an English one;
report_selection finds exactly those in the listing of all articles, mentions those that print some words; reports lists
and counts them in report_words' words; extent tells how much there is, bylines who
writes · next_part goes on with a list.

The conversation: earlier asks what was asked before anew, for its sources or for more; same_matter keeps a question
without a name to the report quoted last.

The service itself: small_talk answers greetings, off_topic what no archive is for; examples has questions to try, of those
that suggested makes from what reports say.
"""
