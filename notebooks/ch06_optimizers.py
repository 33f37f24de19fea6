# ch06 优化器与学习率 — Optimizers and learning rates.

# %% [markdown] lang="en"
# # Chapter 6 · Optimizers and learning rates
#
# Text.

# %% [markdown] lang="zh"
# # 第 6 章 · 优化器与学习率
#
# 文字。

# %% setup
import math

import numpy as np

from course.digit_net import accuracy, batches, digits, loss_and_grads, loss_of, scores, start_weights
from course.language import say
from course.unfinished import when_solved

digits_X, digits_y, held_X, held_y = digits()  # (1283, 64) and (1283,) to train with; (514, 64) and (514,) held out
# %% [markdown] lang="en"
# ### Exercise 1 · `momentum_step` (4 points)
#
# ```python
# def momentum_step(p: np.ndarray, g: np.ndarray, v: np.ndarray, lr: float, beta: float, nesterov: bool = False) -> tuple[np.ndarray, np.ndarray]
# ```
#
# One step. First the new velocity: $v \leftarrow \beta v + g$. Then the new weights, with the **new** $v$:
#
# - plain: $p \leftarrow p - \mathrm{lr} \cdot v$;
# - Nesterov: $p \leftarrow p - \mathrm{lr} \cdot (g + \beta v)$.
#
# Return `(p, v)`, both new. `v` is not multiplied by `lr`. `p`, `g`, `v` are float arrays of one shape, which may be `()`, and stay as they are. float32 is compared at a relative tolerance of 1e-5, float64 at 1e-9.
#
# Example: `p = [1]`, `g = [0.5]`, `v = [2]`, `lr = 0.1`, `beta = 0.5` gives `v = [1.5]`, and `p = [0.85]`, with Nesterov `p = [0.875]`.
#
# <details><summary>What hidden tests also use</summary>
#
# Five steps in a row, both ways; shapes `()`, `(3,)`, `(2, 4)`, `(1, 1)`; float32; two trainings in turn; unchanged inputs.
#
# </details>
#
# <details><summary>Hint 1 · what to look at</summary>
#
# Which of the three arrays must exist before the weights can move?
#
# <details><summary>Hint 2 · which step</summary>
#
# Compute the new velocity into a new name, so that the old array stays whole. The two ways differ only in the direction by which `lr` is multiplied.
#
# <details><summary>Hint 3 · the step with a gap</summary>
#
# ```python
# new_v = ___
# direction = g + ___ * new_v if nesterov else ___
# ```
#
# </details></details></details>

# %% [markdown] lang="zh"
# ### 练习 1 · `momentum_step`（4 分）
#
# ```python
# def momentum_step(p: np.ndarray, g: np.ndarray, v: np.ndarray, lr: float, beta: float, nesterov: bool = False) -> tuple[np.ndarray, np.ndarray]
# ```
#
# 走一步。先求新的速度：$v \leftarrow \beta v + g$。再用**新的** $v$ 求新的权重：
#
# - 普通动量：$p \leftarrow p - \mathrm{lr} \cdot v$；
# - Nesterov：$p \leftarrow p - \mathrm{lr} \cdot (g + \beta v)$。
#
# 返回 `(p, v)`，两个都是新数组。`v` 不乘 `lr`。`p`、`g`、`v` 是形状相同的浮点数组，形状可以是 `()`，函数不得改动它们。float32 按相对误差 1e-5 比较，float64 按 1e-9 比较。
#
# 例：`p = [1]`，`g = [0.5]`，`v = [2]`，`lr = 0.1`，`beta = 0.5`，得到 `v = [1.5]`，`p = [0.85]`；用 Nesterov 则 `p = [0.875]`。
#
# <details><summary>隐藏测试还会用到</summary>
#
# 两种方式各连走五步；形状 `()`、`(3,)`、`(2, 4)`、`(1, 1)`；float32；两个训练交替进行；输入不变。
#
# </details>
#
# <details><summary>提示 1 · 看哪里</summary>
#
# 权重移动之前，三个数组中的哪一个必须先算好？
#
# <details><summary>提示 2 · 哪一步</summary>
#
# 新的速度另起一个名字，旧数组就保持原样。两种方式只差在 `lr` 所乘的方向上。
#
# <details><summary>提示 3 · 填空</summary>
#
# ```python
# new_v = ___
# direction = g + ___ * new_v if nesterov else ___
# ```
#
# </details></details></details>

# %% solution="momentum-step"
def momentum_step(p, g, v, lr, beta, nesterov=False):
    """Return the weights and the velocity after one step of gradient descent with momentum.

    p, g, v: float arrays of one shape: weights, gradient, velocity. lr: learning rate. beta: in [0, 1).
    """
    ### BEGIN SOLUTION
    v = beta * v + g
    return p - lr * (g + beta * v if nesterov else v), v
    ### END SOLUTION

# %% test="momentum-step-keeps-a-velocity" points=2
def _pair(result, shape):
    assert isinstance(result, (tuple, list)) and len(result) == 2, (
        "[ch06-PAIR] `momentum_step` 应返回 (p, v) / `momentum_step` must return (p, v)")
    for array in result:
        assert isinstance(array, (np.ndarray, np.floating)) and np.shape(array) == shape, (
            "[ch06-SHAPE] 返回的 p 和 v 应与输入的形状相同 / the returned p and v must have the shape of the input")
    return result


def _example():
    p, g, v = np.array([1.0, -2.0]), np.array([0.5, -1.0]), np.array([2.0, 4.0])
    plain = _pair(momentum_step(p, g, np.zeros(2), 0.1, 0.0), (2,))
    assert np.allclose(plain[0], [0.95, -1.9]), "[ch06-SGD] beta = 0 时就是普通的梯度下降 / with beta = 0 this is plain gradient descent"
    new_p, new_v = _pair(momentum_step(p, g, v, 0.1, 0.5), (2,))
    assert np.allclose(new_v, [1.5, 1.0]), "[ch06-VELOCITY] 新的速度是 beta·v + g，不乘 lr / the new velocity is beta·v + g, without lr"
    assert np.allclose(new_p, [0.85, -2.1]), "[ch06-STEP] 权重按新的速度移动 / the weights move by the new velocity"


