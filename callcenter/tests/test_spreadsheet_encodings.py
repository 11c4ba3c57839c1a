"""No customer list is ever stored as mojibake: it is read right, or a question is asked (P-03, reliability.md section 5)."""

import random

import pytest

from callcenter.spreadsheet import encodings, refusals
from callcenter.spreadsheet.read import open_table

SIMPLIFIED = {
    "headers": [
        "姓名,手机号,地址",
        "客户姓名,联系电话,备注",
        "Name,手机,客户等级",
        "编号,车主姓名,车牌号,购买日期",
        "序号,投保人,保单号,到期时间,业务员",
    ],
    "surnames": "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭",
    "given": "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂英文华玉萍红玲芬燕彬宁浩凯俊帆婷雪梅璐瑶晗烨祺睿翊宸曦镕喆",
    "places": [
        "浙江省杭州市西湖区文三路%d号",
        "上海市浦东新区世纪大道%d弄",
        "广东省深圳市南山区科技园%d栋",
        "呼和浩特市赛罕区鄂尔多斯大街%d号",
    ],
}
TRADITIONAL = {
    "headers": [
        "姓名,手機號碼,地址",
        "客戶姓名,聯絡電話,備註",
        "Name,手機,客戶等級",
        "編號,車主姓名,車牌號碼,購買日期",
        "序號,投保人,保單號碼,到期時間,業務員",
    ],
    "surnames": "陳林黃張李王吳劉蔡楊許鄭謝郭洪曾邱廖賴周徐蘇葉莊呂江何羅高潘簡朱鍾彭游詹胡施沈余盧梁趙顏柯翁魏孫戴范方宋鄧",
    "given": "志明家豪俊傑建宏文雄淑芬美玲雅婷怡君欣佳蓉惠雯麗華秀英玉珍承翰冠宇彥廷柏品妤詩涵宥",
    "places": [
        "臺北市大安區忠孝東路%d號",
        "新北市板橋區文化路%d巷",
        "香港九龍旺角彌敦道%d號",
        "高雄市左營區博愛二路%d號",
    ],
}
CASES = [
    (script, codec)
    for script, codecs in (
        (SIMPLIFIED, ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030"]),
        (TRADITIONAL, ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030", "big5"]),
    )
    for codec in codecs
]


def make_list(script, rows, header, seed):
    """Returns the text of a customer list with `rows` rows of names, phones and places."""
    draw = random.Random(f"{seed}-{rows}-{header}")
    lines = [header]
    for _ in range(rows):
        name = draw.choice(script["surnames"]) + "".join(draw.sample(script["given"], draw.choice([1, 2])))
        place = draw.choice([*script["places"], ""])
        place = place % draw.randint(1, 999) if place else ""
        lines.append(f"{name},138{draw.randint(10**7, 10**8 - 1)},{place}")
    return "\r\n".join(lines) + "\r\n"


def read_back(path):
    detected = encodings.detect(path)
    return path.read_bytes()[len(detected.mark) :].decode(detected.codec)


@pytest.mark.parametrize(("script", "codec"), CASES)
@pytest.mark.parametrize("rows", [1, 3, 50, 500])
def test_customer_lists_with_chinese_header_are_read_without_a_question(tmp_path, script, codec, rows):
    path = tmp_path / "list.csv"
    for header in script["headers"]:
        for seed in range(10 if rows < 50 else 2):
            text = make_list(script, rows, header, seed)
            path.write_bytes(text.encode(codec))
            assert read_back(path) == text, header


@pytest.mark.parametrize(("script", "codec"), CASES)
@pytest.mark.parametrize("rows", [1, 3, 50, 500])
def test_customer_lists_with_english_header_are_never_garbled(tmp_path, script, codec, rows):
    path = tmp_path / "list.csv"
    asked = 0
    for seed in range(20 if rows < 50 else 3):
        text = make_list(script, rows, "name,phone,address", seed)
        path.write_bytes(text.encode(codec))
        try:
            assert read_back(path) == text
        except refusals.AmbiguousEncoding as question:
            asked += 1
            assert any(text.splitlines()[1][:3] in each.preview for each in question.candidates)  # noqa: PT017
    assert asked == 0 or rows == 1


def test_ascii_list_is_utf8(tmp_path):
    path = tmp_path / "list.csv"
    path.write_bytes(b"name,phone\nA,1\n")
    assert encodings.detect(path) == ("utf-8", "utf-8", b"")


@pytest.mark.parametrize("codec", ["gb18030", "big5"])
def test_question_can_be_answered(tmp_path, codec):
    path = tmp_path / "list.csv"
    path.write_bytes("a,b\n陳,1\n".encode(codec))
    with pytest.raises(refusals.AmbiguousEncoding) as caught:
        open_table(path)
    (right,) = [each for each in caught.value.candidates if "陳" in each.preview]
    assert right.encoding == codec
    assert list(open_table(path, encoding=codec).rows()) == [(2, ["陳", "1"])]


@pytest.mark.parametrize("name", ["谢梅伟", "叶平", "袁雪伟"])
def test_chinese_bytes_that_are_valid_utf8_are_a_question(tmp_path, name):
    path = tmp_path / "list.csv"
    path.write_bytes(f"name,phone\n{name},1\n".encode("gb18030"))
    assert path.read_bytes().decode("utf-8")
    with pytest.raises(refusals.AmbiguousEncoding) as caught:
        open_table(path)
    assert name in caught.value.candidates[0].preview


@pytest.mark.parametrize("name", ["José Müller", "Ørsted", "Иванов"])
def test_other_alphabets_in_utf8_are_read(tmp_path, name):
    path = tmp_path / "list.csv"
    path.write_bytes(f"name,phone\n{name},1\n".encode())
    assert list(open_table(path).rows()) == [(2, [name, "1"])]


def test_western_text_is_a_question(tmp_path):
    path = tmp_path / "list.csv"
    path.write_bytes("name,city\nJosé,São Paulo\nMüller,Köln\n".encode("cp1252"))
    with pytest.raises(refusals.AmbiguousEncoding) as caught:
        open_table(path)
    assert any("José,São Paulo" in each.preview for each in caught.value.candidates)
    assert next(open_table(path, encoding="windows-1252").rows()) == (2, ["José", "São Paulo"])


def test_one_bad_byte_is_reported_with_its_line(tmp_path):
    path = tmp_path / "list.csv"
    data = make_list(SIMPLIFIED, 50, "姓名,手机号,地址", 1).encode()
    lines = data.split(b"\r\n")
    lines[7] = b"\xff" + lines[7]
    path.write_bytes(b"\r\n".join(lines))
    with pytest.raises(refusals.MixedEncodings) as caught:
        open_table(path)
    assert caught.value.details["line"] == 8


def test_bad_byte_in_the_only_line_is_reported(tmp_path):
    path = tmp_path / "list.csv"
    path.write_bytes("姓名,电话,备".encode() + b"\xe5\xa4,x\n")
    with pytest.raises(refusals.BadBytes) as caught:
        open_table(path)
    assert caught.value.details == {"line": 1, "encoding": "UTF-8"}


def test_one_bad_byte_behind_a_mark_is_reported_with_its_line(tmp_path):
    path = tmp_path / "list.csv"
    path.write_bytes(b"\xef\xbb\xbf" + "姓名,电话\n张三,1\n".encode() + b"\xd5\xc5,2\n")
    with pytest.raises(refusals.BadBytes) as caught:
        open_table(path)
    assert caught.value.details == {"line": 3, "encoding": "UTF-8"}


def test_one_bad_byte_in_gb18030_is_reported_with_its_line(tmp_path):
    path = tmp_path / "list.csv"
    lines = make_list(SIMPLIFIED, 50, "姓名,手机号,地址", 1).encode("gb18030").split(b"\r\n")
    lines[20] = lines[20] + b"\xd5"
    path.write_bytes(b"\r\n".join(lines))
    with pytest.raises(refusals.BadBytes) as caught:
        open_table(path)
    assert caught.value.details["line"] == 21


@pytest.mark.parametrize(
    ("first", "second"), [("utf-8", "gb18030"), ("gb18030", "utf-8"), ("utf-8", "big5"), ("big5", "utf-8")]
)
def test_two_encodings_in_one_file_are_refused(tmp_path, first, second):
    path = tmp_path / "list.csv"
    one = make_list(TRADITIONAL, 30, "姓名,手機,地址", 1).encode(first)
    two = make_list(TRADITIONAL, 9, "", 2).encode(second)
    path.write_bytes(one + two.lstrip())
    with pytest.raises(refusals.MixedEncodings) as caught:
        open_table(path)
    assert caught.value.details["line"] == 32


def test_wrong_choice_is_refused_with_the_line(tmp_path):
    path = tmp_path / "list.csv"
    path.write_bytes("姓名,电话\n张三,1\n".encode("gb18030"))
    with pytest.raises(refusals.BadBytes):
        open_table(path, encoding="utf-8")


def test_unknown_encoding_is_refused(tmp_path):
    path = tmp_path / "list.csv"
    path.write_bytes(b"a,b\n")
    with pytest.raises(refusals.UnknownEncoding):
        open_table(path, encoding="rot13")


@pytest.mark.parametrize("name", ["GBK", "cp936", "gb2312", "GB18030"])
def test_usual_names_of_an_encoding_are_understood(tmp_path, name):
    path = tmp_path / "list.csv"
    path.write_bytes("姓名,电话\n".encode("gbk"))
    assert open_table(path, encoding=name).encoding == "gb18030"


@pytest.mark.parametrize("mark", [b"", b"\xff\xfe"])
def test_odd_number_of_utf16_bytes_is_refused(tmp_path, mark):
    path = tmp_path / "list.csv"
    path.write_bytes(mark + "姓名,电话\n张三,1\n".encode("utf-16-le") + b"\x31")
    with pytest.raises(refusals.BadBytes):
        open_table(path)
