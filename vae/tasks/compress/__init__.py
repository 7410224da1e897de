"""Lossless compression of pictures: bits back with asymmetric numeral systems.

    push x:  pop z ~ q(z|x),  push x ~ p(x|z),  push z ~ p(z)        pop x: the same backwards
    length = -log p(x|z) - log p(z) + log q(z|x), on average -ELBO

The code z is popped from what is on the stack already, so the bits that choose it are got back. A
codec is a pair (push, pop); builders make codecs of codecs.

    codecs.py     the pairs: uniform, binary, greys, posterior, bits back, a chain
    stack.py      what they push to and pop from
    exact.py      exp, Phi and its inverse, with the same bits on every machine
    networks.py   a model's networks likewise
    pictures.py   the codec of a model's pictures
    file.py       many pictures as one file

Practical Lossless Compression with Latent Variables using Bits Back Coding (Townsend et al., 2019),
https://arxiv.org/abs/1901.04866
Asymmetric numeral systems (Duda, 2013), https://arxiv.org/abs/1311.2540
"""