_example()
### BEGIN HIDDEN TESTS
def _check():
    rng = np.random.default_rng(60101)
    for shape in ((), (3,), (2, 4), (1, 1)):
        runs = []
        for beta in (0.9, 0.3):
            p, v = np.array(rng.normal(size=shape)), np.array(rng.normal(size=shape))
            runs.append([beta, p, v, p, v])
        for step in range(5):
            for run in runs:
                beta, p, v, want_p, want_v = run
                g = np.array(rng.normal(size=shape))
                lr = float(rng.uniform(0.05, 0.5))
                want_v = beta * want_v + g
                want_p = want_p - lr * want_v
                before = [np.array(a, copy=True) for a in (p, g, v)]
                arguments = [np.array(a, copy=True) for a in (p, g, v)]
                p, v = _pair(momentum_step(*arguments, lr, beta), shape)
                assert all(np.array_equal(a, b) for a, b in zip(arguments, before, strict=True)), (
                    "[ch06-INPUT] `momentum_step` 改动了输入 / `momentum_step` changed its input")
                assert np.allclose(v, want_v, rtol=1e-9, atol=1e-12), (
                    f"[ch06-VELOCITY] 第 {step + 1} 步的速度不对 / the velocity of step {step + 1} is off")
                assert np.allclose(p, want_p, rtol=1e-9, atol=1e-12), (
                    f"[ch06-STEP] 第 {step + 1} 步的权重不对 / the weights of step {step + 1} are off")
                run[1:] = [np.array(p), np.array(v), want_p, want_v]
    p, g, v = (rng.normal(size=(4, 2)).astype(np.float32) for _ in range(3))
    new_p, new_v = _pair(momentum_step(p.copy(), g.copy(), v.copy(), 0.25, 0.75), (4, 2))
    p, g, v = (a.astype(float) for a in (p, g, v))
    assert np.allclose(new_v, 0.75 * v + g, rtol=1e-5, atol=1e-6) and np.allclose(new_p, p - 0.25 * (0.75 * v + g), rtol=1e-5, atol=1e-6), (
        "[ch06-FLOAT32] float32 输入的结果不对 / the result for float32 input is off")


_check()
### END HIDDEN TESTS

# %% test="momentum-step-looks-ahead" points=2
def _nesterov(result, shape):
    assert isinstance(result, (tuple, list)) and len(result) == 2, (
        "[ch06-PAIR] `momentum_step` 应返回 (p, v) / `momentum_step` must return (p, v)")
    for array in result:
        assert isinstance(array, (np.ndarray, np.floating)) and np.shape(array) == shape, (
            "[ch06-SHAPE] 返回的 p 和 v 应与输入的形状相同 / the returned p and v must have the shape of the input")
    return result


def _example():
    p, g, v = np.array([1.0, -2.0]), np.array([0.5, -1.0]), np.array([2.0, 4.0])
    new_p, new_v = _nesterov(momentum_step(p, g, v, 0.1, 0.5, nesterov=True), (2,))
    assert np.allclose(new_v, [1.5, 1.0]), "[ch06-VELOCITY] Nesterov 的速度与普通动量相同 / the velocity is the same with Nesterov"
    assert np.allclose(new_p, [0.875, -1.95]), (
        "[ch06-NESTEROV] 方向是 g + beta·v，其中 v 是新的速度 / the direction is g + beta·v, with the new v")


_example()
### BEGIN HIDDEN TESTS
def _check():
    rng = np.random.default_rng(60102)
    for shape in ((), (3,), (2, 4), (1, 5)):
        p, v = np.array(rng.normal(size=shape)), np.array(rng.normal(size=shape))
        want_p, want_v = p, v
        for step in range(5):
            g = np.array(rng.normal(size=shape))
            lr, beta = float(rng.uniform(0.05, 0.5)), float(rng.uniform(0.2, 0.95))
            want_p = want_p - lr * ((1 + beta) * g + beta**2 * want_v)
            want_v = beta * want_v + g
            arguments = [np.array(a, copy=True) for a in (p, g, v)]
            new = _nesterov(momentum_step(*arguments, lr, beta, nesterov=True), shape)
            assert all(np.array_equal(a, b) for a, b in zip(arguments, (p, g, v), strict=True)), (
                "[ch06-INPUT] `momentum_step` 改动了输入 / `momentum_step` changed its input")
            p, v = np.array(new[0]), np.array(new[1])
            assert np.allclose(v, want_v, rtol=1e-9, atol=1e-12), (
                f"[ch06-VELOCITY] 第 {step + 1} 步的速度不对 / the velocity of step {step + 1} is off")
            assert np.allclose(p, want_p, rtol=1e-9, atol=1e-12), (
                f"[ch06-NESTEROV] 第 {step + 1} 步的权重不对 / the weights of step {step + 1} are off")


_check()
### END HIDDEN TESTS
# %% [markdown] lang="en"
# ### Exercise 2 · `adam_step` (4 points)
#
# ```python
# def adam_step(p: np.ndarray, g: np.ndarray, m: np.ndarray, v: np.ndarray, t: int, lr: float = 1e-3, b1: float = 0.9, b2: float = 0.999, eps: float = 1e-8) -> tuple[np.ndarray, np.ndarray, np.ndarray]
# ```
#
# One step of Adam, by the five lines above. `t` is the number of this step and starts at 1. Return `(p, m, v)`, all new; `m` and `v` are the averages **before** the correction. `p`, `g`, `m`, `v` are float arrays of one shape, which may be `()`, and stay as they are; 0 ≤ `b1`, `b2` < 1. Tolerances as in exercise 1.
#
# Example: `p = [1]`, `g = [2]`, `m = [1]`, `v = [1]`, `t = 2`, `lr = 0.1`, `b1 = 0.5`, `b2 = 0.75`, `eps = 0.5`. Then `m = [1.5]`, corrected 2; `v = [1.75]`, corrected 4; and `p = [0.92]`.
#
# <details><summary>What hidden tests also use</summary>
#
# Several steps in a row, two trainings in turn; a step from a given state at t = 7; `eps = 1e-3` with gradients of that size; the default values; entries of g, m and v that are 0; shapes `()`, `(3,)`, `(2, 4)`; float32; unchanged inputs.
#
# </details>
#
# <details><summary>Hint 1 · what to look at</summary>
#
# Five lines, five assignments. Two of the names are returned, two are needed for the last line only.
#
# <details><summary>Hint 2 · which step</summary>
#
# `eps` is added to the root of the **corrected** $\hat v$, outside the root.
#
# <details><summary>Hint 3 · the step with a gap</summary>
#
# ```python
# m_hat = m / (1 - ___)
# step = lr * m_hat / (np.sqrt(___) + ___)
# ```
#
# </details></details></details>

# %% [markdown] lang="zh"
# ### 练习 2 · `adam_step`（4 分）
#
# ```python
# def adam_step(p: np.ndarray, g: np.ndarray, m: np.ndarray, v: np.ndarray, t: int, lr: float = 1e-3, b1: float = 0.9, b2: float = 0.999, eps: float = 1e-8) -> tuple[np.ndarray, np.ndarray, np.ndarray]
# ```
#
# 按上面的五行走一步 Adam。`t` 是这一步的序号，从 1 开始。返回 `(p, m, v)`，都是新数组；`m` 和 `v` 是校正**之前**的平均。`p`、`g`、`m`、`v` 是形状相同的浮点数组，形状可以是 `()`，函数不得改动它们；0 ≤ `b1`、`b2` < 1。误差限与练习 1 相同。
#
# 例：`p = [1]`，`g = [2]`，`m = [1]`，`v = [1]`，`t = 2`，`lr = 0.1`，`b1 = 0.5`，`b2 = 0.75`，`eps = 0.5`。于是 `m = [1.5]`，校正后是 2；`v = [1.75]`，校正后是 4；`p = [0.92]`。
#
# <details><summary>隐藏测试还会用到</summary>
#
# 连走几步，两个训练交替进行；在 t = 7 时从给定的状态走一步；`eps = 1e-3`，梯度也是这个大小；默认值；g、m、v 中为 0 的元素；形状 `()`、`(3,)`、`(2, 4)`；float32；输入不变。
#
# </details>
#
# <details><summary>提示 1 · 看哪里</summary>
#
# 五行公式，五次赋值。其中两个名字要返回，另外两个只在最后一行用到。
#
# <details><summary>提示 2 · 哪一步</summary>
#
# `eps` 加在**校正后**的 $\hat v$ 的平方根上，在根号外面。
#
# <details><summary>提示 3 · 填空</summary>
#
# ```python
# m_hat = m / (1 - ___)
# step = lr * m_hat / (np.sqrt(___) + ___)
# ```
#
# </details></details></details>

