# ch09 正则化 — Regularisation.

# %% [markdown] lang="en"
# # Chapter 9 · Regularisation
#
# A network can learn 150 pictures by heart and understand nothing. In this chapter you take such a network and make it read pictures that it has never seen: by a price on large weights, by switching units off, by moving pictures, by stopping in time, and by labels that are less sure of themselves. At the end your network contradicts the person who labelled its data. Who is right?
#
# After this chapter you can
#
# - tell what a network has understood from what it has learned by heart: whether it **generalizes**;
# - write five tools against overfitting, and say where each one acts and what it costs;
# - write a training epoch whose validation loss can be trusted;
# - find wrong labels with a network that was trained on them.
#
# You need chapter 2 (cross-entropy), chapter 5 (a network and its gradients) and chapter 8 (training, validation, test). The core path takes about two hours: sections 1 to 9. Six exercises give 20 points. Everything runs on a CPU in seconds, but for one optional cell, which takes a minute or two without a GPU.

# %% [markdown] lang="zh"
# # 第 9 章 · 正则化
#
# 网络可以把 150 张图像背下来，却没有看懂。本章里，你要让这样的网络认出从未见过的图像：对大的权重施加惩罚，让一些单元沉默，平移图像，适时停下，以及用不那么绝对的标签。最后，你的网络会与给数据做标注的人意见相左。谁对？
#
# 学完本章，你能够
#
# - 分清网络懂了什么，又背下了什么，即它能否**泛化**；
# - 写出五种对付过拟合的工具，说清楚每一种在哪里起作用、要付出什么；
# - 写出一轮训练，让它的验证损失可信；
# - 用在错误标签上训练的网络，把错误标签找出来。
#
# 预备知识是第 2 章（交叉熵）、第 5 章（网络及其梯度）和第 8 章（训练、验证、测试）。核心路线约需两小时：第 1 节到第 9 节。六道练习共 20 分。一切都在 CPU 上几秒钟内完成，只有一个选读单元格，没有 GPU 时要一两分钟。

# %% setup
import math
import os

import numpy as np
from scipy import ndimage
from threadpoolctl import threadpool_limits

from course.few_pictures import Network, given_labels, pictures, plain_history
from course.language import say
from course.unfinished import when_solved

threadpool_limits(1)  # matrices as small as ours are multiplied faster by one thread
x, y, x_val, y_val, x_test, y_test = pictures()  # 150, 257 and 257 pictures (N, 28, 28, 1), float32 in [0, 1]

# %%
from course.progress_panel import show_progress

show_progress()

# %% [markdown] lang="en"
# ## 1 · By heart
#
# 150 pictures of digits, and 150 labels **drawn by lot**: a 3 may be called 7, the next one 0. There is nothing to understand. The network has one hidden layer of 64 units, as in chapter 5. Run the cell. How many of the lots does it get right, after 60 epochs?

# %% [markdown] lang="zh"
# ## 1 · 背下来
#
# 150 张数字图像，标签却是**随机抽取的**：这个 3 可能叫 7，下一个 3 又叫 0，毫无规律可学。网络和第 5 章一样，有一个 64 个单元的隐藏层。请运行。60 个轮次之后，它能答对多少个标签？

# %%
rng = np.random.default_rng(0)
labels = rng.integers(0, 10, len(y))  # try: y

network = Network()
for _ in range(60):
    for rows in np.split(rng.permutation(len(x)), 6):
        network.step(x[rows], labels[rows])
print(say(en="training pictures: {a:.3f}   test pictures: {b:.3f}", zh="训练图像：{a:.3f}   测试图像：{b:.3f}",
          a=network.accuracy(x, labels), b=network.accuracy(x_test, y_test)))

# %% [markdown] lang="en"
# All of them, and on test pictures it is hardly better than chance, 0.10: the training says nothing about understanding. (With `labels = y` the training accuracy is the same, and the test has about 0.88, the mean of five seeds.) A network with enough parameters can store any table. Fitting the training data too closely, chance and errors included, is **overfitting**.
#
# Now a case from life. An assistant labelled our 150 pictures late on a Friday, and **30 labels are wrong**. Nobody knows which. The validation and the test pictures were labelled with care. What becomes of the network?

# %% [markdown] lang="zh"
# 全部答对，而在测试图像上，比瞎猜的 0.10 好不了多少：训练成绩说明不了理解。（用 `labels = y` 时，训练准确率一样，测试约为 0.88，五个种子平均。）参数足够多的网络能存下任何一张表。过分贴合训练数据，连偶然和错误也一并学去，就是**过拟合**。
#
# 再看一个生活中的例子。助手在周五晚上给这 150 张图像做标注，**标错了 30 张**，没有人知道是哪些。验证图像和测试图像是仔细标注的。网络会怎样？

# %%
given, wrong = given_labels()  # (150,) labels; (150,) which of them are wrong, for the experiments only

network = Network()
for _ in range(80):
    for rows in np.split(rng.permutation(len(x)), 6):
        network.step(x[rows], given[rows])
print(say(en="wrong labels repeated: {n} of 30   test pictures: {b:.3f}", zh="学进去的错标签：30 个中的 {n} 个   测试图像：{b:.3f}",
          n=int(np.sum(network.read(x[wrong]).argmax(axis=1) == given[wrong])), b=network.accuracy(x_test, y_test)))
history = plain_history()  # the same once more, epoch by epoch, for section 6

# %% [markdown] lang="en"
# It learns all 30 errors, too, and the test falls from 0.88 to about 0.76 (mean of five seeds). This network is your patient. **Regularisation** is whatever keeps a model from fitting the training data too closely. Its success shows in the validation, never in the training.
#
# ## 2 · Too free for its data
#
# Why do errors spread to other pictures? A smaller model shows it: a polynomial through noisy points.

# %% [markdown] lang="zh"
# 30 个错误它也全学会了，测试从 0.88 降到约 0.76（五个种子的平均）。这个网络就是你的病人。**正则化**就是防止模型过分贴合训练数据的各种办法。它的成效要看验证，绝不能看训练。
#
# ## 2 · 对数据来说太自由
#
# 错误为什么会波及别的图像？用一个更小的模型就能看清：穿过带噪声的点的多项式。

# %%
from course.figures.capacity import fig_capacity, fig_ridge
from course.interact import Prediction, choice, explore, slider, toggle

explore(
    fig_capacity,
    predict=Prediction(
        say(en="A polynomial of degree 14 can meet all 15 points. How large is its error on fresh points of the same kind?", zh="14 次多项式可以穿过全部 15 个点。在同样来源的新点上，它的误差有多大？"),
        options=(say(en="close to 0, as on the points", zh="接近 0，和这些点上一样"), say(en="about the noise, 0.25", zh="约等于噪声，0.25"), say(en="far above the noise", zh="远大于噪声")),
        answer=2,
        because=(
            say(en="That would need points without noise. Here the curve follows the noise, and swings widely between the points.", zh="除非点没有噪声。这里曲线连噪声也跟着走，在点与点之间大幅摆动。"),
            say(en="A curve of degree 3 comes close to that. With 300 points degree 14 does, too: set n to 300.", zh="3 次曲线差不多是这样。有 300 个点时，14 次也可以：把 n 设为 300。"),
            say(en="62, though it is 0 on the points. With 300 points the same degree has 0.26: what is too free depends on the data.", zh="62，而在这些点上是 0。有 300 个点时，同样的次数只有 0.26：是否太自由，要看数据有多少。"),
        ),
    ),
    alt=say(en="Noisy points with a polynomial through them, and its errors on these and on fresh points by degree.", zh="带噪声的点和穿过它们的多项式，以及各次数在这些点和新点上的误差。"),
    degree=slider(1, 18, 14, label=say(en="degree", zh="次数")),
    n=choice([("15", 15), ("30", 30), ("100", 100), ("300", 300)], 15, label=say(en="points n", zh="点数 n")),
)

# %% [markdown] lang="en"
# So there are two ways out: more data, or less freedom. Data are expensive. (Above degree 14 the error on fresh points falls, to 0.43 at degree 18, although the curve still meets all points. That is no mistake: section 11.)
#
# ## 3 · A price on large weights
#
# A curve that swings so wildly has large coefficients, which cancel at the points. What if they cost something? Add to the loss
#
# $$R=\frac{\lambda}{2}\sum w^2 .$$
#
# This is the **L2 penalty**; $\lambda$ is the price. Biases go free: they shift a curve, they do not bend it. Its gradient is $\lambda w$, so each step of plain descent also shrinks each weight a little: weight decay (with Adam the two differ, chapter 6).

# %% [markdown] lang="zh"
# 所以有两条出路：更多的数据，或更少的自由。数据是贵的。（超过 14 次，新点上的误差又变小，到 18 次时是 0.43，曲线却仍然穿过所有的点。这不是画错了，见第 11 节。）
#
# ## 3 · 对大的权重施加惩罚
#
# 曲线摆得这么厉害，系数必然很大，在数据点处互相抵消。如果系数大了就要受罚呢？在损失上加
#
# $$R=\frac{\lambda}{2}\sum w^2 .$$
#
# 这就是 **L2 惩罚**，$\lambda$ 是惩罚系数。偏置不受罚：它们只平移曲线，不会使它弯曲。它对权重的梯度是 $\lambda w$，所以普通的梯度下降每一步还会把每个权重缩小一点，这就是权重衰减（用 Adam 时，两者并不相同：第 6 章）。

# %%
explore(
    fig_ridge,
    predict=Prediction(
        say(en="The price λ rises from nearly nothing to 10. What does the error on fresh points do?", zh="惩罚系数 λ 从几乎为零升到 10。新点上的误差会怎样？"),
        options=(say(en="it falls all the way", zh="一路下降"), say(en="it falls, then rises", zh="先降后升"), say(en="it rises all the way, as on the points", zh="一路上升，和这些点上一样")),
        answer=1,
        because=(
            say(en="At λ = 10 hardly a weight is left, and the curve is a flat line.", zh="λ = 10 时权重所剩无几，曲线成了一条平线。"),
            say(en="From 4.7 down to 0.32 at λ = 0.1, then up to 0.7, where the curve is nearly flat. The best price is chosen by validation.", zh="从 4.7 降到 λ = 0.1 处的 0.32，再升到 0.7，那时曲线几乎是平的。最好的系数要用验证来选。"),
            say(en="On the points it does: that is the cost. On fresh points it first pays.", zh="在这些点上是这样，那是付出的代价。在新点上，一开始是划算的。"),
        ),
    ),
    alt=say(en="The polynomial of degree 14 with a price on its coefficients, and its errors against the price.", zh="系数受惩罚的 14 次多项式，以及误差随惩罚系数的变化。"),
    log_lam=slider(-6.0, 1.0, -6.0, step=0.5, label="log₁₀ λ"),
)

# %% [markdown] lang="en"
# ### Exercise 1 · `l2_penalty` (3 points)
#
# ```python
# def l2_penalty(params: dict[str, np.ndarray], lam: float) -> tuple[float, dict[str, np.ndarray]]
# ```
#
# `params` holds the arrays of a network, of any shape, under names such as `"W1"` and `"b1"`. Return $R=\frac{\lambda}{2}\sum w^2$, a float, and its gradients, a dict with **all** keys of `params`. The sum runs over the arrays whose key begins with an upper-case `W`. Each of them has the gradient $\lambda W$; every other array has zeros of its own shape. Compute in float64, whatever the dtype of the arrays, and return the gradients in float64. Leave `params` and its arrays as they are.
#
# Example: `{"W": [[1, -2], [0, 3]], "b": [5, 5]}` (as arrays) with $\lambda=0.5$ gives 3.5 and `{"W": [[0.5, -1], [0, 1.5]], "b": [0, 0]}`.
#
# <details><summary>What hidden tests also use</summary>
#
# Several matrices, also with one axis, with four, with none; keys such as `"Wout"`, `"w"`, `"bW"`, `"B"`; arrays of float16 and float32; $\lambda=0$; `{}`, which gives 0.0 and `{}`; central differences for every entry.
#
# </details>
#
# <details><summary>Hint 1 · what to look at</summary>
#
# Differentiate $\frac{\lambda}{2}w^2$ by $w$. What becomes of the ½?
#
# <details><summary>Hint 2 · which step</summary>
#
# Go through `params` once. Where the key begins with W, add to the value and store a gradient; elsewhere store zeros. In float16 the square of 300 is infinite: convert first.
#
# <details><summary>Hint 3 · the step with a gap</summary>
#
# ```python
# for name, array in params.items():
#     array = np.asarray(array, dtype=np.float64)
#     grads[name] = lam * array if name.___("W") else ___
# ```
#
# </details></details></details>

# %% [markdown] lang="zh"
# ### 练习 1 · `l2_penalty`（3 分）
#
# ```python
# def l2_penalty(params: dict[str, np.ndarray], lam: float) -> tuple[float, dict[str, np.ndarray]]
# ```
#
# `params` 是网络的各个数组，形状任意，名字如 `"W1"`、`"b1"`。返回 $R=\frac{\lambda}{2}\sum w^2$（浮点数）和它的梯度，即包含 `params` **所有**键的字典。求和只针对键以大写 `W` 开头的数组，它们的梯度是 $\lambda W$；其余数组的梯度是形状相同的零。不论数组是什么类型，都用 float64 计算，梯度也以 float64 返回。不得改动 `params` 及其中的数组。
#
# 例：`{"W": [[1, -2], [0, 3]], "b": [5, 5]}`（均为数组）、$\lambda=0.5$，得到 3.5 和 `{"W": [[0.5, -1], [0, 1.5]], "b": [0, 0]}`。
#
# <details><summary>隐藏测试还会用到</summary>
#
# 多个权重数组，也有一维、四维和零维的；`"Wout"`、`"w"`、`"bW"`、`"B"` 这样的键；float16 和 float32 的数组；$\lambda=0$；`{}`，结果是 0.0 和 `{}`；对每个元素用中心差分检验。
#
# </details>
#
# <details><summary>提示 1 · 看哪里</summary>
#
# 把 $\frac{\lambda}{2}w^2$ 对 $w$ 求导。那个 ½ 到哪里去了？
#
# <details><summary>提示 2 · 哪一步</summary>
#
# 把 `params` 过一遍。键以 W 开头时，累加函数值并存下梯度；否则存零。在 float16 里 300 的平方是无穷大，所以先转换类型。
#
# <details><summary>提示 3 · 填空</summary>
#
# ```python
# for name, array in params.items():
#     array = np.asarray(array, dtype=np.float64)
#     grads[name] = lam * array if name.___("W") else ___
# ```
#
# </details></details></details>

# %% solution="l2-penalty"
def l2_penalty(params, lam):
    """Return ½·lam·Σw² over the arrays whose key begins with W, a float, and its gradients under all keys of params."""
    ### BEGIN SOLUTION
    value, grads = 0.0, {}
    for key, weights in params.items():
        weights = np.asarray(weights, dtype=np.float64)
        counted = key.startswith("W")
        value += 0.5 * lam * float(np.sum(weights**2)) if counted else 0.0
        grads[key] = lam * weights if counted else np.zeros(weights.shape)
    return value, grads
    ### END SOLUTION

# %% setup
def value_and_gradients(result, params):
    """Return the value and the gradients of `l2_penalty`, once they are a float and a dict of float arrays like params."""
    assert isinstance(result, (tuple, list)) and len(result) == 2, "[ch09-TYPE] 请返回 (R, 梯度) / return (R, gradients)"
    value, grads = result
    assert isinstance(value, (int, float, np.floating)) and math.isfinite(value), "[ch09-VALUE] R 应为一个有限的浮点数：先转成 float64 / R is one finite float: convert to float64 first"
    assert isinstance(grads, dict) and set(grads) == set(params), "[ch09-KEYS] 梯度的键应与 `params` 的完全相同，偏置也在内 / the gradients have all keys of `params`, biases too"
    for key, array in params.items():
        assert isinstance(grads[key], (np.ndarray, np.floating)) and np.shape(grads[key]) == np.shape(array), (
            "[ch09-SHAPE] 每个梯度的形状应与它的数组相同 / each gradient has the shape of its array")
        assert np.asarray(grads[key]).dtype.kind == "f", "[ch09-DTYPE] 梯度应为浮点数组 / gradients are float arrays"
    return float(value), grads

