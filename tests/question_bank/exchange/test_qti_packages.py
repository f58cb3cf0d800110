"""QTI packages: read as other programs pack them, written so that they come back the same, refused where they are hostile."""

import io
import json
import zipfile
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from question_bank.exchange import formats, qti
from question_bank.exchange.formats import Name
from question_bank.exchange.found import Found, Media, Status, Unusable, Weight
from question_bank.exchange.sent import Sent
from question_bank.exchange.xml_tree import Element, root
from question_bank.item import TRUE_FALSE, Level, Option, Wording, digest
from question_bank.kind import Kind
from tests.question_bank.exchange.qti_items import choice, item, response, template
from tests.question_bank.exchange.wordings import PLAIN, wordings

PICTURE, SOUND = "0123456789abcdef", "0123456789abcdes"
PNG, MP3 = b"\x89PNG\r\n\x1a\n a picture", b"ID3 a sound"
WRITERS = {Name.QTI22: qti.write_22, Name.QTI30: qti.write_30}
REFS = ("GCS@2011#12.1", "JF@2024#1")


def options(*texts: str) -> tuple[Option, ...]:
    return tuple(Option(code, text) for code, text in zip("ABCDEF", texts, strict=False))


def said(kind: Kind, stem: str, key: object, left: tuple[Option, ...] = (), right: tuple[Option, ...] = (), **more: object) -> Wording:
    plain = Wording(kind, stem, left, key, "", REFS[:1], 3, Level.RECALL, right)
    return replace(plain, **more)  # type: ignore[arg-type]


PAPER = [
    said(
        Kind.SINGLE, f"上门前**至少**提前多久？\n\n- 一\n- 二\n\n![图](media:{PICTURE})", ("A",), options("30 分钟", "5 < 6 & 7"),
        clauses=REFS, difficulty=5, level=Level.APPLY, rationale=f"第 12 条\n\n![说明](media:{SOUND})",
    ),
    said(Kind.MULTIPLE, "选哪些？", ("A", "C"), options("工装", "便装", f"![](media:{PICTURE})")),
    said(Kind.TRUE_FALSE, "可以收烟。", ("F",), TRUE_FALSE, rationale="第 24 条"),
    said(Kind.ORDER, "排序", ("C", "A", "B"), options("一", "二", "三"), difficulty=1),
    said(Kind.MATCH, "配对", {"A": "2", "B": "2"}, options("红灯", "黄灯"), (Option("1", "行"), Option("2", "停"))),
    said(Kind.FILL, "提前 ____ 分钟，带 ____ 套。", (("30", "三十"), ("鞋",))),
    said(Kind.FILL, "先说 ____。", (("您好",),)),
    said(Kind.SHORT, "客户不满意怎么办？", ("先道歉", "再补救")),
    said(Kind.SITUATIONAL, "客户递烟。", {"A": 1.0, "B": 0.25}, options("谢绝", "收下不抽", "收下"), rationale="第 24 条"),
]
ITEMS = [Sent(f"Q{place}", one, {REFS[0]: "提前 & 预约"}, (Media(PICTURE, PNG), Media(SOUND, MP3))) for place, one in enumerate(PAPER, 1)]


