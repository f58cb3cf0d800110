"""Pictures and sounds on their way into a question."""

from typing import Any

from flask import Blueprint, request
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage

from foundation.web import roomy
from foundation.work import work
from people.login import actor, requires
from people.permission import Permission
from question_bank import picture, sound
from question_bank.actions import media as actions
from question_bank.picture import Unfit
from question_bank.rich_text import BASE, is_sound

doors = Blueprint("item_media", __name__)
MOST_BODY = max(picture.MOST_BYTES, sound.MOST_BYTES) + 1024 * 1024


@doors.post("/question-bank/media")
@requires(Permission.ITEM_WRITE)
@roomy(MOST_BODY)
def keep() -> Any:
    """Keep one file, ``file``, encoded anew; the answer says how a text shows it."""
    try:
        name, text = kept(request.files.get("file"))
    except Unfit as unfit:
        return {"error": {"code": unfit.code, "message": words(unfit), "fields": {"file": words(unfit)}}}, 422
    return {"name": name, "text": text, "url": BASE + name}, 201


def kept(sent: FileStorage | None) -> tuple[str, str]:
    """Keep an uploaded picture or sound; answers its name and what a text shows it by. Raises Unfit."""
    encoded = actions.encode(sent.read() if sent else b"")
    with work(actor()) as w:
        name = actions.keep(w, encoded, (sent.filename if sent else "") or "")
    return name, f"![{_('录音说明') if is_sound(name) else _('图片说明')}](media:{name})"


def words(unfit: Unfit) -> str:
    """Why a file is not kept, and what to do."""
    said = {
        "empty": _("请选择一个图片或声音文件。"),
        "too_large": _("文件太大。图片最大 10 MB，声音最大 20 MB。"),
        "kind": _("这不是能用的图片或声音。图片用 PNG、JPEG、WebP、GIF，声音用 MP3、WAV、FLAC、OGG。"),
        "broken": _("文件打不开，可能没有传完整。请重新导出再试。"),
        "pixels": _("图片的像素太多。请缩小后再试。"),
        "long": _("声音最长 5 分钟。请剪短后再试。"),
        "svg": _("SVG 里可以藏程序，不能用。请另存为 PNG。"),
        "heic": _("HEIC 很多设备打不开。请存为 JPEG（手机相册可设为“兼容性最佳”）。"),
        "aac": _("这种录音很多设备放不了。请转成 MP3。"),
    }
    return str(said[unfit.code])
