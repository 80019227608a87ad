"""整改通知书, 提醒函, and drafts of 约谈通知书 and 警告书: what each unit is told, numbered, and how its answer comes back.

`making.make_notices` writes them all; the words stand in text templates (模板/整改通知书.txt …), the layout in `reports.official`.
"""
