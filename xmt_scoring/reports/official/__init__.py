"""Official documents (公文) in the layout of GB/T 9704-2012, as .docx: a paper is made by calling the parts in reading order.

    paper = new_paper("关于…的通报", date)
    add_title(paper, "太白县人民政府办公室|关于…的|通报")
    add_addressee(paper, "各镇人民政府:")
    add_heading(paper, 1, "一、总体情况")
    add_text(paper, "…")
    add_annex_note(paper, ["不合格账号"])
    add_signature(paper, "太白县人民政府办公室", date, sealed=True)
    start_annex(paper, "附件", "不合格账号")
    add_table(paper, [Column("序号", 12, "center"), Column("账号", 144)], rows)
    save_paper(paper, path)

The parts print what they are given: numbers of headings, colons and full stops stand in the texts (`words.heading_number`
makes the numbers). The same calls give the same bytes.
"""

from xmt_scoring.reports.official.paper import Paper, new_paper, save_paper, start_section
from xmt_scoring.reports.official.parts import (
    add_addressee,
    add_annex_note,
    add_blank,
    add_caption,
    add_heading,
    add_note,
    add_run_in,
    add_signature,
    add_text,
    add_title,
    start_annex,
)
from xmt_scoring.reports.official.red_head import add_imprint, add_red_head
from xmt_scoring.reports.official.tables import Column, add_table
from xmt_scoring.reports.official.words import chinese_date, clean, heading_number

__all__ = [
    "Column", "Paper", "add_addressee", "add_annex_note", "add_blank", "add_caption", "add_heading", "add_imprint", "add_note",
    "add_red_head", "add_run_in", "add_signature", "add_table", "add_text", "add_title", "chinese_date", "clean",
    "heading_number", "new_paper", "save_paper", "start_annex", "start_section",
]  # fmt: skip
