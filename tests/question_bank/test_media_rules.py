"""Pictures and sounds drawn and recorded anew: what is kept, what stays behind, what is refused."""

import io
import math
import wave
from array import array

import pytest
from PIL import Image

from question_bank import picture, sound
from question_bank.picture import Unfit, media_name


def drawn(mode: str = "RGB", size: tuple[int, int] = (60, 40), written: str = "PNG", **how: object) -> bytes:
    image = Image.new(mode, size)
    for x in range(size[0]):
        image.putpixel((x, x % size[1]), 200 if mode in ("L", "P") else (x * 4 % 256, 90, 30, 128)[: len(mode)])
    target = io.BytesIO()
    image.save(target, written, **how)
    return target.getvalue()


def tone(seconds: float = 1.0, rate: int = 16_000, channels: int = 1) -> bytes:
    samples = array("h", (int(9000 * math.sin(place * 0.1)) for place in range(int(seconds * rate)) for _channel in range(channels)))
    target = io.BytesIO()
    with wave.open(target, "wb") as out:
        out.setnchannels(channels)
        out.setsampwidth(2)
        out.setframerate(rate)
        out.writeframes(samples.tobytes())
    return target.getvalue()


def refusal(function: object, content: bytes) -> str:
    with pytest.raises(Unfit) as caught:
        function(content)  # type: ignore[operator]
    return caught.value.code


@pytest.mark.parametrize(("content", "kind"), [
    (drawn(), "image/png"), (drawn("RGBA"), "image/png"), (drawn("L"), "image/png"), (drawn("P"), "image/png"),
    (drawn("1", written="BMP"), "image/png"), (drawn(written="JPEG"), "image/jpeg"), (drawn(written="WEBP"), "image/png"),
    (drawn("P", written="GIF"), "image/png"),
    (drawn("CMYK", written="JPEG"), "image/jpeg"),
])
def test_a_picture_keeps_its_size_and_encoded_again_its_bytes(content: bytes, kind: str) -> None:
    made = picture.encode(content)
    assert (made.media_type, made.width, made.height) == (kind, 60, 40)
    assert picture.encode(made.content) == made


def test_a_photograph_loses_place_and_camera_and_is_turned_upright() -> None:
    exif = Image.Exif()
    exif[0x010F], exif[0x0112] = "SECRETCAMERA", 6
    made = picture.encode(drawn(written="JPEG", exif=exif, comment=b"SECRETWORDS") + b"SECRETTAIL")
    assert (made.width, made.height) == (40, 60)
    assert b"SECRET" not in made.content


@pytest.mark.parametrize("spoil", [
    lambda content: content + b"TAIL", lambda content: content[:2] + b"\xff\xfe\x00\x06HIDE" + content[2:],
    lambda content: content[:-2] + b"\xff\xfe\x00\x06HIDE\xff\xd9",
])
def test_something_put_beside_the_pixels_of_a_kept_photograph_stays_behind(spoil: object) -> None:
    kept = picture.encode(drawn(written="JPEG")).content
    again = picture.encode(spoil(kept))  # type: ignore[operator]
    assert b"HIDE" not in again.content
    assert b"TAIL" not in again.content


def test_a_large_photograph_becomes_small_and_stays_as_it_is_then() -> None:
    large = io.BytesIO()
    Image.effect_noise((3000, 2000), 80).convert("RGB").save(large, "JPEG", quality=60)
    made = picture.encode(large.getvalue())
    assert max(made.width or 0, made.height or 0) == picture.LONGEST_SIDE
    assert picture.encode(made.content).content == made.content


def test_a_photograph_in_png_becomes_a_jpeg() -> None:
    large = io.BytesIO()
    Image.effect_noise((1200, 900), 90).convert("RGB").save(large, "PNG")
    assert picture.encode(large.getvalue()).media_type == "image/jpeg"


def test_black_lines_on_nothing_stand_on_white() -> None:
    made = picture.encode(drawn("RGBA"))
    assert Image.open(io.BytesIO(made.content)).getpixel((0, 39)) == (255, 255, 255)


@pytest.mark.parametrize(("content", "code"), [
    (b"", "empty"), (b"hello", "kind"), (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "svg"), (b"\0\0\0\x18ftypheic", "heic"),
    (drawn()[:60], "broken"), (b"\0" * (picture.MOST_BYTES + 1), "too_large"), (drawn("1", (5100, 5000)), "pixels"),
    (drawn("1", (13_400, 13_400)), "pixels"),
])
def test_what_is_no_picture_is_refused_with_the_cause(content: bytes, code: str) -> None:
    assert refusal(picture.encode, content) == code


def test_a_sound_becomes_one_channel_and_encoded_again_keeps_its_bytes() -> None:
    made = sound.encode(tone(2, 44_100, 2))
    assert (made.media_type, made.seconds) == ("audio/mpeg", pytest.approx(2, abs=0.15))
    again = sound.encode(made.content)
    assert again.content == made.content
    assert media_name(made) == media_name(again)
    assert media_name(made).endswith("s")
    assert len(media_name(made)) == 16


def test_the_title_of_a_sound_stays_behind() -> None:
    made = sound.encode(tone())
    titled = b"ID3\x03\x00\x00\x00\x00\x00\x10" + b"SECRETTITLE".ljust(16, b"\0") + made.content + b"TAG" + b"SECRET".ljust(125, b"\0")
    assert b"SECRET" not in sound.encode(titled).content


@pytest.mark.parametrize(("content", "code"), [
    (b"", "empty"), (b"hello", "kind"), (b"\0\0\0\x18ftypM4A ", "aac"), (b"#!AMR\n123", "aac"), (b"ID3nothing", "broken"),
    (tone(0.1)[:20] + b"xx", "broken"), (tone(sound.MOST_SECONDS + 2, 4000), "long"),
])
def test_what_is_no_sound_is_refused_with_the_cause(content: bytes, code: str) -> None:
    assert refusal(sound.encode, content) == code


def test_the_name_of_a_picture_is_that_of_its_content() -> None:
    made = picture.encode(drawn())
    assert media_name(made) == media_name(picture.encode(made.content))
    assert not media_name(made).endswith("s")
