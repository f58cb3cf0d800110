"""Fetch the front-end files named in vendor.toml, and nothing else.

    python tools/vendor.py            fetch what vendor.lock.json pins
    python tools/vendor.py --lock     pin the versions of vendor.toml anew, then fetch

Needs npm. Writes static/vendor/<package>/ and templates/macros/icons.html. A package
whose sha512 is not the one in the lock stops the run before anything is written.
"""

import base64
import hashlib
import io
import json
import re
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
LOCK = HERE / "vendor.lock.json"
ICONS_HEAD = """{#- Made by tools/vendor.py from bootstrap-icons (MIT, see static/vendor/bootstrap-icons/LICENSE).
    Do not edit: change [icons] in tools/vendor.toml and run it again.
    icon(name): decorative unless a title is given; an unknown name fails loudly. -#}
{%- set drawings = {
"""
ICONS_FOOT = """} -%}
{%- macro icon(name, size=20, title=None) -%}
<svg class="icon" width="{{ size }}" height="{{ size }}" viewBox="0 0 16 16" fill="currentColor" focusable="false"
{%- if title %} role="img" aria-label="{{ title }}"{% else %} aria-hidden="true"{% endif %}>{{ drawings.__getitem__(name) | safe }}</svg>
{%- endmacro -%}
"""


def fetch(name: str, version: str) -> tuple[bytes, str]:
    """The package's tarball and its sha512 in the form that npm uses."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(
            ["npm", "pack", f"{name}@{version}", "--silent", "--pack-destination", folder],
            check=True, stdout=subprocess.DEVNULL,
        )
        tarball = next(Path(folder).glob("*.tgz")).read_bytes()
    digest = base64.b64encode(hashlib.sha512(tarball).digest()).decode()
    return tarball, f"sha512-{digest}"


def published(name: str, version: str) -> str:
    """The sha512 that the package's publisher registered."""
    answer = subprocess.run(
        ["npm", "view", f"{name}@{version}", "dist.integrity", "--silent"],
        check=True, capture_output=True, text=True,
    )
    return answer.stdout.strip()


def read(tarball: bytes, path: str) -> bytes:
    with tarfile.open(fileobj=io.BytesIO(tarball)) as tar:
        member = tar.extractfile(f"package/{path}")
        if member is None:
            raise SystemExit(f"{path} is not a file in the package")
        return member.read()


def without_source_map(content: bytes) -> bytes:
    """A browser's tools would ask for the map and get a 404."""
    return re.sub(rb"(?m)^/[*/]# sourceMappingURL=.*\n?", b"", content)


def write_package(name: str, wanted: dict, tarball: bytes) -> None:
    folder = ROOT / wanted.get("folder", "static/vendor") / name.rpartition("/")[2]
    for source, target in {**wanted["files"], wanted["licence"]: "LICENSE"}.items():
        place = folder / target
        place.parent.mkdir(parents=True, exist_ok=True)
        content = read(tarball, source)
        place.write_bytes(content if place.suffix == ".ttf" else without_source_map(content))


def write_icons(names: dict[str, str], tarball: bytes) -> None:
    rows = []
    for ours, theirs in names.items():
        svg = read(tarball, f"icons/{theirs}.svg").decode()
        inner = re.sub(r"\s*\n\s*", "", svg[svg.index(">") + 1 : svg.rindex("</svg>")])
        rows.append(f"  {json.dumps(ours)}: {json.dumps(inner)},\n".replace('\\"', "'"))
    target = ROOT / "templates" / "macros" / "icons.html"
    target.write_text(ICONS_HEAD + "".join(rows) + ICONS_FOOT, encoding="utf-8")


def main() -> None:
    wanted = tomllib.loads((HERE / "vendor.toml").read_text(encoding="utf-8"))
    packages = wanted["packages"]
    if "--lock" in sys.argv[1:]:
        pins = {name: {"version": p["version"], "integrity": published(name, p["version"])} for name, p in packages.items()}
        LOCK.write_text(json.dumps(pins, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    pins = json.loads(LOCK.read_text(encoding="utf-8"))
    tarballs = {}
    for name, package in packages.items():
        tarballs[name], integrity = fetch(name, package["version"])
        if pins.get(name) != {"version": package["version"], "integrity": integrity}:
            raise SystemExit(f"{name} {package['version']} is not what vendor.lock.json pins")
    for name, package in packages.items():
        write_package(name, package, tarballs[name])
    write_icons(wanted["icons"], tarballs["bootstrap-icons"])
    print(", ".join(f"{name} {package['version']}" for name, package in packages.items()))


if __name__ == "__main__":
    main()
