"""The number linter: recomputes what a circular (通报) says, and tells what it could not recompute.

`arithmetic` knows no document; `documents` and `numbers` read one; the other modules look at one kind of statement each.
Nothing is called wrong unless every reasonable reading of the sentence is wrong; what is doubtful is listed as 未能核对.
"""