# %% test="penalty-is-half-lambda-times-squares" points=1
def _example():
    for scale, lam in ((1.0, 0.5), (3.0, 2.0)):
        params = {"W": scale * np.array([[1.0, -2.0], [0.0, 3.0]]), "b": np.array([5.0, 5.0]), "W2": scale * np.array([1.0, 1.0, 0.0]), "w": np.array([2.0])}
        value, _ = value_and_gradients(l2_penalty(params, lam), params)
        assert math.isclose(value, 0.5 * lam * scale**2 * (14 + 2)), (
            "[ch09-PENALTY] R 不对：只对键以大写 W 开头的数组，求 ½·lam 乘平方和 / R is off: ½·lam times the sum of squares, over the keys with an upper-case W alone")


_example()
### BEGIN HIDDEN TESTS
def _check():
    rng = np.random.default_rng(90101)
    for shapes in ({"W1": (3, 5), "b1": (5,), "W2": (5, 1), "b2": (1,)}, {"W": (2, 1, 4, 3), "Wout": (7,), "bW": (2, 2), "gamma": (7,), "B": (3,), "Vout": (2,)}, {"W0": (), "w": (4,), "Ww": (1, 1), "b": ()}, {"bias": (3,)}, {}):
        for lam in (0.0, 1e-4, 0.7, 12.5):
            params = {key: np.array(rng.normal(1, 2, shape)) for key, shape in shapes.items()}
            expected = 0.0
            for key, array in params.items():
                if key[0] == "W":
                    expected += sum(lam / 2 * float(w) ** 2 for w in array.ravel())
            value, _ = value_and_gradients(l2_penalty(params, lam), params)
            assert math.isclose(value, expected, rel_tol=1e-9, abs_tol=1e-15), "[ch09-PENALTY] R 不对 / R is off"
    for kind in (np.float32, np.float16):
        params = {"W1": np.full((40, 30), 300, dtype=kind), "b1": np.ones(30, dtype=kind)}
        value, _ = value_and_gradients(l2_penalty(params, 0.5), params)
        assert math.isclose(value, 0.25 * 1200 * 90_000, rel_tol=1e-5), "[ch09-FLOAT64] 先转成 float64，再平方 / convert to float64 before squaring"


_check()
### END HIDDEN TESTS

# %% test="penalty-pulls-weights-and-spares-biases" points=2
def _example():
    params = {"W": np.array([[1.0, -2.0], [0.0, 3.0]]), "b": np.array([5.0, 5.0]), "w": np.array([2.0])}
    before = {key: array.copy() for key, array in params.items()}
    _, grads = value_and_gradients(l2_penalty(params, 0.5), params)
    assert np.allclose(grads["W"], [[0.5, -1.0], [0.0, 1.5]], rtol=1e-9), "[ch09-GRADIENT] 权重的梯度应为 lam·W / the gradient of weights is lam·W"
    assert not np.any(grads["b"]) and not np.any(grads["w"]), "[ch09-BIAS] 键不以大写 W 开头的数组，梯度为零 / without an upper-case W the gradient is zero"
    assert set(params) == set(before) and all(np.array_equal(params[key], before[key]) for key in before), "[ch09-INPUT] 不要改动 `params` / leave `params` as it is"


_example()
### BEGIN HIDDEN TESTS
def _check():
    rng = np.random.default_rng(90102)
    for shapes in ({"W1": (3, 5), "b1": (5,), "W2": (5, 1), "b2": (1,)}, {"W": (2, 1, 2, 3), "Wout": (7,), "bW": (2, 2), "gamma": (7,), "B": (3,), "Vout": (2,)}, {"W0": (), "w": (4,), "Ww": (1, 1), "b": ()}, {}):
        for lam in (0.0, 1e-4, 0.7, 12.5):
            params = {key: np.array(rng.normal(1, 2, shape)) for key, shape in shapes.items()}
            before = {key: array.copy() for key, array in params.items()}
            _, grads = value_and_gradients(l2_penalty(params, lam), params)
            assert set(params) == set(before) and all(np.array_equal(params[key], before[key]) for key in before), "[ch09-INPUT] 不要改动 `params` / leave `params` as it is"
            for key, array in before.items():
                assert np.allclose(grads[key], lam * array if key[0] == "W" else 0.0, rtol=1e-9, atol=0), (
                    "[ch09-GRADIENT] 权重的梯度应为 lam·W，其余为零 / the gradient of weights is lam·W, that of others zero")
    params, h = {"W1": rng.normal(size=(3, 2)), "b1": rng.normal(size=2), "W2": rng.normal(size=2)}, 1e-6
    _, grads = value_and_gradients(l2_penalty(params, 0.3), params)
    for key, array in params.items():
        for place in np.ndindex(array.shape):
            ends = []
            for side in (h, -h):
                moved = {name: other.copy() for name, other in params.items()}
                moved[key][place] += side
                ends.append(value_and_gradients(l2_penalty(moved, 0.3), moved)[0])
            assert abs((ends[0] - ends[1]) / (2 * h) - grads[key][place]) < 1e-5, "[ch09-SLOPE] 梯度与 R 的斜率不符 / the gradient is not the slope of R"
    for kind in (np.float16, np.float32):
        small = {"W": rng.normal(0, 100, 40).astype(kind), "b": np.ones(2, dtype=kind)}
        before = dict(small)
        _, grads = value_and_gradients(l2_penalty(small, 0.3), small)
        assert np.allclose(grads["W"], 0.3 * small["W"].astype(np.float64), rtol=1e-9, atol=0), "[ch09-FLOAT64] 用 float64 计算，也以 float64 返回梯度 / compute in float64, and return the gradients in float64"
        assert all(small[key] is before[key] for key in before), "[ch09-INPUT] 不要改动 `params`，也不要换掉其中的数组 / leave `params` as it is, do not replace its arrays"


_check()
### END HIDDEN TESTS

# %% demo
with when_solved("l2_penalty"):
    for lam in (0.0, 0.01, 0.04, 0.3):
        network, rng = Network(penalty=lambda params, lam=lam: l2_penalty(params, lam)), np.random.default_rng(100)
        for _ in range(80):
            for rows in np.split(rng.permutation(len(x)), 6):
                network.step(x[rows], given[rows])
        print(say(en="λ = {lam:<5} labels learned: {a:.2f}   validation pictures read: {b:.3f}", zh="λ = {lam:<5} 学会的标签：{a:.2f}   读对的验证图像：{b:.3f}",
                  lam=lam, a=network.accuracy(x, given), b=network.accuracy(x_val, y_val)))

# %% [markdown] lang="en"
# Your penalty keeps the network from learning everything, and at a moderate price the validation gains; at 0.3 the price strangles it. A price does not know what is worth its money: it makes truth and error dearer alike.
#
# ## 4 · Switch units off at random
#
# The next tool acts on the activations. During the training a random half of the hidden units is silent, another half in each pass. No unit can rely on a certain other one, so each has to be useful by itself. When the trained network is used, all units speak. Half of them, then all: is that the same to the next layer?

# %% [markdown] lang="zh"
# 你的惩罚让网络没法全背下来，系数适中时，验证因此变好；到 0.3 就压得太狠了。可惜惩罚分不清该学的和不该学的，一律加价。
#
# ## 4 · 随机让一些单元沉默
#
# 下一种工具作用在激活上。训练时，隐藏单元随机有一半沉默，每次都是不同的一半。哪个单元都没法依赖某个特定的同伴，所以自己必须有用。真正回答问题时，所有单元都发言。一会儿一半，一会儿全部，对下一层来说是一回事吗？

# %%
from course.figures.masks import fig_masks

explore(
    fig_masks,
    predict=Prediction(
        say(en="Half of the units are silent in training, none in evaluation. What does the next layer get in evaluation, compared with the training?", zh="训练时一半单元沉默，评估时全都不沉默。评估时，下一层收到的总和是训练时的多少？"),
        options=(say(en="as much", zh="一样多"), say(en="twice as much", zh="两倍"), say(en="half as much", zh="一半")),
        answer=1,
        because=(
            say(en="In evaluation all units speak, in training only half of them.", zh="评估时所有单元都发言，训练时只有一半。"),
            say(en="Scores that were learned at half strength would be doubled. Tick “scaled”: dividing the survivors by 1 − p makes both equal on average, for every p.", zh="按一半强度学来的得分，到时会翻倍。勾选“缩放 1/(1 − p)”：留下的除以 1 − p，不论 p 是多少，两者平均都相等。"),
            say(en="The other way round: in evaluation nobody is silent.", zh="正好反过来：评估时没有单元沉默。"),
        ),
    ),
    alt=say(en="A grid of 96 units, the silent ones crossed out, and a histogram of what the next layer gets.", zh="96 个单元排成的网格，沉默的打叉，以及下一层所得总和的直方图。"),
    p=slider(0.0, 0.9, 0.5, step=0.1, label="p"),
    number=slider(1, 20, 1, label=say(en="pass", zh="第几次")),
    scaled=toggle(False, label=say(en="scaled by 1/(1 − p)", zh="缩放 1/(1 − p)")),
)

# %% [markdown] lang="en"
# This is **dropout**. Scaling already in training, so that evaluation needs no change, is called inverted dropout; all major libraries do it.

# %% [markdown] lang="zh"
# 这就是**暂退法**（dropout）。在训练时就缩放，评估时就什么也不用改，这叫反向暂退（inverted dropout），主流框架都采用这种做法。

# %% [markdown] lang="en"
# ### Exercise 2 · `dropout` (4 points)
#
# ```python
# def dropout(x: np.ndarray, p: float, rng: np.random.Generator, train: bool = True) -> np.ndarray
# ```
#
# `x` holds finite numbers, in any shape; $0\le p<1$. In training, each entry **by itself** becomes 0 with probability $p$; an entry that is kept becomes $x/(1-p)$. Return a new float array of the same shape, float64, or float32 for a float32 `x`. The random numbers come from `rng` alone, which each call moves on. In evaluation (`train=False`), and for $p=0$, the result equals `x`. Leave `x` as it is.
#
# Example: with $p=½$ every entry of the result is 0 or $2x$; with $p=0.2$ about one in five is 0, the others are $1.25\,x$.
#
# <details><summary>What hidden tests also use</summary>
#
# One to four axes; integers and float32; small and large $p$; equal seeds (equal results) and different ones. By statistics: the share of zeros and the mean; whether neighbours in any direction are dropped independently; whether the number of zeros varies, in a row, in a column, and in all.
#
# </details>
#
# <details><summary>Hint 1 · what to look at</summary>
#
# `rng.random(shape)` draws numbers from [0, 1). Which share of them is below $p$?
#
# <details><summary>Hint 2 · which step</summary>
#
# Draw a mask of the shape of `x`: True for an entry that is kept. Multiply by it, and divide by the probability of being kept.
#
# <details><summary>Hint 3 · the step with a gap</summary>
#
# ```python
# kept = rng.random(x.shape) >= ___
# ```
#
# </details></details></details>

# %% [markdown] lang="zh"
# ### 练习 2 · `dropout`（4 分）
#
# ```python
# def dropout(x: np.ndarray, p: float, rng: np.random.Generator, train: bool = True) -> np.ndarray
# ```
#
# `x` 是有限的数，形状任意；$0\le p<1$。训练时，每个元素**各自独立**地以概率 $p$ 变为 0，留下的元素变为 $x/(1-p)$。返回形状相同的新浮点数组：float64，`x` 为 float32 时也可以是 float32。随机数只取自 `rng`，每次调用都接着往下取。评估时（`train=False`）以及 $p=0$ 时，结果等于 `x`。不得改动 `x`。
#
# 例：$p=½$ 时，结果的每个元素是 0 或 $2x$；$p=0.2$ 时，约五分之一的元素为 0，其余为 $1.25\,x$。
#
# <details><summary>隐藏测试还会用到</summary>
#
# 一到四个轴；整数和 float32；很小和很大的 $p$；相同的种子（结果相同）和不同的种子。用统计检验：零所占的比例和均值；各个方向上相邻的元素是否独立地被丢弃；零的个数在每一行、每一列和全体中是否有波动。
#
# </details>
#
# <details><summary>提示 1 · 看哪里</summary>
#
# `rng.random(shape)` 从 [0, 1) 中抽取随机数，其中小于 $p$ 的占多大比例？
#
# <details><summary>提示 2 · 哪一步</summary>
#
# 抽一个形状与 `x` 相同的掩码，留下的元素为 True。乘上它，再除以留下的概率。
#
# <details><summary>提示 3 · 填空</summary>
#
# ```python
# kept = rng.random(x.shape) >= ___
# ```
#
# </details></details></details>

# %% solution="dropout"
def dropout(x, p, rng, train=True):
    """Return x with each entry 0 with probability p and else divided by 1 − p; x itself in evaluation.

    x: finite numbers, any shape. 0 <= p < 1. rng: source of the mask. The result is a float array of the shape of x.
    """
    ### BEGIN SOLUTION
    if not train or p == 0:
        return x
    return np.where(rng.random(x.shape) < p, 0.0, x / (1 - p))
    ### END SOLUTION

# %% setup
def dropped(result, x, p):
    """Return the mask of the entries that `dropout` set to zero, once all others are x / (1 − p); no entry of x is zero."""
    assert isinstance(result, np.ndarray) and result.shape == x.shape, "[ch09-SHAPE] 请返回与 `x` 同形状的数组 / return an array of the shape of `x`"
    assert result.dtype.kind == "f", "[ch09-DTYPE] 训练时结果应为浮点数：x/(1 − p) 不是整数 / in training the result is a float array: x/(1 − p) is no integer"
    zeros = result == 0
    assert np.allclose(result[~zeros], x[~zeros] / (1 - p), rtol=1e-5 if x.dtype == np.float32 else 1e-7, atol=0), (
        "[ch09-SCALE] 留下的元素应为 x/(1 − p)，丢弃的为 0 / a kept entry is x/(1 − p), a dropped one 0")
    return zeros


def deviations(share, p, n):
    """How many standard errors the share of n dropped entries lies from p."""
    return abs(share - p) / math.sqrt(p * (1 - p) / n)

# %% test="dropout-keeps-the-mean" points=2
def _example():
    x = np.arange(1.0, 100_001.0).reshape(400, 250)
    before = x.copy()
    for p in (0.5, 0.2):  # one half alone would not tell kept from dropped
        zeros = dropped(dropout(x, p, np.random.default_rng(1)), before, p)
        assert deviations(zeros.mean(), p, zeros.size) < 5, "[ch09-SHARE] 被丢弃的比例应为 p，不是 1 − p / the share of dropped entries is p, not 1 − p"
    assert np.array_equal(x, before), "[ch09-INPUT] 不要改动 `x` / leave `x` as it is"


_example()
### BEGIN HIDDEN TESTS
def _check():
    rng = np.random.default_rng(90201)
    for shape, p, kind in (((400, 300), 0.2, np.float64), ((30_000,), 0.05, np.float64), ((1, 20_000), 0.9, np.float32), ((20, 30, 40), 0.35, np.int64), ((5, 1, 60, 50), 0.6, np.float64), ((120, 90), 0.75, np.int16)):
        x = (rng.integers(1, 50, shape) * rng.choice([-1, 1], shape)).astype(kind)
        before = x.copy()
        zeros = dropped(dropout(x, p, np.random.default_rng(int(rng.integers(1000)))), before, p)
        assert deviations(zeros.mean(), p, zeros.size) < 5, "[ch09-SHARE] 被丢弃的比例应为 p / the share of dropped entries is p"
        assert np.array_equal(x, before), "[ch09-INPUT] 不要改动 `x` / leave `x` as it is"
    ones = np.ones((400, 300))
    result = dropout(ones, 0.2, np.random.default_rng(7))
    dropped(result, ones, 0.2)
    assert abs(result.mean() - 1) < 5 * math.sqrt(0.25 / ones.size), "[ch09-MEAN] 平均而言，输出应与输入相等 / on average the output equals the input"


_check()
### END HIDDEN TESTS

# %% test="dropout-draws-each-entry-by-itself" points=1
def _example():
    x = np.full((200, 150), 3.0)
    first, again, other = (dropped(dropout(x, 0.4, np.random.default_rng(seed)), x, 0.4) for seed in (1, 1, 2))
    assert np.array_equal(first, again), "[ch09-SEED] 同一种子应给出同样的结果：随机数只取自 `rng` / equal seeds give equal results: draw from `rng` only"
    assert not np.array_equal(first, other), "[ch09-SEED] 不同的种子应给出不同的掩码 / different seeds give different masks"
    assert np.any(first != first[0]) and np.any(first != first[:, :1]), "[ch09-EACH] 每一行、每一列都要有自己的掩码 / each row and each column has a mask of its own"
    assert len({int(zeros) for zeros in first.sum(axis=1)}) > 3, "[ch09-INDEPENDENT] 各元素独立地被丢弃，所以每行零的个数有波动 / entries are dropped independently, so the number of zeros per row varies"


