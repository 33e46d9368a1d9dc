"""What does anybody's table of numbers and categories say about one of its columns?

`reading` takes a file as it comes, `columns` types it, `report` names what is suspicious in it, `data` makes
it ready (`encoding` as a matrix), `folds` holds rows out, `members` are the kept models (`gaussian`, `trees`,
`ridge`), `stack` weighs them and makes intervals, `domain` says where the rows vouch for an answer, `train`
does it all, `model` keeps and asks the result, `card` shows its record, `bench` measures it on public tables.
"""
