"""`check` and `score` in memory on the peers' quarter with the office's registers.  job_whole.py DATA

Facts, all rules with verdicts, messages and evidence, then scores, ranks and every explained contribution under the
quarterly scheme. Nothing is written: the peers have no table to compare these with. At the end, outside the clock, every
score is checked against 100 and the sum of its contributions.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from job_xmt import AS_OF, PEERS, PERIOD, SETTINGS
from registers import numbered, same
from ten_items import TEXT, text

sys.path.insert(0, str(PEERS))

from common import Clock  # noqa: E402

from xmt_scoring.checks import run_checks  # noqa: E402
from xmt_scoring.facts import build_facts  # noqa: E402
from xmt_scoring.frames import contracts, empty, fitted  # noqa: E402
from xmt_scoring.points import SCALE, from_decimal  # noqa: E402
from xmt_scoring.scoring import Scored, load_scheme, score_quarter  # noqa: E402


def read(data: Path) -> dict[str, pd.DataFrame]:
    """The frames as an import gives them; account keys of posts and messages stay dictionaries, as they lie in Parquet."""
    frames = {name: empty(name) for name, frame in contracts().items() if frame.source != "derived"}
    for path in (data / "registers").glob("*.parquet"):
        frames[path.stem] = fitted(pq.read_table(path).to_pandas(date_as_object=False), path.stem)
    posts, messages = (pq.read_table(data / f"{name}.parquet", read_dictionary=["account_id"]).to_pandas() for name in ("posts", "messages"))
    n, m = len(posts), len(messages)
    native = numbered("n", n)
    frames["posts"] = pd.DataFrame(
        {
            "post_id": native, "native_id": native, "account_id": posts["account_id"], "posted_at": posts["published_at"],
            "has_time": np.ones(n, dtype=bool), "is_visible": np.ones(n, dtype=bool), "is_original": posts["is_original"],
            "title": posts["title"], "url": text(pa.nulls(n, TEXT)), **source(n),
        },
        copy=False,
    )  # fmt: skip
    unknown, unsaid = pd.Series(pd.NA, index=messages.index, dtype="boolean"), text(pa.nulls(m, TEXT))
    frames["messages"] = pd.DataFrame(
        {
            "message_id": numbered("m", m), "account_id": messages["account_id"], "received_at": messages["received_at"],
            "first_reply_at": messages["replied_at"], "is_effective": unknown, "is_automatic": unknown, "is_by_other_body": unknown, "is_excused": unknown,
            "reply_text": unsaid, "excuse_kind": unsaid, "excuse_reason": unsaid, **source(m),
        },
        copy=False,
    )  # fmt: skip
    return frames


def source(n: int) -> dict[str, pd.Series]:
    """The place that every exported row keeps."""
    return {"src_file": same("导出.xlsx", n), "src_sheet": same("Sheet1", n), "src_row": pd.Series(np.arange(2, n + 2), dtype="Int64")}


def assert_sums(scored: Scored) -> None:
    """For every scored account 100 plus its contributions is its score, at both ends."""
    accounts = scored.account_scores[scored.account_scores["is_scored"]]
    rows = scored.contributions
    for end in ("low", "high"):
        lost = pd.Series(from_decimal(rows[end]), index=rows["account_id"].to_numpy()).groupby(level=0).sum()
        expected = 100 * SCALE + lost.reindex(accounts["account_id"]).fillna(0).to_numpy()
        assert (from_decimal(accounts[end]) == expected).all()


def main(data: Path) -> None:
    """Run the job and print its times as the peers do."""
    clock = Clock()
    frames = read(data)
    clock("read")
    facts = build_facts(frames, PERIOD, AS_OF, SETTINGS)
    clock("facts")
    judged = run_checks(frames, facts, PERIOD, AS_OF, SETTINGS)
    clock("check")
    accounts, units, quarters, verdicts, n_evidence = (
        frames["accounts"], frames["units"], facts["account_quarters"], judged.verdicts, len(judged.evidence)
    )  # fmt: skip
    del frames, facts, judged  # `xmt score` reads no more than the four above
    scored = score_quarter(verdicts, quarters, accounts, units, load_scheme("taibai_quarterly_2021"), SETTINGS, PERIOD)
    made = [scored.account_scores, scored.unit_scores, scored.contributions, scored.superseded_losses]
    clock("score")
    clock.done("xmt-whole")
    assert_sums(scored)
    sizes = {"verdicts": len(verdicts), "evidence": n_evidence, "contributions": len(made[2])}
    print(sizes, verdicts["outcome"].value_counts().to_dict(), file=sys.stderr)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