_example()
### BEGIN HIDDEN TESTS
def _check():
    for seed, (shape, p) in enumerate((((400, 300), 0.2), ((60_000,), 0.5), ((30, 40, 50), 0.7), ((12, 10, 25, 20), 0.3))):
        x = np.full(shape, -2.0)
        zeros = dropped(dropout(x, p, np.random.default_rng(90202 + seed)), x, p) - p
        for axis in range(zeros.ndim):
            for lag in (1, 2):
                near = np.take(zeros, range(lag, shape[axis]), axis) * np.take(zeros, range(shape[axis] - lag), axis)
                assert abs(near.mean()) < 5 * p * (1 - p) / math.sqrt(near.size), (
                    "[ch09-INDEPENDENT] 相邻的元素应独立地被丢弃 / neighbours are dropped independently")
            # The sums over one axis vary as those of independent entries do: neither more nor less.
            if zeros.ndim > 1:
                sums = zeros.sum(axis=axis) / math.sqrt(shape[axis] * p * (1 - p))
                assert abs(np.mean(sums**2) - 1) < 6 * math.sqrt(2.2 / sums.size), (
                    "[ch09-INDEPENDENT] 各元素独立地被丢弃，零的个数有波动 / entries are dropped independently, so the number of zeros varies")
    x = np.ones(10_000)
    totals = {int(dropped(dropout(x, 0.25, np.random.default_rng(seed)), x, 0.25).sum()) for seed in range(12)}
    assert len(totals) > 3, "[ch09-INDEPENDENT] 零的总数也是随机的，不是恰好 p·n 个 / the total number of zeros is random too, not exactly p·n"
    pairs = np.ones((6000, 2))
    for p in (0.3, 0.8):
        silent = dropped(dropout(pairs, p, np.random.default_rng(40)), pairs, p).all(axis=1)
        assert deviations(silent.mean(), p * p, silent.size) < 5, "[ch09-INDEPENDENT] 一行也可能全部被丢弃，概率如各自独立时 / a whole row may be dropped, as often as independent entries are"
    many = np.ones(300_000)
    rare = dropped(dropout(many, 0.003, np.random.default_rng(41)), many, 0.003)
    assert deviations(rare.mean(), 0.003, rare.size) < 5, "[ch09-SHARE] 很小的 p 也要照办 / a small p counts, too"
    rng = np.random.default_rng(42)
    assert not np.array_equal(dropout(x, 0.5, rng), dropout(x, 0.5, rng)), "[ch09-SEED] 同一个 `rng` 的第二次调用应接着往下抽 / a second call with the same `rng` draws on"
    first, again, other = (dropped(dropout(x, 0.9, np.random.default_rng(seed)), x, 0.9) for seed in (31, 31, 32))
    assert np.array_equal(first, again) and not np.array_equal(first, other), "[ch09-SEED] 随机数只取自 `rng` / draw from `rng` only"


_check()
### END HIDDEN TESTS

# %% test="dropout-is-silent-in-evaluation" points=1
def _example():
    x = np.array([[1.0, -2.0, 3.0], [0.0, 5.0, -6.0]])
    for p, train in ((0.5, False), (0.0, True), (0.0, False)):
        result = dropout(x, p, np.random.default_rng(0), train)
        assert isinstance(result, np.ndarray) and result.shape == x.shape, "[ch09-SHAPE] 请返回与 `x` 同形状的数组 / return an array of the shape of `x`"
        assert np.array_equal(result, [[1.0, -2.0, 3.0], [0.0, 5.0, -6.0]]), (
            "[ch09-EVALUATION] 评估时和 p = 0 时，结果等于 `x`，不丢弃也不缩放 / in evaluation, and for p = 0, the result equals `x`: nothing dropped, nothing scaled")


_example()
### BEGIN HIDDEN TESTS
def _check():
    rng = np.random.default_rng(90203)
    for shape, kind in (((7,), np.int64), ((3, 4), np.float32), ((2, 1, 5, 3), np.float64), ((1, 1), np.float64)):
        x = rng.normal(0, 9, shape).astype(kind)
        before = x.copy()
        for p, train in ((0.3, False), (0.9, False), (0.0, True)):
            result = dropout(x, p, np.random.default_rng(3), train=train)
            assert isinstance(result, np.ndarray) and result.shape == shape, "[ch09-SHAPE] 请返回与 `x` 同形状的数组 / return an array of the shape of `x`"
            assert np.array_equal(result, before) and np.array_equal(x, before), (
                "[ch09-EVALUATION] 评估时和 p = 0 时，结果等于 `x` / in evaluation, and for p = 0, the result equals `x`")


_check()
### END HIDDEN TESTS

# %% [markdown] lang="en"
# ## 5 · Move the pictures
#
# A 3 that moves two pixels to the right is still a 3. Does the network know? The one below learned 150 rightly labelled pictures, unchanged, and reads 88 % of the test pictures.

# %% [markdown] lang="zh"
# ## 5 · 移动图像
#
# 一个 3 向右移两个像素，仍然是 3。网络知道吗？下面的网络学过 150 张标注正确、没有变换过的图像，能读对 88% 的测试图像。

# %%
from course.figures.mixer import fig_mixer

explore(
    fig_mixer,
    predict=Prediction(
        say(en="All test pictures move three pixels to the right. How many does the network still read?", zh="所有测试图像向右移三个像素。网络还能读对多少？"),
        options=(say(en="about 85 %", zh="约 85%"), say(en="about 60 %", zh="约 60%"), say(en="about a third", zh="约三分之一")),
        answer=2,
        because=(
            say(en="So it would be if it knew shapes. It knows which pixels are dark.", zh="如果它懂形状，就会这样。它懂的只是哪些像素是黑的。"),
            say(en="That is a shift by two pixels.", zh="那是移两个像素的结果。"),
            say(en="34 %. To this network every pixel is a quantity of its own; that pictures may move, nobody has told it.", zh="34%。对这个网络来说，每个像素都是独立的量；图像可以移动，没有人告诉过它。"),
        ),
    ),
    alt=say(en="A changed test picture of each digit, and bars with the share that the network reads.", zh="每个数字一张变换后的测试图像，以及网络读对比例的条形图。"),
    right=slider(-4, 4, 3, label=say(en="to the right", zh="右移")),
    turn=slider(-180.0, 180.0, 0.0, step=15.0, label=say(en="turn (°)", zh="旋转（°）")),
    mirror=choice([(say(en="not mirrored", zh="不镜像"), "no"), (say(en="left–right", zh="左右镜像"), "sideways"), (say(en="upside down", zh="上下镜像"), "upside down")], "no", label=say(en="mirror", zh="镜像")),
    noise=slider(0.0, 0.4, 0.0, step=0.1, label=say(en="noise", zh="噪声")),
)

# %% [markdown] lang="en"
# So tell it. In each epoch every training picture is changed anew, by chance, and keeps its label: **data augmentation**. It costs time, and it adds knowledge that is in no single picture: what may change without changing the answer.
#
# That knowledge can be wrong. Turn the pictures by 180° and look at 6 and 9; mirror them and look at 2 and 5. A turned 6 with the label 6 is a wrong label, of your own making. Shifts and small angles are safe for digits; a mirror is not. For photographs of cats a mirror is safe, too: mirrored cats are cats.

# %% [markdown] lang="zh"
# 那就告诉它。每个轮次都把每张训练图像重新随机变换，标签不变，这就是**数据增广**（也叫数据增强）。它要花时间，却带来了哪张图像里都没有的知识：什么可以变，而答案不变。
#
# 这种知识也可能是错的。把图像旋转 180°，看看 6 和 9；作镜像，看看 2 和 5。转过去的 6 还标作 6，就是你自己制造的错标签。对数字来说，平移和小角度是安全的，镜像则不然。换成猫的照片，镜像也是安全的：镜像的猫还是猫。

# %% [markdown] lang="en"
# ### Exercise 3 · `augment` (4 points)
#
# ```python
# def augment(batch: np.ndarray, rng: np.random.Generator, max_shift: int = 2, max_rot: float = 0.0) -> np.ndarray
# ```
#
# `batch` holds $N$ pictures, float32 $(N, H, W, 1)$ in [0, 1]. Change **each picture by itself**:
#
# - Shift it by whole pixels: $d_y$ down and $d_x$ to the right, each drawn from $-m \dots m$ with $m$ = `max_shift`, both bounds included, all $(2m+1)^2$ shifts equally likely, independently of the other pictures. What leaves the picture is lost; what comes in is 0. $m$ is smaller than $H$ and $W$.
# - If `max_rot` > 0, also rotate it about its centre, $((H-1)/2, (W-1)/2)$, by an angle uniform on ±`max_rot` **degrees**, not only whole ones, independent of the shift. Empty corners are 0. Rotate before or after the shift, and interpolate as you like, but stay in [0, 1] (up to 1e-6), and neither mirror nor brighten.
#
# Return a float32 array of the same shape; all random numbers come from `rng`, which each call moves on. Leave `batch` as it is. With `max_shift` = 0 and `max_rot` = 0 the result equals `batch`.
#
# Example: the rows [1, 2, 3], [4, 5, 6], [7, 8, 9] (in ninths), shifted by $d_y=1$ and $d_x=-1$, become [0, 0, 0], [2, 3, 0], [5, 6, 0].
#
# `scipy.ndimage.rotate(picture, degrees, reshape=False, order=1)` rotates an array $(H, W, 1)$ as we need it.
#
# <details><summary>What hidden tests also use</summary>
#
# $N=1$ and hundreds; $H \ne W$; the defaults; equal and different seeds; whether all shifts are equally likely; a long bright spot, whose tilt and centre are measured: at most `max_rot` + 1 degrees, both directions, uniform; a dim spot beside the middle; a white picture, whose corners must become 0; shift and rotation together.
#
# </details>
#
# <details><summary>Hint 1 · what to look at</summary>
#
# Which rows of the old picture survive when it moves down by 2, and where do they go? And when it moves up by 2?
#
# <details><summary>Hint 2 · which step</summary>
#
# Start from zeros and copy a window; or put a border of `max_shift` zeros around the picture (`np.pad`) and cut out a window at a random place. `np.roll` brings back at one side what left at the other.
#
# <details><summary>Hint 3 · the step with a gap</summary>
#
# ```python
# wide = np.pad(picture, ((m, m), (m, m), (0, 0)))
# moved = wide[m - dy : ___, m - dx : ___]
# ```
#
# </details></details></details>

# %% [markdown] lang="zh"
# ### 练习 3 · `augment`（4 分）
#
# ```python
# def augment(batch: np.ndarray, rng: np.random.Generator, max_shift: int = 2, max_rot: float = 0.0) -> np.ndarray
# ```
#
# `batch` 是 $N$ 张图像，类型为 float32，形状为 $(N, H, W, 1)$，取值在 [0, 1]。对**每张图像分别**作变换：
#
# - 平移整数个像素：向下 $d_y$，向右 $d_x$，两者都从 $-m \dots m$ 中抽取，其中 $m$ = `max_shift`，两端都包括，$(2m+1)^2$ 种平移机会均等，各图像互相独立。移出去的部分丢掉，移进来的部分为 0。$m$ 小于 $H$ 和 $W$。
# - 如果 `max_rot` > 0，还要绕中心 $((H-1)/2, (W-1)/2)$ 旋转，角度在 ±`max_rot` **度**之间均匀分布，不限于整数，与平移无关。空出的角为 0。先旋转还是先平移、怎样插值都可以，但取值要保持在 [0, 1]（允许 1e-6 的误差），不得镜像，也不得改变亮度。
#
# 返回形状相同的 float32 数组；随机数只取自 `rng`，每次调用都接着往下取。不得改动 `batch`。`max_shift` = 0 且 `max_rot` = 0 时，结果等于 `batch`。
#
# 例：各行 [1, 2, 3]、[4, 5, 6]、[7, 8, 9]（各值再除以 9），按 $d_y=1$、$d_x=-1$ 平移后，变为 [0, 0, 0]、[2, 3, 0]、[5, 6, 0]。
#
# `scipy.ndimage.rotate(picture, degrees, reshape=False, order=1)` 正好按这里的要求旋转形状为 $(H, W, 1)$ 的数组。
#
# <details><summary>隐藏测试还会用到</summary>
#
# $N=1$ 和几百张；$H \ne W$；默认值；相同和不同的种子；各种平移是否机会均等；一个长条形的亮斑，测量它的倾角和中心：倾角至多 `max_rot` + 1 度，两个方向都有，分布均匀；偏离中心的、较暗的亮斑；一张全白的图像，它的角应变为 0；平移与旋转一起使用。
#
# </details>
#
# <details><summary>提示 1 · 看哪里</summary>
#
# 图像下移 2 个像素时，原图的哪些行留了下来，到了哪里？上移 2 个像素时呢？
#
# <details><summary>提示 2 · 哪一步</summary>
#
# 从全零数组开始，复制一个窗口；或者先用 `np.pad` 给图像围上宽 `max_shift` 的零边，再在随机位置裁出一个窗口。`np.roll` 会让一边出去的像素从另一边回来。
#
# <details><summary>提示 3 · 填空</summary>
#
# ```python
# wide = np.pad(picture, ((m, m), (m, m), (0, 0)))
# moved = wide[m - dy : ___, m - dx : ___]
# ```
#
# </details></details></details>

# %% solution="augment"
def augment(batch, rng, max_shift=2, max_rot=0.0):
    """Return the pictures (N, H, W, 1), float32 in [0, 1], each moved by its own whole pixels and turned by its own angle.

    max_shift: largest shift in either direction, in pixels. max_rot: largest angle, in degrees. What comes in is 0.
    """
    ### BEGIN SOLUTION
    height, width = batch.shape[1:3]
    result = np.zeros(batch.shape, dtype=np.float32)
    for picture, moved in zip(batch, result, strict=True):
        if max_rot > 0:
            picture = ndimage.rotate(picture, rng.uniform(-max_rot, max_rot), reshape=False, order=1)
        down, right = rng.integers(-max_shift, max_shift + 1, 2)
        moved[max(down, 0) : height + min(down, 0), max(right, 0) : width + min(right, 0)] = (
            picture[max(-down, 0) : height - max(down, 0), max(-right, 0) : width - max(right, 0)])
    return np.clip(result, 0, 1)
    ### END SOLUTION

# %% setup
def pictures_like(result, batch):
    """Return the pictures that `augment` made of the batch, once they are float32 in [0, 1], in its shape."""
    assert isinstance(result, np.ndarray) and result.shape == batch.shape, "[ch09-SHAPE] 请返回与 `batch` 同形状的数组 / return an array of the shape of `batch`"
    assert result.dtype == np.float32, "[ch09-DTYPE] 结果应为 float32 / the result is float32"
    assert np.all(np.isfinite(result)) and result.min() >= -1e-6 and result.max() <= 1 + 1e-6, "[ch09-RANGE] 取值应保持在 0 与 1 之间 / the values stay between 0 and 1"
    return result


def shifts_between(batch, result, most):
    """Return for each picture the shift (down, right), each in -most … most, that made the result, with zeros coming in."""
    height, width = batch.shape[1:3]
    wide = np.pad(batch, ((0, 0), (most, most), (most, most), (0, 0)))
    found = np.full((len(batch), 2), most + 1)
    for down in range(-most, most + 1):
        for right in range(-most, most + 1):
            moved = wide[:, most - down : most - down + height, most - right : most - right + width]
            found[np.all(moved == result, axis=(1, 2, 3))] = down, right
    assert np.all(found <= most), (
        "[ch09-SHIFT] 每张图像应是原图平移整数个像素、至多 `max_shift` 的结果，移进来的为 0，什么也不绕回来 / "
        "each picture is the old one, moved by whole pixels, at most `max_shift`, with zeros coming in and nothing coming back around")
    return found


def tilts_and_centres(pictures):
    """Return the tilt of the bright spot in each picture, in degrees, and its centre's distance from the middle (N, 2)."""
    height, width = pictures.shape[1:3]
    weights = pictures[..., 0].astype(np.float64)
    weights = weights / weights.sum(axis=(1, 2), keepdims=True)
    y, x = np.mgrid[:height, :width] - np.array([height - 1, width - 1]).reshape(2, 1, 1) / 2
    centres = np.stack([(weights * y).sum(axis=(1, 2)), (weights * x).sum(axis=(1, 2))], axis=1)
    dy, dx = y - centres[:, 0, None, None], x - centres[:, 1, None, None]
    xx, yy, xy = ((weights * product).sum(axis=(1, 2)) for product in (dx * dx, dy * dy, dx * dy))
    return np.degrees(np.arctan2(2 * xy, xx - yy)) / 2, centres


