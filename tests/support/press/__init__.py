"""A print shop: newspaper pages are edited, laid out, set in type, and then badly extracted, with the truth kept.

A second generator of damaged pages, written without sight of the first (tests/support/pages), so that the segmenter can
be measured and trained on damage that nobody tuned it for. What it models is the way from the desk to the text dump:

  articles   clean articles of a JSONL(.gz) file, and which of them are alike
  invented   articles of an invented district, for tests inside the repository
  wording    headlines, kickers and section headings out of an article's own words
  kinds      what can happen to a page, each with its rate in the profiles "usual", "hard" and "clean"
  newsroom   a clean article becomes a story: dateline, section headings, table, verse, caption
  names      invented names, tables, name lists, verse and Latin phrases
  desk       the stories of one page: news, twins, briefs, notices, editor's notes, sidebars, continuations
  typesetting  paragraphs set in lines of a column, with kinsoku; headlines, vertical ones too
  layout     stories placed on a grid of columns: boxes with lines and places
  extraction the order in which an extractor walks the boxes
  damage     what it does to the characters of a line
  writing    boxes in that order become the page's text
  truth      where each line came to stand becomes the gold, with the kinds that the page shows
  page       all of it for one page
  measure    scores of predicted articles by kind, with the measures of the gold's own scorer

    PYTHONPATH=.:tests/support python -m press --profile usual --pages 120 --seed 1 --articles news.jsonl.gz --out DIR
    wenju articles DIR/pages --json > predicted.jsonl
    PYTHONPATH=.:tests/support python -m press.measure DIR/gold predicted.jsonl

DIR/pages/NNN.txt are the pages, DIR/gold/NNN.json the truth in the form of the hand-made gold ("articles" with
"headline", "kicker", "deck", "subheads", "spans" in reading order), so that its scorer reads it as it is; besides,
"kinds" of the page and of each article. A kind of an article is read off the page that came out, wherever the page can
show it (a headline is far when another story's text stands between it and its body), not off what was planned.
"""