# %% solution="adam-step"
def adam_step(p, g, m, v, t, lr=1e-3, b1=0.9, b2=0.999, eps=1e-8):
    """Return the weights and both moving averages after step t of Adam (Kingma and Ba 2015, algorithm 1).

    p, g, m, v: float arrays of one shape: weights, gradient, mean of gradients, mean of squared gradients. t: from 1.
    """
    ### BEGIN SOLUTION
    m = b1 * m + (1 - b1) * g
    v = b2 * v + (1 - b2) * g**2
    m_hat = m / (1 - b1**t)
    v_hat = v / (1 - b2**t)
    return p - lr * m_hat / (np.sqrt(v_hat) + eps), m, v
    ### END SOLUTION

# %% test="adam-step-averages-moments" points=1
def _three(result, shape):
    assert isinstance(result, (tuple, list)) and len(result) == 3, (
        "[ch06-TRIPLE] `adam_step` 应返回 (p, m, v) / `adam_step` must return (p, m, v)")
    for array in result:
        assert isinstance(array, (np.ndarray, np.floating)) and np.shape(array) == shape, (
            "[ch06-SHAPE] 返回的 p、m、v 应与输入的形状相同 / the returned p, m and v must have the shape of the input")
    return result


def _example():
    _, m, v = _three(adam_step(np.array([1.0, 1.0]), np.array([2.0, -4.0]), np.ones(2), np.ones(2), 2, 0.1, 0.5, 0.75, 0.5), (2,))
    assert np.allclose(m, [1.5, -1.5]), "[ch06-MEAN] m 是梯度的滑动平均，权重为 b1 / m is the moving average of the gradients, with b1"
    assert np.allclose(v, [1.75, 4.75]), "[ch06-SQUARE] v 是梯度平方的滑动平均，权重为 b2 / v is the moving average of the squared gradients, with b2"


_example()
### BEGIN HIDDEN TESTS
def _check():
    rng = np.random.default_rng(60201)
    for shape in ((), (3,), (2, 4), (1, 1)):
        for t in (1, 2, 40):
            p, g, m = (np.array(rng.normal(size=shape)) for _ in range(3))
            v = np.array(rng.uniform(0, 2, size=shape))
            b1, b2 = float(rng.uniform(0, 0.95)), float(rng.uniform(0.5, 0.999))
            arguments = [np.array(a, copy=True) for a in (p, g, m, v)]
            _, new_m, new_v = _three(adam_step(*arguments, t, 0.01, b1, b2), shape)
            assert all(np.array_equal(a, b) for a, b in zip(arguments, (p, g, m, v), strict=True)), (
                "[ch06-INPUT] `adam_step` 改动了输入 / `adam_step` changed its input")
            assert np.allclose(new_m, b1 * m + (1 - b1) * g, rtol=1e-9, atol=1e-12), (
                "[ch06-MEAN] 返回的 m 不对：返回校正之前的平均 / the returned m is off: return the average before the correction")
            assert np.allclose(new_v, b2 * v + (1 - b2) * g * g, rtol=1e-9, atol=1e-12), (
                "[ch06-SQUARE] 返回的 v 不对：返回校正之前的平均 / the returned v is off: return the average before the correction")
    g = np.array([3.0, -1.0])
    _, new_m, new_v = _three(adam_step(np.zeros(2), g, np.zeros(2), np.zeros(2), 1), (2,))
    assert np.allclose(new_m, 0.1 * g) and np.allclose(new_v, 0.001 * g**2), (
        "[ch06-DEFAULT] 默认值是 b1 = 0.9，b2 = 0.999 / the defaults are b1 = 0.9 and b2 = 0.999")


_check()
### END HIDDEN TESTS

# %% test="adam-step-corrects-the-start" points=3
def _triple(result, shape):
    assert isinstance(result, (tuple, list)) and len(result) == 3, (
        "[ch06-TRIPLE] `adam_step` 应返回 (p, m, v) / `adam_step` must return (p, m, v)")
    for array in result:
        assert isinstance(array, (np.ndarray, np.floating)) and np.shape(array) == shape, (
            "[ch06-SHAPE] 返回的 p、m、v 应与输入的形状相同 / the returned p, m and v must have the shape of the input")
    return result


def _example():
    p = _triple(adam_step(np.array([1.0, 1.0]), np.array([0.5, -20.0]), np.zeros(2), np.zeros(2), 1, lr=0.1), (2,))[0]
    assert np.allclose(p, [0.9, 1.1], atol=1e-6), (
        "[ch06-FIRST] 第一步的大小是 lr，与梯度大小无关：m 和 v 都要校正 / the first step has size lr, whatever the gradient: correct m and v")
    p = _triple(adam_step(np.array([1.0]), np.array([2.0]), np.ones(1), np.ones(1), 2, 0.1, 0.5, 0.75, 0.5), (1,))[0]
    assert np.allclose(p, [0.92]), (
        "[ch06-EPS] eps 加在校正后的 v 的平方根上 / eps is added to the root of the corrected v")


