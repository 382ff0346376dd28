// The passage that an address names: …/#article=ID&start=3&end=9, as citations in completions link to the page.

/** A citation without quote, to be opened; null where the address names none. */
export function citationIn(hash) {
  const fields = new URLSearchParams(hash.replace(/^#/, ""));
  if (!fields.get("article")) return null;
  const place = (name) => (/^\d+$/.test(fields.get(name) || "") ? Number(fields.get(name)) : 0);
  return { article_id: fields.get("article"), title: "", start: place("start"), end: place("end") };
}