def long_spots(n, height=28, width=32, up=0.0, left=0.0):
    """Return n equal pictures (n, height, width, 1) of a long bright spot, in the middle or beside it, float32 in [0, 1]."""
    y, x = np.mgrid[:height, :width] - np.array([height - 1, width - 1]).reshape(2, 1, 1) / 2
    spot = np.exp(-((x + left) ** 2) / 40 - (y + up) ** 2 / 4)
    return np.repeat(np.where(spot > 0.01, spot, 0).astype(np.float32)[None, ..., None], n, axis=0)

# %% test="augment-shifts-with-an-empty-border" points=2
def _example():
    batch = np.random.default_rng(0).random((60, 5, 7, 1), dtype=np.float32)
    before = batch.copy()
    same = pictures_like(augment(batch, np.random.default_rng(1), 0, 0.0), before)
    assert np.array_equal(same, before), "[ch09-IDENTITY] max_shift = 0 且 max_rot = 0 时，结果等于 `batch` / with max_shift = 0 and max_rot = 0 the result equals `batch`"
    for most in (1, 4):
        moves = shifts_between(before, pictures_like(augment(batch, np.random.default_rng(2), most), before), most)
        assert moves.min() == -most and moves.max() == most, "[ch09-BOUNDS] 两个方向都要有，直到 `max_shift` 为止，包括它 / both directions occur, up to `max_shift` and including it"
    assert np.array_equal(batch, before), "[ch09-INPUT] 不要改动 `batch` / leave `batch` as it is"


_example()
### BEGIN HIDDEN TESTS
def _check():
    rng = np.random.default_rng(90301)
    for shape, most in (((1, 6, 4, 1), 2), ((50, 4, 3, 1), 2), ((80, 9, 8, 1), 1), ((30, 28, 28, 1), 3), ((5, 3, 12, 1), 0), ((3, 1, 5, 1), 0), ((300, 8, 7, 1), 5)):
        batch = rng.random(shape, dtype=np.float32)
        before = batch.copy()
        result = pictures_like(augment(batch, np.random.default_rng(int(rng.integers(1000))), most, 0.0), before)
        moves = shifts_between(before, result, most)
        assert len(batch) < 300 or (moves.min() == -most and moves.max() == most), "[ch09-BOUNDS] 平移应到 `max_shift` 为止，包括它 / shifts reach up to `max_shift` and include it"
        assert np.array_equal(batch, before), "[ch09-INPUT] 不要改动 `batch` / leave `batch` as it is"
    batch = rng.random((200, 8, 8, 1), dtype=np.float32)
    moves = shifts_between(batch, pictures_like(augment(batch.copy(), np.random.default_rng(5)), batch), 2)
    assert moves.min() == -2 and moves.max() == 2, "[ch09-DEFAULT] `max_shift` 的默认值是 2 / the default of `max_shift` is 2"
    white = np.ones((40, 6, 7, 1), dtype=np.float32)
    moves = shifts_between(white, pictures_like(augment(white.copy(), np.random.default_rng(6), max_shift=1), white), 1)
    assert len({tuple(move) for move in moves.tolist()}) > 3, "[ch09-BORDER] 移进来的部分为 0 / what comes in is 0"


_check()
### END HIDDEN TESTS

# %% test="augment-draws-each-picture-by-itself" points=1
def _example():
    batch = np.random.default_rng(0).random((300, 6, 5, 1), dtype=np.float32)
    first, again, other = (pictures_like(augment(batch.copy(), np.random.default_rng(seed), 1), batch) for seed in (1, 1, 2))
    assert np.array_equal(first, again), "[ch09-SEED] 同一种子应给出同样的结果：随机数只取自 `rng` / equal seeds give equal results: draw from `rng` only"
    assert not np.array_equal(first, other), "[ch09-SEED] 不同的种子应给出不同的结果 / different seeds give different results"
    moves = {tuple(move) for move in shifts_between(batch, first, 1).tolist()}
    assert len(moves) > 1, "[ch09-EACH] 每张图像都要有自己的平移 / each picture has a shift of its own"
    rng = np.random.default_rng(3)
    assert not np.array_equal(augment(batch, rng), augment(batch, rng)), "[ch09-SEED] 同一个 `rng` 的第二次调用应接着往下抽 / a second call with the same `rng` draws on"
    first, again = (augment(batch[:20], np.random.default_rng(4), 0, 30.0) for _ in range(2))
    assert np.array_equal(first, again), "[ch09-SEED] 角度也只取自 `rng` / draw angles from `rng`, too"
    assert len(moves) == 9, "[ch09-ALL] 九种平移都应出现，斜向的、只动一个方向的和不动的都算 / all nine shifts occur: diagonal ones, straight ones, and none"


_example()
### BEGIN HIDDEN TESTS
def _check():
    rng = np.random.default_rng(90302)
    for most in (1, 2):
        batch = rng.random((1000, 6, 7, 1), dtype=np.float32)
        moves = shifts_between(batch, pictures_like(augment(batch.copy(), np.random.default_rng(70 + most), most), batch), most)
        places = (2 * most + 1) ** 2
        counts = np.bincount((moves[:, 0] + most) * (2 * most + 1) + moves[:, 1] + most, minlength=places)
        # chi-squared with places − 1 degrees of freedom, six deviations above its mean
        surprise = float(np.sum((counts - 1000 / places) ** 2) / (1000 / places))
        assert surprise < places - 1 + 6 * math.sqrt(2 * (places - 1)), "[ch09-EQUAL] 各种平移应机会均等 / all shifts are equally likely"
        assert most == 1 or surprise > 3, "[ch09-EACH] 各图像独立抽取，所以各种平移的次数不会恰好相同 / pictures draw independently, so shifts do not occur equally often to the last one"
        # Does the next picture's shift depend on this one's?
        for axis in (0, 1):
            near = moves[1:, axis] * moves[:-1, axis] / (most * (most + 1) / 3)
            assert abs(near.mean()) < 5 / math.sqrt(len(near)), "[ch09-EACH] 各图像的平移应互相独立 / the shifts of the pictures are independent"
    batch = rng.random((30, 6, 7, 1), dtype=np.float32)
    first, again, other = (augment(batch.copy(), np.random.default_rng(seed)) for seed in (11, 11, 12))
    assert np.array_equal(pictures_like(first, batch), pictures_like(again, batch)) and not np.array_equal(first, pictures_like(other, batch)), (
        "[ch09-SEED] 随机数只取自 `rng` / draw from `rng` only")
    first, again, rng = *(augment(batch.copy(), np.random.default_rng(13), 1, 30.0) for _ in range(2)), np.random.default_rng(14)
    assert np.array_equal(pictures_like(first, batch), pictures_like(again, batch)), "[ch09-SEED] 角度也只取自 `rng` / draw angles from `rng`, too"
    assert not np.array_equal(augment(batch.copy(), rng), augment(batch.copy(), rng)), "[ch09-SEED] 同一个 `rng` 的第二次调用应接着往下抽 / a second call with the same `rng` draws on"


_check()
### END HIDDEN TESTS

# %% test="augment-rotates-about-the-centre" points=1
def _example():
    spots = long_spots(100)
    turned = pictures_like(augment(spots.copy(), np.random.default_rng(1), 0, 20.0), spots)
    tilts, centres = tilts_and_centres(turned)
    assert np.abs(tilts).max() < 21, "[ch09-ANGLE] 转角应在 ±`max_rot` 度之内（是度，不是弧度） / the angle stays within ±`max_rot` degrees, not radians"
    assert tilts.min() < -12 and tilts.max() > 12, "[ch09-ANGLE] 两个方向都要转，直到 `max_rot` 为止 / turn in both directions, up to `max_rot`"
    assert np.hypot(*centres.T).mean() < 0.08, "[ch09-CENTRE] 应绕 ((H − 1)/2, (W − 1)/2) 旋转，此时不平移 / turn about ((H − 1)/2, (W − 1)/2), here without a shift"
    corners = augment(np.ones((60, 24, 24, 1), dtype=np.float32), np.random.default_rng(2), 0, 40.0)[:, 0, 0, 0]
    assert corners.min() < 0.01, "[ch09-CORNER] 空出的角应为 0 / empty corners are 0"


_example()
### BEGIN HIDDEN TESTS
def _check():
    rng = np.random.default_rng(90303)
    squares = []
    for height, width, most in ((28, 32, 30.0), (33, 27, 24.5), (30, 30, 20.0)):
        spots = long_spots(250, height, width)
        before = spots.copy()
        turned = pictures_like(augment(spots, np.random.default_rng(int(rng.integers(1000))), 0, most), before)
        assert np.array_equal(spots, before), "[ch09-INPUT] 不要改动 `batch` / leave `batch` as it is"
        tilts, centres = tilts_and_centres(turned)
        assert np.abs(tilts).max() < most + 1, "[ch09-ANGLE] 转角应在 ±`max_rot` 度之内 / the angle stays within ±`max_rot` degrees"
        # Kolmogorov and Smirnov, at one in a million
        gaps = np.abs((np.sort(tilts) / most + 1) / 2 - (np.arange(250) + 0.5) / 250)
        assert gaps.max() < 0.17, "[ch09-UNIFORM] 转角应在 ±`max_rot` 之间均匀分布 / the angle is uniform on ±`max_rot`"
        assert np.hypot(*centres.T).mean() < 0.08, "[ch09-CENTRE] 应绕 ((H − 1)/2, (W − 1)/2) 旋转 / turn about ((H − 1)/2, (W − 1)/2)"
        assert len({picture.tobytes() for picture in np.round(turned, 5)}) > 70, "[ch09-EACH] 每张图像都要有自己的转角，不限于整数度 / each picture has an angle of its own, in whole degrees or not"
        assert np.all(np.abs(turned.sum(axis=(1, 2, 3)) / before.sum(axis=(1, 2, 3)) - 1) < 0.1), "[ch09-CONTENT] 旋转不应改变图像的内容 / turning leaves the content as it is"
        assert abs(np.corrcoef(tilts[1:], tilts[:-1])[0, 1]) < 0.36, "[ch09-EACH] 各图像的转角应互相独立 / the angles of the pictures are independent"
        squares.append(np.mean((tilts / most) ** 2))
    assert abs(np.mean(squares) - 1 / 3) < 0.06, "[ch09-UNIFORM] 转角应在 ±`max_rot` 之间均匀分布 / the angle is uniform on ±`max_rot`"
    stripes = (rng.random((60, 16, 17, 1)) < 0.5).astype(np.float32)
    pictures_like(augment(stripes, np.random.default_rng(8), 1, 25.0), stripes)  # no interpolation leaves [0, 1]
    corners = pictures_like(augment(np.ones((60, 25, 22, 1), dtype=np.float32), np.random.default_rng(9), 0, 40.0), np.ones((60, 25, 22, 1)))[:, -1, -1, 0]
    assert corners.min() < 0.01, "[ch09-CORNER] 空出的角应为 0 / empty corners are 0"
    dim = long_spots(60, 30, 34, up=5.0, left=6.0) / 3
    turned = pictures_like(augment(dim.copy(), np.random.default_rng(12), 0, 15.0), dim)
    assert np.all(np.abs(turned.sum(axis=(1, 2, 3)) / dim.sum(axis=(1, 2, 3)) - 1) < 0.1), "[ch09-CONTENT] 旋转不应改变亮度 / turning does not brighten"
    assert np.all(tilts_and_centres(turned)[1] < -2), "[ch09-CONTENT] 旋转时不要镜像 / do not mirror when you turn"
    white = np.ones((60, 20, 20, 1), dtype=np.float32)
    edges = pictures_like(augment(white.copy(), np.random.default_rng(13), 4, 0.5), white)[..., 0]
    empty = [min(picture[side].max() for side in (np.s_[0], np.s_[-1], np.s_[:, 0], np.s_[:, -1])) < 0.4 for picture in edges]
    assert sum(empty) > 40, "[ch09-BORDER] 旋转时，移进来的部分也为 0，什么也不绕回来 / with a rotation, too, what comes in is 0, and nothing comes back around"
    spots = long_spots(250)
    tilts, centres = tilts_and_centres(pictures_like(augment(spots.copy(), np.random.default_rng(10), 2, 10.0), spots))
    assert max(abs(np.corrcoef(tilts, centres[:, axis])[0, 1]) for axis in (0, 1)) < 0.4, "[ch09-BOTH] 转角与平移无关 / the angle does not depend on the shift"
    assert np.abs(tilts).max() < 11.5 and tilts.min() < -5 and tilts.max() > 5, "[ch09-BOTH] 平移时也要旋转 / rotate when you shift, too"
    distance = np.hypot(*centres.T)
    assert distance.max() < 2 * math.sqrt(2) + 0.3 and 1.2 < np.mean(centres[:, 0] ** 2) < 2.8 and 1.2 < np.mean(centres[:, 1] ** 2) < 2.8, "[ch09-BOTH] 旋转时也要平移 / shift when you rotate, too"


_check()
### END HIDDEN TESTS

# %%
with when_solved("augment"):
    from course.figures.style import new_figure

    def fig_twelve(shift=4, turn=20.0, seed=0):
        """One picture, changed twelve times by the learner's own function."""
        twelve = augment(np.repeat(x[:1], 12, axis=0), np.random.default_rng(seed), shift, turn)
        figure, axes = new_figure(1, 1, width=9.0, height=1.2)
        axes.imshow(np.concatenate(list(twelve[..., 0]), axis=1), cmap="gray_r", vmin=0, vmax=1)
        axes.grid(False)
        axes.set(xticks=[], yticks=[])
        axes.set_title(say(en="One picture, twelve times changed by your augment", zh="同一张图像，由你的 augment 变换十二次"))
        return figure

    explore(
        fig_twelve,
        alt=say(en="One digit, twelve times shifted and turned.", zh="同一个数字，平移和旋转了十二次。"),
        shift=slider(0, 8, 4, label=say(en="shift at most", zh="最多平移")),
        turn=slider(0.0, 180.0, 20.0, step=10.0, label=say(en="turn at most (°)", zh="最多旋转（°）")),
        seed=slider(0, 9, 0, label=say(en="seed", zh="种子")),
    )

# %% [markdown] lang="en"
# ## 6 · Stop in time
#
# Back to the patient and its 30 wrong labels, without any tool. Here is its training loss, epoch by epoch. It falls to the end.

# %% [markdown] lang="zh"
# ## 6 · 适时停下
#
# 回到那个病人和它的 30 个错标签，什么工具也不用。下面是它的训练损失，逐轮记录，一直下降到最后。

# %%
from course.figures.stopping import fig_stopping

explore(
    fig_stopping,
    predict=Prediction(
        say(en="When is its validation loss lowest?", zh="它的验证损失什么时候最低？"),
        options=(say(en="before epoch 15", zh="第 15 轮之前"), say(en="around epoch 40", zh="第 40 轮左右"), say(en="at the end", zh="最后")),
        answer=0,
        because=(
            say(en="In epoch 7. Then it reads 85 % of the validation pictures and repeats 7 % of the wrong labels; at the end 75 % and all of them. What is true of many pictures is learned first, single errors later.", zh="第 7 轮。那时它读对 85% 的验证图像，只学进了 7% 的错标签；到最后，读对的降到 75%，错标签全学进去了。许多图像共有的规律先学会，个别的错误后学会。"),
            say(en="By then it repeats nearly all wrong labels.", zh="到那时它已经把错标签几乎全学进去了。"),
            say(en="The training loss is lowest there. What it still falls by are the wrong labels.", zh="那里最低的是训练损失。它还在下降，靠的是背错标签。"),
        ),
    ),
    alt=say(en="Training loss by epoch; after the guess also the validation loss, the share of wrong labels learned, and the stop.", zh="训练损失随轮次的变化；猜过之后还有验证损失、学进去的错标签的比例和停止的位置。"),
    patience=slider(1, 40, 10, label=say(en="patience", zh="耐心")),
)

# %% [markdown] lang="en"
# So one stops when the validation loss no longer falls, and takes the weights of the best epoch: **early stopping**. The loss fluctuates, so one waits a number of epochs, the *patience*, before one believes it. It costs nothing but a validation set (ours is larger than the training, 257 pictures, and labelled with care).
#
# Mind the defaults of Keras: `keras.callbacks.EarlyStopping()` has `patience=0` and `restore_best_weights=False`. It stops at the first tremor and leaves you with the last weights, not the best ones.