_example()
### BEGIN HIDDEN TESTS
def _check():
    rng = np.random.default_rng(60202)

    def oracle(p, g, m, v, t, lr, b1, b2, eps):
        m, v = m + (1 - b1) * (g - m), v + (1 - b2) * (g * g - v)
        return p - lr * (m / (1 - b1**t)) / (np.sqrt(v / (1 - b2**t)) + eps), m, v

    for shape in ((), (3,), (2, 4), (1, 6)):
        for eps in (1e-8, 1e-3):
            size = 1e-3 if eps == 1e-3 else 1.0
            runs = [[np.array(rng.normal(size=shape)), np.zeros(shape), np.zeros(shape)] for _ in range(2)]
            wants = [list(run) for run in runs]
            for t in range(1, 6):
                for run, want in zip(runs, wants, strict=True):
                    g = np.array(size * rng.normal(size=shape))
                    if t == 3:
                        g = np.zeros(shape)
                    want[:] = oracle(want[0], g, want[1], want[2], t, 0.1, 0.9, 0.999, eps)
                    new = _triple(adam_step(run[0], g, run[1], run[2], t, lr=0.1, eps=eps), shape)
                    run[:] = [np.array(a) for a in new]
                    assert np.allclose(run[0], want[0], rtol=1e-9, atol=1e-12), (
                        f"[ch06-STEPS] 第 {t} 步的权重不对 / the weights of step {t} are off")
    p, g, m = (rng.normal(size=(3, 2)) for _ in range(3))
    v = rng.uniform(0.1, 2.0, size=(3, 2))
    for t in (7, 1000):
        want = oracle(p, g, m, v, t, 0.02, 0.8, 0.99, 1e-6)[0]
        got = _triple(adam_step(p.copy(), g.copy(), m.copy(), v.copy(), t, 0.02, 0.8, 0.99, 1e-6), (3, 2))[0]
        assert np.allclose(got, want, rtol=1e-9, atol=1e-12), (
            "[ch06-STATE] 从给定的 m、v 出发的一步不对 / a step from given m and v is off")
    want = oracle(p, g, m, v, 5, 1e-3, 0.9, 0.999, 1e-8)[0]
    assert np.allclose(_triple(adam_step(p.copy(), g.copy(), m.copy(), v.copy(), 5), (3, 2))[0] - p, want - p, rtol=1e-6, atol=0), (
        "[ch06-DEFAULT] 默认值是 lr = 1e-3，b1 = 0.9，b2 = 0.999，eps = 1e-8 / the defaults are lr = 1e-3, b1 = 0.9, b2 = 0.999, eps = 1e-8")
    still = _triple(adam_step(p.copy(), np.zeros((3, 2)), np.zeros((3, 2)), np.zeros((3, 2)), 1), (3, 2))[0]
    assert np.array_equal(still, p), "[ch06-ZERO] 梯度一直为 0 时，权重不动，也不出现 nan / with gradients of 0 the weights stay, without nan"
    flat = [a.astype(np.float32) for a in (p, g, m, v)]
    got = _triple(adam_step(*[a.copy() for a in flat], 3, 0.5, 0.5, 0.75, 0.1), (3, 2))[0]
    want = oracle(*[a.astype(float) for a in flat], 3, 0.5, 0.5, 0.75, 0.1)[0]
    assert np.allclose(got, want, rtol=1e-5, atol=1e-6), "[ch06-FLOAT32] float32 输入的结果不对 / the result for float32 input is off"


_check()
### END HIDDEN TESTS
# %% [markdown] lang="en"
# ### Exercise 3 · `adamw_step` (3 points)
#
# ```python
# def adamw_step(p: np.ndarray, g: np.ndarray, m: np.ndarray, v: np.ndarray, t: int, lr: float = 1e-3, b1: float = 0.9, b2: float = 0.999, eps: float = 1e-8, weight_decay: float = 0.01) -> tuple[np.ndarray, np.ndarray, np.ndarray]
# ```
#
# A step of Adam, and besides $p$ loses $\mathrm{lr} \cdot \mathrm{weight\_decay} \cdot p$, computed with the **old** $p$. The decay reaches neither `g` nor `m` nor `v`. Everything else is as in exercise 2, whose function you may call.
#
# Example: the step of exercise 2 with `weight_decay = 0.5` gives `p = [0.87]`, which is 0.92 − 0.1 · 0.5 · 1; `m` and `v` as before.
#
# <details><summary>What hidden tests also use</summary>
#
# `lr * weight_decay` of 0.01 and more; three steps in a row; zero entries in g; `weight_decay = 0`; the default values; shapes `()`, `(4,)`, `(2, 3)`; unchanged inputs.
#
# </details>
#
# <details><summary>Hint 1 · what to look at</summary>
#
# What does a weight do whose gradient is always 0?
#
# <details><summary>Hint 2 · which step</summary>
#
# Take the Adam step first and keep its three results. Then change only the first of them. Which `p` enters the decay?
#
# <details><summary>Hint 3 · the step with a gap</summary>
#
# `new_p - lr * weight_decay * ___`
#
# </details></details></details>

# %% [markdown] lang="zh"
# ### 练习 3 · `adamw_step`（3 分）
#
# ```python
# def adamw_step(p: np.ndarray, g: np.ndarray, m: np.ndarray, v: np.ndarray, t: int, lr: float = 1e-3, b1: float = 0.9, b2: float = 0.999, eps: float = 1e-8, weight_decay: float = 0.01) -> tuple[np.ndarray, np.ndarray, np.ndarray]
# ```
#
# 走一步 Adam，此外 $p$ 还要减去 $\mathrm{lr} \cdot \mathrm{weight\_decay} \cdot p$，其中的 $p$ 是**旧的**。衰减不进入 `g`，也不进入 `m` 和 `v`。其余同练习 2，可以调用你在那里写的函数。
#
# 例：练习 2 的那一步，若 `weight_decay = 0.5`，则 `p = [0.87]`，即 0.92 − 0.1 · 0.5 · 1；`m` 和 `v` 不变。
#
# <details><summary>隐藏测试还会用到</summary>
#
# 不小于 0.01 的 `lr * weight_decay`；连走三步；g 中为 0 的元素；`weight_decay = 0`；默认值；形状 `()`、`(4,)`、`(2, 3)`；输入不变。
#
# </details>
#
# <details><summary>提示 1 · 看哪里</summary>
#
# 一个权重的梯度始终为 0，它会怎样变化？
#
# <details><summary>提示 2 · 哪一步</summary>
#
# 先走 Adam 的一步，留下三个结果，然后只改第一个。衰减用的是哪个 `p`？
#
# <details><summary>提示 3 · 填空</summary>
#
# `new_p - lr * weight_decay * ___`
#
# </details></details></details>

# %% solution="adamw-step"
def adamw_step(p, g, m, v, t, lr=1e-3, b1=0.9, b2=0.999, eps=1e-8, weight_decay=0.01):
    """Return the weights and both moving averages after step t of AdamW (Loshchilov and Hutter 2019).

    As ``adam_step``; besides, the weights lose lr · weight_decay · p, which does not enter the averages.
    """
    ### BEGIN SOLUTION
    new_p, m, v = adam_step(p, g, m, v, t, lr, b1, b2, eps)
    return new_p - lr * weight_decay * p, m, v
    ### END SOLUTION

# %% test="adamw-step-decays-apart-from-the-gradient" points=3
def _three_of(result, shape):
    assert isinstance(result, (tuple, list)) and len(result) == 3, (
        "[ch06-TRIPLE] `adamw_step` 应返回 (p, m, v) / `adamw_step` must return (p, m, v)")
    for array in result:
        assert isinstance(array, (np.ndarray, np.floating)) and np.shape(array) == shape, (
            "[ch06-SHAPE] 返回的 p、m、v 应与输入的形状相同 / the returned p, m and v must have the shape of the input")
    return result


def _example():
    zero = np.zeros(2)
    p, m, v = _three_of(adamw_step(np.array([4.0, -8.0]), zero, zero, zero, 1, lr=0.1, weight_decay=0.5), (2,))
    assert np.allclose(p, [3.8, -7.6]), (
        "[ch06-DECAY] 没有梯度时，权重乘以 1 − lr·weight_decay / without a gradient the weights are multiplied by 1 − lr·weight_decay")
    assert np.allclose(m, 0) and np.allclose(v, 0), "[ch06-APART] 衰减不进入 m 和 v / the decay does not enter m and v"
    p = _three_of(adamw_step(np.array([1.0]), np.array([2.0]), np.ones(1), np.ones(1), 2, 0.1, 0.5, 0.75, 0.5, 0.5), (1,))[0]
    assert np.allclose(p, [0.87]), (
        "[ch06-OLD] 衰减用旧的 p 计算，与 Adam 的一步互不影响 / compute the decay with the old p, apart from the Adam step")


