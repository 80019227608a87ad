"""Files that have not changed are not read again, and nobody can tell from the results."""

import shutil
import zipfile
from pathlib import Path

import pandas as pd
import pytest
from export_folders import Q, book, crawled, listed, registers_only, works

from xmt_scoring.errors import XmtError
from xmt_scoring.ingest import opening
from xmt_scoring.ingest.quarter_folder import import_quarter_folder
from xmt_scoring.settings import Settings, template
from xmt_scoring.workspace import Workspace

SAMPLES = Path(__file__).resolve().parents[2] / "shared" / "samples"


@pytest.fixture
def ws(tmp_path) -> Workspace:
    """A workspace with registers, three exports (one of them twice, one with a bad row), a file nobody knows and a broken one."""
    (tmp_path / "xmt.toml").write_text(template(), encoding="utf-8")
    folder = tmp_path / "data" / "raw" / str(Q)
    folder.parent.mkdir(parents=True)
    shutil.move(registers_only(tmp_path), folder)
    works(folder / "林业dy" / "作品.xlsx", "2026-07-01 08:00:00", "昨天", "2026-07-08 08:00:00")
    works(folder / "林业dy" / "作品二.xlsx", "2026-07-08 08:00:00", "2026-07-15 08:00:00")
    crawled(folder / "3937348351.csv", "2026-07-02", "2026-07-09")
    book(folder / "人员.xlsx", ["单位", "姓名", "岗位", "任职起"], ["没有的单位", "某甲", "信息员", "2026-01-01"], ["u1", "某乙", "信息员", "年初"], sheet="人员")
    book(folder / "抽奖.xlsx", ["奖品", "数量", "领取人"], ["水杯", 3, "某丙"])
    (folder / "坏.xlsx").write_bytes(b"PK\x03\x04 cut off")
    listed(folder, ["作品.xlsx", "林业抖音", "2026-07-01", "2026-09-30"])
    return Workspace(tmp_path)


def run(ws: Workspace, code: str | None = "code", settings: Settings | None = None):
    return import_quarter_folder(ws, Q, settings or ws.settings, {}, lambda words: None, code)


def same(one, two) -> bool:
    assert one.problems == two.problems
    assert one.frames.keys() == two.frames.keys()
    for name, frame in one.frames.items():
        pd.testing.assert_frame_equal(frame, two.frames[name])
    return True


@pytest.fixture
def parsed(monkeypatch) -> list[str]:
    """The names of the files that are really opened."""
    names: list[str] = []
    real = opening.open_bytes

    def spy(data, file, limits):
        names.append(file)
        return real(data, file, limits)

    monkeypatch.setattr(opening, "open_bytes", spy)
    return names


def entries(ws: Workspace) -> list[Path]:
    return sorted((ws.root / "data" / "processed" / "cache" / str(Q)).glob("*"))


def test_the_second_run_opens_only_what_was_refused_and_says_everything_again(ws, parsed):
    first = run(ws)
    assert len(parsed) == 9
    assert [sum(word in str(problem) for problem in first.problems) for word in ("坏.xlsx", "抽奖.xlsx", "年初", "没有的单位")] == [1, 1, 1, 1]
    parsed.clear()
    second = run(ws)
    assert sorted(parsed) == ["坏.xlsx", "抽奖.xlsx"], "a refusal must be found again, not remembered"
    assert same(first, second)
    assert same(second, run(ws, None))


def test_a_changed_file_is_read_again_and_a_renamed_one_is_not(ws, parsed):
    run(ws)
    folder = ws.raw(Q)
    works(folder / "林业dy" / "作品.xlsx", "2026-07-01 08:00:00", "2026-07-22 08:00:00")
    (folder / "人员.xlsx").rename(folder / "登记" / "人员(新).xlsx")
    parsed.clear()
    again = run(ws)
    assert sorted(parsed) == ["坏.xlsx", "抽奖.xlsx", "林业dy/作品.xlsx"]
    assert same(again, run(ws, None)), "messages and rows name the file as it is called now"
    assert any(problem.where.startswith("登记/人员(新).xlsx") for problem in again.problems)


def test_another_program_other_formats_or_other_limits_read_everything_again(ws, parsed):
    run(ws)
    for change in ("code", "formats", "limits"):
        parsed.clear()
        if change == "formats":
            text = '[[formats]]\nname = "自编"\nplatform = "快手"\nkind = "发布记录"\n[formats.columns]\n"奖品" = "标题"\n"数量" = "发布时间"\n'
            (ws.root / "导出格式.toml").write_text(text, encoding="utf-8")
        run(ws, "newer code" if change == "code" else "code", Settings.default(max_archive_files=7) if change == "limits" else None)
        assert len(parsed) == 9, change


