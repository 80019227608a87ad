"""Every export with its account: which are taken, which wait, which are copies of another (DESIGN section 3)."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pandas as pd

from xmt_scoring.errors import Problem, place
from xmt_scoring.glossary import heading
from xmt_scoring.ingest.attribution import Known, attribute
from xmt_scoring.ingest.coverage import Span, span_of
from xmt_scoring.ingest.listing import no_data_note
from xmt_scoring.ingest.normalise import Reading


@dataclass(frozen=True)
class Claim:
    """One export. `account_id`: by Excel row, missing where it waits; `accounts`: the ones found (also for a file
    without rows); `how`: how they were found, or what is in the way; `copy_of`: the file that holds the same for the same account.
    """

    reading: Reading
    sha: str
    account_id: pd.Series
    accounts: tuple[str, ...]
    span: Span | None
    how: str
    copy_of: str | None = None

    @property
    def is_taken(self) -> bool:
        """Whether rows and coverage of this file count."""
        return not self.reading.kind.refused and self.copy_of is None

    @property
    def n_kept(self) -> int:
        """Rows that go on."""
        return int(self.account_id.notna().sum()) if self.is_taken else 0

    def reasons(self) -> pd.Series:
        """Why rows are set aside, by Excel row."""
        rows = self.reading.rows.index
        if self.copy_of is not None:
            more = pd.Series(f"重复文件：与“{self.copy_of}”完全相同", index=rows, dtype="str")
        else:
            more = pd.Series(f"待认领：{self.how}", index=rows[self.account_id.isna()], dtype="str")
        return pd.concat([self.reading.quarantined, more]) if len(more) else self.reading.quarantined

    def note(self) -> str:
        """What the list of files says of it."""
        kind = self.reading.kind
        if self.copy_of is not None:
            return f"与“{self.copy_of}”完全相同，没有重复计入"
        capped = "；达到导出上限，只算到最早一条为止" if self.reading.is_capped else ""
        return (kind.refused or kind.name) + capped + no_data_note(self.reading.no_data_rows, "；")

    def problems(self) -> list[Problem]:
        """What people should know of it."""
        told = self._problem()
        return [*([told] if told else []), *self._damaged_ids(), *self._unread_counts()]

    def _unread_counts(self) -> list[Problem]:
        """Counts that are no numbers: the post counts, the number is missing."""
        rows = self.reading.rows
        if not self.is_taken or "unread" not in rows:
            return []
        rows = rows[rows["unread"].notna()]
        if not len(rows):
            return []
        where = place(self.reading.table.grid.file, self.reading.table.grid.sheet, int(rows.index[0]))
        what = f"有 {len(rows)} 行的数读不出来（如 {rows['unread'].iloc[0]}），按没有这个数处理；发布照样算"
        return [Problem(where, what, "请核对；这些数不计分，不影响的不用管", False)]

    def _damaged_ids(self) -> list[Problem]:
        """Long numbers that Excel has rounded: two posts may have the same, so none of them is used.

        A whole list is saved anew at once; one id in a thousand ends in zeros by itself and is not worth a word.
        """
        rows = self.reading.rows
        if not self.is_taken or "is_id_damaged" not in rows:
            return []
        n_ids = int((rows["native_id"].notna() | rows["is_id_damaged"]).sum())
        rows = rows[rows["is_id_damaged"]]
        if not len(rows) or 2 * len(rows) < n_ids:
            return []
        where = place(self.reading.table.grid.file, self.reading.table.grid.sheet, int(rows.index[0]), heading("native_id"))
        what = f"有 {len(rows)} 行的编号是被 Excel 舍入过的长数字，没有采用；是不是同一条改按别的编号、网址或时间加标题认"
        return [Problem(where, what, "请放入平台导出的原文件，不要用 Excel 打开后另存", False)]

    def _problem(self) -> Problem | None:
        where = place(self.reading.table.grid.file, self.reading.table.grid.sheet)
        if self.reading.kind.refused:
            return Problem(where, self.reading.kind.refused, "没有采用", False)
        if self.copy_of is not None:
            return Problem(where, f"与“{self.copy_of}”是同一个文件", "没有重复计入；可以删掉一份", False)
        if not self.accounts:
            return Problem(where, f"待认领：{self.how}", "请在“导出文件清单.xlsx”里为它写一行：文件、账号、起止日", False)
        is_empty = not len(self.reading.rows) and not len(self.reading.quarantined)
        # one of WeChat's two lists is often empty; with its span stated that needs no word
        if is_empty and (self.reading.kind.covers == "posts" or self.span is None) and self.reading.kind.covers != "followers":
            return Problem(where, *self._empty(), is_fatal=False)
        if self.span is not None and self.span.has_hole:
            what = "“导出文件清单.xlsx”里为它写了几段日子，中间有空缺，按没有写起止日处理"
            return Problem(where, what, "请按段分成几个文件；是连着的请写成一段", False)
        if self.reading.is_capped:
            return Problem(where, f"有 {len(self.reading.rows)} 行，达到导出上限，更早的可能没有导出", "请分段导出", False)
        return None

    def _empty(self) -> tuple[str, str]:
        """What an export without a row that counts means, and what to do."""
        if self.reading.n_no_data_rows:
            return f"{self.reading.n_no_data_rows} 行都是合计、说明、没有数或者分渠道的行，没有一行可用；不能证明没有发布", "请核对文件；需要的请重新导出"
        if self.span is None or self.reading.kind.file_kind != "posts":
            return "只有表头，一行数据也没有；不能证明没有发布", "请重新导出，或在“导出文件清单.xlsx”里写明起止日"
        days = f"{self.span.start:%Y-%m-%d} 至 {self.span.end:%Y-%m-%d}"
        return f"只有表头，一行数据也没有；按 {days} 这类内容没有发布计", "确实没有发布就不用管；否则请重新导出"


def claim_all(exports: list[tuple[Reading, str]], known: Known) -> list[Claim]:
    """The account of every export; of identical files of one account the first counts.

    Identical bytes alone are no copy: two accounts that published nothing have the same empty list. A copy whose
    account nobody names is one of the file that has a name.
    """
    claims = [_claim(reading, sha, known) for reading, sha in exports]
    first: dict[tuple[object, ...], str] = {}
    named: dict[tuple[object, ...], str] = {}
    for claim in claims:
        content = (claim.sha, claim.reading.table.grid.sheet)
        if claim.accounts and not claim.reading.kind.refused:
            first.setdefault((content, claim.accounts), claim.reading.table.grid.file)
            named.setdefault(content, claim.reading.table.grid.file)
    made = []
    for claim in claims:
        content, file = (claim.sha, claim.reading.table.grid.sheet), claim.reading.table.grid.file
        original = first.get((content, claim.accounts)) if claim.accounts else named.get(content)
        is_copy = original is not None and original != file and not claim.reading.kind.refused
        made.append(replace(claim, copy_of=original) if is_copy else claim)
    return made


def _claim(reading: Reading, sha: str, known: Known) -> Claim:
    if reading.kind.refused:
        return Claim(reading, sha, pd.Series(None, index=reading.rows.index, dtype="str"), (), None, "")
    file = reading.table.grid.file
    given = attribute(reading, known)
    found = tuple(str(account) for account in given.account_id.dropna().unique())
    note = given.note
    if not len(reading.rows):  # whose an export without rows is: the same ways, without the account column
        named = known.listed.matching(file, "account_id")["account_id"].unique().tolist()
        note = "导出文件清单" if named else "路径"
        named = named or known.owners(reading.kind.platform).in_path(file)
        found = (str(named[0]),) if len(named) == 1 else ()
        note = note if found else given.note
    span = span_of(reading, *known.listed.span(file, reading.kind.covers, found))
    return Claim(reading, sha, given.account_id, found, span, note)
