"""The peers' synthetic quarter, made sane.  make_data.py OUT N_ACCOUNTS N_POSTS"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pandas as pd
import registers


def generate(folder: Path, n_accounts: int, n_posts: int) -> None:
    """The peers' data; posts and checks of days on which an account was not open are left out, for every job alike."""
    peers = Path(__file__).resolve().parents[3] / "shared" / "peers"
    subprocess.run([sys.executable, "-B", peers / "gen.py", folder, str(n_accounts), str(n_posts)], check=True, stdout=subprocess.DEVNULL)
    accounts = pd.read_parquet(folder / "accounts.parquet").set_index("account_id")
    for name, at in (("posts", "published_at"), ("checks", "check_at")):
        rows = pd.read_parquet(folder / f"{name}.parquet")
        own = accounts.reindex(rows["account_id"])
        day = rows[at].dt.normalize().to_numpy()
        closed = own["closed_on"].to_numpy()
        is_open = (own["opened_on"].to_numpy() <= day) & ~(closed <= day)
        rows[is_open].to_parquet(folder / f"{name}.parquet", index=False)
    registers.generate(folder)
    (folder / "ready").touch()


if __name__ == "__main__":
    generate(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