# %% [markdown] lang="zh"
# 所以，验证损失不再下降时就停下，并取最好一轮的权重，这就是**早停**。损失会抖动，所以要多等几轮才算数，等的轮数叫作“耐心”（patience）。除了要有验证集，早停没有额外的开销（我们的验证集有 257 张，比训练集还大，而且标注仔细）。
#
# 请留意 Keras 的默认值：`keras.callbacks.EarlyStopping()` 的 `patience=0`，`restore_best_weights=False`。它一抖就停，留给你的是最后的权重，而不是最好的权重。

# %% [markdown] lang="en"
# ### Exercise 4 · `EarlyStopping` (5 points)
#
# ```python
# class EarlyStopping:
#     def __init__(self, patience: int, min_delta: float = 0.0) -> None: ...
#     def update(self, epoch: int, loss: float, weights: list[np.ndarray]) -> bool: ...
#     def best(self) -> dict: ...
# ```
#
# The training loop calls `update` after each epoch, with the validation loss and the weights of that moment.
#
# - An **improvement** is `loss < best_loss − min_delta`. The best loss starts at $+\infty$ and is that of the last improvement: a smaller loss that is no improvement leaves it as it is. nan is never an improvement.
# - `update` returns True as soon as `patience` calls in a row brought no improvement, else False. A `patience` of 0 acts like 1: the first such call returns True.
# - `best()` returns `{"epoch": …, "loss": …, "weights": …}` of the last improvement: the epoch number that was given, a float, and the list of arrays **as they were then**. The loop goes on changing its arrays in place.
#
# Each object keeps a record of its own. The epoch number is only a label: it may start anywhere and skip. Nobody calls `best` before an improvement, or `update` after True.
#
# Example: with `patience` 2 and losses 4, 2, 3, 1, 1, 3 the answers are False five times, then True; the best is epoch 3 with loss 1, if epochs count from 0.
#
# <details><summary>What hidden tests also use</summary>
#
# Plateaus, nan and $\infty$, also as first loss; improvements below `min_delta`, exactly `min_delta`, and above; an improvement in the last possible epoch; negative losses; two objects in turn; `patience` from 0 to 5; numbers that are exact in binary, such as 0.25. A training loop that changes its arrays in place.
#
# </details>
#
# <details><summary>Hint 1 · what to look at</summary>
#
# What must the object remember from one call to the next? Two settings, and four things that change.
#
# <details><summary>Hint 2 · which step</summary>
#
# One comparison decides. If it holds, keep epoch, loss and copies of the arrays, and set the counter to 0; else add 1 to it. Every comparison with nan is False: so ask "is it better?", not "is it worse?".
#
# <details><summary>Hint 3 · the step with a gap</summary>
#
# ```python
# if loss < self.best_loss - self.min_delta:
#     self.kept = [___ for array in weights]
#     self.bad_epochs = ___
# ```
#
# </details></details></details>

# %% [markdown] lang="zh"
# ### 练习 4 · `EarlyStopping`（5 分）
#
# ```python
# class EarlyStopping:
#     def __init__(self, patience: int, min_delta: float = 0.0) -> None: ...
#     def update(self, epoch: int, loss: float, weights: list[np.ndarray]) -> bool: ...
#     def best(self) -> dict: ...
# ```
#
# 训练循环在每个轮次之后调用 `update`，传入此刻的验证损失和权重。
#
# - `loss < best_loss − min_delta` 才算**改进**。最好的损失从 $+\infty$ 开始，等于最近一次改进时的损失：损失虽然更小、但不算改进时，它保持不变。nan 永远不算改进。
# - 一旦连续 `patience` 次调用都没有改进，`update` 就返回 True，否则返回 False。`patience` 为 0 与为 1 相同：第一次没有改进就返回 True。
# - `best()` 返回最近一次改进的 `{"epoch": …, "loss": …, "weights": …}`：当时传入的轮次编号、浮点数、以及**当时的**数组列表。此后循环还会就地修改自己的数组。
#
# 每个对象有自己的记录。轮次编号只是个标签，可以从任意数开始，也可以跳号。不会有人在改进之前调用 `best`，也不会有人在返回 True 之后再调用 `update`。
#
# 例：`patience` 为 2，损失依次为 4、2、3、1、1、3，则返回五次 False，然后是 True；轮次从 0 数起时，最好的是第 3 轮，损失为 1。
#
# <details><summary>隐藏测试还会用到</summary>
#
# 停滞、nan 和 $\infty$，包括第一个损失；小于 `min_delta`、恰好等于 `min_delta` 和更大的下降；耐心即将耗尽时又有改进；负的损失；两个对象轮流使用；0 到 5 的 `patience`；在二进制下精确的数，例如 0.25。就地修改数组的训练循环。
#
# </details>
#
# <details><summary>提示 1 · 看哪里</summary>
#
# 从一次调用到下一次，对象要记住什么？除了两项设置，还有四样。
#
# <details><summary>提示 2 · 哪一步</summary>
#
# 一次比较就能决定。成立时，留下轮次、损失和各数组的副本，计数器归零；否则计数器加 1。与 nan 的任何比较都为假，所以要问“是否更好”，而不是“是否更差”。
#
# <details><summary>提示 3 · 填空</summary>
#
# ```python
# if loss < self.best_loss - self.min_delta:
#     self.kept = [___ for array in weights]
#     self.bad_epochs = ___
# ```
#
# </details></details></details>

# %% solution="early-stopping"
class EarlyStopping:
    """Says when to stop, and keeps the weights of the best epoch.

    patience: calls in a row without an improvement after which to stop. min_delta: by how much more than this a loss
    must fall below the best one to be an improvement.
    """

    def __init__(self, patience, min_delta=0.0):
        """Begin without any epoch."""
        ### BEGIN SOLUTION
        self.patience = max(patience, 1)
        self.min_delta = min_delta
        self.best_loss = math.inf
        self.best_epoch = None
        self.best_weights = []
        self.waited = 0
        ### END SOLUTION

    def update(self, epoch, loss, weights):
        """Note the validation loss and the weights (a list of arrays) of an epoch; return whether to stop."""
        ### BEGIN SOLUTION
        if loss < self.best_loss - self.min_delta:
            self.best_epoch, self.best_loss, self.waited = epoch, float(loss), 0
            self.best_weights = [np.array(weight) for weight in weights]
        else:
            self.waited += 1
        return self.waited >= self.patience
        ### END SOLUTION

    def best(self):
        """Return {"epoch", "loss", "weights"} of the last improvement."""
        ### BEGIN SOLUTION
        return {"epoch": self.best_epoch, "loss": self.best_loss, "weights": self.best_weights}
        ### END SOLUTION

# %% given
def early_stopping_run(losses, patience, min_delta=0.0):
    """Train by a loop that changes its weights in place, and return the best epoch, its loss and its weights.

    After epoch e, counted from 0, all weights are e + 1. The training goes on for one more epoch after the stop.
    """
    weights = [np.zeros((2, 3)), np.zeros(3)]
    stopping = EarlyStopping(patience, min_delta)
    for epoch, loss in enumerate(losses):
        for array in weights:
            array += 1
        if stopping.update(epoch, loss, weights):
            break
    for array in weights:
        array += 1
    best = stopping.best()
    return {"epoch": int(best["epoch"]), "loss": float(best["loss"]), "weights": [np.array(array) for array in best["weights"]]}

# %% setup
def told(stopping, epoch, loss):
    """Return what `update` says of an epoch whose weights hold the epoch's number, once it is True or False."""
    stop = stopping.update(epoch, loss, [np.full((2, 3), float(epoch)), np.full(4, -float(epoch))])
    assert isinstance(stop, (bool, np.bool_)), "[ch09-TYPE] `update` 应返回 True 或 False / `update` returns True or False"
    return bool(stop)


def kept(stopping):
    """Return (epoch, loss) of `best()`, once it is a dict of the right form whose weights are those of that epoch."""
    best = stopping.best()
    assert isinstance(best, dict) and set(best) == {"epoch", "loss", "weights"}, "[ch09-KEYS] `best` 应返回字典，键为 epoch、loss、weights / `best` returns a dict with the keys epoch, loss, weights"
    epoch, loss, weights = best["epoch"], best["loss"], best["weights"]
    assert isinstance(epoch, (int, np.integer)) and isinstance(loss, (int, float, np.floating)), "[ch09-TYPE] epoch 应为整数，loss 应为浮点数 / epoch is an int, loss a float"
    assert isinstance(weights, (list, tuple)) and len(weights) == 2 and all(isinstance(array, np.ndarray) for array in weights), "[ch09-TYPE] weights 应为数组的列表 / weights is a list of arrays"
    assert [array.shape for array in weights] == [(2, 3), (4,)], "[ch09-SHAPE] 数组的形状应与传入的相同 / the arrays have the shapes that were given"
    assert np.all(weights[0] == epoch) and np.all(weights[1] == -epoch), "[ch09-BEST] 应留下最好一轮的权重，不是最后一轮的 / keep the weights of the best epoch, not of the last one"
    return int(epoch), float(loss)


def stop_epoch(patience, losses, min_delta=0.0, first=0, step=1):
    """Return the epoch at which a new EarlyStopping stops, or None, and the (epoch, loss) that it kept."""
    stopping = EarlyStopping(patience, min_delta)
    for number, loss in enumerate(losses):
        if told(stopping, first + step * number, loss):
            return first + step * number, kept(stopping)
    return None, kept(stopping)

# %% test="stopping-waits-for-patience" points=2
def _example():
    for patience, losses, expected in (
        (2, (4.0, 2.0, 3.0, 3.5, 9.0), 3),  # two worse epochs in a row
        (2, (4.0, 2.0, 3.0, 1.0, 1.0, 3.0), 5),  # epoch 3 is better: the counter starts again; epoch 4 is not better
        (3, (4.0, 5.0, 3.0, 6.0, 2.0, 7.0), None),  # never three in a row
        (1, (2.0, 1.0, 1.5), 2),
        (0, (2.0, 1.0, 1.5), 2),
    ):
        assert stop_epoch(patience, losses)[0] == expected, (
            "[ch09-PATIENCE] 连续 `patience` 次没有改进时停止，有改进就重新数起 / stop after `patience` epochs in a row without an improvement; an improvement starts the count again")


_example()
### BEGIN HIDDEN TESTS
def _oracle(patience, losses):
    for last in range(len(losses)):
        waited = max(patience, 1)
        if last + 1 >= waited and all(losses[e] >= min(losses[:e], default=math.inf) for e in range(last - waited + 1, last + 1)):
            return last
    return None


def _check():
    rng = np.random.default_rng(90401)
    for patience in (0, 1, 2, 3, 5):
        for _ in range(6):
            losses = (rng.integers(-12, 30, 25) / 8 - np.arange(25) / rng.choice([4, 8, 64])).tolist()
            expected = _oracle(patience, losses)
            first, step = int(rng.integers(-20, 50)), int(rng.integers(1, 4))
            assert stop_epoch(patience, losses, first=first, step=step)[0] == (None if expected is None else first + step * expected), (
                "[ch09-PATIENCE] 连续 `patience` 次没有改进时停止 / stop after `patience` epochs in a row without an improvement")
    assert stop_epoch(4, [3.0, 3.0, 3.0, 3.0, 2.0, 2.0, 2.0, 2.0, 1.0])[0] is None, "[ch09-PATIENCE] 最后一刻的改进也让计数重新开始 / an improvement at the last moment starts the count again"
    assert stop_epoch(3, [3.0, 2.0, 1.0, 2.0, 2.0, 0.5], first=-4)[0] is None, "[ch09-LABEL] 轮次编号只是个标签，可以从负数开始 / the epoch number is only a label, and may start below 0"
    for useless in (math.nan, math.inf):
        stopping = EarlyStopping(2)
        assert not told(stopping, 0, useless) and told(stopping, 1, useless), "[ch09-PATIENCE] 从未有过改进，也算没有改进 / calls count from the first one on, also before any improvement"
    patient, hasty = EarlyStopping(3), EarlyStopping(1)
    assert not told(patient, 0, 1.0) and not told(hasty, 0, 5.0) and not told(patient, 1, 2.0) and not told(hasty, 1, 4.0), "[ch09-OBJECTS] 两个对象不应互相影响 / two objects do not influence each other"
    assert told(hasty, 2, 4.5) and not told(patient, 2, 2.0) and told(patient, 3, 2.0), "[ch09-OBJECTS] 两个对象不应互相影响 / two objects do not influence each other"
    assert kept(patient) == (0, 1.0) and kept(hasty) == (1, 4.0), "[ch09-OBJECTS] 两个对象不应互相影响 / two objects do not influence each other"


_check()
### END HIDDEN TESTS

# %% test="stopping-counts-true-improvements" points=1
def _example():
    nan = math.nan
    # Each loss falls, but never by more than 0.25 below the best one.
    assert stop_epoch(3, (1.0, 0.9375, 0.875, 0.75, 0.5), 0.25) == (3, (0, 1.0)), "[ch09-DELTA] 比最好的损失低 `min_delta` 以上才算改进，不算改进的损失不成为最好 / an improvement lies more than `min_delta` below the best loss; a loss that is none does not become the best"
    assert stop_epoch(3, (1.0, 0.9375, 0.875, 0.625, 0.5), 0.25) == (None, (3, 0.625)), "[ch09-DELTA] 与最好的损失比，而不是与上一轮比 / compare with the best loss, not with the last one"
    assert stop_epoch(2, (2.0, nan, 1.0, nan, nan)) == (4, (2, 1.0)), "[ch09-NAN] nan 不算改进，但算一次没有改进 / nan is no improvement, and counts as an epoch without one"


_example()
### BEGIN HIDDEN TESTS
def _check():
    nan, infinity = math.nan, math.inf
    for patience, losses, delta, expected in (
        (2, (nan, 3.0, nan, 2.0, 2.0, nan), 0.0, (5, (3, 2.0))),
        (3, (nan, nan, 1.0, nan, nan, 0.5), 0.0, (None, (5, 0.5))),
        (2, (infinity, 4.0, infinity, infinity), 0.0, (3, (1, 4.0))),
        (2, (1.0, 0.75, 0.5), 0.5, (2, (0, 1.0))),
        (2, (1.0, 0.5, 0.25, 0.125), 0.5, (None, (2, 0.25))),
        (1, (-1.0, -2.0, -3.0, -3.25), 0.5, (3, (2, -3.0))),
        (0, (8.0, 7.0, 6.5), 0.5, (2, (1, 7.0))),
        (4, (1.0, 1.25, 0.875, 1.0, 0.75, 0.5), 0.25, (4, (0, 1.0))),
        (2, (5.0, 4.0, 4.0, 3.0, 3.0, 2.0, 2.0, 2.0), 0.0, (7, (5, 2.0))),
        (2, (0.5, 0.0, nan, -1.0, -0.75, -0.5), 0.125, (5, (3, -1.0))),
        (2, (2.0**40, 2.0**41, 2.0**41), 0.0, (2, (0, 2.0**40))),
        (2, (1.0, 1 - 2.0**-20, 1 - 2.0**-19, 1.0, 1.0), 0.0, (4, (2, 1 - 2.0**-19))),
    ):
        assert stop_epoch(patience, losses, delta) == expected, (
            "[ch09-DELTA] 改进的判断不对：`min_delta`、nan 或停滞 / improvements are judged wrongly: `min_delta`, nan or a plateau")


_check()
### END HIDDEN TESTS

# %% test="stopping-keeps-the-best-weights" points=2
def _example():
    assert stop_epoch(2, (4.0, 2.0, 1.0, 3.0, 3.5)) == (4, (2, 1.0)), "[ch09-BEST] `best` 应给出最近一次改进 / `best` gives the last improvement"
    assert stop_epoch(2, (4.0, 2.0, 1.0, 3.0), first=7, step=10) == (None, (27, 1.0)), "[ch09-LABEL] 轮次编号就是传入的那个 / the epoch is the number that was given"
    run = early_stopping_run((4.0, 2.0, 1.0, 3.0, 3.5), 2)
    assert isinstance(run, dict) and run["epoch"] == 2 and run["loss"] == 1.0 and len(run["weights"]) == 2, "[ch09-BEST] `best` 应给出最近一次改进 / `best` gives the last improvement"
    assert all(isinstance(array, np.ndarray) and array.size and np.all(array == 3) for array in run["weights"]), (
        "[ch09-COPY] 循环就地修改了数组，而你留下的也跟着变了：要留下副本 / the loop changed its arrays in place, and yours changed with them: keep copies")