_example()
### BEGIN HIDDEN TESTS
def _check():
    rng = np.random.default_rng(60301)

    def oracle(p, g, m, v, t, lr, b1, b2, eps, decay):
        m, v = m + (1 - b1) * (g - m), v + (1 - b2) * (g * g - v)
        return p * (1 - lr * decay) - lr * (m / (1 - b1**t)) / (np.sqrt(v / (1 - b2**t)) + eps), m, v

    for shape in ((4,), (), (2, 3), (1, 1)):
        for lr, decay in ((0.1, 0.5), (0.05, 0.2), (0.5, 0.9)):
            p, m, v = np.array(rng.normal(size=shape)), np.zeros(shape), np.zeros(shape)
            want = p, m, v
            for t in range(1, 4):
                g = np.array(rng.normal(size=shape))
                if g.ndim:
                    g[(0,) * g.ndim] = 0.0
                want = oracle(*want[:1], g, *want[1:], t, lr, 0.9, 0.999, 1e-8, decay)
                arguments = [np.array(a, copy=True) for a in (p, g, m, v)]
                new = _three_of(adamw_step(*arguments, t, lr=lr, weight_decay=decay), shape)
                assert all(np.array_equal(a, b) for a, b in zip(arguments, (p, g, m, v), strict=True)), (
                    "[ch06-INPUT] `adamw_step` 改动了输入 / `adamw_step` changed its input")
                p, m, v = (np.array(a) for a in new)
                assert np.allclose(m, want[1], rtol=1e-9, atol=1e-12) and np.allclose(v, want[2], rtol=1e-9, atol=1e-12), (
                    "[ch06-APART] 衰减不进入 m 和 v / the decay does not enter m and v")
                assert np.allclose(p, want[0], rtol=1e-9, atol=1e-12), (
                    f"[ch06-STEPS] 第 {t} 步的权重不对 / the weights of step {t} are off")
    p, g, m = (rng.normal(size=(3, 2)) for _ in range(3))
    v = rng.uniform(0.1, 2.0, size=(3, 2))
    for settings in ({"weight_decay": 0.0}, {"lr": 1.0}, {}, {"lr": 0.3, "b1": 0.5, "b2": 0.9, "eps": 1e-2, "weight_decay": 0.4}):
        full = {"lr": 1e-3, "b1": 0.9, "b2": 0.999, "eps": 1e-8, "weight_decay": 0.01} | settings
        want = oracle(p, g, m, v, 7, full["lr"], full["b1"], full["b2"], full["eps"], full["weight_decay"])[0]
        got = _three_of(adamw_step(p.copy(), g.copy(), m.copy(), v.copy(), 7, **settings), (3, 2))[0]
        assert np.allclose(got, want, rtol=1e-9, atol=1e-12), (
            "[ch06-DEFAULT] 参数或默认值没有照说明使用 / a setting or a default value is not used as stated")


_check()
### END HIDDEN TESTS
# %% [markdown] lang="en"
# ### Exercise 4 · `lr_schedule` (3 points)
#
# ```python
# def lr_schedule(step: int, base: float, warmup: int, total: int, kind: str) -> float
# ```
#
# While `step < warmup`, return $\mathrm{base} \cdot \mathrm{step} / \mathrm{warmup}$. From then on let $u = \min\!\left(1, \frac{\mathrm{step} - \mathrm{warmup}}{\mathrm{total} - \mathrm{warmup}}\right)$ and return
#
# | `kind` | rate |
# |---|---|
# | `"constant"` | $\mathrm{base}$ |
# | `"cosine"` | $\mathrm{base} \cdot \frac12 (1 + \cos \pi u)$ |
# | `"exp"` | $\mathrm{base} \cdot 0.01^u$ |
# | `"step"` | $\mathrm{base} \cdot 0.1^{\min(2, \lfloor 3u \rfloor)}$ |
#
# Any other `kind` raises `ValueError` at every step, also during the warm-up. `step` ≥ 0, 0 ≤ `warmup` < `total`; `step` may exceed `total`.
#
# Example: `base = 0.8`, `warmup = 10`, `total = 110`. Step 5 gives 0.4 for every kind; step 60 gives 0.4 for `"cosine"` and 0.08 for `"exp"` and `"step"`.
#
# <details><summary>What hidden tests also use</summary>
#
# Other numbers, `warmup = 0`, step 0, the first step after the warm-up, steps beyond `total`, names in capitals. No step lies exactly on a break of `"step"`.
#
# </details>
#
# <details><summary>Hint 1 · what to look at</summary>
#
# Which of the four kinds depend on `u`, and which on the warm-up?
#
# <details><summary>Hint 2 · which step</summary>
#
# Check the name first, then the warm-up, then compute `u` once for all kinds.
#
# <details><summary>Hint 3 · the step with a gap</summary>
#
# ```python
# u = min(___, (step - ___) / (total - ___))
# ```
#
# </details></details></details>

# %% [markdown] lang="zh"
# ### 练习 4 · `lr_schedule`（3 分）
#
# ```python
# def lr_schedule(step: int, base: float, warmup: int, total: int, kind: str) -> float
# ```
#
# 当 `step < warmup` 时，返回 $\mathrm{base} \cdot \mathrm{step} / \mathrm{warmup}$。此后令 $u = \min\!\left(1, \frac{\mathrm{step} - \mathrm{warmup}}{\mathrm{total} - \mathrm{warmup}}\right)$，返回
#
# | `kind` | 学习率 |
# |---|---|
# | `"constant"` | $\mathrm{base}$ |
# | `"cosine"` | $\mathrm{base} \cdot \frac12 (1 + \cos \pi u)$ |
# | `"exp"` | $\mathrm{base} \cdot 0.01^u$ |
# | `"step"` | $\mathrm{base} \cdot 0.1^{\min(2, \lfloor 3u \rfloor)}$ |
#
# 其他任何 `kind` 在每一步都抛出 `ValueError`，预热期间也不例外。`step` ≥ 0，0 ≤ `warmup` < `total`；`step` 可以超过 `total`。
#
# 例：`base = 0.8`，`warmup = 10`，`total = 110`。第 5 步，各种方式都是 0.4；第 60 步，`"cosine"` 是 0.4，`"exp"` 和 `"step"` 是 0.08。
#
# <details><summary>隐藏测试还会用到</summary>
#
# 其他数值，`warmup = 0`，第 0 步，预热后的第一步，超过 `total` 的步数，大写的名字。没有哪一步恰好落在 `"step"` 的跳变处。
#
# </details>
#
# <details><summary>提示 1 · 看哪里</summary>
#
# 四种方式中，哪些与 `u` 有关，哪些与预热有关？
#
# <details><summary>提示 2 · 哪一步</summary>
#
# 先检查名字，再看是否在预热，然后为所有方式只算一次 `u`。
#
# <details><summary>提示 3 · 填空</summary>
#
# ```python
# u = min(___, (step - ___) / (total - ___))
# ```
#
# </details></details></details>