def files(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def package(contents: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in contents.items():
            archive.writestr(name, content)
    return target.getvalue()


def without_wording(content: bytes) -> bytes:
    return package({name: one for name, one in files(content).items() if name != "wording.json"})


@pytest.mark.parametrize("name", WRITERS)
def test_what_is_written_comes_back_the_same(name: Name) -> None:
    written = WRITERS[name](ITEMS)
    assert written.notes == {}
    assert formats.detect("x.zip", written.content) is name
    found = formats.read(name, written.content)
    assert [digest(one.wording) for one in found] == [digest(one) for one in PAPER]
    assert [(one.code, one.status, one.notes) for one in found] == [(sent.code, Status.KEPT, ()) for sent in ITEMS]
    assert found[0].media == (Media(PICTURE, PNG), Media(SOUND, MP3))
    assert WRITERS[name](ITEMS).content == written.content


@pytest.mark.parametrize("name", WRITERS)
def test_qti_alone_says_the_same(name: Name) -> None:
    """Without the file that repeats it word by word, as another program hands the package on."""
    found = qti.read(without_wording(WRITERS[name](ITEMS).content))
    assert [digest(one.wording) for one in found] == [digest(one) for one in PAPER]
    assert {one.status for one in found} == {Status.KEPT}
    assert found[0].media == (Media(PICTURE, PNG), Media(SOUND, MP3))


@pytest.mark.parametrize("name", WRITERS)
def test_an_item_that_was_changed_elsewhere_counts_as_it_is(name: Name) -> None:
    contents = files(WRITERS[name](ITEMS).content)
    contents["items/Q3.xml"] = contents["items/Q3.xml"].replace("可以收烟".encode(), "可以收酒".encode())
    found = qti.read(package(contents))
    assert found[2].stem == "可以收酒。"
    assert (found[2].clauses, found[2].key) == (REFS[:1], ("F",))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(wordings(), min_size=1, max_size=4), st.sampled_from(list(WRITERS)))
def test_any_question_comes_back(drawn: list[Wording], name: Name) -> None:
    written = WRITERS[name]([Sent(f"q{place}", one) for place, one in enumerate(drawn)])
    assert written.notes == {}
    assert [digest(one.wording) for one in qti.read(written.content)] == [digest(one) for one in drawn]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(wordings(alphabet=PLAIN), st.sampled_from(list(WRITERS)))
def test_any_plain_question_is_asked_and_scored_alike_by_qti_alone(drawn: Wording, name: Name) -> None:
    [plain] = qti.read(without_wording(WRITERS[name]([Sent("q", drawn)]).content))
    assert {note.code for note in plain.notes if note.weight is not Weight.HINT} <= {"case_lost"}
    one_share = drawn.kind is Kind.SITUATIONAL and sum(share > 0 for share in drawn.key.values()) == 1
    assert plain.kind is (Kind.SINGLE if one_share else drawn.kind)
    assert (plain.clauses, plain.difficulty, plain.level) == (drawn.clauses, drawn.difficulty, drawn.level)
    texts = [one_line(option.text) for option in (*drawn.options, *drawn.right)]
    assert [option.text for option in (*plain.options, *plain.right)] == texts
    assert one_line(plain.rationale) == one_line(drawn.rationale)
    if drawn.kind is Kind.SITUATIONAL and not one_share:
        assert list(plain.key.values()) == pytest.approx([share for share in drawn.key.values() if share], abs=1e-6)


def one_line(text: str) -> str:
    return " ".join(text.split())


def names(element: Element) -> list[str]:
    return [child.tag.rpartition("}")[2] for child in element]


@pytest.mark.parametrize("name", WRITERS)
def test_parts_stand_in_the_order_of_the_schema(name: Name) -> None:
    """The sequence of an item, of a manifest's resource and of its metadata."""
    dash = name is Name.QTI30
    contents = files(WRITERS[name](ITEMS).content)
    order = ["responseDeclaration", "outcomeDeclaration", "itemBody", "responseProcessing", "modalFeedback"]
    kebab = ["qti-response-declaration", "qti-outcome-declaration", "qti-item-body", "qti-response-processing", "qti-modal-feedback"]
    for path, content in contents.items():
        if path.startswith("items/"):
            found = names(root(content))
            assert found == sorted(found, key=(kebab if dash else order).index)
    manifest = root(contents["imsmanifest.xml"])
    assert names(manifest) == ["metadata", "organizations", "resources"]
    resources = list(manifest[2])
    assert len({resource.get("identifier") for resource in resources}) == len(ITEMS) + 1
    listed = {file.get("href") for resource in resources for file in resource.iter("{*}file")}
    assert listed == set(contents) - {"imsmanifest.xml"}
    lom = ["general", "educational", "classification", "classification"]
    for resource in resources[:-1]:
        [metadata] = resource.iterchildren("{*}metadata")
        assert names(metadata) == ["lom", "qtiMetadata"]
        assert names(metadata[0])[:4] == lom
    assert "提前 &amp; 预约" in contents["imsmanifest.xml"].decode()


def test_a_picture_that_is_not_there_is_said() -> None:
    written = qti.write_22([replace(ITEMS[0], media=())])
    assert [(note.code, note.words) for note in written.notes["Q1"]] == [("media_lost", (f"{PICTURE}、{SOUND}",))]
    assert written.left_out == []


def test_codes_that_letters_alone_tell_apart() -> None:
    twice = [replace(ITEMS[3], code="a"), replace(ITEMS[3], code="A")]
    assert [one.code for one in qti.read(qti.write_30(twice).content)] == ["a", "A"]


MANIFEST = (
    '<manifest xmlns="http://www.imsglobal.org/xsd/imscp_v1p1" xmlns:imsmd="http://www.imsglobal.org/xsd/imsmd_v1p2"><resources>{}'
    "</resources></manifest>"
)
RESOURCE = '<resource identifier="r{0}" type="imsqti_item_xmlv2p1" href="{0}"><metadata>{1}</metadata><file href="{0}"/></resource>'
CHOICE = item(
    response("RESPONSE", "identifier", ("B",)), '<p>看图 <img src="../pic/a%20(1).png" alt="图"/></p>' + choice(1, "A", "B"),
    template("match_correct"), code="one",
)
LOM = (
    "<imsmd:lom><imsmd:general><imsmd:keyword><imsmd:langstring>上门</imsmd:langstring></imsmd:keyword></imsmd:general>"
    "<imsmd:educational><imsmd:difficulty><imsmd:source><imsmd:langstring>LOMv1.0</imsmd:langstring></imsmd:source>"
    "<imsmd:value><imsmd:langstring>very difficult</imsmd:langstring></imsmd:value></imsmd:difficulty></imsmd:educational>"
    "<imsmd:classification><imsmd:taxonpath><imsmd:taxon><imsmd:id>GCS@2011#12.1</imsmd:id></imsmd:taxon></imsmd:taxonpath>"
    "</imsmd:classification></imsmd:lom>"
)


def listed(*paths: str) -> bytes:
    return MANIFEST.format("".join(RESOURCE.format(path, LOM if place == 0 else "") for place, path in enumerate(paths))).encode()


def test_a_package_of_another_program() -> None:
    content = package({"imsmanifest.xml": listed("i1/qti.xml", "i2/qti.xml"), "i1/qti.xml": CHOICE, "pic/a (1).png": PNG, "style.css": b""})
    first, second = qti.read(content)
    assert (first.ref, first.code, first.key, first.difficulty, first.clauses) == ("i1/qti.xml", "one", ("B",), 5, REFS[:1])
    assert (first.stem, first.media) == ("看图 ![图](media:pic/a__1_.png)\n\n选哪个？", (Media("pic/a__1_.png", PNG),))
    assert [(note.code, note.words) for note in first.notes] == [("tags", ("上门",))]
    assert (second.status, [note.code for note in second.notes]) == (Status.REFUSED, ["file_missing"])


def test_a_package_below_a_folder_and_one_without_a_manifest() -> None:
    moved = package({"export/imsmanifest.xml": listed("i1/qti.xml"), "export/i1/qti.xml": CHOICE, "export/pic/a (1).png": PNG})
    assert [one.status for one in qti.read(moved)] == [Status.KEPT]
    bare = qti.read(package({"q/a.xml": CHOICE, "q/b.xml": b"<html/>", "q/c.xml": b"<broken", "readme.txt": b"x"}))
    assert [(one.ref, one.status) for one in bare] == [("q/a.xml", Status.DEGRADED)]
    assert [note.code for note in bare[0].notes] == ["picture_missing"]


def test_a_test_gives_order_and_sections() -> None:
    test = (
        '<assessmentTest xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="t" title="t"><testPart>'
        '<assessmentSection title="服务">'
        '<assessmentSection title="上门"><assessmentItemRef identifier="x" href="../q/b.xml"/></assessmentSection></assessmentSection>'
        "</testPart></assessmentTest>"
    ).encode()
    manifest = listed("q/a.xml", "q/b.xml").replace(
        b"<resources>", b'<resources><resource identifier="t" type="imsqti_test_xmlv2p1" href="t/t.xml"/>'
    )
    found = qti.read(package({"imsmanifest.xml": manifest, "t/t.xml": test, "q/a.xml": CHOICE, "q/b.xml": CHOICE}))
    assert [one.ref for one in found] == ["q/b.xml", "q/a.xml"]
    assert ("category", ("服务 / 上门",)) in [(note.code, note.words) for note in found[0].notes]


def test_a_text_that_stands_before_several_items() -> None:
    shared = (
        '<qti-assessment-stimulus xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" identifier="s" title="s"><qti-stimulus-body>'
        '<p>客户来电。</p><p><img src="p.png" alt="来电"/></p></qti-stimulus-body></qti-assessment-stimulus>'
    ).encode()
    asks = CHOICE.replace(b"<itemBody>", b'<assessmentStimulusRef identifier="s" href="../text/s.xml"/><itemBody>')
    [found] = qti.read(package({"q/a.xml": asks, "text/s.xml": shared, "text/p.png": PNG, "pic/a (1).png": PNG}))
    assert found.stem.startswith("客户来电。\n\n![来电](media:text/p.png)\n\n看图")
    [alone] = qti.read(package({"q/a.xml": asks, "pic/a (1).png": PNG}))
    assert ("picture_missing", ("../text/s.xml",)) in [(note.code, note.words) for note in alone.notes]


def test_files_outside_of_the_package_are_not_looked_for() -> None:
    body = b'<img src="../../../etc/passwd" alt="a"/><img src="http://x.example/a.png"/><img src="file:///etc/passwd"/></p>'
    [found] = qti.read(package({"q/a.xml": CHOICE.replace(b"</p>", body, 1), "pic/a (1).png": PNG}))
    assert [note.code for note in found.notes] == ["picture_missing"] * 3
    outside = MANIFEST.format('<resource identifier="r" type="imsqti_item_xmlv2p1" href="../../a.xml"/>').encode()
    with pytest.raises(Unusable) as refusal:
        qti.read(package({"imsmanifest.xml": outside}))
    assert refusal.value.code == "no_questions"


DOCTYPE = b'<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
HOSTILE = [
    (package({"../a.xml": CHOICE}), "path"),
    (package({"imsmanifest.xml": b" " * 6_000_000}), "bomb"),
    (package({"imsmanifest.xml": DOCTYPE + listed("a.xml"), "a.xml": CHOICE}), "doctype"),
    (package({"imsmanifest.xml": listed("a.xml"), "a.xml": DOCTYPE + CHOICE}), "doctype"),
    (package({"a.xml": DOCTYPE + CHOICE}), "doctype"),
    (package({"a.txt": b"x"}), "no_questions"),
    (package({"imsmanifest.xml": b"<manifest"}), "damaged"),
    (package({"a.xml": CHOICE})[:-30], "damaged"),
]


@pytest.mark.parametrize(("content", "code"), HOSTILE)
def test_hostile_packages(content: bytes, code: str) -> None:
    with pytest.raises(Unusable) as refusal:
        qti.read(content)
    assert refusal.value.code == code


def test_a_broken_item_does_not_spoil_the_others() -> None:
    contents = {"a.xml": b"<assessmentItem>", "b.xml": b"\xff\x00\xff", "c.xml": CHOICE}
    broken, unread, found = qti.read(package({"imsmanifest.xml": listed(*contents), **contents}))
    assert [note.code for note in (*broken.notes, *unread.notes)] == ["syntax", "syntax"]
    assert found.status is Status.DEGRADED


WRONG_WORDS = [b"{", b"[]", b'{"items": [], "media": {}}', b'{"items": {"a.xml": 5}, "media": {}}', b"[" * 100_000]


@pytest.mark.parametrize("words", WRONG_WORDS)
def test_a_file_of_words_that_is_not_ours_is_passed_over(words: bytes) -> None:
    [found] = qti.read(package({"a.xml": CHOICE, "wording.json": words}))
    assert found.key == ("B",)


def test_words_that_cannot_be_asked_are_refused_like_any_other() -> None:
    contents = files(qti.write_22(ITEMS[:1]).content)
    words = json.loads(contents["wording.json"])
    words["items"]["items/Q1.xml"]["item"]["key"] = ["Z"]
    words["media"] = {PICTURE: "../../etc/passwd", SOUND: 7}
    contents["wording.json"] = json.dumps(words).encode()
    [found] = qti.read(package(contents))
    assert (found.status, found.media) == (Status.REFUSED, ())


def test_earlier_versions_are_named() -> None:
    old = b'<?xml version="1.0"?><questestinterop xmlns="http://www.imsglobal.org/xsd/ims_qtiasiv1p2"><assessment/></questestinterop>'
    manifest = b'<manifest><resources><resource type="imsqti_xmlv1p2" href="a.xml"/></resources></manifest>'
    for contents in ({"imsmanifest.xml": manifest, "a.xml": old}, {"a.xml": old}):
        with pytest.raises(Unusable) as refusal:
            formats.detect("x.zip", package(contents))
        assert (refusal.value.code, refusal.value.words) == ("format_old", ("QTI 1.x",))


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_changed_items_are_read_or_refused(data: st.DataObject) -> None:
    source = data.draw(st.sampled_from(sorted(path for path in OURS if path.startswith("items/"))))
    text = OURS[source].decode()
    start = data.draw(st.integers(0, len(text)))
    end = start + data.draw(st.integers(0, 60))
    middle = data.draw(st.sampled_from(["", "A", "<p/>", '"', "RESPONSE", "0", text[:40]]))
    found: list[Found] = []
    refused = ""
    try:
        found = qti.read((text[:start] + middle + text[end:]).encode())
    except Unusable as trouble:
        refused = trouble.code
    assert len(found) == 1 or refused in {"damaged", "empty", "no_questions", "format_other", "encoding"}


OURS = files(qti.write_22(ITEMS).content)