_example()
### BEGIN HIDDEN TESTS
def _check():
    rng = np.random.default_rng(90403)
    for patience in (1, 2, 4):
        for _ in range(4):
            losses = (rng.integers(0, 60, 15) / 4).tolist()
            best_epoch, best_loss, stop, waited = 0, math.inf, None, 0
            for epoch, loss in enumerate(losses):
                waited += 1
                if loss < best_loss:
                    best_epoch, best_loss, waited = epoch, loss, 0
                if waited == patience:
                    stop = epoch
                    break
            assert stop_epoch(patience, losses) == (stop, (best_epoch, best_loss)), "[ch09-BEST] `best` 应给出最近一次改进 / `best` gives the last improvement"
            run = early_stopping_run(losses, patience)
            assert isinstance(run, dict) and run["epoch"] == best_epoch and run["loss"] == best_loss, "[ch09-BEST] `best` 应给出最近一次改进 / `best` gives the last improvement"
            assert [np.shape(array) for array in run["weights"]] == [(2, 3), (3,)] and all(np.all(array == best_epoch + 1) for array in run["weights"]), (
                "[ch09-COPY] 要留下当时权重的副本 / keep copies of the weights of that moment")
    weights, stopping = [rng.normal(0, 1e6, (3, 2)), rng.normal(size=4).astype(np.float32)], EarlyStopping(1)
    stopping.update(0, 1.0, [array.copy() for array in weights])
    assert all(np.array_equal(*pair) for pair in zip(stopping.best()["weights"], weights, strict=True)), "[ch09-COPY] 副本应与当时的权重完全相同 / the copies equal the weights of that moment exactly"


_check()
### END HIDDEN TESTS

# %% [markdown] lang="en"
# ## 7 · Labels that are less sure
#
# A one-hot label says: class 4, with probability 1. A softmax never gives exactly 1, so the loss goes on asking for more. Take a picture whose nine wrong scores are equal. Its *lead* is the true score minus these.

# %% [markdown] lang="zh"
# ## 7 · 不那么绝对的标签
#
# 独热标签说的是：类别 4，概率为 1。softmax 永远给不出恰好的 1，所以损失总在催它把差距拉得更大。设一张图像的九个错误类别得分相等，真实类别的得分减去它们，就是“领先”的幅度。

# %%
from course.figures.smoothing import fig_smoothing

explore(
    fig_smoothing,
    predict=Prediction(
        say(en="Now the label says 0.91 for the true class and 0.01 for each other one. Which lead is best?", zh="现在标签给真实类别 0.91，其余各 0.01。领先多少最好？"),
        options=(say(en="the larger, the better", zh="越大越好"), say(en="about 4.5", zh="约 4.5"), say(en="about 2.2", zh="约 2.2")),
        answer=1,
        because=(
            say(en="With one-hot labels, yes. Here too large a lead costs: the other classes are to get their 0.01.", zh="独热标签才是这样。这里领先太多也有代价：其余类别也要得到自己的 0.01。"),
            say(en="ln(0.91/0.01) = 4.51: there the softmax gives exactly what the label says. Beyond, the loss rises.", zh="ln(0.91/0.01) = 4.51：此时 softmax 给出的恰好就是标签所说的。再大，损失就上升。"),
            say(en="Then the true class would have a probability of 0.5 only. The best lead is ln(0.91/0.01) = 4.51.", zh="那样真实类别的概率只有 0.5。最好的领先幅度是 ln(0.91/0.01) = 4.51。"),
        ),
    ),
    alt=say(en="Loss against the lead of the true score, for a one-hot and for a softened label.", zh="损失随真实类别得分领先幅度的变化，分别对应独热标签和软化的标签。"),
    eps=slider(0.0, 1.0, 0.1, step=0.05, label="ε"),
)

# %% [markdown] lang="en"
# Softened labels are $(1-\varepsilon)$ times the one-hot ones, plus $\varepsilon/k$: **label smoothing**. They bound the scores and make all probabilities more modest. That is reasonable where labels are doubtful; by itself it keeps no wrong label out, as section 9 shows.

# %% [markdown] lang="zh"
# 软化的标签是 $(1-\varepsilon)$ 乘独热，加上 $\varepsilon/k$，这就是**标签平滑**。它让得分有界，也让所有概率更谦虚。标签未必可靠时，这样的谦虚是合理的；但单靠它挡不住错标签，见第 9 节。

# %% [markdown] lang="en"
# ### Exercise 5 · `smooth_labels` (2 points)
#
# ```python
# def smooth_labels(y: np.ndarray, k: int, eps: float) -> np.ndarray
# ```
#
# `y` holds $n$ integer labels in $0 \dots k-1$, $k \ge 2$; $0 \le \varepsilon \le 1$. Return a float array $(n, k)$, float64 or float32, whose row $i$ is $(1-\varepsilon)$ times the one-hot row of `y[i]`, plus $\varepsilon/k$ in **every** column. Leave `y` as it is.
#
# Example: `y = [2, 0]`, `k = 4`, `eps = 0.2` gives [0.05, 0.05, 0.85, 0.05] and [0.85, 0.05, 0.05, 0.05].
#
# <details><summary>What hidden tests also use</summary>
#
# $\varepsilon=0$ and 1; $k$ from 2 to 10; labels of every integer type, uint8 too; $n=1$; classes that do not occur.
#
# </details>
#
# <details><summary>Hint 1 · what to look at</summary>
#
# What is the sum of a row? What does $\varepsilon=1$ give?
#
# <details><summary>Hint 2 · which step</summary>
#
# Fill an $(n, k)$ array with the share that every class gets, then add the rest to one place in each row; or mix the rows of `np.eye(k)` with a constant.
#
# <details><summary>Hint 3 · the step with a gap</summary>
#
# ```python
# targets = np.full((len(y), k), ___)
# targets[np.arange(len(y)), y] += ___
# ```
#
# </details></details></details>

# %% [markdown] lang="zh"
# ### 练习 5 · `smooth_labels`（2 分）
#
# ```python
# def smooth_labels(y: np.ndarray, k: int, eps: float) -> np.ndarray
# ```
#
# `y` 是 $n$ 个整数标签，取值 $0 \dots k-1$，$k \ge 2$；$0 \le \varepsilon \le 1$。返回 $(n, k)$ 的浮点数组，float64 或 float32 均可，其第 $i$ 行是 `y[i]` 的独热行乘以 $(1-\varepsilon)$，再在**每一列**加上 $\varepsilon/k$。不得改动 `y`。
#
# 例：`y = [2, 0]`、`k = 4`、`eps = 0.2`，得到 [0.05, 0.05, 0.85, 0.05] 和 [0.85, 0.05, 0.05, 0.05]。
#
# <details><summary>隐藏测试还会用到</summary>
#
# $\varepsilon=0$ 和 1；2 到 10 的 $k$；各种整数类型的标签，包括 uint8；$n=1$；没有出现的类别。
#
# </details>
#
# <details><summary>提示 1 · 看哪里</summary>
#
# 一行的和是多少？$\varepsilon=1$ 时得到什么？
#
# <details><summary>提示 2 · 哪一步</summary>
#
# 把 $(n, k)$ 的数组填满每个类别都有的那一份，再在每一行的一个位置加上其余的部分；或者把 `np.eye(k)` 的行与一个常数混合。
#
# <details><summary>提示 3 · 填空</summary>
#
# ```python
# targets = np.full((len(y), k), ___)
# targets[np.arange(len(y)), y] += ___
# ```
#
# </details></details></details>

# %% solution="smooth-labels"
def smooth_labels(y, k, eps):
    """Return (1 − eps)·one-hot + eps/k, a float array (n, k), for integer labels y (n,) in 0 … k − 1."""
    ### BEGIN SOLUTION
    return (1 - eps) * np.eye(k)[y] + eps / k
    ### END SOLUTION

# %% test="smoothing-shares-eps-among-all-classes" points=2
def _targets(y, k, eps):
    before = y.copy()
    targets = smooth_labels(y, k, eps)
    assert isinstance(targets, np.ndarray) and targets.dtype in (np.float64, np.float32), "[ch09-DTYPE] 请返回 float64 或 float32 的数组 / return an array of float64 or float32"
    assert targets.shape == (len(y), k), "[ch09-SHAPE] 形状应为 (n, k)：每个样本一行 / the shape is (n, k): a row for each label"
    assert np.array_equal(y, before), "[ch09-INPUT] 不要改动 `y` / leave `y` as it is"
    return targets


def _example():
    targets = _targets(np.array([2, 0, 2]), 4, 0.2)
    assert np.allclose(targets.sum(axis=1), 1, atol=1e-6), "[ch09-SUM] 每一行的和应为 1 / each row sums to 1"
    assert np.allclose(targets[:, [1, 3]], 0.05, atol=1e-6), "[ch09-SHARE] 每个类别都得到 eps/k，不是 eps/(k − 1) / every class gets eps/k, not eps/(k − 1)"
    assert np.allclose(targets[[0, 1, 2], [2, 0, 2]], 0.85, atol=1e-6), "[ch09-TRUE] 真实类别得到 1 − eps + eps/k / the true class gets 1 − eps + eps/k"


_example()
### BEGIN HIDDEN TESTS
def _check():
    rng = np.random.default_rng(90501)
    for n, k, eps, kind in ((1, 2, 0.1, np.int64), (7, 3, 0.0, np.uint8), (12, 10, 1.0, np.int32), (30, 10, 0.1, np.uint8), (5, 8, 0.45, np.int8), (40, 4, 0.9, np.uint64), (6, 6, 0.05, np.int16)):
        y = rng.integers(0, k, n).astype(kind)
        expected = [[1 - eps + eps / k if column == int(label) else eps / k for column in range(k)] for label in y]
        assert np.allclose(_targets(y, k, eps), expected, rtol=1e-6, atol=1e-7), "[ch09-SMOOTH] 应为 (1 − eps)·独热 + eps/k / it should be (1 − eps)·one-hot + eps/k"


_check()
### END HIDDEN TESTS

# %% [markdown] lang="en"
# ## 8 · Find and fix: a suspect epoch
#
# The function below trains one epoch and reports two losses. It runs without an error. Read it, and note down what makes you suspicious. Then let your own tools testify: the network gets the rate 0, so that **nothing changes from epoch to epoch**. What should its validation loss do?

# %% [markdown] lang="zh"
# ## 8 · 找错改正：可疑的一轮
#
# 下面的函数训练一轮，报告两个损失。它运行起来不报错。请读一遍，记下可疑之处。然后让你自己的工具作证：把网络的学习率设为 0，这样**从一轮到下一轮什么也不变**。它的验证损失应当怎样？

# %%
def suspect_epoch(tools, x, y, x_val, y_val, batch_size, rng):
    losses = []
    for start in range(0, len(x) - batch_size + 1, batch_size):
        rows = slice(start, start + batch_size)
        losses.append(tools["step"](tools["augment"](x[rows]), y[rows]))
    val_loss = tools["loss"](tools["augment"](x_val), y_val, training=True)
    return {"train_loss": float(np.mean(losses)), "val_loss": val_loss}


