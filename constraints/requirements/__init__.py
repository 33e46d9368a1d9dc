"""What was asked, and does this design meet it?

`quantity`, `requirement` and `brief` are the records; `brief_files` and `sentence` read them (numbers in
:mod:`...design.language`, `settling` makes limits of them, `wishes` reads the rest); `assess` judges.
"""
