"""How do people use it?

`verbs` are the functions behind every command and page; `cli`, `web` and `jobs` call them; `sheets` and
`release` make what they hand over; `messages` are the words; `bench` measures.
"""
