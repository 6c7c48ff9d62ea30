"""Writes archives as Python's tarfile does, and lists archives as it sees them.

    members.py write DIR     three formats of a few random archives
    members.py list FILE...  one JSON array of members for each file, a line each
"""

import io
import json
import random
import sys
import tarfile

TYPES = {
    tarfile.REGTYPE: "file", tarfile.AREGTYPE: "file", tarfile.CONTTYPE: "file", tarfile.GNUTYPE_SPARSE: "file",
    tarfile.DIRTYPE: "directory", tarfile.SYMTYPE: "symlink", tarfile.LNKTYPE: "hardlink", tarfile.CHRTYPE: "char-device",
    tarfile.BLKTYPE: "block-device", tarfile.FIFOTYPE: "fifo",
}
FORMATS = {"ustar": tarfile.USTAR_FORMAT, "gnu": tarfile.GNU_FORMAT, "pax": tarfile.PAX_FORMAT}


def data(text):
    return text.encode("utf-8", "surrogateescape").hex()


def member(info):
    kind = TYPES.get(info.type, "file")
    device = [info.devmajor, info.devminor] if kind.endswith("device") else [0, 0]
    link = info.linkname if kind.endswith("link") else ""
    size = info.size if kind == "file" else 0
    return [data(info.name), kind, info.mode & 0o7777, info.uid, info.gid, size, int(info.mtime // 1), data(link), device]


def listing(path):
    with tarfile.open(path, "r:", errorlevel=2) as archive:
        return [member(info) for info in archive]


def name(dice, longest):
    letters = "abcdefghijklmnopqrstuvwxyz.-_ é漢"
    part = lambda: "".join(dice.choice(letters) for _ in range(dice.randint(1, longest))).strip(". ") or "x"
    return "/".join(part() for _ in range(dice.randint(1, 6)))


def write(dice, path, form):
    longest = 8 if form == "ustar" else dice.choice([8, 40])
    headers = {"comment": "global", "mtime": "7.5"} if form == "pax" and dice.random() < 0.3 else {}
    with tarfile.open(path, "w", format=FORMATS[form], pax_headers=headers) as archive:
        for _ in range(dice.randint(1, 30)):
            info = tarfile.TarInfo(name(dice, longest))
            # Python takes the old type for a directory where the part of the name that fits into the header ends in "/".
            unwritten = {tarfile.GNUTYPE_SPARSE, tarfile.CONTTYPE} | ({tarfile.AREGTYPE} if form != "ustar" else set())
            info.type = dice.choice([t for t in TYPES if t not in unwritten])
            info.mode = dice.randint(0, 0o7777)
            wide = 0o7777777 if form == "ustar" else 2**32 - 1
            info.uid, info.gid = dice.randint(0, wide), dice.randint(0, wide)
            info.mtime = dice.randint(0, 2**32) if form == "ustar" else dice.randint(-(2**33), 2**35)
            if form == "pax" and dice.random() < 0.5:
                info.mtime += dice.random()
            content = dice.randbytes(dice.choice([0, 1, 511, 512, 513, 3000]))
            if info.isreg():
                info.size = len(content)
            if info.islnk() or info.issym():
                info.linkname = name(dice, longest)
            if info.ischr() or info.isblk():
                info.devmajor, info.devminor = dice.randint(0, 4095), dice.randint(0, 99999)
            archive.addfile(info, io.BytesIO(content) if info.isreg() else None)


def main(command, *paths):
    if command == "write":
        dice = random.Random(7)
        for at in range(40):
            for form in FORMATS:
                write(dice, f"{paths[0]}/{at}.{form}.tar", form)
    else:
        for path in paths:
            print(json.dumps(listing(path)))


main(*sys.argv[1:])