@pytest.mark.parametrize("harm", ["cut", "empty", "flipped", "no zip", "folder"])
def test_a_damaged_entry_is_read_again_without_a_word(ws, parsed, harm):
    first = run(ws)
    for path in entries(ws):
        data = bytearray(path.read_bytes())
        if harm == "folder":
            path.unlink()
            path.mkdir()
            continue
        if harm == "flipped":
            for at in range(60, len(data), 97):
                data[at] ^= 0x55
        path.write_bytes({"cut": bytes(data[: len(data) // 2]), "empty": b"", "no zip": b"PK" + bytes(data[9:])}.get(harm, bytes(data)))
    parsed.clear()
    assert same(first, run(ws))
    assert len(parsed) == 9
    assert same(first, run(ws))


def test_entries_that_no_file_needs_are_removed_and_those_of_other_quarters_stay(ws):
    (ws.raw(Q) / "人员.xlsx").unlink()  # a register with errors: the folder would be refused
    run(ws)
    before = entries(ws)
    other, gone = (ws.root / "data" / "processed" / "cache" / name for name in ("2026Q2", "2024Q1"))
    for folder in (other, gone):
        folder.mkdir()
        (folder / "x.zip").write_bytes(b"")
    (ws.root / "data" / "raw" / "2026Q2").mkdir()
    (ws.raw(Q) / "3937348351.csv").unlink()
    run(ws)
    assert len(entries(ws)) == len(before) - 1
    assert set(entries(ws)) < set(before)
    assert other.exists()
    assert not gone.exists()


def test_a_folder_that_is_refused_takes_nothing_away(ws):
    before = run(ws) and entries(ws)
    (ws.raw(Q) / "3937348351.csv").unlink()
    assert any(problem.is_fatal for problem in run(ws).problems)
    assert entries(ws) == before


def test_an_entry_has_the_same_bytes_whenever_it_is_made(ws):
    run(ws)
    before = {path.name: path.read_bytes() for path in entries(ws)}
    shutil.rmtree(ws.root / "data" / "processed" / "cache")
    run(ws)
    assert {path.name: path.read_bytes() for path in entries(ws)} == before
    assert not any(name.encode() in data for name in ("2026Q3", "作品二", "登记/", "3937348351.csv") for data in before.values()), "an entry knows no path"


def test_a_cache_that_cannot_be_written_is_not_missed(ws):
    wanted = run(ws, None)
    (ws.root / "data" / "processed").mkdir(parents=True)
    (ws.root / "data" / "processed" / "cache").write_bytes(b"a file stands in the way")
    assert same(wanted, run(ws))
    assert same(wanted, run(ws))


@pytest.mark.skipif(not SAMPLES.exists(), reason="needs ../shared/samples")
def test_every_sample_comes_from_the_cache_as_it_was_read(ws, parsed):
    shutil.copytree(SAMPLES, ws.raw(Q) / "样本", ignore=shutil.ignore_patterns("*.md"))
    first = run(ws)
    n_opened = len(parsed)
    parsed.clear()
    assert same(first, run(ws))
    assert same(first, run(ws, None))
    assert len(parsed) < n_opened + n_opened / 3, "most of the samples are known kinds and were kept"


def test_the_demo_county_gives_the_same_bytes_with_and_without_the_cache(demo, tmp_path, xmt):
    shutil.copytree(demo, tmp_path / "县", ignore=shutil.ignore_patterns("reports", "versions"))
    ws = Workspace(tmp_path / "县")
    names = ("posts", "accounts", "quarantine", "files", "findings", "messages", "gaps")
    folder = ws.root / "data" / "processed"
    assert list((folder / "cache" / "2025Q3").glob("*.zip")), "the demo's run has kept what it read"
    wanted = {name: (folder / "2025Q3" / f"{name}.parquet").read_bytes() for name in names}
    with_cache = xmt("--workspace", ws.root, "import", "2025Q3", "--as-of", "2025-10-10").stdout
    assert {name: (folder / "2025Q3" / f"{name}.parquet").read_bytes() for name in names} == wanted
    without = xmt("--workspace", ws.root, "import", "2025Q3", "--as-of", "2025-10-10", "--no-cache").stdout
    assert {name: (folder / "2025Q3" / f"{name}.parquet").read_bytes() for name in names} == wanted
    assert without == with_cache


def test_the_limits_are_settings_that_the_import_keeps(ws):
    with pytest.raises(XmtError, match="1 到 4096"):
        (ws.root / "xmt.toml").write_text("[limits]\nmax_file_mb = 0\n", encoding="utf-8")
        run(ws)
    (ws.root / "xmt.toml").write_text("[limits]\nmax_archive_files = 2\n", encoding="utf-8")
    for n in (2, 3):
        with zipfile.ZipFile(ws.raw(Q) / f"{n}.zip", "w") as archive:
            for number in range(n):
                archive.writestr(f"{number}.txt", "x")
    told = [str(problem) for problem in run(ws).problems if ".zip" in problem.where and "上限" in problem.what]
    assert told == ["3.zip：压缩包里有 3 个文件，超过上限 2。请解压后只放需要的文件。"]


def test_limits_are_no_readings_of_the_law():
    settings = Settings.default()
    assert "max_file_mb" in settings.plain()
    assert not settings.rows()["key"].str.startswith("max_").any()