# %% solution="lr-schedule"
def lr_schedule(step, base, warmup, total, kind):
    """Return the learning rate of a step, counted from 0: linear warm-up, then "constant", "cosine", "exp" or "step".

    Raises ValueError for any other kind.
    """
    ### BEGIN SOLUTION
    if kind not in ("constant", "cosine", "exp", "step"):
        raise ValueError(f"unknown kind {kind!r}")
    if step < warmup:
        return base * step / warmup
    u = min(1.0, (step - warmup) / (total - warmup))
    if kind == "cosine":
        return base * 0.5 * (1 + math.cos(math.pi * u))
    if kind == "exp":
        return base * 0.01**u
    if kind == "step":
        return base * 0.1 ** min(2, int(3 * u))
    return base
    ### END SOLUTION

# %% test="lr-schedule-warms-up-and-decays" points=3
def _rate(*arguments):
    rate = lr_schedule(*arguments)
    assert isinstance(rate, (float, np.floating)), "[ch06-FLOAT] `lr_schedule` 应返回一个浮点数 / `lr_schedule` must return a float"
    return float(rate)


def _refuses(step, kind):
    try:
        lr_schedule(step, 0.8, 10, 110, kind)
    except ValueError:
        return True
    return False


def _example():
    for step, kind, rate in (
        (0, "cosine", 0.0), (5, "constant", 0.4), (5, "step", 0.4), (10, "cosine", 0.8), (60, "cosine", 0.4), (110, "cosine", 0.0),
        (60, "exp", 0.08), (60, "step", 0.08), (60, "constant", 0.8), (500, "cosine", 0.0), (500, "step", 0.008),
    ):
        got = _rate(step, 0.8, 10, 110, kind)
        assert math.isclose(got, rate, rel_tol=1e-9, abs_tol=1e-12), (
            f"[ch06-RATE] 第 {step} 步 \"{kind}\" 的学习率不对（base = 0.8，warmup = 10，total = 110） / the rate of \"{kind}\" at step {step} is off (base = 0.8, warmup = 10, total = 110)")
    assert _refuses(60, "linear"), "[ch06-KIND] 未知的 kind 应抛出 `ValueError` / an unknown kind must raise `ValueError`"


