"""太白县政府系统政务新媒体：从平台导出文件到可申辩的季度得分。

The steps, in one direction: raw exports → frames (`ingest`) → facts (`facts`) → verdicts and evidence (`checks`)
→ contributions and scores (`scoring`) → workbook and reports (`reports`). `pipeline` runs them in order.
"""

__version__ = "0.1.0"
