"""Print pages of a profile with their gold into a folder."""

import argparse
import json
from pathlib import Path

from press.articles import read_articles
from press.invented import invented_pool
from press.kinds import PROFILES
from press.page import print_page


def main() -> None:
    """Write OUT/pages/*.txt and OUT/gold/*.json."""
    parser = argparse.ArgumentParser(prog="python -m press", description=__doc__)
    parser.add_argument("--profile", choices=sorted(PROFILES), default="usual")
    parser.add_argument("--pages", type=int, default=120)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--articles", type=Path, help="JSONL(.gz) with title and text; without it, invented ones")
    parser.add_argument("--only", nargs="*", help="kinds left on; all of the profile's without this option")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    profile = PROFILES[options.profile]
    if options.only is not None:
        profile = profile.only(*options.only)
    pool = read_articles(options.articles, options.seed) if options.articles else invented_pool(800, options.seed)
    for folder in ("pages", "gold"):
        (options.out / folder).mkdir(parents=True, exist_ok=True)
    for number in range(options.pages):
        page = print_page(pool, profile, options.seed, number)
        (options.out / "pages" / f"{page.name}.txt").write_text(page.text, encoding="utf-8", newline="")
        gold = json.dumps(page.gold, ensure_ascii=False, indent=1)
        (options.out / "gold" / f"{page.name}.json").write_text(gold, encoding="utf-8")


if __name__ == "__main__":
    main()
