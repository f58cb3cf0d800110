"""What pages and papers cite by name is a standard that the site holds, under the title that it has there."""

import re
from pathlib import Path

from ruamel.yaml import YAML

ROOT = Path(__file__).resolve().parents[2]
CITED = re.compile(r"([\u4e00-\u9fff]+(?:规范|细则|手册)) ?(?=第[一二三四五六七八九十百]+条|附录[一二三]|到访留言)")
SHIPPED = ROOT / "content" / "standards"


def titles() -> set[str]:
    documents = [YAML(typ="safe").load(path) for path in SHIPPED.glob("*.yaml")]
    return {standard["title"]["zh"] for document in documents for standard in document.get("standards", [])}


def test_every_citation_names_a_standard_by_its_title() -> None:
    sources = [*(ROOT / "templates").rglob("*.html"), *(ROOT / "certification").rglob("*.py")]
    cited = {(name, path.name) for path in sources for name in CITED.findall(path.read_text("utf-8"))}
    known = titles()
    assert len(cited) >= 8, "the pattern finds what it looks for"
    assert {(name, where) for name, where in cited if name.removeprefix("依据") not in known} == set()
