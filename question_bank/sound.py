"""Sounds of questions, recorded anew: one channel of speech, without titles, covers or places.

MP3, WAV, FLAC and Ogg Vorbis are read; an MP3 of 64 kbit/s is written, in frames that
are all alike. What this rule wrote is left as it is when it comes back: a
sound keeps its name through export and import.
"""

from collections.abc import Iterator
from typing import Any

import lameenc
import miniaudio

from question_bank.picture import Encoded, Unfit, told

MOST_BYTES = 20 * 1024 * 1024
MOST_SECONDS = 300
RATE, KILOBITS = 32_000, 64
MP3 = "audio/mpeg"
FRAME, FRAME_SECONDS = 288, 0.036
"""Bytes and length of a frame at that rate: 1152 samples."""
_HEADER = b"\xff\xfb\x58"
_SPEED = 5  # of LAME: 3 ms of work for a second of sound


def in_child(content: bytes) -> Iterator[list[Any]]:
    """``encode`` for a process of its own; see ``picture.told``."""
    return told(encode, content)


def looks_like(content: bytes) -> bool:
    """Whether the file says that it is a sound; what it is called is not believed."""
    starts = (b"ID3", b"fLaC", b"OggS", b"#!AMR")
    riff = content[:4] == b"RIFF" and content[8:12] == b"WAVE"
    frame = content[:1] == b"\xff" and len(content) > 1 and content[1] & 0xE0 == 0xE0 and content[1] & 0x06 != 0
    return content.startswith(starts) or riff or frame or _unread(content)


def _unread(content: bytes) -> bool:
    """Whether it is a sound of a sort that nothing here reads: what telephones and messengers record."""
    return content.startswith((b"#!AMR", b"#!SILK", b"\x02#!SILK")) or content[4:11] in (b"ftypM4A", b"ftypm4a", b"ftyp3gp")


def encode(content: bytes) -> Encoded:
    """The sound recorded anew; raises Unfit."""
    if not content:
        raise Unfit("empty")
    if len(content) > MOST_BYTES:
        raise Unfit("too_large")
    if _unread(content):
        raise Unfit("aac")
    if not looks_like(content):
        raise Unfit("kind")
    try:
        made, seconds = _recorded(content)
    except miniaudio.MiniaudioError as trouble:
        raise Unfit("broken") from trouble
    if not seconds:
        raise Unfit("broken")
    if _is_ours(content):
        return Encoded(content, MP3, seconds=round(len(content) / FRAME * FRAME_SECONDS, 1))
    return Encoded(made, MP3, seconds=round(seconds, 1))


def _recorded(content: bytes) -> tuple[bytes, float]:
    """The sound as an MP3 and its seconds; stops where it is longer than it may be, whatever its head says."""
    encoder = lameenc.Encoder()
    encoder.set_bit_rate(KILOBITS)
    encoder.set_in_sample_rate(RATE)
    encoder.set_channels(1)
    encoder.set_quality(_SPEED)
    encoder.silence()
    pieces, samples = [], 0
    for part in miniaudio.stream_memory(content, miniaudio.SampleFormat.SIGNED16, 1, RATE, frames_to_read=RATE):
        samples += len(part)
        if samples > MOST_SECONDS * RATE:
            raise Unfit("long")
        pieces.append(bytes(encoder.encode(bytes(part))))
    pieces.append(bytes(encoder.flush()))
    return b"".join(pieces), samples / RATE


def _is_ours(content: bytes) -> bool:
    """Whether the file is frames of ours and nothing else."""
    if len(content) % FRAME:
        return False
    return all(content[at : at + 3] == _HEADER and content[at + 3] & 0xC0 == 0xC0 for at in range(0, len(content), FRAME))
