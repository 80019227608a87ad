"""Files that would harm or mislead: measured before they are opened, refused with a message, the rest of the folder goes on."""

import io
import os
import zipfile

import openpyxl
import pytest
import xlsxwriter
from test_platforms import Q, registers, sheet

from xmt_scoring.errors import XmtError
from xmt_scoring.ingest import explain_file, import_folder
from xmt_scoring.ingest.grids import Limits
from xmt_scoring.ingest.tables import open_bytes, open_file

WORKS = ["作品名称", "发布时间", "体裁", "审核状态", "播放量"]
ROW = ["甲", "2026-07-06 08:00:00", "图文", "公开", "12"]


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "2026Q3"
    made.mkdir()
    registers(made)
    return made


def imported(folder, **more):
    return import_folder(folder, Q, whole_quarter=False, known_items={}, **more)


def told(made):
    return "\n".join(str(problem) for problem in made.problems)


def zipped(files, **more):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content, **more)
    return stream.getvalue()


def test_a_zip_of_exports_is_read_file_by_file_without_being_unpacked(folder):
    (folder / "甲局抖音 D1.zip").write_bytes(zipped({"七月/作品.xlsx": sheet(WORKS, ROW), "说明.txt": "随便写的说明"}))
    made = imported(folder)
    files = made.frames["files"].set_index("file")
    assert files.loc["甲局抖音 D1.zip/七月/作品.xlsx", ["account_id", "n_kept"]].tolist() == ["D1", 1]
    assert "逐个读" in files.loc["甲局抖音 D1.zip", "note"]
    assert sorted(path.name for path in folder.iterdir()) == ["单位.xlsx", "台账.xlsx", "甲局抖音 D1.zip"]


class GbkName(zipfile.ZipInfo):
    """An entry as Chinese Windows writes it: the name in GBK, and no word that it is."""

    def _encodeFilenameFlags(self):
        return self.filename.encode("gbk"), self.flag_bits & ~0x800


def test_names_in_a_zip_made_on_a_chinese_windows_are_read_as_they_were_written(tmp_path):
    with zipfile.ZipFile(tmp_path / "包.zip", "w") as archive:
        archive.writestr(GbkName("七月/作品.csv"), ",".join(WORKS) + "\n" + ",".join(ROW))
    assert explain_file(tmp_path / "包.zip").files["file"].tolist() == ["包.zip/七月/作品.csv"]


@pytest.mark.parametrize("name", ["../../外面.xlsx", "/etc/外面.xlsx", "C:\\外面.xlsx", "a/../../外面.xlsx"])
def test_a_name_that_leads_out_of_the_archive_is_not_read(folder, name):
    (folder / "包.zip").write_bytes(zipped({name: sheet(WORKS, ROW), "作品.xlsx": sheet(WORKS, ROW)}))
    made = imported(folder)
    assert "指向文件夹之外" in told(made)
    assert len(made.frames["files"].query("kind == 'posts'")) == 1


def test_an_archive_in_an_archive_and_one_with_a_password_are_told(folder):
    (folder / "包.zip").write_bytes(zipped({"里面.zip": zipped({"作品.xlsx": sheet(WORKS, ROW)})}))
    assert "压缩包里又有压缩包" in told(imported(folder))


def test_a_bomb_is_refused_before_it_is_unpacked(folder):
    small = Limits(unpacked_bytes=5 * 2**20)
    (folder / "炸弹.zip").write_bytes(zipped({"零.csv": b"0" * (20 * 2**20)}))
    (folder / "炸弹.xlsx").write_bytes(zipped({"xl/workbook.xml": b"<a/>", "xl/worksheets/sheet1.xml": b" " * (20 * 2**20)}))
    made = imported(folder, limits=small)
    assert told(made).count("可能是恶意文件") == 2
    assert made.frames["files"].set_index("file").loc["炸弹.xlsx", "n_rows"] == 0


def test_an_archive_with_too_many_files_is_refused(folder):
    (folder / "多.zip").write_bytes(zipped({f"{n}.csv": "" for n in range(11)}))
    assert "超过上限 10" in told(imported(folder, limits=Limits(members=10)))


def test_a_file_larger_than_an_export_can_be_is_refused_unread(folder):
    (folder / "大.csv").write_bytes(b"a," * 2**19 + b"\n")
    assert "超过上限 0 MB" in told(imported(folder, limits=Limits(file_bytes=1000)))


@pytest.mark.parametrize(("row", "column"), [(1_048_575, 16_383), (0, 16_383), (1_048_575, 0)])
def test_one_cell_in_the_farthest_corner_does_not_fill_the_machine(tmp_path, row, column):
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, WORKS)
        page.write_row(1, 0, ROW)
        page.write(row, column, "远")
    if row and column:
        with pytest.raises(XmtError, match="隔得太远"):
            open_bytes(stream.getvalue(), "甲.xlsx")
    else:
        assert open_bytes(stream.getvalue(), "甲.xlsx")[0].rows[1][0] == "甲"


