"""The verb of pictures and sounds: keep one. What comes in was encoded anew before the unit of work begins."""

from foundation.child import Trouble, parse
from foundation.work import Work
from question_bank.picture import Encoded, Unfit, media_name
from question_bank.sound import looks_like
from question_bank.store import media as store
from question_bank.tables import Media

_CODES = {Trouble.TOO_LARGE: "pixels", Trouble.TOO_COSTLY: "pixels"}


def encode(content: bytes) -> Encoded:
    """A picture or sound encoded anew in a child that may be killed; raises Unfit. Not within a unit of work."""
    parsed = parse("question_bank.sound:in_child" if looks_like(content) else "question_bank.picture:in_child", content)
    if parsed.trouble is not None or not parsed.pieces:
        raise Unfit(_CODES.get(parsed.trouble or Trouble.DAMAGED, "broken"))
    piece = parsed.pieces[0]
    if len(piece) == 1:
        raise Unfit(piece[0])
    return Encoded(*piece)


def keep(w: Work, encoded: Encoded, called: str) -> str:
    """Keep it, once; answers its name. ``called`` is what its file was called, for people to recognise it."""
    name = media_name(encoded)
    if name in store.ids(w.session, [name]):
        return name
    w.session.add(Media(
        name=name, media_type=encoded.media_type, content=encoded.content, size=len(encoded.content), width=encoded.width,
        height=encoded.height, seconds=encoded.seconds, called=called[:120], created=w.now, created_by=w.actor.account_id,
    ))
    w.session.flush()
    w.record("media.kept", f"media:{name}", size=len(encoded.content))
    return name
