"""Who the exports say that they are of: account profiles, and the names and numbers in the rows of other exports → `profiles`."""

from __future__ import annotations

import pandas as pd

from xmt_scoring.frames import conform, empty
from xmt_scoring.ingest.account_column import platforms_of
from xmt_scoring.ingest.claims import Claim
from xmt_scoring.ingest.listing import Listing, no_data_note
from xmt_scoring.ingest.normalise import Reading, content_of

KIND = "profiles"
_NAMED = {"account_no": "platform_account_no", "account_word": "profile_name"}
_IDENTITY = ["platform", "platform_account_no", "profile_name"]
_SOURCE = ["src_file", "src_sheet", "src_row"]


def take_profiles(exports: list[tuple[Reading, str]], claims: list[Claim], listing: Listing) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Frame `profiles`, and the rows of profile tables that are in it already (src_file, src_sheet, src_row, reason).

    `exports`: the profile tables among the files (they are listed here); `claims`: all other exports. An account that comes
    again under the same name and number counts once, by its last profile; names in the rows of posts come before profiles.
    """
    for reading, sha in exports:
        grid, aside = reading.table.grid, reading.quarantined
        listing.set_aside(grid, aside.index, aside, content_of(reading, aside.index))
        counts = (reading.n_rows, len(reading.rows), len(aside), reading.n_no_data_rows)
        listing.add(grid.file, grid.sheet, KIND, sha, counts, platform=reading.kind.platform, note=reading.kind.name + no_data_note(reading.no_data_rows, "；"))
    parts = [_in_rows(claim) for claim in claims if claim.is_taken] + [_placed(reading, reading.rows, True) for reading, _ in exports]
    parts = [part for part in parts if len(part)]
    if not parts:
        return empty("profiles"), pd.DataFrame(columns=[*_SOURCE, "reason"])
    rows = pd.concat(parts, ignore_index=True).sort_values("is_profile", kind="stable")
    again = rows.duplicated(_IDENTITY, keep="last")
    repeated = rows.loc[again & rows["is_listed"], _SOURCE].assign(reason="重复：同一个账号后面还有一行")
    kept = rows[~again].sort_values(["src_file", "src_row"], kind="stable")
    return conform(kept.drop(columns="is_listed"), "profiles"), repeated


def _in_rows(claim: Claim) -> pd.DataFrame:
    """The accounts that the rows of an export name, each at its first row; of the office's own form only those that the
    register does not know, because any word for an account may stand there."""
    reading = claim.reading
    if "account_any" in reading.rows:
        rows = reading.rows[claim.account_id.isna()]
        rows = rows.assign(account_word=rows["account_any"])
        if "platform_word" in rows:
            rows = rows.assign(platform=platforms_of(rows["platform_word"]))
    elif {"account_no", "account_word"} & set(reading.rows):
        rows = reading.rows
    else:
        return empty("profiles")
    named = rows[[name for name in (*_NAMED, "platform") if name in rows]].dropna(how="all")
    return _placed(reading, rows.loc[named.drop_duplicates().index], False)


def _placed(reading: Reading, rows: pd.DataFrame, is_listed: bool) -> pd.DataFrame:
    """Rows of an export as rows of `profiles`; `is_listed`: the export is a list of accounts."""
    made = rows.rename(columns=_NAMED)
    if not is_listed:
        made = made.drop(columns="url", errors="ignore")  # the address of a post
    if "platform" not in made:
        made["platform"] = reading.kind.platform
    grid, is_profile = reading.table.grid, is_listed or "is_verified" in rows
    made = made.assign(src_file=grid.file, src_sheet=grid.sheet, src_row=made.index, is_profile=is_profile)
    return made.reindex(columns=empty("profiles").columns).assign(is_listed=is_listed)