def test_hidden_rows_are_read_and_told_and_a_formula_without_a_value_is_told(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(WORKS)
    book.active.append(ROW)
    book.active.append(["乙", "2026-07-07 08:00:00", "图文", "公开", "=1+1"])
    book.active.row_dimensions[2].hidden = True
    book.save(tmp_path / "甲.xlsx")
    (grid,) = open_file(tmp_path / "甲.xlsx", "甲.xlsx")
    assert len(grid.rows) == 3
    assert ["1 个隐藏的行" in note or "1 个公式没有保存计算结果" in note for note in grid.notes] == [True, True]


def test_a_macro_workbook_gives_its_values_and_runs_nothing(folder):
    content = zipfile.ZipFile(io.BytesIO(sheet(WORKS, ROW)))
    parts = {name: content.read(name) for name in content.namelist()} | {"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0macro"}
    (folder / "D1 作品.xlsm").write_bytes(zipped(parts))
    assert imported(folder).frames["files"].set_index("file").loc["D1 作品.xlsm", "n_kept"] == 1


@pytest.mark.parametrize("form", ["html", "xml"])
def test_an_entity_that_would_read_a_file_of_the_machine_reads_nothing(tmp_path, form):
    secret = tmp_path / "秘密.txt"
    secret.write_text("不该读到", encoding="utf-8")
    entity = f'<!DOCTYPE a [<!ENTITY s SYSTEM "{secret.as_uri()}">]>'
    if form == "html":
        text = f"{entity}<html><table><tr><td>作品名称&s;</td></tr></table></html>"
    else:
        name = "urn:schemas-microsoft-com:office:spreadsheet"
        text = f'<?xml version="1.0"?>{entity}<Workbook xmlns="{name}"><Worksheet><Table><Row><Cell><Data>甲&s;</Data></Cell></Row></Table></Worksheet></Workbook>'
    grids = open_bytes(text.encode(), "甲.xls")
    assert "不该读到" not in str([grid.rows for grid in grids])


def test_an_entity_that_grows_without_end_is_refused():
    lines = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "x" * 100}">' for n in range(12))
    text = f'<?xml version="1.0"?><!DOCTYPE a [{lines}]><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"><a>&e11;</a></Workbook>'
    try:
        assert len(str(open_bytes(text.encode(), "甲.xls"))) < 10_000
    except XmtError as error:
        assert "XML" in str(error)


@pytest.mark.skipif(os.name == "nt", reason="making links needs rights on Windows")
def test_a_link_that_leaves_the_folder_is_told_and_not_followed(folder, tmp_path):
    outside = tmp_path / "外面.xlsx"
    outside.write_bytes(sheet(WORKS, ROW))
    (folder / "D1.xlsx").symlink_to(outside)
    (folder / "没有.xlsx").symlink_to(folder / "不存在.xlsx")
    made = imported(folder)
    assert "链接" in told(made)
    assert not len(made.frames["posts"])
    assert made.frames["files"].set_index("file").loc["没有.xlsx", "n_rows"] == 0


def test_a_name_with_unseen_characters_is_told_with_a_mark_in_their_place(folder):
    (folder / "D1\u202excod\u200b.xlsx").write_bytes(sheet(WORKS, ROW))
    made = imported(folder)
    assert "看不见的字符" in told(made)
    assert "\u202e" not in told(made)


def test_lock_files_and_leavings_of_other_programs_are_listed_and_not_read(folder):
    for name in ("~$作品.xlsx", ".hidden", "Thumbs.db", "desktop.ini", "下载.tmp"):
        (folder / name).write_bytes(b"\x00\x01binary")
    files = imported(folder).frames["files"].set_index("file")
    assert {files.loc[name, "note"] for name in ("~$作品.xlsx", ".hidden", "Thumbs.db", "desktop.ini", "下载.tmp")} == {"临时文件，不读"}


@pytest.mark.parametrize("magic", [b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b\x08"])
def test_other_archives_are_refused_with_what_to_do(magic):
    with pytest.raises(XmtError, match="解压后"):
        open_bytes(magic + b"0" * 50, "包.rar")


def test_a_deep_folder_is_read_like_any_other(folder):
    deep = folder
    for name in ["甲"] * 20:
        deep = deep / name
    deep.mkdir(parents=True)
    (deep / "D1.xlsx").write_bytes(sheet(WORKS, ROW))
    assert len(imported(folder).frames["posts"]) == 1
