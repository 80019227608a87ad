"""What the office's settings add to a scheme: the local vetoes L1–L4 and the extra loss F1 (readings 5, 15, 29, 30)."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

from xmt_scoring.points import units
from xmt_scoring.scoring.scheme import Item, Loss, Scheme, Veto


@cache
def options() -> Mapping[str, list[Mapping[str, Any]]]:
    """The tables of options.toml: `vetoes` and `extras`, each entry with the setting that switches it on."""
    return tomllib.loads(files("xmt_scoring.scoring").joinpath("options.toml").read_text(encoding="utf-8"))


def in_force(scheme: Scheme, settings: Any) -> Scheme:
    """The scheme with what the settings switch on; the same scheme where all is off.

    `raw` gets the same entries, so that every sheet prints them. A code that the scheme itself has is not added again.
    """
    chosen = {kind: [entry for entry in entries if settings[entry["setting"]]] for kind, entries in options().items()}
    own = {item.id for item in scheme.items} | {veto.code for veto in scheme.vetoes}
    vetoes = [entry for entry in chosen["vetoes"] if entry["code"] not in own]
    extras = [entry for entry in chosen["extras"] if entry["id"] not in own]
    if not vetoes and not extras:
        return scheme
    raw = {
        **scheme.raw,
        "items": [*scheme.raw.get("items", []), *extras],
        "vetoes": [*scheme.raw.get("vetoes", []), *vetoes],
    }
    return replace(
        scheme,
        items=(*scheme.items, *(_item(entry) for entry in extras)),
        vetoes=(*scheme.vetoes, *(_veto(entry) for entry in vetoes)),
        raw=raw,
    )


def _veto(entry: Mapping[str, Any]) -> Veto:
    return Veto(
        entry["code"], entry["name"], tuple(entry["checks"]), entry["outcome"], entry["article"], entry["model"],
        tuple(entry.get("only", ())),
    )  # fmt: skip


def _item(entry: Mapping[str, Any]) -> Item:
    loss = Loss(per_event=units(Decimal(entry["rule"]["loss"])))
    return Item(
        entry["id"], entry["name"], entry["block"], units(Decimal(entry["points"])), entry["subject"],
        dict.fromkeys(entry["checks"], loss), entry["on_na"], entry["article"], entry["model"], is_extra=True,
    )  # fmt: skip
