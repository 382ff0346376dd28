"""Online side: a question becomes passages, then an answer with verified citations, or a refusal."""
