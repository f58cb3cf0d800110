"""IMS / 1EdTech QTI: 2.1, 2.2 and 3.0 are read, 2.2 and 3.0 are written; packages and single items.

What an item is worth is found out by following its own rules, answer by answer
(qti_processing, qti_scoring, qti_typed); what it asks is qti_interactions; what
it says is qti_item with qti_feedback; where it comes from is qti_package.
Sources: IMS QTI 2.1, 2.2 and 1EdTech QTI 3.0 specifications.
"""

from question_bank.exchange import qti_item, qti_manifest, qti_package
from question_bank.exchange.found import Found, Unusable
from question_bank.exchange.qti_item import Beside
from question_bank.exchange.qti_tree import ITEM, is_ours, load


def read(content: bytes) -> list[Found]:
    """The questions of a package or of a single item; raises Unusable."""
    if content.startswith(b"PK\x03\x04"):
        return qti_package.questions(content)
    item = load(content)
    if not is_ours(item.tag):
        raise Unusable("format_other", "QTI")
    if item.tag != ITEM:
        raise Unusable("no_questions")
    return [qti_item.read(item, Beside(item.get("identifier", "") or "item.xml"))]


write_22 = qti_manifest.write_22
write_30 = qti_manifest.write_30
