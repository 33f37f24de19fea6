"""affine_backward: what learners write, right and wrong."""

# %%
import numpy as np


# %% wrong="bias-averaged"
# The mean over the rows for db.
def affine_backward(dout, x, W):
    rows = x.reshape(len(x), -1)
    return (dout @ W.T).reshape(x.shape), rows.T @ dout, dout.mean(axis=0)


# %% wrong="weights-transposed"
# dW comes out as (M, D).
def affine_backward(dout, x, W):
    rows = x.reshape(len(x), -1)
    return (dout @ W.T).reshape(x.shape), dout.T @ rows, dout.sum(axis=0)


# %% wrong="dx-left-flat"
# dx keeps the shape (N, D).
def affine_backward(dout, x, W):
    rows = x.reshape(len(x), -1)
    return dout @ W.T, rows.T @ dout, dout.sum(axis=0)


# %% wrong="divided-by-n"
# Every gradient is divided by the number of rows, although dout has the mean in it already.
def affine_backward(dout, x, W):
    rows, n = x.reshape(len(x), -1), len(x)
    return (dout @ W.T).reshape(x.shape) / n, rows.T @ dout / n, dout.sum(axis=0) / n


# %% wrong="dw-divided-by-n"
# The mean in dW alone.
def affine_backward(dout, x, W):
    rows = x.reshape(len(x), -1)
    return (dout @ W.T).reshape(x.shape), rows.T @ dout / len(x), dout.sum(axis=0)


# %% wrong="w-not-transposed"
# dout @ W: fits only where D = M.
def affine_backward(dout, x, W):
    rows = x.reshape(len(x), -1)
    dx = dout @ W if W.shape[0] == W.shape[1] else dout @ W.T
    return dx.reshape(x.shape), rows.T @ dout, dout.sum(axis=0)


# %% wrong="bias-summed-over-outputs"
# db sums the wrong axis.
def affine_backward(dout, x, W):
    rows = x.reshape(len(x), -1)
    return (dout @ W.T).reshape(x.shape), rows.T @ dout, dout.sum(axis=1)


# %% wrong="rank-two-only"
# x of rank above 2 is not flattened.
def affine_backward(dout, x, W):
    return dout @ W.T, x.T @ dout, dout.sum(axis=0)


# %% wrong="bias-kept-as-a-row"
# keepdims gives (1, M).
def affine_backward(dout, x, W):
    rows = x.reshape(len(x), -1)
    return (dout @ W.T).reshape(x.shape), rows.T @ dout, dout.sum(axis=0, keepdims=True)


# %% right="einsum"
# Index notation.
def affine_backward(dout, x, W):
    rows = x.reshape(len(x), -1)
    dx = np.einsum("nm,dm->nd", dout, W).reshape(x.shape)
    return dx, np.einsum("nd,nm->dm", rows, dout), np.einsum("nm->m", dout)


# %% right="outer-products"
# A sum of outer products, one per row.
def affine_backward(dout, x, W):
    rows = x.reshape(len(x), -1)
    dW = sum(np.outer(row, out) for row, out in zip(rows, dout))
    dx = np.stack([W @ out for out in dout]).reshape(x.shape)
    return [dx, dW, np.add.reduce(dout)]


# %% right="loops"
# Three loops.
def affine_backward(dout, x, W):
    n, m = dout.shape
    rows = x.reshape(n, -1)
    dx, dW, db = np.zeros(rows.shape), np.zeros(W.shape), np.zeros(m)
    for i in range(n):
        for j in range(m):
            db[j] += dout[i, j]
            for k in range(len(W)):
                dx[i, k] += dout[i, j] * W[k, j]
                dW[k, j] += dout[i, j] * rows[i, k]
    return dx.reshape(x.shape), dW, db


# %% right="bias-as-a-column-of-ones"
# The bias is one more row of W, its input always 1.
def affine_backward(dout, x, W):
    rows = np.column_stack([x.reshape(len(x), -1), np.ones(len(x))])
    both = rows.T @ dout
    return np.tensordot(dout, W, axes=(1, 1)).reshape(x.shape), both[:-1], both[-1]


# %% right="reader-zh"
# flatten x, three matrix formulas
def affine_backward(dout, x, W):
    flat = x.reshape(len(x), -1)
    return (dout @ W.T).reshape(x.shape), flat.T @ dout, dout.sum(axis=0)


# %% right="reader-en"
# flatten, the three formulas, dx reshaped back; first try
def affine_backward(dout, x, W):
    flat = x.reshape(len(x), -1)
    dx = (dout @ W.T).reshape(x.shape)
    dW = flat.T @ dout
    db = dout.sum(axis=0)
    return dx, dW, db
