"""How fast and how good is it, measured?

`python -m maquette.ui.bench` runs everything or a part; one module a question (speed, words, steering,
variety, studio); `gallery` renders the pictures of the documentation.
"""
