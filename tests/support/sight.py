"""What can be measured of a page with the widget on it: axe-core's findings, targets, what is too wide, what moves, is marked, has the focus."""

import json
from importlib import resources
from typing import Any

from playwright.sync_api import Locator, Page, expect

AXE = (resources.files("axe_playwright_python") / "axe.min.js").read_text("utf-8")
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
    "preload": False,  # would ask for style sheets again
}


def violations(page: Page) -> list[tuple[str, list[Any]]]:
    """What axe-core finds: rule, and the elements, those in a shadow root with the way to it."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)  # through the debugger, which the page's policy does not bind
    found = page.evaluate(f"axe.run(document, {json.dumps(RULES)}).then((result) => result.violations)")
    return [(each["id"], [node["target"] for node in each["nodes"]]) for each in found]


SMALL = """() => {
    const roots = [...document.querySelectorAll("wenju-ask")].map((each) => each.shadowRoot);
    const targets = roots.flatMap((root) => [...root.querySelectorAll("button, summary, label.check, input[type=date], textarea")]);
    if (targets.length < 2) throw new Error("there is nothing to measure");
    return targets.map((target) => [target.id || target.className || target.textContent, target.getBoundingClientRect()])
        .filter(([, box]) => box.width && (box.width < 24 || box.height < 24))
        .map(([name, box]) => `${name} ${box.width} × ${box.height}`);
}"""


def small_targets(page: Page) -> list[str]:
    """What can be pressed and is under 24 × 24 px (WCAG 2.5.8)."""
    small: list[str] = page.evaluate(SMALL)
    return small


OVERFLOWING = """() => {
    const roots = [document, ...[...document.querySelectorAll("wenju-ask")].map((each) => each.shadowRoot)];
    const cutOnPurpose = (node) => getComputedStyle(node).textOverflow === "ellipsis";
    const scrolling = (node) => ["auto", "scroll", "hidden"].includes(getComputedStyle(node).overflowX) || node === document.documentElement;
    return roots.flatMap((root) => [...root.querySelectorAll("*")])
        .filter((node) => scrolling(node) && !cutOnPurpose(node) && node.clientWidth > 1 && node.scrollWidth > node.clientWidth + 1)
        .map((node) => `${node.localName}#${node.id}.${node.className} ${node.scrollWidth} > ${node.clientWidth}`);
}"""
"""Scrolls sideways, or would if it were let; what ends in … does so on purpose."""

MOVING = """() => [document, ...[...document.querySelectorAll("wenju-ask")].map((each) => each.shadowRoot)]
    .flatMap((root) => root.getAnimations()).filter((each) => each.playState === "running").length"""


def focused(page: Page) -> Locator:
    """What of the widget has the focus."""
    return page.locator("wenju-ask :focus")


def marked(page: Page) -> str:
    """What is marked in the article that is open."""
    expect(page.locator("dialog mark").first).to_be_in_viewport()
    return "\n".join(page.locator("dialog mark").all_text_contents())
