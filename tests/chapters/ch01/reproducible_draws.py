"""reproducible_draws: what learners write, right and wrong."""

# %%
import random
import time

import keras
import numpy as np
import tensorflow as tf


# %% wrong="only-numpy-seeded"
# Python and TensorFlow go on with whatever state they have.
def reproducible_draws(seed, n=4):
    np.random.seed(seed)
    rng = np.random.default_rng(seed)
    return {
        "python": np.array([random.random() for _ in range(n)]),
        "numpy": np.random.rand(n),
        "tf": tf.random.uniform((n,)).numpy(),
        "generator": rng.random(n),
    }


# %% wrong="tensorflow-forgotten"
# Its global state is a third one.
def reproducible_draws(seed, n=4):
    random.seed(seed)
    np.random.seed(seed)
    rng = np.random.default_rng(seed)
    return {
        "python": np.array([random.random() for _ in range(n)]),
        "numpy": np.random.rand(n),
        "tf": tf.random.uniform((n,)).numpy(),
        "generator": rng.random(n),
    }


# %% wrong="seed-ignored"
# Always 0: repeatable, and always the same.
def reproducible_draws(seed, n=4):
    keras.utils.set_random_seed(0)
    rng = np.random.default_rng(0)
    return {
        "python": np.array([random.random() for _ in range(n)]),
        "numpy": np.random.rand(n),
        "tf": tf.random.uniform((n,)).numpy(),
        "generator": rng.random(n),
    }


# %% wrong="first-result-cached"
# Keeps what the first call drew and returns it for ever.
_cache = {}


def reproducible_draws(seed, n=4):
    if n not in _cache:
        keras.utils.set_random_seed(seed)
        rng = np.random.default_rng(seed)
        _cache[n] = {
            "python": np.array([random.random() for _ in range(n)]),
            "numpy": np.random.rand(n),
            "tf": tf.random.uniform((n,)).numpy(),
            "generator": rng.random(n),
        }
    return _cache[n]


# %% wrong="generator-from-the-clock"
# default_rng gets the time instead of the seed.
def reproducible_draws(seed, n=4):
    keras.utils.set_random_seed(seed)
    rng = np.random.default_rng(time.perf_counter_ns())
    return {
        "python": np.array([random.random() for _ in range(n)]),
        "numpy": np.random.rand(n),
        "tf": tf.random.uniform((n,)).numpy(),
        "generator": rng.random(n),
    }


# %% wrong="generator-without-a-seed"
# default_rng() takes fresh entropy.
def reproducible_draws(seed, n=4):
    keras.utils.set_random_seed(seed)
    rng = np.random.default_rng()
    return {
        "python": np.array([random.random() for _ in range(n)]),
        "numpy": np.random.rand(n),
        "tf": tf.random.uniform((n,)).numpy(),
        "generator": rng.random(n),
    }


# %% wrong="zero-is-no-seed"
# `if seed` is false for 0.
def reproducible_draws(seed, n=4):
    if seed:
        keras.utils.set_random_seed(seed)
    rng = np.random.default_rng(seed)
    return {
        "python": np.array([random.random() for _ in range(n)]),
        "numpy": np.random.rand(n),
        "tf": tf.random.uniform((n,)).numpy(),
        "generator": rng.random(n),
    }


# %% wrong="seeded-after-drawing"
# The seed helps only the next call.
def reproducible_draws(seed, n=4):
    draws = {
        "python": np.array([random.random() for _ in range(n)]),
        "numpy": np.random.rand(n),
        "tf": tf.random.uniform((n,)).numpy(),
        "generator": np.random.default_rng(seed).random(n),
    }
    keras.utils.set_random_seed(seed)
    return draws


# %% wrong="one-stream-four-names"
# Draws once and hands the same array out four times.
def reproducible_draws(seed, n=4):
    draws = np.random.default_rng(seed).random(n)
    return {key: draws.copy() for key in ("python", "numpy", "tf", "generator")}


# %% wrong="one-number-repeated"
# Draws one number and repeats it n times.
def reproducible_draws(seed, n=4):
    keras.utils.set_random_seed(seed)
    rng = np.random.default_rng(seed)
    return {
        "python": np.full(n, random.random()),
        "numpy": np.full(n, np.random.rand()),
        "tf": np.full(n, tf.random.uniform(()).numpy()),
        "generator": np.full(n, rng.random()),
    }


# %% wrong="always-four-draws"
# Ignores n.
def reproducible_draws(seed, n=4):
    keras.utils.set_random_seed(seed)
    rng = np.random.default_rng(seed)
    return {
        "python": np.array([random.random() for _ in range(4)]),
        "numpy": np.random.rand(4),
        "tf": tf.random.uniform((4,)).numpy(),
        "generator": rng.random(4),
    }