_example()
### BEGIN HIDDEN TESTS
def _check():
    rng = np.random.default_rng(60401)
    for warmup, total in ((0, 1), (0, 37), (1, 2), (8, 50), (100, 1001), (3, 4)):
        base = float(rng.uniform(1e-4, 3.0))
        after = sorted({warmup, total, total + 1, 3 * total, 50 * total, *(int(s) for s in rng.integers(warmup, total + 1, size=12))})
        for kind in ("constant", "cosine", "exp", "step"):
            for step in sorted({s for s in (0, 1, warmup // 2, warmup - 1) if 0 <= s < warmup}):
                assert math.isclose(_rate(step, base, warmup, total, kind), base * (step / warmup), rel_tol=1e-9, abs_tol=1e-15), (
                    "[ch06-WARMUP] 预热期间学习率应为 base·step/warmup / during the warm-up the rate is base·step/warmup")
            for step in after:
                u = min(1.0, (step - warmup) / (total - warmup))
                if kind == "step" and u < 1 and abs(3 * u - round(3 * u)) < 1e-6 and u > 0:
                    continue
                rate = {"constant": 1.0, "cosine": math.cos(math.pi * u / 2) ** 2, "exp": 10 ** (-2 * u), "step": (1.0, 0.1, 0.01)[min(2, int(3 * u))]}[kind]
                assert math.isclose(_rate(step, base, warmup, total, kind), base * rate, rel_tol=1e-9, abs_tol=1e-12), (
                    f"[ch06-DECAY] 预热之后 \"{kind}\" 的学习率不对；u 从预热结束处算起，超过 total 就保持为 1 / after the warm-up the rate of \"{kind}\" is off; u starts at the end of the warm-up and stays 1 beyond total")
    for kind in ("linear", "Cosine", "STEP", ""):
        for step in (0, 3, 60, 500):
            assert _refuses(step, kind), "[ch06-KIND] 未知的 kind 在每一步都应抛出 `ValueError`，预热期间也是 / an unknown kind raises `ValueError` at every step, also during the warm-up"


_check()
### END HIDDEN TESTS
# %% [markdown] lang="en"
# ### Exercise 5 · `clip_by_global_norm` (3 points)
#
# ```python
# def clip_by_global_norm(grads: list[np.ndarray], c: float) -> tuple[list[np.ndarray], float]
# ```
#
# `norm` is the square root of the sum of **all** squares in **all** arrays. Multiply every array by the same factor $\min(1,\ c / \mathrm{norm})$, and by 1 if the norm is 0. Return the list of new arrays, in the same order, and the norm before clipping, a float.
#
# At least one array; shapes differ and may be `()`; c > 0. Nothing is added to the norm. Sum the squares in float64: entries of 1e25 in float32 must work. The inputs stay as they are.
#
# Example: `[[3, 0], [[4]]]` with c = 1 has norm 5 and becomes `[[0.6, 0], [[0.8]]]`.
#
# <details><summary>What hidden tests also use</summary>
#
# Other shapes, norms below c, tiny norms, zeros, large float32 entries, unchanged inputs.
#
# </details>
#
# <details><summary>Hint 1 · what to look at</summary>
#
# One number belongs to all arrays together.
#
# <details><summary>Hint 2 · which step</summary>
#
# Two passes over the list: the first adds up squares, the second multiplies. Convert each array to float64 before squaring.
#
# <details><summary>Hint 3 · the step with a gap</summary>
#
# ```python
# norm = math.sqrt(sum(np.sum(___ ** 2) for g in grads))
# factor = min(1.0, ___) if norm > 0 else ___
# ```
#
# </details></details></details>

# %% [markdown] lang="zh"
# ### 练习 5 · `clip_by_global_norm`（3 分）
#
# ```python
# def clip_by_global_norm(grads: list[np.ndarray], c: float) -> tuple[list[np.ndarray], float]
# ```
#
# `norm` 是**所有**数组中**所有**元素的平方和的平方根。把每个数组都乘以同一个因子 $\min(1,\ c / \mathrm{norm})$，范数为 0 时乘以 1。返回新数组的列表（顺序不变）和裁剪前的范数（浮点数）。
#
# 至少有一个数组；形状各不相同，可以是 `()`；c > 0。范数上不加任何东西。平方和用 float64 计算：float32 数组中大到 1e25 的元素也要算得对。不得改动输入。
#
# 例：`[[3, 0], [[4]]]`，c = 1，范数是 5，结果为 `[[0.6, 0], [[0.8]]]`。
#
# <details><summary>隐藏测试还会用到</summary>
#
# 其他形状，小于 c 的范数，极小的范数，全零，很大的 float32 元素，输入不变。
#
# </details>
#
# <details><summary>提示 1 · 看哪里</summary>
#
# 有一个数属于所有数组合在一起的整体。
#
# <details><summary>提示 2 · 哪一步</summary>
#
# 把列表走两遍：第一遍累加平方，第二遍相乘。求平方之前先把数组转成 float64。
#
# <details><summary>提示 3 · 填空</summary>
#
# ```python
# norm = math.sqrt(sum(np.sum(___ ** 2) for g in grads))
# factor = min(1.0, ___) if norm > 0 else ___
# ```
#
# </details></details></details>

# %% solution="clip-by-global-norm"
def clip_by_global_norm(grads, c):
    """Return the arrays scaled to a joint norm of at most c, and their joint norm before.

    grads: list of float arrays of any shapes. c: above 0. Source: Pascanu, Mikolov and Bengio (2013), section 3.2.
    """
    ### BEGIN SOLUTION
    norm = math.sqrt(sum(np.sum(np.asarray(g, dtype=float) ** 2) for g in grads))
    factor = min(1.0, c / norm) if norm > 0 else 1.0
    return [g * factor for g in grads], norm
    ### END SOLUTION

# %% test="clip-by-global-norm-keeps-the-direction" points=3
def _clipped(grads, c):
    result = clip_by_global_norm(grads, c)
    assert isinstance(result, (tuple, list)) and len(result) == 2 and isinstance(result[0], list), (
        "[ch06-PAIR] `clip_by_global_norm` 应返回 (列表, 范数) / `clip_by_global_norm` must return (list, norm)")
    arrays, norm = result
    assert isinstance(norm, (float, np.floating)), "[ch06-NORM] 范数应是一个浮点数 / the norm must be a float"
    assert len(arrays) == len(grads), "[ch06-LIST] 返回的列表应与输入一样长 / the returned list must be as long as the input"
    for new, old in zip(arrays, grads, strict=True):
        assert isinstance(new, (np.ndarray, np.floating)) and np.shape(new) == np.shape(old), (
            "[ch06-SHAPE] 每个数组的形状应保持不变 / each array must keep its shape")
    return arrays, float(norm)


def _example():
    arrays, norm = _clipped([np.array([3.0, 0.0]), np.array([[4.0]])], 1.0)
    assert math.isclose(norm, 5.0), "[ch06-NORM] 范数由所有数组共同决定，且是裁剪之前的 / the norm is that of all arrays together, before clipping"
    assert np.allclose(arrays[0], [0.6, 0.0]) and np.allclose(arrays[1], [[0.8]]), (
        "[ch06-FACTOR] 所有数组乘以同一个因子 c/norm / multiply all arrays by the same factor c/norm")
    arrays, norm = _clipped([np.array([0.3, 0.0]), np.array([[0.4]])], 1.0)
    assert np.allclose(arrays[0], [0.3, 0.0]) and math.isclose(norm, 0.5), (
        "[ch06-SHORT] 范数小于 c 时保持不变 / a norm below c stays as it is")
    arrays, norm = _clipped([np.zeros(2), np.zeros(())], 1.0)
    assert norm == 0 and np.array_equal(arrays[0], [0.0, 0.0]) and np.array_equal(arrays[1], 0.0), (
        "[ch06-ZERO] 全零的梯度保持为零，不应出现 nan / gradients of zero stay zero, without nan")


_example()
### BEGIN HIDDEN TESTS
def _check():
    rng = np.random.default_rng(60501)
    for shapes in (((3,), (2, 4), ()), ((1,),), ((5, 1), (1, 3), (2, 3, 4), (7,))):
        for scale in (1e-7, 1e-2, 1.0, 100.0):
            grads = [np.array(scale * rng.normal(size=shape)) for shape in shapes]
            flat = np.concatenate([g.ravel() for g in grads])
            norm = float(np.sqrt(np.dot(flat, flat)))
            for c in (0.3 * norm, norm, 2.0 * norm):
                arguments = [g.copy() for g in grads]
                arrays, got = _clipped(arguments, c)
                assert all(np.array_equal(a, b) for a, b in zip(arguments, grads, strict=True)), (
                    "[ch06-INPUT] `clip_by_global_norm` 改动了输入 / `clip_by_global_norm` changed its input")
                assert math.isclose(got, norm, rel_tol=1e-9), (
                    "[ch06-NORM] 范数由所有数组共同决定，且是裁剪之前的 / the norm is that of all arrays together, before clipping")
                want = flat * min(1.0, c / norm)
                assert np.allclose(np.concatenate([np.ravel(a) for a in arrays]), want, rtol=1e-9, atol=1e-12 * norm), (
                    "[ch06-FACTOR] 所有数组应乘以同一个因子 min(1, c/norm) / all arrays must be multiplied by min(1, c/norm)")
    large = [np.array([3e25, 0.0], dtype=np.float32), np.array([[4e25]], dtype=np.float32)]
    arrays, norm = _clipped(large, 2.0)
    assert math.isclose(norm, 5e25, rel_tol=1e-5) and np.allclose(arrays[0], [1.2, 0.0], rtol=1e-5) and np.allclose(arrays[1], [[1.6]], rtol=1e-5), (
        "[ch06-FLOAT64] 平方和要用 float64 计算，否则很大的 float32 数会溢出 / sum the squares in float64, or large float32 entries overflow")
    arrays, norm = _clipped([np.zeros((2, 3)), np.zeros(4)], 0.01)
    assert norm == 0 and all(np.array_equal(a, np.zeros_like(a)) for a in arrays), (
        "[ch06-ZERO] 全零的梯度保持为零，不应出现 nan / gradients of zero stay zero, without nan")


_check()
### END HIDDEN TESTS
# %% [markdown] lang="en"
# ### Exercise 6 · `pick_lr` (3 points)
#
# ```python
# def pick_lr(lrs: np.ndarray, losses: np.ndarray) -> float
# ```
#
# `lrs` are the increasing rates of a range test, each a fixed multiple of the one before; `losses` are the losses, noisy, and perhaps nan or inf at the end. Return a rate to train with. Any rule is allowed. It is judged on the curve **without** the noise, where the *drop* is the first loss minus the lowest. At your rate
#
# - at least 10 % of the drop has happened;
# - you are at most at one third of the rate with the lowest loss, and at most at one third of the first rate whose loss exceeds the first loss.
#
# The rate may lie between two of `lrs`. There are at least 40 rates; from 10 % to 90 % of the drop it takes at least a factor of 16 in the rate; the noise has a deviation of at most 3 % of the drop. The inputs stay as they are.
#
# Example: the loss falls from 2.3 at the rate 0.001 to 0.3 at 0.3, has passed 2.1 at 0.01, and exceeds 2.3 from 1 on. Then every rate from 0.01 to 0.1 is right.
#
# <details><summary>What hidden tests also use</summary>
#
# Smooth curves, noisy ones, with a long flat start, with early divergence, with a tail of nan or inf; 40 to 300 rates; curves that fall by a third only.
#
# </details>
#
# <details><summary>Hint 1 · what to look at</summary>
#
# A rate between "it falls" and "it is lowest", say where the loss has fallen half-way. Which single wild value could mislead you?
#
# <details><summary>Hint 2 · which step</summary>
#
# Cut off everything from the first nan or inf. Replace each loss by the mean of itself and its neighbours. On this smooth curve find the lowest point, and before it the first point below the middle of the start and the lowest.
#
# <details><summary>Hint 3 · the step with a gap</summary>
#
# ```python
# smooth = np.convolve(losses, np.ones(k) / k, mode="valid")  # smooth[i] belongs to lrs[i + ___]
# half = (smooth[0] + ___) / 2
# ```
#
# </details></details></details>

# %% [markdown] lang="zh"
# ### 练习 6 · `pick_lr`（3 分）
#
# ```python
# def pick_lr(lrs: np.ndarray, losses: np.ndarray) -> float
# ```
#
# `lrs` 是范围测试中递增的学习率，每一个都是前一个的固定倍数；`losses` 是相应的损失，带有噪声，末尾可能是 nan 或 inf。返回一个训练用的学习率。规则不限。评判用的是**没有**噪声的曲线，其中**降幅**指第一个损失减去最低的损失。在你选的学习率处：
#
# - 至少已经走完降幅的 10 %；
# - 不超过损失最低处学习率的三分之一，也不超过损失首次高于第一个损失处的学习率的三分之一。
#
# 返回值可以落在 `lrs` 的两个值之间。学习率至少有 40 个；从降幅的 10 % 到 90 %，学习率至少增大到 16 倍；噪声的标准差不超过降幅的 3 %。不得改动输入。
#
# 例：学习率从 0.001 增至 0.3，损失从 2.3 降到 0.3，在 0.01 处已低于 2.1，从 1 起高于 2.3。那么从 0.01 到 0.1 的学习率都对。
#
# <details><summary>隐藏测试还会用到</summary>
#
# 光滑的曲线，带噪声的曲线，开头有一长段平坦，很早就发散，末尾是 nan 或 inf；40 到 300 个学习率；总共只下降三分之一的曲线。
#
# </details>
#
# <details><summary>提示 1 · 看哪里</summary>
#
# 在“开始下降”与“降到最低”之间取一个学习率，比如损失下降到一半的地方。哪一个孤立的异常值会误导你？
#
# <details><summary>提示 2 · 哪一步</summary>
#
# 从第一个 nan 或 inf 起全部截去。把每个损失换成它和邻居的平均。在这条光滑的曲线上找到最低点，再在它之前找到第一个低于“起点与最低点的中间值”的点。
#
# <details><summary>提示 3 · 填空</summary>
#
# ```python
# smooth = np.convolve(losses, np.ones(k) / k, mode="valid")  # smooth[i] belongs to lrs[i + ___]
# half = (smooth[0] + ___) / 2
# ```
#
# </details></details></details>

# %% solution="pick-lr"
def pick_lr(lrs, losses):
    """Return a rate at which the loss of a range test falls well and is still far from its lowest point.

    lrs: (n,) increasing. losses: (n,), noisy, perhaps nan or inf at the end. Source: Smith (2017), section 3.3.
    """
    ### BEGIN SOLUTION
    bad = np.flatnonzero(~np.isfinite(losses))
    end = bad[0] if len(bad) else len(losses)
    k = 7
    smooth = np.convolve(losses[:end], np.ones(k) / k, mode="valid")
    lowest = int(np.argmin(smooth))
    half = (smooth[0] + smooth[lowest]) / 2
    first = int(np.argmax(smooth[: lowest + 1] <= half))
    return float(lrs[first + k // 2])
    ### END SOLUTION

# %% test="pick-lr-is-neither-timid-nor-reckless" points=3
def _range_test(n, low, high, start, floor, middle, span, wall):
    """Return n rates and a function of the rate, the loss without noise; decades: low, high, middle, span and wall."""
    def loss(rate):
        x = np.log10(rate)
        fallen = 1 / (1 + np.exp(-(x - middle) * 2 * np.log(9) / span))
        return start * (1 - (1 - floor) * fallen) + 0.02 * start * np.exp(np.minimum(9 * (x - wall), 60))

    return np.geomspace(10.0**low, 10.0**high, n), loss


def _judge(rate, lrs, loss):
    assert isinstance(rate, (float, np.floating)), "[ch06-FLOAT] `pick_lr` 应返回一个学习率（浮点数） / `pick_lr` must return a rate, a float"
    assert np.isfinite(rate) and lrs[0] <= rate <= lrs[-1], (
        "[ch06-RANGE] 返回值应在所测的学习率范围之内，且不是 nan / the result must lie in the tested range, and not be nan")
    clean = loss(lrs)
    drop, worse = clean[0] - clean.min(), np.flatnonzero(clean > clean[0])
    assert loss(rate) <= clean[0] - 0.1 * drop, (
        "[ch06-TIMID] 在这个学习率处，损失几乎还没有开始下降 / at this rate the loss has hardly begun to fall")
    limit = min([lrs[np.argmin(clean)], *lrs[worse[:1]]]) / 3
    assert rate <= limit * (1 + 1e-9), (
        "[ch06-RECKLESS] 这个学习率离最低点或发散处太近 / this rate is too close to the lowest point or to divergence")


def _example():
    lrs, loss = _range_test(100, -5, 1, 2.3, 0.1, -2.0, 1.5, -0.3)
    _judge(pick_lr(lrs, loss(lrs)), lrs, loss)
    lrs, loss = _range_test(240, -6, 1, 2.3, 0.2, -2.5, 1.6, -0.8)
    for seed in (1, 4, 6):  # noisy, and nan at the end
        noisy = loss(lrs) + np.random.default_rng(seed).normal(0, 0.03 * 1.8, len(lrs))
        noisy[loss(lrs) > 2 * loss(lrs[0])] = np.nan
        _judge(pick_lr(lrs, noisy), lrs, loss)


_example()
### BEGIN HIDDEN TESTS
def _check():
    rng = np.random.default_rng(60601)
    for n, low, high, middle, span, wall, noise, tail in (
        (100, -5, 1, -2.6, 1.5, -0.5, 0.0, None),
        (40, -5, 1, -2.6, 1.5, -0.5, 0.0, None),
        (240, -6, 1, -3.0, 1.6, -1.0, 0.03, None),
        (120, -6, 1, -3.0, 2.2, -1.0, 0.03, None),
        (300, -8, 1, -2.5, 1.4, -0.8, 0.02, None),
        (160, -5, 0.5, -3.2, 1.3, -2.0, 0.02, None),
        (200, -5, 1, -2.6, 1.5, -0.9, 0.03, np.nan),
        (80, -5, 1, -2.6, 1.5, -0.9, 0.02, np.inf),
    ):
        for floor in (0.1, 0.3, 0.65):
            shift = float(rng.uniform(-0.3, 0.3))
            lrs, loss = _range_test(n, low, high, float(rng.uniform(1.5, 4)), floor, middle + shift, span * float(rng.uniform(1, 1.2)), wall + shift)
            clean = loss(lrs)
            noisy = clean + rng.normal(0, noise * (clean[0] - clean.min()), n)
            if tail is not None:
                noisy[clean > 2 * clean[0]] = tail
            arguments = lrs.copy(), noisy.copy()
            rate = pick_lr(*arguments)
            assert np.array_equal(arguments[0], lrs) and np.array_equal(arguments[1], noisy, equal_nan=True), (
                "[ch06-INPUT] `pick_lr` 改动了输入 / `pick_lr` changed its input")
            _judge(rate, lrs, loss)


_check()
### END HIDDEN TESTS
