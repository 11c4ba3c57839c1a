"""60 files in the encodings people send: the right text is stored, or the question is asked; never mojibake."""

import random
from collections.abc import Iterator

from customers.tests.corpus.file import Expected, File, good, text_file

SIZES = (1, 3, 50, 500)
SIMPLIFIED = (
    ("客户编号", "姓名", "手机", "地址"),
    "王李张刘陈杨赵黄周吴徐孙马朱胡林郭何高罗",
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红梅国建文",
    ("杭州市文三路", "北京市朝阳区建国门", "广州市天河区体育东路", "长沙市芙蓉中路", "济南市历下区泉城路"),
)
TRADITIONAL = (
    ("客戶編號", "姓名", "手機", "地址"),
    "王李張劉陳楊趙黃周吳徐孫馬朱胡林郭何高羅",
    "偉芳娜敏靜麗強磊軍洋勇艷傑娟濤明超秀霞平剛桂英華玉蘭紅梅國建文",
    (
        "臺北市信義區松仁路",
        "高雄市苓雅區四維路",
        "臺中市西區公益路",
        "香港中環德輔道",
        "新北市板橋區縣民大道",
    ),
)
WRITTEN = (
    ("utf-8", "utf-8", SIMPLIFIED, b""),
    ("utf-8-bom", "utf-8-sig", SIMPLIFIED, b""),
    ("utf-16-le-bom", "utf-16-le", SIMPLIFIED, b"\xff\xfe"),
    ("utf-16-be-bom", "utf-16-be", TRADITIONAL, b"\xfe\xff"),
    ("utf-16-le", "utf-16-le", SIMPLIFIED, b""),
    ("utf-16-be", "utf-16-be", SIMPLIFIED, b""),
    ("gb18030", "gb18030", SIMPLIFIED, b""),
    ("gbk", "gbk", SIMPLIFIED, b""),
    ("gb2312", "gb2312", SIMPLIFIED, b""),
    ("big5", "big5", TRADITIONAL, b""),
    ("utf-8-traditional", "utf-8", TRADITIONAL, b""),
)
# Codec: the name under which a person would choose it.
ANSWERS = {"gbk": "gb18030", "gb2312": "gb18030", "utf-8-sig": "utf-8"}


def rows_of(words, count: int, *, rare: str = "") -> list[list[str]]:
    """A header and `count` customers with names and addresses out of `words`."""
    header, surnames, given, streets = words
    rng = random.Random(f"{header}{count}")
    rows = [list(header)]
    for number in range(1, count + 1):
        name = rng.choice(surnames) + "".join(rng.sample(given, 2)) + rare
        rows.append(
            [
                f"A{number}",
                name,
                str(13_800_000_000 + number),
                f"{rng.choice(streets)}{rng.randrange(1, 999)}号",
            ]
        )
        if words is TRADITIONAL:
            rows[-1][3] = rows[-1][3].replace("号", "號")
    return rows


def stored(rows) -> dict[str, dict[str, str]]:
    return {number: {"name": name, "address": address} for number, name, _phone, address in rows[1:]}


def files() -> Iterator[File]:
    """44 in eleven encodings, 4 with characters of four bytes, 6 of two encodings in one file, 6 with one bad byte."""
    for label, codec, words, mark in WRITTEN:
        for size in SIZES:
            rows = rows_of(words, size)
            answer = ANSWERS.get(codec, codec)
            expected = good(size, stored=stored(rows), encoding=answer)
            yield File(f"{label}-{size}.csv", mark + text_file(rows, encoding=codec), expected)
    for size in SIZES:
        rows = rows_of(SIMPLIFIED, size, rare="㐂" if size < 50 else "𠮷")
        expected = good(size, stored=stored(rows), encoding="gb18030")
        yield File(f"gb18030-rare-{size}.csv", text_file(rows, encoding="gb18030"), expected)
    yield from _mixed()
    yield from _one_bad_byte()


def _mixed() -> Iterator[File]:
    pairs = (
        ("utf-8", "gb18030", SIMPLIFIED),
        ("gb18030", "utf-8", SIMPLIFIED),
        ("utf-8", "big5", TRADITIONAL),
    )
    for first, second, words in pairs:
        for size in (6, 100):
            rows = rows_of(words, size)
            half = size // 2
            data = text_file(rows[:half], encoding=first) + text_file(rows[half:], encoding=second)
            refused = ("mixed_encodings", "bad_bytes", "ambiguous_encoding")
            yield File(f"mixed-{first}-{second}-{size}.csv", data, Expected(refused=refused))


def _one_bad_byte() -> Iterator[File]:
    for codec, words in (("utf-8", SIMPLIFIED), ("gb18030", SIMPLIFIED), ("big5", TRADITIONAL)):
        for size in (3, 50):
            data = text_file(rows_of(words, size), encoding=codec)
            place = data.rindex(b",", 0, data.rindex(b",")) - 1
            broken = data[:place] + b"\xff" + data[place:]
            refused = ("bad_bytes", "mixed_encodings", "ambiguous_encoding")
            yield File(f"bad-byte-{codec}-{size}.csv", broken, Expected(refused=refused))