with when_solved("dropout", "augment"):
    rng = np.random.default_rng(1)
    frozen = Network(rate=0.0, drop=lambda h, rng, train: dropout(h, 0.5, rng, train))
    stepped = []
    tools = {"augment": lambda rows: augment(rows, rng), "step": lambda a, b: stepped.append(len(b)) or frozen.step(a, b), "loss": frozen.loss}
    for epoch in range(4):
        report = suspect_epoch(tools, x, given, x_val, y_val, 40, rng)
        print(say(en="epoch {n}: val_loss {v:.4f}", zh="第 {n} 轮：val_loss {v:.4f}", n=epoch + 1, v=report["val_loss"]))
    print(say(en="rows trained on in one epoch: {n} of 150", zh="一轮中训练过的行：150 行中的 {n} 行", n=sum(stepped) // 4))

# %% [markdown] lang="en"
# <details><summary>The verdict</summary>
#
# A network that does not change has one validation loss. Here it changes in every epoch, so something random sits in the measurement: the validation pictures are **augmented**, and `training=True` leaves **dropout** switched on. The number is too high besides: early stopping would judge by noise. And 30 of 150 rows never train: the loop drops the **last batch**. Put it back, and the plain mean of the batch losses is wrong as well, for a short batch then counts as much as a full one.
#
# </details>

# %% [markdown] lang="zh"
# <details><summary>结论</summary>
#
# 不变的网络只有一个验证损失。这里每轮都不同，可见测量里混进了随机的东西：验证图像被**增广**了，而且 `training=True` 让**暂退法**仍然起作用。这个数还偏高，早停就会凭噪声作判断。另外，150 行中有 30 行从不参加训练：循环丢掉了**最后一个批量**。补上之后，直接对各批量的损失取平均也不对了，因为不足一批的样本会与整批占同样的权重。
#
# </details>

# %% [markdown] lang="en"
# ### Exercise 6 · `run_epoch` (2 points)
#
# ```python
# def run_epoch(tools: dict[str, Callable], x: np.ndarray, y: np.ndarray, x_val: np.ndarray, y_val: np.ndarray,
#               batch_size: int, rng: np.random.Generator) -> dict[str, float]
# ```
#
# Write a correct epoch, without any of the faults of the suspect. `x` and `x_val` have one row per example, of any shape; `y` and `y_val` are their labels. `tools` holds three functions:
#
# | | |
# |---|---|
# | `tools["augment"](x)` | returns changed copies of the rows, in their order |
# | `tools["step"](x, y)` | one update of the weights; returns the batch's mean loss, a float |
# | `tools["loss"](x, y, training)` | the mean loss of the rows, a float; `training` is a bool: does dropout act? |
#
# - Each training row is augmented once, all at once or batch by batch, and takes part in one `step`, augmented, with its own label. Batches have `batch_size` rows, only the last one may have fewer. The order is free; shuffle with `rng` if you like.
# - After the last `step`, each validation row is evaluated once with `loss`: as it is, with its own label, and `training=False`; all at once or batch by batch. `loss` sees no training rows.
# - Return `{"train_loss": …, "val_loss": …}`, floats: the means **per row**. `train_loss` averages what `step` returned; a batch of 3 rows counts three tenths of a batch of 10.
#
# Leave the arrays as they are.
#
# <details><summary>What hidden tests also use</summary>
#
# Spies as tools, which note every row, its label and its order; a last batch of one row; batches larger than the set; batches of 1; rows with several axes.
#
# </details>
#
# <details><summary>Hint 1 · what to look at</summary>
#
# Go through the lines of `suspect_epoch`. Which row goes where, changed by what, and what counts how much?
#
# <details><summary>Hint 2 · which step</summary>
#
# Add up loss times rows, and divide by all rows at the end. If you shuffle, let one order pick rows and labels.
#
# <details><summary>Hint 3 · the step with a gap</summary>
#
# ```python
# for start in range(0, len(x), batch_size):
#     rows = order[start : start + batch_size]
#     total += tools["step"](tools["augment"](x[rows]), y[rows]) * ___
# ```
#
# </details></details></details>

# %% [markdown] lang="zh"
# ### 练习 6 · `run_epoch`（2 分）
#
# ```python
# def run_epoch(tools: dict[str, Callable], x: np.ndarray, y: np.ndarray, x_val: np.ndarray, y_val: np.ndarray,
#               batch_size: int, rng: np.random.Generator) -> dict[str, float]
# ```
#
# 写出正确的一轮，避开嫌疑代码的所有错误。`x` 和 `x_val` 每个样本一行，行的形状任意；`y` 和 `y_val` 是它们的标签。`tools` 里有三个函数：
#
# | | |
# |---|---|
# | `tools["augment"](x)` | 返回各行变换后的副本，顺序不变 |
# | `tools["step"](x, y)` | 更新一次权重，返回这个批量的平均损失（浮点数） |
# | `tools["loss"](x, y, training)` | 这些行的平均损失（浮点数）；`training` 是布尔值，表示暂退法是否起作用 |
#
# - 每一行训练数据都增广一次，可以一次全做，也可以逐个批量去做；增广后的行带着自己的标签参加一次 `step`。每个批量有 `batch_size` 行，只有最后一个可以少些。顺序不限，想打乱就用 `rng`。
# - 最后一次 `step` 之后，每一行验证数据都用 `loss` 评估一次：保持原样，带着自己的标签，`training=False`；可以一次全做，也可以逐个批量去做。训练数据不交给 `loss`。
# - 返回 `{"train_loss": …, "val_loss": …}`，都是浮点数，是**每一行**的平均。`train_loss` 由 `step` 返回的值平均而来；3 行的批量，权重是 10 行批量的十分之三。
#
# 不得改动各数组。
#
# <details><summary>隐藏测试还会用到</summary>
#
# 用会记录的假工具（spy）代替真工具，记下每一行、它的标签和先后顺序；最后一个批量只剩一行；比数据集还大的批量；大小为 1 的批量；有多个轴的行。
#
# </details>
#
# <details><summary>提示 1 · 看哪里</summary>
#
# 逐行读 `suspect_epoch`。哪一行去了哪里，被什么改动过，各占多少权重？
#
# <details><summary>提示 2 · 哪一步</summary>
#
# 把损失乘以行数累加起来，最后除以总行数。如果打乱，要用同一个顺序取样本和标签。
#
# <details><summary>提示 3 · 填空</summary>
#
# ```python
# for start in range(0, len(x), batch_size):
#     rows = order[start : start + batch_size]
#     total += tools["step"](tools["augment"](x[rows]), y[rows]) * ___
# ```
#
# </details></details></details>

# %% solution="run-epoch"
def run_epoch(tools, x, y, x_val, y_val, batch_size, rng):
    """Train on every augmented row once, then evaluate every validation row; return {"train_loss", "val_loss"}, means per row.

    tools: augment(x) -> x, step(x, y) -> float, loss(x, y, training) -> float. x, x_val: rows; y, y_val: their labels.
    """
    ### BEGIN SOLUTION
    order, total = rng.permutation(len(x)), 0.0
    for start in range(0, len(x), batch_size):
        rows = order[start : start + batch_size]
        total += len(rows) * tools["step"](tools["augment"](x[rows]), y[rows])
    return {"train_loss": float(total / len(x)), "val_loss": float(tools["loss"](x_val, y_val, False))}
    ### END SOLUTION

# %% setup
def spied_epoch(n, n_val, batch_size, shape, seed):
    """Call `run_epoch` with spies; return its two numbers and what the spies noted, as lists of calls.

    A row's first number is its name, its second says how often it was augmented. Rows of the validation are named from 500.
    """
    rng = np.random.default_rng(seed)
    x, x_val = (np.concatenate([np.arange(m)[:, None] + base, np.zeros((m, 1)), rng.random((m, int(np.prod(shape)) - 2))], axis=1).reshape(m, *shape)
                for m, base in ((n, 0), (n_val, 500)))
    labels, costs = rng.integers(0, 10, 1000), rng.uniform(0.5, 4, 1000)
    y, y_val = labels[:n], labels[500 : 500 + n_val]
    before = [array.copy() for array in (x, y, x_val, y_val)]
    calls = []

    def note(tool, rows, given=None, training=None):
        table = np.array(rows, dtype=float).reshape(len(rows), -1)
        names = table[:, 0].astype(int)
        own = np.concatenate([x, x_val])[[name - 500 + n if name >= 500 else name for name in names]].reshape(len(names), -1)
        calls.append({"tool": tool, "names": names.tolist(), "augmented": table[:, 1].tolist(), "training": training,
                      "intact": np.shape(rows)[1:] == shape and np.array_equal(table[:, 2:], own[:, 2:]),
                      "paired": given is None or np.array_equal(np.asarray(given).ravel(), labels[names])})
        return float(costs[names].mean())

    def spy_augment(x):
        note("augment", x)
        changed = np.array(x).reshape(len(x), -1)
        changed[:, 1] += 1
        return changed.reshape(np.shape(x))

    tools = {"augment": spy_augment, "step": lambda x, y: note("step", x, y), "loss": lambda x, y, training: note("loss", x, y, training)}
    result = run_epoch(tools, x, y, x_val, y_val, batch_size, np.random.default_rng(seed + 1))
    assert isinstance(result, dict) and set(result) == {"train_loss", "val_loss"}, "[ch09-KEYS] 请返回字典，键为 train_loss 和 val_loss / return a dict with the keys train_loss and val_loss"
    assert all(isinstance(value, (float, np.floating)) and math.isfinite(value) for value in result.values()), "[ch09-TYPE] 两个值应为有限的浮点数 / both values are finite floats"
    assert all(np.array_equal(*pair) for pair in zip((x, y, x_val, y_val), before, strict=True)), "[ch09-INPUT] 不要改动输入数组 / leave the input arrays as they are"
    seen = {tool: [call for call in calls if call["tool"] == tool] for tool in ("augment", "step", "loss")}
    means = float(costs[:n].mean()), float(costs[500 : 500 + n_val].mean())
    return float(result["train_loss"]), float(result["val_loss"]), seen, [call["tool"] for call in calls], means


def names_of(calls):
    """Return the sorted names of all rows in the calls."""
    return sorted(name for call in calls for name in call["names"])

# %% test="epoch-trains-on-augmented-rows" points=1
def _trained_well(n, n_val, batch_size, shape, seed):
    train_loss, _, seen, _, means = spied_epoch(n, n_val, batch_size, shape, seed)
    assert not any(name >= 500 for name in names_of(seen["step"])), "[ch09-LEAK] `step` 不应见到验证数据 / `step` must not see validation rows"
    assert names_of(seen["step"]) == list(range(n)), "[ch09-ONCE] 每一行训练数据参加一次 `step`，最后的零头也要 / every training row takes part in one `step`, those of the last batch too"
    assert all(mark == 1 for call in seen["step"] for mark in call["augmented"]), "[ch09-AUGMENTED] `step` 应得到增广后的行，每行增广一次 / `step` gets the augmented rows, each augmented once"
    assert [name for name in names_of(seen["augment"]) if name < 500] == list(range(n)), "[ch09-AUGMENTED] 每一行训练数据增广一次 / each training row is augmented once"
    assert all(call["intact"] for call in seen["augment"] + seen["step"]), "[ch09-ROWS] 交给工具的行，形状和数值都要照原样 / hand rows to the tools in their own shape, with their own values"
    assert all(call["paired"] for call in seen["step"]), "[ch09-PAIRS] 打乱之后，每一行要带着自己的标签 / after shuffling each row keeps its own label"
    sizes = [len(call["names"]) for call in seen["step"]]
    assert sizes == [batch_size] * (n // batch_size) + [n % batch_size] * (n % batch_size > 0), "[ch09-BATCH] 每个批量有 `batch_size` 行，只有最后一个可以少些 / batches have `batch_size` rows, only the last one fewer"
    assert math.isclose(train_loss, means[0], rel_tol=1e-9), "[ch09-WEIGHTS] `train_loss` 是每一行的平均：批量按行数加权 / `train_loss` is the mean per row: weight batches by their rows"


_trained_well(7, 5, 3, (4,), 0)
### BEGIN HIDDEN TESTS
def _check():
    for n, n_val, batch_size, shape, seed in ((41, 23, 8, (3, 2, 1), 91), (12, 30, 4, (5,), 92), (9, 4, 50, (2,), 93), (6, 3, 1, (2, 2), 94), (33, 17, 16, (7,), 95)):
        _trained_well(n, n_val, batch_size, shape, seed)


_check()
### END HIDDEN TESTS

# %% test="epoch-validates-on-clean-rows" points=1
def _validated_well(n, n_val, batch_size, shape, seed):
    _, val_loss, seen, order, means = spied_epoch(n, n_val, batch_size, shape, seed)
    assert not any(name >= 500 for name in names_of(seen["augment"])), "[ch09-CLEAN] 验证数据不增广 / validation rows are not augmented"
    assert names_of(seen["loss"]) == list(range(500, 500 + n_val)), "[ch09-ONCE] `loss` 应见到每一行验证数据各一次，不见训练数据 / `loss` sees each validation row once, and no training rows"
    assert all(not any(call["augmented"]) for call in seen["loss"]), "[ch09-CLEAN] 验证数据不增广 / validation rows are not augmented"
    assert all(isinstance(call["training"], (bool, np.bool_, int)) and not call["training"] for call in seen["loss"]), "[ch09-MODE] 验证时 training=False：暂退法不起作用 / validate with training=False: dropout does not act"
    assert all(call["intact"] for call in seen["loss"]), "[ch09-ROWS] 验证的行，形状和数值都要照原样 / validate rows in their own shape, with their own values"
    assert all(call["paired"] for call in seen["loss"]), "[ch09-PAIRS] 每一行要带着自己的标签 / each row keeps its own label"
    assert "step" in order and "step" not in order[order.index("loss") :], "[ch09-ORDER] 最后一次 `step` 之后再验证 / validate after the last `step`"
    assert math.isclose(val_loss, means[1], rel_tol=1e-9), "[ch09-WEIGHTS] `val_loss` 是每一行的平均 / `val_loss` is the mean per row"


_validated_well(7, 5, 3, (4,), 1)
### BEGIN HIDDEN TESTS
def _check():
    for n, n_val, batch_size, shape, seed in ((19, 31, 6, (2, 3, 1), 81), (11, 150, 5, (3,), 86), (8, 12, 4, (3,), 82), (5, 7, 100, (2,), 83), (4, 3, 1, (3, 2), 84), (30, 1, 7, (2,), 85)):
        _validated_well(n, n_val, batch_size, shape, seed)


_check()
### END HIDDEN TESTS

# %% [markdown] lang="en"
# ## 9 · The patient recovers
#
# All tools together, on the 150 pictures with their 30 wrong labels. `learn` runs your `run_epoch`, your `EarlyStopping` watches, and the best weights are put back. "Moved" are test pictures that your `augment` shifted. The first row is the patient as it was.

# %% [markdown] lang="zh"
# ## 9 · 病人康复
#
# 所有工具一起上，用的仍是那 150 张图像和 30 个错标签。`learn` 运行你的 `run_epoch`，由你的 `EarlyStopping` 看着，最后换回最好的权重。“移动后”是经你的 `augment` 平移的测试图像。第一行是病人原来的样子。

# %% given
def learn(move=None, patience=25, epochs=80, seed=0, **tools):
    """Return a network that learned the given labels, with its best weights."""
    network, rng, stopping = Network(seed=seed, **tools), np.random.default_rng(100 + seed), EarlyStopping(patience)
    steps = {"augment": (lambda rows: augment(rows, rng, move)) if move else np.copy, "step": network.step, "loss": network.loss}
    for epoch in range(1, epochs + 1):
        losses = run_epoch(steps, x, given, x_val, y_val, 25, rng)
        if stopping.update(epoch, losses["val_loss"], list(network.params.values())):
            break
    if patience < epochs:
        network.params = dict(zip(network.params, stopping.best()["weights"], strict=True))
    return network

# %% demo
with when_solved("l2_penalty", "dropout", "augment", "EarlyStopping", "smooth_labels", "run_epoch"):
    drop, soft = lambda h, rng, train: dropout(h, 0.5, rng, train), lambda labels: smooth_labels(labels, 10, 0.1)
    moved = augment(x_test, np.random.default_rng(9), 2)
    print(say(en="wrong labels repeated | test read | moved read", zh="学进的错标签 | 测试准确率 | 移动后准确率"))
    for name, settings in (
        (say(en="no tool", zh="不用工具"), {"patience": 80}),
        (say(en="penalty", zh="惩罚"), {"patience": 80, "penalty": lambda params: l2_penalty(params, 0.04)}),
        (say(en="dropout", zh="暂退法"), {"patience": 80, "drop": drop}),
        (say(en="augmentation", zh="增广"), {"patience": 80, "move": 2}),
        (say(en="smoothing", zh="平滑"), {"patience": 80, "targets": soft}),
        (say(en="early stopping", zh="早停"), {}),
        (say(en="all together", zh="一起用"), {"move": 2, "drop": drop, "targets": soft, "penalty": lambda params: l2_penalty(params, 0.01)}),
    ):
        healthy = learn(**settings)
        repeated = np.mean(healthy.read(x[wrong]).argmax(axis=1) == given[wrong])
        print(f"{repeated:8.2f} {healthy.accuracy(x_test, y_test):10.3f} {healthy.accuracy(moved, y_test):10.3f}   {name}")

# %% [markdown] lang="en"
# Single runs differ: early stopping alone had 0.80 to 0.90 in five seeds. So compare means of five. The test accuracy is 0.760 without a tool, 0.842 with the penalty, 0.835 with dropout, 0.796 with augmentation (which gains most on moved pictures: 0.542 becomes 0.741), 0.764 with smoothing, 0.852 with early stopping, which costs nothing, and 0.877 with all of them; the moved pictures then have 0.789, and 5 % of the wrong labels are repeated. With right labels the bare network had 0.88: the tools undo nearly all of the damage. The gains do not add up: each tool takes freedom away, and together each may be weaker (the price here is 0.01, not 0.04).
#
# **Who is right?** Let the recovered network read its own training pictures, and look where it contradicts the label.

# %% [markdown] lang="zh"
# 单次运行差别不小：只用早停，五个种子从 0.80 到 0.90 都有。所以要比五个种子的平均。测试准确率为：不用工具 0.760，惩罚 0.842，暂退法 0.835，增广 0.796（在移动后的图像上收获最大：0.542 变为 0.741），平滑 0.764，早停 0.852（不花任何代价），全部一起用 0.877；这时移动后的图像为 0.789，学进去的错标签只有 5%。标签全对时，什么工具也不用的网络是 0.88：损害几乎全部挽回了。工具的效果不能相加：每一种都拿走一些自由，一起用时，每一种都可以弱一些（这里的 λ 是 0.01，不是 0.04）。
#
# **谁对？** 让康复的网络读自己的训练图像，看看它在哪里反驳标签。

# %% demo
from course.figures.contradictions import fig_contradictions

with when_solved("l2_penalty", "dropout", "augment", "EarlyStopping", "smooth_labels", "run_epoch"):
    answers = healthy.read(x).argmax(axis=1)

    def fig_mine(answered=True):
        """The training pictures whose label the learner's network contradicts."""
        return fig_contradictions(x, given, answers, y, answered=answered)

    explore(
        fig_mine,
        predict=Prediction(
            say(en="Your network contradicts these labels. Who is right?", zh="你的网络反驳了这些标签。谁对？"),
            options=(say(en="mostly the label: the network was trained on it", zh="多半是标签对：网络就是照它训练的"), say(en="half and half", zh="一半一半"), say(en="mostly the network", zh="多半是网络对")),
            answer=2,
            because=(
                say(en="It was trained on all of them, and refused these: they contradict what the other pictures say.", zh="它确实照着全部标签训练过，却拒绝了这些：它们与其他图像所说的相矛盾。"),
                say(en="Count the green ones.", zh="数一数绿色的。"),
                say(en="Green: the network is right. It found most of the 30 wrong labels, though it was trained on them. Orange: its own error. Grey: both are wrong.", zh="绿色是网络对。30 个错标签它大多找到了，尽管它就是在这些标签上训练的。橙色是它自己的错误，灰色是两者都错。"),
            ),
        ),
        alt=say(en="Training pictures with the given label, and after the guess the network's answer.", zh="训练图像及其给定的标签，猜过之后还有网络的回答。"),
    )

# %% [markdown] lang="en"
# Such a list is work saved: a person looks at some thirty pictures in place of 150. Look at the orange ones, too: more pictures of such a shape, or another augmentation, would have helped the network there.
#
# ## 10 · Find and fix: four lines of the articles
#
# Four passages from the two articles that this course starts from (chapter 1), translated. Which hold? Decide, run the cell, then open the verdicts.
#
# 1. Article A: "Methods against overfitting include data augmentation, regularization, early stopping, dropout and other techniques."
# 2. Article A, on the cross-entropy: "where $y_i$ is the true distribution (0 or 1)".
# 3. Article B lists as a classic paper *A Theoretically Grounded Application of Dropout in Neural Networks*.
# 4. Article A: "In general, large models need large amounts of data in training, to avoid overfitting."

# %% [markdown] lang="zh"
# 这样一份清单省了不少工夫：人只要看三十来张图像，而不是 150 张。也请看看橙色的：那种写法的图像再多几张，或者换一种增广，就能帮到网络。
#
# ## 10 · 找错改正：文章里的四行
#
# 下面四处摘自本课程所依据的两篇文章（见第 1 章）。哪些站得住脚？先判断，再运行单元格，然后展开结论。
#
# 1. 文章 A：“防止过拟合的方法包括 数据增强、正则化、早停法、Dropout 等技术。”
# 2. 文章 A 谈交叉熵：“其中，$y_i$ 是真实分布（0 或 1）”。
# 3. 文章 B 把《A Theoretically Grounded Application of Dropout in Neural Networks》列为经典论文。
# 4. 文章 A：“一般来说，大型模型需要大量的数据来训练，以避免过拟合。”

# %%
with when_solved("smooth_labels"):
    print(say(en="a label in this chapter: {row}", zh="本章的一个标签：{row}", row=smooth_labels(np.array([1]), 3, 0.3)[0].round(2).tolist()))
from course.figures.capacity import errors as polynomial_errors

for n in (15, 300):
    print(say(en="degree 14, {n} points: error {e:.2f} on fresh points", zh="14 次，{n} 个点：新点上的误差 {e:.2f}", n=n, e=polynomial_errors(14, n)[1]))

# %% [markdown] lang="en"
# <details><summary>1 · four methods side by side</summary>
#
# The list puts the whole beside its parts: augmentation, early stopping and dropout **are** regularisation. What it probably means by the word is the penalty on weights, which is one of its forms.
#
# </details>
# <details><summary>2 · "0 or 1"</summary>
#
# That holds for one-hot labels only. A distribution has probabilities in [0, 1]; softened labels such as yours are neither 0 nor 1, and the formula works for them unchanged.
#
# </details>
# <details><summary>3 · the paper</summary>
#
# The title lacks a word: "… in **Recurrent** Neural Networks" (Gal and Ghahramani, 2016). The word is the point: they keep one mask through all time steps. Dropout itself is older (Srivastava and others, 2014).
#
# </details>
# <details><summary>4 · large models and data</summary>
#
# As a rule of thumb it holds: 62 against 0.26 in the cell. As a law it does not: see section 11.
#
# </details>

# %% [markdown] lang="zh"
# <details><summary>1 · 四种并列的方法</summary>
#
# 它把整体和部分并列了：增广、早停和暂退法 **都是**正则化。它说的“正则化”大概指对权重的惩罚，那只是其中一种。
#
# </details>
# <details><summary>2 · “0 或 1”</summary>
#
# 只对独热标签成立。分布的概率在 [0, 1] 之间；像你写的软化标签就既不是 0 也不是 1，公式照样适用。
#
# </details>
# <details><summary>3 · 论文</summary>
#
# 标题少了一个词：“… in **Recurrent** Neural Networks”（Gal 和 Ghahramani，2016）。要点正在这个词上：他们让所有时间步使用同一个掩码。暂退法本身更早（Srivastava 等，2014）。
#
# </details>
# <details><summary>4 · 大模型与数据</summary>
#
# 作为经验之谈，站得住脚：单元格里是 62 对 0.26。作为定律则不然，见第 11 节。
#
# </details>

# %% [markdown] lang="en"
# ## 11 · More and more features (optional)
#
# Our 150 pictures at 8×8 pixels, with the wrong labels. Random ReLU features, and only the last layer is fitted, by least squares. From 150 features on it meets every label exactly; among all weights that do, the smallest ones are taken. So far the error of the test fell, then rose again: too free.

# %% [markdown] lang="zh"
# ## 11 · 特征越来越多（选读）
#
# 还是那 150 张图像，缩成 8×8 像素，带着错标签。特征是随机的 ReLU，只用最小二乘法拟合最后一层。从 150 个特征起，它能恰好满足每个标签；满足的权重有许多，取其中最小的。到目前为止，测试误差先降后升：太自由了。

# %%
from course.figures.double_descent import fig_double_descent

explore(
    fig_double_descent,
    predict=Prediction(
        say(en="How does the test error go on, up to 2,000 features?", zh="一直到 2,000 个特征，测试误差接下来会怎样？"),
        options=(say(en="it rises on and on", zh="一直上升"), say(en="it rises to 150, then falls", zh="升到 150，然后下降"), say(en="it stays where it is", zh="保持不变")),
        answer=1,
        because=(
            say(en="It does so up to 150, where the features can just meet all labels, and have no choice how.", zh="到 150 为止是这样：那里的特征刚好能满足所有标签，而且别无选择。"),
            say(en="At 150 it reaches 0.90, pure chance: one single set of weights meets all labels, and it is huge. With 2,000 there are many, the smallest of which is tame: 0.24. Tick the price: there is no peak.", zh="在 150 处达到 0.90，等于瞎猜：只有一组权重满足所有标签，而且极大。有 2,000 个特征时有许多组，最小的一组很温和：0.24。勾选“权重有代价”：峰就没有了。"),
            say(en="Between 70 and 150 features it triples.", zh="从 70 到 150 个特征，它变成三倍。"),
        ),
    ),
    alt=say(en="Share of wrong answers in training and test against the number of random features.", zh="训练和测试中答错的比例随随机特征个数的变化。"),
    priced=toggle(False, label=say(en="with a price on weights", zh="权重有代价")),
)

# %% [markdown] lang="en"
# This is called **double descent**. More parameters than data need not make the test error worse: it matters which of many solutions the training takes. The penalty of section 3 chooses, too, and beats the bare fit from 20 features on: 0.10 at 2,000.
#
# ## 12 · Augmentation on MNIST (optional)
#
# Does augmentation still pay with more data? The cell trains a small convolutional network on 6,000 pictures of MNIST, twice: as they are, and moved by your `augment`, anew in each epoch. It carries no points and changes no score. On two CPU cores (December 2026) it took half a minute and gave 0.962 on the test as it is and 0.645 on a shifted test; with augmentation 0.956 and 0.921. So here it pays nothing where the digits are centred, as MNIST's are, and a lot where they are not: augmentation teaches just what you tell it. It has not been measured on a GPU. To run it, set `RUN = True`.

# %% [markdown] lang="zh"
# 这叫**双下降**。可见参数比数据多，测试误差不一定更大：在许多解之中，训练选了哪一个才要紧。第 3 节的惩罚也是一种选择，从 20 个特征起都胜过没有惩罚的拟合：2,000 个特征时为 0.10。
#
# ## 12 · MNIST 上的增广（选读）
#
# 数据多了，增广还划算吗？单元格在 6,000 张 MNIST 图像上把一个小卷积网络训练两遍：一遍用原图，一遍每个轮次都用你的 `augment` 重新移动。本节不计分，也不改变任何分数。在两个 CPU 核上（2026 年 12 月）用了半分钟：不增广时，原样的测试为 0.962，平移后的测试为 0.645；增广后是 0.956 和 0.921。可见 MNIST 的数字本来居中，增广在这里没有好处；一旦不居中，好处就很大：增广教给网络的，正是你告诉它的那一点。这个单元格没有在 GPU 上测量过。要运行，请设 `RUN = True`。

# %%
RUN = False

if os.environ.get("NBGRADER_EXECUTION") or not RUN:
    print(say(en="Not run; it carries no points. Set RUN = True to run it.", zh="没有运行；本节不计分。要运行，请设 RUN = True。"))
else:
    from course.data import load_mnist

    mnist = load_mnist()
    with when_solved("augment"):
        import keras

        from course.device import pick_device

        device = pick_device()
        print(device if device.accelerated else say(en="{device}: no GPU here, this takes a while", zh="{device}：这里没有 GPU，要等一会儿", device=device))
        few, clear = mnist.x_train[:6000, ..., None].astype("float32") / 255, mnist.x_test[..., None].astype("float32") / 255
        shifted = augment(clear, np.random.default_rng(0), 3)
        for move in (0, 3):
            keras.utils.set_random_seed(0)
            cnn = keras.Sequential([
                keras.Input((28, 28, 1)), keras.layers.Conv2D(16, 3, activation="relu"), keras.layers.MaxPooling2D(),
                keras.layers.Conv2D(32, 3, activation="relu"), keras.layers.MaxPooling2D(), keras.layers.Flatten(), keras.layers.Dense(10)])
            cnn.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True), metrics=["accuracy"])
            for epoch in range(8):
                cnn.fit(augment(few, np.random.default_rng(epoch), move), mnist.y_train[:6000], batch_size=64, verbose=0)
            print(say(en="moved by up to {m} px: test {a:.4f}, shifted test {b:.4f}", zh="最多移动 {m} 像素：测试 {a:.4f}，平移后的测试 {b:.4f}", m=move,
                      a=cnn.evaluate(clear, mnist.y_test, verbose=0)[1], b=cnn.evaluate(shifted, mnist.y_test, verbose=0)[1]))

# %% [markdown] lang="en"
# ## 13 · Check yourself
#
# Five reports from trainings. What is behind each? Decide, then open.
#
# **1. Training loss 0.02 and falling, validation loss 0.9 and rising since epoch 8.**
#
# <details><summary>The rate is too small</summary>No: the training loss is nearly 0, there is nothing left to learn.</details>
# <details><summary>It now learns single pictures by heart</summary>Yes. Take the weights of epoch 8; then try a price, dropout or augmentation.</details>
# <details><summary>The penalty is too strong</summary>No: then the training loss could not be 0.02.</details>
#
# **2. With dropout the training loss is 0.41, the validation loss 0.30.**
#
# <details><summary>A leak</summary>Possible, but there is a simpler reason.</details>
# <details><summary>Dropout acts in training only</summary>Yes: the training loss is measured with half of the units silent. Evaluate the training pictures with training=False to compare.</details>
# <details><summary>The network underfits</summary>Not for that reason: two losses measured in different ways cannot be compared.</details>
#
# **3. The validation loss of a frozen network is 0.52, 0.57, 0.49 in three epochs.**
#
# <details><summary>That is the usual tremor</summary>No: what does not change has one loss.</details>
# <details><summary>Validation is augmented, or dropout is on</summary>Yes: something random sits in the measurement.</details>
# <details><summary>The patience is too small</summary>No: patience decides when to stop, not what is measured.</details>
#
# **4. Training accuracy 0.62, validation accuracy 0.61, with λ = 5.**
#
# <details><summary>Overfitting</summary>No: then the training would be better than the validation.</details>
# <details><summary>The price is too high</summary>Yes: hardly a weight is left. Less regularisation, not more.</details>
# <details><summary>Too few pictures</summary>No: more data help where the validation is clearly worse than the training.</details>
#
# **5. A network for road signs is trained on pictures mirrored at random. It confuses "turn left" with "turn right".**
#
# <details><summary>More augmentation is needed</summary>No: this is what augmentation did.</details>
# <details><summary>A mirrored sign keeps its label, and means the opposite</summary>Yes: that is the trap of 6 and 9.</details>
# <details><summary>Dropout removed the units for direction</summary>No: dropout removes different units in each pass.</details>

# %% [markdown] lang="zh"
# ## 13 · 自测
#
# 五份训练报告，背后各是什么原因？先判断，再展开。
#
# **1. 训练损失 0.02，还在下降；验证损失 0.9，从第 8 轮起一直上升。**
#
# <details><summary>学习率太小</summary>不是。训练损失几乎为 0，没有什么可学的了。</details>
# <details><summary>它开始逐张背图像了</summary>对。取第 8 轮的权重，再试试惩罚、暂退法或增广。</details>
# <details><summary>惩罚太强</summary>不是。那样训练损失到不了 0.02。</details>
#
# **2. 用了暂退法，训练损失 0.41，验证损失 0.30。**
#
# <details><summary>泄漏</summary>有可能，但有更简单的原因。</details>
# <details><summary>暂退法只在训练时起作用</summary>对。训练损失是在一半单元沉默时测的。要比较，就用 training=False 评估训练图像。</details>
# <details><summary>网络欠拟合</summary>不能这样推断：两个测法不同的损失不能相比。</details>
#
# **3. 冻结的网络，三轮的验证损失分别是 0.52、0.57、0.49。**
#
# <details><summary>正常的抖动</summary>不是。不变的东西只有一个损失。</details>
# <details><summary>验证数据被增广了，或者暂退法还开着</summary>对。测量里混进了随机的东西。</details>
# <details><summary>耐心太小</summary>不是。耐心决定何时停，不影响测到什么。</details>
#
# **4. 训练准确率 0.62，验证准确率 0.61，λ = 5。**
#
# <details><summary>过拟合</summary>不是。那样训练会好于验证。</details>
# <details><summary>代价太高</summary>对。权重所剩无几。要减弱正则化，而不是加强。</details>
# <details><summary>图像太少</summary>不是。验证明显差于训练时，更多的数据才有帮助。</details>
#
# **5. 识别路标的网络，训练图像随机作了左右镜像。它分不清“左转”和“右转”。**
#
# <details><summary>增广还不够</summary>不是。这正是增广造成的。</details>
# <details><summary>镜像后的路标还用原来的标签，意思却相反了</summary>对。这就是 6 和 9 的陷阱。</details>
# <details><summary>暂退法去掉了辨方向的单元</summary>不是。暂退法每次去掉的单元都不同。</details>

# %% [markdown] lang="en"
# ## 14 · What to keep
#
# - A training accuracy of 1 proves memory, not understanding. Look at the validation.
# - Regularisation takes freedom away: a price acts on weights, dropout on activations, augmentation on inputs, smoothing on labels, early stopping on time. The right amount is chosen by validation.
# - Augmentation adds knowledge; make sure that it is true.
# - Keep the best weights, as copies. Keras does so only if it is told.
# - Validate as you will use the network: nothing augmented, nothing dropped, every row counted alike.
# - What a regularised network refuses to learn deserves a look: it may be wrong labels.
#
# ## References
#
# - C. Zhang, S. Bengio, M. Hardt, B. Recht and O. Vinyals (2017), [*Understanding deep learning requires rethinking generalization*](https://arxiv.org/abs/1611.03530), ICLR (labels drawn by lot).
# - D. Arpit et al. (2017), [*A Closer Look at Memorization in Deep Networks*](https://arxiv.org/abs/1706.05394), ICML (truth first, errors later).
# - N. Srivastava, G. Hinton, A. Krizhevsky, I. Sutskever and R. Salakhutdinov (2014), *Dropout: A Simple Way to Prevent Neural Networks from Overfitting*, Journal of Machine Learning Research 15, 1929–1958.
# - Y. Gal and Z. Ghahramani (2016), [*A Theoretically Grounded Application of Dropout in Recurrent Neural Networks*](https://arxiv.org/abs/1512.05287), NeurIPS.
# - C. Szegedy et al. (2016), [*Rethinking the Inception Architecture for Computer Vision*](https://arxiv.org/abs/1512.00567), CVPR (label smoothing).
# - M. Belkin, D. Hsu, S. Ma and S. Mandal (2019), [*Reconciling modern machine-learning practice and the classical bias–variance trade-off*](https://arxiv.org/abs/1812.11118), PNAS 116, 15849–15854.
# - I. Goodfellow, Y. Bengio and A. Courville, *Deep Learning*, MIT Press 2016, chapter 7.

# %% [markdown] lang="zh"
# ## 14 · 要点
#
# - 训练准确率为 1，证明的是记性，不是理解。要看验证。
# - 正则化就是拿走一些自由：代价作用于权重，暂退法作用于激活，增广作用于输入，平滑作用于标签，早停作用于时间。用多少合适，由验证来选。
# - 增广带来知识，要确保它是对的。
# - 留下最好的权重，而且是副本。Keras 默认不这样做，要显式设置。
# - 将来怎样使用网络，就怎样验证：不增广，不用暂退法，每一行权重相同。
# - 正则化后的网络拒绝学习的东西值得一看：也许是错标签。
#
# ## 参考文献
#
# - C. Zhang, S. Bengio, M. Hardt, B. Recht and O. Vinyals (2017), [*Understanding deep learning requires rethinking generalization*](https://arxiv.org/abs/1611.03530), ICLR（随机抽取的标签）。
# - D. Arpit et al. (2017), [*A Closer Look at Memorization in Deep Networks*](https://arxiv.org/abs/1706.05394), ICML（先学会规律，后学会错误）。
# - N. Srivastava, G. Hinton, A. Krizhevsky, I. Sutskever and R. Salakhutdinov (2014), *Dropout: A Simple Way to Prevent Neural Networks from Overfitting*, Journal of Machine Learning Research 15, 1929–1958.
# - Y. Gal and Z. Ghahramani (2016), [*A Theoretically Grounded Application of Dropout in Recurrent Neural Networks*](https://arxiv.org/abs/1512.05287), NeurIPS.
# - C. Szegedy et al. (2016), [*Rethinking the Inception Architecture for Computer Vision*](https://arxiv.org/abs/1512.00567), CVPR（标签平滑）。
# - M. Belkin, D. Hsu, S. Ma and S. Mandal (2019), [*Reconciling modern machine-learning practice and the classical bias–variance trade-off*](https://arxiv.org/abs/1812.11118), PNAS 116, 15849–15854.
# - I. Goodfellow, Y. Bengio and A. Courville, *Deep Learning*, MIT Press 2016，第 7 章。
