"""What was asked, and does this design meet it?

`quantity`, `requirement` and `brief` are the records; `brief_files` and `sentence` read them (`tokens`,
`phrases`, then `amounts` and `wishes`); `assess` judges.
"""
