"""What is the product?

`family` says what any product declares and `products` holds ours; `geometry`, `rendering` and `exchange`
make bodies, pictures and files of them; `structures` computes whether they hold; `language` reads words;
`concepts` draws sketches and finds the body in a picture.
"""