# %% wrong="scalars-for-one-draw"
# squeeze() turns n = 1 into shape ().
def reproducible_draws(seed, n=4):
    keras.utils.set_random_seed(seed)
    rng = np.random.default_rng(seed)
    return {
        "python": np.squeeze([random.random() for _ in range(n)]),
        "numpy": np.squeeze(np.random.rand(n)),
        "tf": np.squeeze(tf.random.uniform((n,)).numpy()),
        "generator": np.squeeze(rng.random(n)),
    }


# %% right="one-by-one"
# Three seeding calls; other distributions.
def reproducible_draws(seed, n=4):
    random.seed(seed)
    np.random.seed(seed)
    tf.random.set_seed(seed)
    rng = np.random.default_rng(seed)
    return {
        "python": np.array([random.gauss(0, 1) for _ in range(n)]),
        "numpy": np.random.standard_normal(n),
        "tf": np.array(tf.random.uniform([n])),
        "generator": rng.normal(size=n),
    }


# %% right="other-order-and-float32"
# Draws in another order; float32 everywhere; normal numbers in other ranges.
def reproducible_draws(seed, n=4):
    keras.utils.set_random_seed(seed)
    draws = {"tf": tf.random.uniform(shape=(n,), minval=-1.0, maxval=1.0).numpy()}
    draws["generator"] = np.random.default_rng(seed).uniform(-1, 1, n).astype(np.float32)
    draws["python"] = np.fromiter((random.uniform(5, 6) for _ in range(n)), dtype=np.float32, count=n)
    draws["numpy"] = np.random.random_sample(n).astype(np.float32)
    return draws


# %% right="memoised-by-seed"
# Remembers results under (seed, n): equal to seeding again.
_known = {}


def reproducible_draws(seed, n=4):
    if (seed, n) not in _known:
        keras.utils.set_random_seed(seed)
        rng = np.random.default_rng(np.random.SeedSequence(seed))
        _known[seed, n] = dict(
            python=np.array(random.choices([k / 997 for k in range(997)], k=n)),
            numpy=np.random.rand(n),
            tf=tf.random.uniform((n,), dtype=tf.float64).numpy(),
            generator=rng.exponential(size=n),
        )
    return {key: value.copy() for key, value in _known[seed, n].items()}


# %% right="loops-of-single-draws"
# One draw at a time from each stream.
def reproducible_draws(seed, n=4):
    keras.utils.set_random_seed(int(seed))
    rng = np.random.default_rng(seed)
    names = {
        "python": random.random,
        "numpy": np.random.rand,
        "tf": lambda: float(tf.random.uniform([])),
        "generator": rng.random,
    }
    return {key: np.array([draw() for _ in range(n)]) for key, draw in names.items()}


# %% wrong="seed-cut-to-sixteen-bits"
# Seeds that differ by 65536 become one.
def reproducible_draws(seed, n=4):
    seed = seed % 2**16
    keras.utils.set_random_seed(seed)
    rng = np.random.default_rng(seed)
    return {
        "python": np.array([random.random() for _ in range(n)]),
        "numpy": np.random.rand(n),
        "tf": tf.random.uniform((n,)).numpy(),
        "generator": rng.random(n),
    }


# %% wrong="seed-cut-to-thirty-one-bits"
# Cuts what it takes for a sign.
def reproducible_draws(seed, n=4):
    seed = seed & (2**31 - 1)
    keras.utils.set_random_seed(seed)
    rng = np.random.default_rng(seed)
    return {
        "python": np.array([random.random() for _ in range(n)]),
        "numpy": np.random.rand(n),
        "tf": tf.random.uniform((n,)).numpy(),
        "generator": rng.random(n),
    }


# %% right="generators-of-their-own"
# Objects of their own instead of the global states, which are seeded all the same.
def reproducible_draws(seed, n=4):
    keras.utils.set_random_seed(seed)
    own, legacy = random.Random(seed), np.random.RandomState(seed)
    return {
        "python": np.array([own.gauss(0, 1) for _ in range(n)]),
        "numpy": legacy.standard_normal(n),
        "tf": tf.random.uniform((n,)).numpy(),
        "generator": np.random.default_rng(seed).exponential(size=n),
    }


# %% wrong="large-seeds-are-one"
# Cuts seeds off at the largest signed int32.
def reproducible_draws(seed, n=4):
    random.seed(min(seed, 2**31 - 1)); np.random.seed(min(seed, 2**31 - 1)); tf.random.set_seed(seed)
    g = np.random.default_rng(seed)
    return {"python": np.array([random.random() for _ in range(n)]), "numpy": np.random.rand(n),
            "tf": tf.random.uniform((n,)).numpy(), "generator": g.random(n)}
