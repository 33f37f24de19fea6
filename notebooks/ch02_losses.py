# %% [markdown] lang="en"
# # Chapter 2 · Loss functions
#
# A model that predicts house prices and a model that reads handwritten digits learn in the same way: they make one number smaller. That number is the **loss**. Everything that training does later (gradients, optimisers, learning rates) obeys the loss, so a loss that is subtly wrong gives a model that is confidently wrong.
#
# After this chapter you can
#
# - compute mean squared error and say why a hidden factor ½ changes nothing except the learning rate;
# - say which constant each regression loss asks for, and what an outlier does to it;
# - turn logits into probabilities without ever seeing `nan`;
# - derive cross-entropy from "make the data likely", and its gradient from one line of algebra;
# - split a cross-entropy into the part that training can remove and the part that nobody can;
# - read a loss value: what is ln K, what is suspicious, what is impossible.
#
# You need chapter 1 (shapes, arrays). Plan about two hours. Six exercises give 20 points, all of them in NumPy. This chapter needs no TensorFlow and has no GPU cell: a loss is a few additions per sample.

# %% [markdown] lang="zh"
# # 第 2 章 · 损失函数
#
# 预测房价的模型和识别手写数字的模型，学习方式其实是一样的：把一个数变小。这个数就是**损失**（loss）。后面的一切——梯度、优化器、学习率——都听命于它，所以损失只要有一处细微的错误，模型就会错得理直气壮。
#
# 学完本章，你能够
#
# - 计算均方误差，并说清楚多出来的系数 ½ 为什么只相当于改了学习率；
# - 说出每种回归损失"想要"的常数预测是什么，以及离群点会对它做什么；
# - 把 logits 变成概率，并且永远不会遇到 `nan`；
# - 从"让数据尽可能可能"推出交叉熵，再用一行代数推出它的梯度；
# - 把交叉熵拆成两部分：训练能消除的，和谁也消除不了的；
# - 读懂一个损失值：什么是 ln K，什么值得怀疑，什么根本不可能。
#
# 预备知识是第 1 章（形状与数组），大约需要两小时。六道练习共 20 分，全部用 NumPy 完成。本章不需要 TensorFlow，也没有 GPU 单元格：算一个样本的损失只是几次加法。

# %% setup
import math

import numpy as np

from course.unfinished import when_solved


def number(value, name):
    """Return ``value`` as a 0-d array once it is sure to be one real number; ``name`` returned it."""
    array = np.asarray(value)
    assert array.shape == () and array.dtype.kind in "fiu", (
        f"[ch02-NUMBER] `{name}` 应返回一个实数，检查是否忘了 return 或忘了求平均 / "
        f"`{name}` must return one real number; is a return or a mean missing?")
    return array


def floats(value, shape, name):
    """Return ``value`` once it is sure to be a float array of ``shape``; ``name`` returned it."""
    assert isinstance(value, np.ndarray), (
        f"[ch02-ARRAY] `{name}` 应返回 NumPy 数组，检查是否忘了 return / "
        f"`{name}` must return a NumPy array; is a return missing?")
    assert value.shape == tuple(shape), (
        f"[ch02-SHAPE] `{name}` 返回的形状与 logits 不同 / `{name}` returned a shape that differs from that of the logits")
    assert value.dtype.kind == "f", f"[ch02-DTYPE] `{name}` 应返回浮点数组 / `{name}` must return floats"
    return value


def agree(value, expected, rtol=1e-7, atol=1e-9):
    """Whether every entry agrees with what is expected; a float32 result is compared at rtol 1e-5."""
    value = np.asarray(value)
    return bool(np.allclose(value, expected, rtol=max(rtol, 1e-5) if value.dtype == np.float32 else rtol, atol=atol))

# %%
from course.progress_panel import show_progress

show_progress()

# %% [markdown] lang="en"
# ## 2.1 One table of symbols
#
# Article A uses the letter n twice: for the number of samples in the mean squared error and for the number of classes in the cross-entropy. Once a program has both, one letter is one too few. Here a letter has one meaning:
#
# | symbol | meaning | in code |
# |---|---|---|
# | $n$ | number of samples, index $i$ | `N` in shapes, `y.size` |
# | $K$ | number of classes, index $k$ | `z.shape[1]` |
# | $y_i$ | target of sample $i$: a number, or the index of a class | `y` |
# | $\hat y_i$ | prediction for sample $i$ | `p` |
# | $z_{ik}$ | logit: the raw score of class $k$ for sample $i$ | `z`, shape `(N, K)` |
# | $p_{ik}$ | predicted probability of class $k$ | softmax of `z` |
# | $\ell$ | loss of one sample | |
# | $L$ | mean loss over the samples | what a function here returns |
#
# The **loss of one sample** answers "how bad is this prediction?". What training minimises is the **mean over all samples**, the *empirical risk*:
#
# $$L(\theta) = \frac{1}{n} \sum_{i=1}^{n} \ell(y_i, \hat y_i)$$
#
# Why the mean and not the sum? A mean does not grow with the data: a learning rate that suits 1 000 samples still suits 1 000 000, and losses of batches of different size can be compared. All functions of this chapter return means.

# %% [markdown] lang="zh"
# ## 2.1 一张符号表
#
# 文章 A 把字母 n 用了两次：在均方误差里它是样本数，在交叉熵里它是类别数。程序里两者同时出现时，一个字母就不够用了。本章一个字母只有一个意思：
#
# | 符号 | 含义 | 代码中 |
# |---|---|---|
# | $n$ | 样本数，下标 $i$ | 形状中的 `N`，即 `y.size` |
# | $K$ | 类别数，下标 $k$ | `z.shape[1]` |
# | $y_i$ | 第 $i$ 个样本的目标：一个数，或类别的编号 | `y` |
# | $\hat y_i$ | 对第 $i$ 个样本的预测 | `p` |
# | $z_{ik}$ | logit（对数几率）：类别 $k$ 在第 $i$ 个样本上的原始得分 | `z`，形状 `(N, K)` |
# | $p_{ik}$ | 预测为类别 $k$ 的概率 | `z` 的 softmax |
# | $\ell$ | 单个样本的损失 | |
# | $L$ | 全部样本的平均损失 | 本章函数的返回值 |
#
# **单个样本的损失**回答"这一次预测有多糟"；训练要最小化的是**它在全部样本上的平均**，称为*经验风险*：
#
# $$L(\theta) = \frac{1}{n} \sum_{i=1}^{n} \ell(y_i, \hat y_i)$$
#
# 为什么取平均而不求和？平均值不随数据量变大：适合 1 000 个样本的学习率，换成 1 000 000 个样本仍然适合；大小不同的批次，损失也可以互相比较。本章所有函数都返回平均值。

# %% [markdown] lang="en"
# ## 2.2 Squared error: the price of a distance
#
# For a number as target the natural question is how far the prediction is off. Squaring the error $r = \hat y - y$ makes the price symmetric and punishes one large miss more than many small ones: an error of 4 costs as much as sixteen errors of 1.
#
# $$\mathrm{MSE} = \frac{1}{n} \sum_{i=1}^{n} (\hat y_i - y_i)^2 \qquad \frac{\partial\, \mathrm{MSE}}{\partial \hat y_i} = \frac{2}{n} (\hat y_i - y_i)$$
#
# **Where does the square come from?** Suppose that targets scatter around the prediction like a Gaussian with fixed width $\sigma$. The negative log-likelihood of the data is
#
# $$-\sum_{i=1}^{n} \ln \left[ \frac{1}{\sigma \sqrt{2\pi}} \exp\left( -\frac{(y_i - \hat y_i)^2}{2 \sigma^2} \right) \right] = \frac{1}{2 \sigma^2} \sum_{i=1}^{n} (y_i - \hat y_i)^2 + n \ln \left( \sigma \sqrt{2\pi} \right)$$
#
# and the prediction enters only through the sum of squares. Least squares *is* maximum likelihood under Gaussian noise. Remember this step: in section 2.5 the same idea produces cross-entropy.
#
# In the figure, drag the prediction. Two competitors are drawn as well: the absolute error $|r|$ (its mean is the MAE) and the Huber loss, which is $r^2 / 2$ for $|r| \le \delta$ and $\delta (|r| - \delta / 2)$ beyond. Guess first.

# %% [markdown] lang="zh"
# ## 2.2 平方误差：给距离定价
#
# 目标是一个数时，自然要问预测偏了多远。把误差 $r = \hat y - y$ 平方，正负偏差同价，而且一次大错比许多小错更贵：误差为 4 的一次，抵得上误差为 1 的十六次。
#
# $$\mathrm{MSE} = \frac{1}{n} \sum_{i=1}^{n} (\hat y_i - y_i)^2 \qquad \frac{\partial\, \mathrm{MSE}}{\partial \hat y_i} = \frac{2}{n} (\hat y_i - y_i)$$
#
# **平方从哪里来？** 假设目标围绕预测值呈高斯分布，宽度 $\sigma$ 固定，那么数据的负对数似然是
#
# $$-\sum_{i=1}^{n} \ln \left[ \frac{1}{\sigma \sqrt{2\pi}} \exp\left( -\frac{(y_i - \hat y_i)^2}{2 \sigma^2} \right) \right] = \frac{1}{2 \sigma^2} \sum_{i=1}^{n} (y_i - \hat y_i)^2 + n \ln \left( \sigma \sqrt{2\pi} \right)$$
#
# 预测值只通过平方和进入这个式子。也就是说，在高斯噪声下，最小二乘**就是**最大似然。请记住这一步：第 2.5 节用同样的想法得到交叉熵。
#
# 在下图中拖动预测值。图里还有两个对手：绝对误差 $|r|$（取平均就是 MAE），以及 Huber 损失：它等于 $r^2 / 2$（当 $|r| \le \delta$ 时），超出之后等于 $\delta (|r| - \delta / 2)$。先猜再动手。

# %%
from course.figures.losses import fig_pointwise
from course.interact import Prediction, choice, explore, play, slider, toggle

explore(
    fig_pointwise,
    predict=Prediction(
        "The prediction moves from 2 away to 4 away from the target. Which slope doubles? 预测与目标的距离从 2 变成 4，哪个损失的斜率翻倍？",
        options=("MSE", "MAE", "Huber (δ = 1)"), answer="MSE",
        because="The slope of the square is twice the error; MAE always pulls with ±1, and Huber stops growing at ±δ. "
                "平方损失的斜率是误差的两倍；MAE 的拉力始终是 ±1，Huber 到 ±δ 就不再增大。"),
    alt={
        "en": "Left: the curves of MSE, MAE and Huber loss against the prediction, with their values at the chosen "
        "prediction and an arrow that shows the step downhill. Right: the slopes of the three losses against "
        "the prediction.",
        "zh": "左：MSE、MAE 和 Huber 损失随预测值变化的曲线，标出所选预测处的值，箭头表示下降的一步。右：三种损失的"
        "斜率随预测值的变化。",
    },
    p=slider(-3.0, 5.0, 0.5, step=0.1, label="prediction p 预测"),
    loss=choice(("MSE", "MAE", "Huber"), "MSE", label="loss 损失"),
    delta=slider(0.2, 3.0, 1.0, step=0.1, label="Huber δ"),
)

# %% [markdown] lang="en"
# ### A factor is a convention, but choose one
#
# Article A writes the squared error with factor 1, article B with factor ½ (the ½ cancels the 2 of the derivative). Neither remarks on the other. Both are fine, a silent mixture is not: with $\ell = c\, (\hat y - y)^2$ one step of gradient descent on a single prediction is
#
# $$\hat y \leftarrow \hat y - \alpha \cdot 2c\, (\hat y - y)$$
#
# Only the product $\alpha c$ matters: halving the factor is halving the learning rate. But a loss of 0.05 reported by one program and 0.10 by the other may be the same model. **This course uses factor 1 for MSE** (Huber keeps its traditional ½). Check it:

# %% [markdown] lang="zh"
# ### 系数只是约定，但要选定一个
#
# 文章 A 的平方误差系数是 1，文章 B 的是 ½（正好消去求导得到的 2），两篇都没有说明。两种写法都可以，悄悄混用却不行：设 $\ell = c\, (\hat y - y)^2$，对单个预测做一步梯度下降就是
#
# $$\hat y \leftarrow \hat y - \alpha \cdot 2c\, (\hat y - y)$$
#
# 起作用的只有乘积 $\alpha c$：系数减半等于学习率减半。可是一个程序报告 0.05、另一个报告 0.10，说的也许是同一个模型。**本课程的 MSE 一律用系数 1**（Huber 保留传统的 ½）。验证一下：

# %%
def descend(factor, learning_rate, steps=5, target=3.0):
    """The predictions on the way from 0 to the target under the loss factor * (p - target)**2."""
    path = [0.0]
    for _ in range(steps):
        path.append(path[-1] - learning_rate * 2 * factor * (path[-1] - target))
    return np.round(path, 4)


print("factor 1,   rate 0.1:", descend(1.0, 0.1))
print("factor 1/2, rate 0.1:", descend(0.5, 0.1))
print("factor 1/2, rate 0.2:", descend(0.5, 0.2))

# %% [markdown] lang="en"
# ### Exercise 1 · `mse` (3 points)
#
# ```python
# def mse(y: np.ndarray, p: np.ndarray) -> float
# ```
#
# Return the mean of the squared differences (factor 1) over **all** elements.
#
# - `y` and `p` have any equal shape with at least one element: `(7,)`, `(3, 4)`, `(1,)`, … The result is one number: a Python float or a NumPy float.
# - Different shapes raise `ValueError`. NumPy would *broadcast* `(n, 1)` against `(n,)` to an `(n, n)` table and average $n^2$ differences without a word.
# - The inputs may be integers, pixels in `uint8` included. `uint8` arithmetic wraps around modulo 256: `np.uint8(0) - np.uint8(1)` is 255. Convert before you subtract.
# - Do not change `y` or `p`.
#
# Hidden tests also use: random values of several shapes, `(n, 1)` against `(n,)` and other unequal shapes, `uint8`, `int8` and wider integers, large ones and unsigned ones among them, float32 inputs (compared at a relative tolerance of 1e-5), and they check that the inputs are unchanged. Any library function is allowed.
#
# <details><summary>Hint</summary>
#
# Compare `y.shape` with `p.shape` first. `y.astype(float)` makes a float64 copy, so nothing of the caller's is touched.
#
# </details>

# %% [markdown] lang="zh"
# ### 练习 1 · `mse`（3 分）
#
# ```python
# def mse(y: np.ndarray, p: np.ndarray) -> float
# ```
#
# 返回**所有**元素的平方差的平均值（系数 1）。
#
# - `y` 和 `p` 形状相同，任意维，至少有一个元素：`(7,)`、`(3, 4)`、`(1,)`……结果是一个数，Python 浮点数或 NumPy 浮点数都可以。
# - 形状不同时抛出 `ValueError`。否则 NumPy 会把 `(n, 1)` 与 `(n,)` *广播*成 `(n, n)` 的表，一声不响地对 $n^2$ 个差求平均。
# - 输入可以是整数，包括 `uint8` 像素。`uint8` 的运算按模 256 回绕：`np.uint8(0) - np.uint8(1)` 等于 255。先转换，再相减。
# - 不要修改 `y` 和 `p`。
#
# 隐藏测试还会用到：多种形状的随机数；`(n, 1)` 对 `(n,)` 以及其他不相等的形状；`uint8`、`int8` 以及更宽的整数，包括很大的数和无符号数；float32 输入（按相对误差 1e-5 比较）；并检查输入没有被改动。可以使用任何库函数。
#
# <details><summary>提示</summary>
#
# 先比较 `y.shape` 和 `p.shape`。`y.astype(float)` 会得到一个 float64 副本，不会碰到调用者的数据。
#
# </details>

# %% solution="mse"
def mse(y, p):
    """Return the mean squared difference (factor 1) over all elements.

    y, p: equal shapes, any numeric dtype. Raises ValueError if the shapes differ.
    """
    ### BEGIN SOLUTION
    if np.shape(y) != np.shape(p):
        raise ValueError(f"y has shape {np.shape(y)} but p has shape {np.shape(p)}; give them the same shape")
    return float(np.mean((np.asarray(y, dtype=np.float64) - np.asarray(p, dtype=np.float64)) ** 2))
    ### END SOLUTION

# %% test="mse-averages-squared-differences" points=1
def _example():
    y, p = np.array([3.0, 5.0]), np.array([4.0, 3.0])  # the squared differences are 1 and 4
    assert agree(number(mse(y, p), "mse"), (1 + 4) / 2), (
        "[ch02-MEAN] `mse`：先平方，再取平均 / "
        "`mse`: square first, then take the mean"
    )
    assert agree(number(mse(y, y), "mse"), 0), "[ch02-ZERO] 预测完全正确时 `mse` 应为零 / `mse` of a perfect prediction is zero"


_example()
### BEGIN HIDDEN TESTS
def _check():
    rng = np.random.default_rng(2101)
    for shape in [(7,), (3, 4), (1,), (4, 1), (2, 3, 5), (1, 6)]:
        y, p = 3 * rng.normal(size=shape), 3 * rng.normal(size=shape)
        y_before, p_before = y.copy(), p.copy()
        d = (p - y).ravel()
        expected = float(d @ d) / d.size
        value = number(mse(y, p), "mse")
        right = agree(value, expected)
        for wrong, hint in (
            (d @ d, "[ch02-MEAN] `mse` 取平均而不是求和 / `mse`: average, do not sum"),
            (d @ d / 2 / d.size, "[ch02-HALF] 本课程的 `mse` 系数为 1，没有 ½ / `mse` has factor 1 in this course, no ½"),
            (d @ d / shape[0], "[ch02-COUNT] `mse` 应除以全部元素的个数，`len` 只数第一维 / "
                               "`mse`: divide by the number of all elements; `len` counts the first axis only"),
            (np.mean(np.abs(d)), "[ch02-MAE] `mse` 需要平方差，不是绝对差 / "
             "`mse` squares the differences; you took absolute values"),
            (math.sqrt(expected), "[ch02-ROOT] `mse` 不开平方根 / `mse` takes no square root"),
        ):
            assert right or agree(wrong, expected) or not agree(value, wrong), hint
        assert right, f"[ch02-MSE] `mse` 对形状 {shape} 的结果不对 / `mse` is off for shape {shape}"
        assert np.array_equal(y, y_before) and np.array_equal(p, p_before), (
            "[ch02-INPUT] `mse` 改动了输入数组 / `mse` changed its inputs")
    y, p = rng.normal(size=(5, 3)).astype(np.float32), rng.normal(size=(5, 3)).astype(np.float32)
    y_before, p_before = y.copy(), p.copy()
    expected = np.mean((y.astype(float) - p.astype(float)) ** 2)
    assert agree(number(mse(y, p), "mse"), expected, rtol=1e-5, atol=1e-6), (
        "[ch02-FLOAT32] `mse` 对 float32 输入的结果不对 / `mse` is off for float32 inputs")
    assert np.array_equal(y, y_before) and np.array_equal(p, p_before), (
        "[ch02-INPUT] `mse` 改动了输入数组 / `mse` changed its inputs")
    y, p = rng.integers(-9, 10, size=11), rng.integers(-9, 10, size=11)
    expected = np.mean((y - p) ** 2.0)
    assert agree(number(mse(y, p), "mse"), expected), (
        "[ch02-INT] `mse` 对整数输入的结果不对 / `mse` is off for integer inputs")


_check()
### END HIDDEN TESTS

# %% test="mse-refuses-to-broadcast" points=1
def _example():
    column, row = np.array([[1.0], [2.0], [3.0]]), np.array([1.0, 2.0, 3.0])
    assert agree(number(mse(column, column + 1), "mse"), 1), (
        "[ch02-MEAN] `mse` 对 (3, 1) 的结果不对 / "
        "`mse` is off for shape (3, 1)"
    )
    try:
        mse(column, row)
    except ValueError:
        return
    except Exception:
        pass
    raise AssertionError("[ch02-BROADCAST] 形状 (3, 1) 与 (3,) 不同，`mse` 应抛出 ValueError / "
                         "the shapes (3, 1) and (3,) differ: `mse` must raise ValueError")


_example()
### BEGIN HIDDEN TESTS
def _check():
    for first, second in [((4, 1), (4,)), ((4,), (4, 1)), ((3, 4), (4, 3)), ((3, 4), (4,)), ((1,), (5,)), ((5,), (1,)),
                          ((6,), (2, 3)), ((2, 1, 3), (2, 3)), ((3,), (1, 3))]:
        refused = False
        try:
            mse(np.ones(first), np.ones(second))
        except ValueError:
            refused = True
        except Exception:
            pass
        assert refused, (
            f"[ch02-BROADCAST] `mse` 没有拒绝形状 {first} 与 {second} / "
            f"`mse` did not refuse the shapes {first} and {second}"
        )
    for shape in [(4, 1), (4,), (1, 1)]:
        assert agree(number(mse(np.ones(shape), np.zeros(shape)), "mse"), 1), (
            f"[ch02-SHAPE] 形状相同 {shape} 时 `mse` 不应拒绝，结果也应正确 / "
            f"equal shapes {shape}: `mse` must accept and average them")


_check()
### END HIDDEN TESTS

# %% test="mse-does-not-wrap-around" points=1
def _example():
    y, p = np.array([20, 0], dtype=np.uint8), np.array([0, 20], dtype=np.uint8)
    assert agree(number(mse(y, p), "mse"), number(mse(p, y), "mse")), (
        "[ch02-UINT8] 交换 `mse` 的两个参数，结果应不变 / swapping the arguments of `mse` must change nothing")
    assert agree(number(mse(y, p), "mse"), 400), (
        "[ch02-UINT8] 相减之前先把像素转换成浮点数 / "
        "convert the pixels to float before you subtract"
    )


_example()
### BEGIN HIDDEN TESTS
def _check():
    rng = np.random.default_rng(2102)
    cases = [(np.array([0, 250], np.uint8), np.array([1, 0], np.uint8)),
             (np.array([-100, 100], np.int8), np.array([100, -100], np.int8)),
             (rng.integers(0, 256, (5, 7), dtype=np.uint8), rng.integers(0, 256, (5, 7), dtype=np.uint8)),
             (rng.integers(0, 256, 9, dtype=np.uint8), 255 * rng.random(9))]
    for dtype, size in ((np.uint16, 60_000), (np.int16, 30_000), (np.uint32, 10**6), (np.int32, 10**5), (np.uint64, 10**6), (np.int64, 4 * 10**9)):
        cases.append((rng.integers(0, size, 8).astype(dtype), rng.integers(0, size, 8).astype(dtype)))
    for y, p in cases:
        y_before, p_before = y.copy(), p.copy()
        expected = np.mean((y.astype(float) - p.astype(float)) ** 2)
        for first, second in ((y, p), (p, y)):
            value = number(mse(first, second), "mse")
            assert np.array_equal(y, y_before) and np.array_equal(p, p_before), (
                "[ch02-INPUT] `mse` 改动了输入数组 / `mse` changed its inputs")
            assert agree(value, expected), (
                f"[ch02-UINT8] {y.dtype} 的减法或平方会回绕，先转换成浮点数再计算 / "
                f"{y.dtype} arithmetic wraps around: convert to float first")


_check()
### END HIDDEN TESTS

# %% [markdown] lang="en"
# ## 2.3 Which constant does a loss want?
#
# The quickest way to understand a loss: let the model predict one constant $c$ for everybody and ask where the loss is smallest.
#
# For squared error, set the derivative to zero:
#
# $$\frac{d}{dc}\, \frac{1}{n} \sum_{i=1}^{n} (c - y_i)^2 = \frac{2}{n} \sum_{i=1}^{n} (c - y_i) = 0 \quad \Longrightarrow \quad c = \frac{1}{n} \sum_{i=1}^{n} y_i$$
#
# The answer is the **mean**. For the absolute error every sample pulls with the same force: one below $c$ adds $+1$ to the derivative, one above adds $-1$; the forces balance when as many lie below as above. The answer is the **median**. In the language of likelihood, squared error belongs to Gaussian noise, absolute error to Laplace noise with density proportional to $\exp(-|y - c| / s)$, whose tails are heavier and which therefore is less surprised by an outlier.
#
# The figure has five close values and one outlier. Predict what happens to each minimum, then drag the outlier to the right.

# %% [markdown] lang="zh"
# ## 2.3 一种损失想要哪个常数？
#
# 理解一种损失的最快办法：让模型对所有样本都预测同一个常数 $c$，看损失在哪里最小。
#
# 对平方误差，令导数为零：
#
# $$\frac{d}{dc}\, \frac{1}{n} \sum_{i=1}^{n} (c - y_i)^2 = \frac{2}{n} \sum_{i=1}^{n} (c - y_i) = 0 \quad \Longrightarrow \quad c = \frac{1}{n} \sum_{i=1}^{n} y_i$$
#
# 答案是**平均数**。对绝对误差，每个样本的拉力一样大：位于 $c$ 以下的给导数贡献 $+1$，以上的贡献 $-1$；上下个数相等时受力平衡，所以答案是**中位数**。用似然的语言说，平方误差对应高斯噪声，绝对误差对应拉普拉斯噪声，其密度正比于 $\exp(-|y - c| / s)$，尾部更厚，因此对离群点不那么惊讶。
#
# 图中有五个相近的值和一个离群点。先预测两个最小值各会怎样，再把离群点往右拖。

# %%
from course.figures.losses import fig_best_constant

explore(
    fig_best_constant,
    predict=Prediction(
        "The outlier moves from 4 to 8. What happens to the best constant under MAE? 离群点从 4 移到 8，MAE 的最优常数会怎样？",
        options=("it follows 跟着走", "it stays 不动", "it moves the other way 反方向移动"), answer="it stays 不动",
        because="The median depends on how many values lie on each side, not on how far away they are; "
                "the mean moves by a sixth of the way. "
                "中位数只看两侧各有几个值，不看它们有多远；平均数会移动离群点位移的六分之一。"),
    alt={
        "en": "Two curves of the mean loss against one constant prediction, a parabola for MSE and a polygon for "
        "MAE, each with its minimum marked. Below them five data points and the outlier.",
        "zh": "平均损失随常数预测变化的两条曲线：MSE 是抛物线，MAE 是折线，各自的最小值都被标出。下方是五个数据点和"
        "离群点。",
    },
    outlier=slider(3.0, 8.0, 4.0, step=0.1, label="outlier 离群点"),
)

# %% [markdown] lang="en"
# The median is not "better". If the outlier is a typing error, ignore it: MAE or Huber. If it is the one flood in thirty years that you are paid to foresee, MAE has just been told not to care. **A loss states what a mistake costs**; choosing it is a decision about the application, not a technicality.
#
# Huber's compromise: quadratic near zero (smooth, efficient for small noise), linear far away (an outlier pulls with at most $\delta$). Its derivative is the error clipped to $[-\delta, \delta]$.

# %% [markdown] lang="zh"
# 中位数并不"更好"。如果离群点是录入错误，就该忽略它，用 MAE 或 Huber；如果它是三十年一遇、恰恰要靠你预报的那场洪水，那么 MAE 等于被告知"别在意"。**损失函数说的是：一个错误要付多少代价**。选择它，是在为应用做决定，而不是技术细节。
#
# Huber 是折中：零附近是二次的（光滑，小噪声下效率高），远处是线性的（离群点的拉力至多为 $\delta$）。它的导数就是截断到 $[-\delta, \delta]$ 的误差。

# %% [markdown] lang="en"
# ## 2.4 From scores to probabilities: softmax
#
# A classifier ends in $K$ raw scores, the **logits** $z_1, \dots, z_K$: any real numbers. To speak of probabilities we need positive numbers with sum 1. Exponentiate, then normalise:
#
# $$p_k = \frac{e^{z_k}}{\sum_{j=1}^{K} e^{z_j}}$$
#
# Why the exponential? It turns *differences* of scores into *ratios* of probabilities, $p_k / p_j = e^{z_k - z_j}$: one more unit of logit multiplies the odds by $e$. The common level of the scores cancels, for any constant $c$:
#
# $$\frac{e^{z_k + c}}{\sum_{j=1}^{K} e^{z_j + c}} = \frac{e^{c}\, e^{z_k}}{e^{c} \sum_{j=1}^{K} e^{z_j}} = p_k$$
#
# In exact arithmetic this is a curiosity. On a computer it is the rescue: `np.exp` overflows to `inf` above 88.7 in float32 and above 709.8 in float64, and `inf / inf` is `nan`. Since $c$ is ours, choose $c = -\max_j z_j$: the largest exponent becomes 0, nothing can overflow, and at least one term of the sum is 1, so the division is safe. Terms far below may underflow to 0, an error far smaller than the rounding of the others.
#
# Answer the question above the figure, then move the three logits and add an offset to all of them. The left probabilities are computed with the shift, the right ones as in the formula. The **temperature** $T$ divides the logits first: a small $T$ sharpens, a large $T$ flattens. You will meet it again when a language model writes (chapter 12).

# %% [markdown] lang="zh"
# ## 2.4 从得分到概率：softmax
#
# 分类器的最后一层给出 $K$ 个原始得分，即 **logits** $z_1, \dots, z_K$，可以是任意实数。要谈概率，就需要一组总和为 1 的正数。先取指数，再归一化：
#
# $$p_k = \frac{e^{z_k}}{\sum_{j=1}^{K} e^{z_j}}$$
#
# 为什么用指数？它把得分之*差*变成概率之*比*，$p_k / p_j = e^{z_k - z_j}$：logit 每增加 1，几率就乘以 $e$。得分的公共水平会被约掉，对任意常数 $c$ 有
#
# $$\frac{e^{z_k + c}}{\sum_{j=1}^{K} e^{z_j + c}} = \frac{e^{c}\, e^{z_k}}{e^{c} \sum_{j=1}^{K} e^{z_j}} = p_k$$
#
# 在精确运算里这只是个有趣的性质，在计算机上却是救命稻草：`np.exp` 在 float32 下超过 88.7、在 float64 下超过 709.8 就会溢出成 `inf`，而 `inf / inf` 是 `nan`。既然 $c$ 由我们定，就取 $c = -\max_j z_j$：最大的指数变成 0，不可能溢出；求和中至少有一项等于 1，相除也安全。远小于最大值的项可能下溢为 0，但这点误差比其余各项的舍入误差还小得多。
#
# 先回答图上方的问题，再移动三个 logit，并给它们加上同一个偏移量。左边的概率做了平移，右边的照公式直算。**温度** $T$ 先去除 logits：$T$ 小则更尖锐，$T$ 大则更平坦。第 12 章语言模型写作时会再见到它。

# %%
from course.figures.softmax import fig_logits

explore(
    fig_logits,
    predict=Prediction(
        "Add the same offset of 710 to all three logits. What does the textbook formula return? "
        "给三个 logit 都加上 710，照公式直算会得到什么？",
        options=("the same probabilities 概率不变", "nan", "all 1/3 全是 1/3"), answer="nan",
        because="exp(710) overflows to inf and inf/inf is nan, although mathematically nothing changed. "
                "Try float32: 89 is enough. "
                "exp(710) 溢出成 inf，inf/inf 是 nan，尽管数学上什么都没变。换成 float32 试试：89 就够了。"),
    alt={
        "en": "Three groups of bars: the three logits after temperature and offset; the probabilities of the "
        "stable softmax; and those of the naive one. The titles give the cross-entropy of the true class for "
        "both.",
        "zh": "三组条形：经过温度和偏移之后的三个 logit；稳定算法得到的 softmax 概率；直接计算得到的概率。标题给出"
        "两种算法下真实类别的交叉熵。",
    },
    z0=slider(-5.0, 5.0, 2.0, step=0.1, label="logit 0"),
    z1=slider(-5.0, 5.0, 1.0, step=0.1, label="logit 1"),
    z2=slider(-5.0, 5.0, -1.0, step=0.1, label="logit 2"),
    temperature=slider(0.1, 5.0, 1.0, step=0.1, label="temperature T 温度"),
    offset=slider(0, 720, 0, step=5, label="offset 偏移"),
    true_class=choice((0, 1, 2), 0, label="true class 真实类别"),
    float32=toggle(False, label="float32"),
)

# %% [markdown] lang="en"
# ### Exercise 2 · `softmax` (3 points)
#
# ```python
# def softmax(z: np.ndarray, axis: int = -1) -> np.ndarray
# ```
#
# - `z`: an array of logits with one, two or three dimensions; integer logits (int32, int64) are allowed. The result is a float array of the same shape that sums to 1 along `axis`, which may be negative.
# - Logits of any size give finite probabilities: $\pm 10^4$, and neighbouring rows whose maxima differ by $10^4$.
# - Do not change `z`.
#
# Hidden tests also use: 2-D and 3-D arrays and every axis, positive and negative; integer and float32 logits (float32 is compared at a relative tolerance of 1e-5 and may come back as float32); large logits; rows with very different maxima; probabilities as small as $e^{-80}$ (relative tolerance 1e-9; float32 results: 1e-5); the sums; invariance under a shift; unchanged input. Library functions are allowed.
#
# <details><summary>Hint 1</summary>
#
# `np.max(z, axis=axis, keepdims=True)` keeps the reduced axis with length 1, so that it broadcasts back over `z` whatever the axis is.
#
# </details>
# <details><summary>Hint 2</summary>
#
# One maximum for the whole array is not enough: if a row lies 10 000 below another, all its exponentials underflow and it becomes 0/0.
#
# </details>

# %% [markdown] lang="zh"
# ### 练习 2 · `softmax`（3 分）
#
# ```python
# def softmax(z: np.ndarray, axis: int = -1) -> np.ndarray
# ```
#
# - `z` 是 logits 数组，一维、二维或三维；允许整数 logits（int32、int64）。结果是形状相同的浮点数组，沿 `axis` 求和为 1，轴号可以为负。
# - logits 不论多大，概率都是有限值：包括 $\pm 10^4$，以及最大值相差 $10^4$ 的相邻行。
# - 不要修改 `z`。
#
# 隐藏测试还会用到：二维、三维数组以及每一个轴（正负皆有）；整数与 float32 的 logits（float32 按相对误差 1e-5 比较，结果也可以是 float32）；很大的 logits；最大值悬殊的各行；小到 $e^{-80}$ 的概率（相对误差 1e-9；float32 的结果：1e-5）；求和；平移不变性；输入不被改动。可以使用库函数。
#
# <details><summary>提示 1</summary>
#
# `np.max(z, axis=axis, keepdims=True)` 会保留长度为 1 的被约简轴，因此无论沿哪个轴，都能广播回 `z` 的形状。
#
# </details>
# <details><summary>提示 2</summary>
#
# 整个数组只减一个最大值是不够的：如果某一行比另一行低 10 000，它的指数会全部下溢，结果变成 0/0。
#
# </details>

# %% solution="softmax"
def softmax(z, axis=-1):
    """Return the softmax of the logits z along axis: float, same shape as z, finite for any finite z."""
    ### BEGIN SOLUTION
    shifted = z - np.max(z, axis=axis, keepdims=True)
    e = np.exp(shifted)
    return e / np.sum(e, axis=axis, keepdims=True)
    ### END SOLUTION

# %% test="softmax-sums-to-one-along-the-axis" points=2
@np.errstate(all="ignore")
def _example():
    z = np.array([1.0, 2.0, 3.0])
    p = floats(softmax(z), (3,), "softmax")
    assert agree(p.sum(), 1), "[ch02-SUM] `softmax` 的概率之和应为 1 / the probabilities of `softmax` must sum to 1"
    assert agree(p[1:] / p[:-1], np.e), (
        "[ch02-EXP] logit 每增加 1，概率应乘以 e / "
        "one more unit of logit must multiply the probability by e"
    )
    assert np.array_equal(z, [1, 2, 3]), "[ch02-INPUT] `softmax` 改动了输入 z / `softmax` changed its input z"


_example()
### BEGIN HIDDEN TESTS
@np.errstate(all="ignore")
def _check():
    def oracle(z, axis):
        e = np.exp(np.float64(z) - np.max(np.float64(z), axis=axis, keepdims=True))
        return e / e.sum(axis=axis, keepdims=True)

    rng = np.random.default_rng(2201)
    for shape in [(6,), (3, 4), (4, 3), (3, 3), (1, 5), (5, 1), (2, 3, 4), (3, 1, 2)]:
        for axis in range(-len(shape), len(shape)):
            z = 3 * rng.normal(size=shape)
            before, expected, whole = z.copy(), oracle(z, axis), np.exp(z) / np.exp(z).sum()
            p = floats(softmax(z, axis=axis), shape, "softmax")
            right = agree(p, expected)
            assert right or not agree(p, whole), (
                "[ch02-AXIS] `softmax` 只沿 axis 归一化，不是对整个数组 / "
                "`softmax` normalises along axis, not over the whole array")
            for other in range(len(shape)):
                assert right or not agree(p, oracle(before, other)), (
                    f"[ch02-AXIS] 形状 {shape}、axis={axis}：`softmax` 归一化的是另一个轴 / "
                    f"shape {shape}, axis={axis}: `softmax` normalised another axis")
            assert right, (
                f"[ch02-SOFTMAX] 形状 {shape}、axis={axis} 时 `softmax` 不对 / "
                f"`softmax` is off for shape {shape}, axis={axis}"
            )
            assert np.array_equal(z, before), "[ch02-INPUT] `softmax` 改动了输入 z / `softmax` changed its input z"
    z = rng.normal(size=(3, 4))
    assert agree(floats(softmax(z.copy()), (3, 4), "softmax"), oracle(z, -1)), (
        "[ch02-AXIS] 默认 axis=-1 / "
        "the default is axis=-1"
    )
    for dtype in (np.int64, np.int32):
        z = rng.integers(-5, 6, size=(4, 3)).astype(dtype)
        before, expected = z.copy(), oracle(z, 0)
        assert agree(floats(softmax(z, axis=0), (4, 3), "softmax"), expected), (
            "[ch02-INT] 整数 logits 的 `softmax` 不对，检查是否把小数存进了整数数组 / "
            "`softmax` of integer logits: are fractions stored in an integer array?")
        assert np.array_equal(z, before), "[ch02-INPUT] `softmax` 改动了输入 z / `softmax` changed its input z"
    z = (2 * rng.normal(size=(4, 5))).astype(np.float32)
    before, expected = z.copy(), oracle(z, -1)
    assert agree(floats(softmax(z), (4, 5), "softmax"), expected, rtol=1e-5, atol=1e-6), (
        "[ch02-FLOAT32] `softmax` 对 float32 的结果不对 / `softmax` is off for float32 logits")
    assert np.array_equal(z, before), "[ch02-INPUT] `softmax` 改动了输入 z / `softmax` changed its input z"


_check()
### END HIDDEN TESTS

# %% test="softmax-is-stable" points=1
@np.errstate(all="ignore")
def _example():
    z = np.array([[0.5, 2.0, -1.0]])
    p, far = floats(softmax(z), (1, 3), "softmax"), floats(softmax(z + 1000.0), (1, 3), "softmax")
    assert np.all(np.isfinite(far)), (
        "[ch02-OVERFLOW] `softmax` 对大的 logits 溢出，先平移 / "
        "`softmax` overflows for large logits: shift them first"
    )
    assert agree(far, p), (
        "[ch02-SHIFT] 所有 logits 加同一个数，`softmax` 应不变 / "
        "adding one number to all logits must not change `softmax`"
    )


_example()
### BEGIN HIDDEN TESTS
@np.errstate(all="ignore")
def _check():
    def oracle(z, axis):
        e = np.exp(z - np.max(z, axis=axis, keepdims=True))
        return e / e.sum(axis=axis, keepdims=True)

    rng = np.random.default_rng(2202)
    rows = rng.normal(size=(3, 4)) + np.array([[0.0], [1e4], [-1e4]])
    cases = [
        (np.array([1e4, -1e4, 0.0]), -1),
        (np.array([-800.0, -801.0, -803.0]), 0),
        (np.array([[-1e4, -1e4], [1e4, 1e4 - 1]]), 1),
        (np.array([[1000, 1002], [-3000, 1]]), -1),
        (rows, 1),
        (rows.T.copy(), 0),
        (np.full((2, 3, 2), 1e4), 1),
        (1e4 * rng.normal(size=(5, 6)), 0),
        (np.zeros((2, 5)), -1),
    ]
    for z, axis in cases:
        before, expected = z.copy(), oracle(z, axis)
        p = floats(softmax(z, axis=axis), z.shape, "softmax")
        assert np.all(np.isfinite(p)), (
            "[ch02-OVERFLOW] `softmax` 出现 nan 或 inf：沿 axis 逐行减去各自的最大值 / "
            "`softmax` gave nan or inf: subtract each row's own maximum along axis")
        assert agree(p.sum(axis=axis), 1), (
            "[ch02-SUM] 大 logits 时 `softmax` 之和应为 1 / "
            "`softmax` of large logits must still sum to 1"
        )
        assert agree(p, expected), "[ch02-LARGE] 大 logits 时 `softmax` 的值不对 / `softmax` is off for large logits"
        assert np.array_equal(z, before), "[ch02-INPUT] `softmax` 改动了输入 z / `softmax` changed its input z"
    z = np.array([[0.0, -40.0, -60.0, -80.0], [5.0, 5.0, -70.0, 4.0]])  # float32 holds these probabilities, too
    expected = oracle(z, -1)
    assert agree(floats(softmax(z), (2, 4), "softmax"), expected, rtol=1e-9, atol=0), (
        "[ch02-SMALL] 很小的概率也要准确：不要截断 logits，分母里也不要加小量 / "
        "small probabilities must be right, too: do not clip logits, add nothing to the denominator")
    z = 2 * rng.normal(size=(4, 3))
    for shift in (-64.0, 512.0, 4096.0):
        assert agree(floats(softmax(z + shift), (4, 3), "softmax"), oracle(z, -1)), (
            "[ch02-SHIFT] 平移 logits 后 `softmax` 变了 / `softmax` changed under a shift of the logits")


_check()
### END HIDDEN TESTS

# %% [markdown] lang="en"
# ## 2.5 Cross-entropy: the price of a surprise
#
# A weather service gave 80 % to rain and it rained. Another gave 1 %. The second deserves the higher loss, but how much higher? Ask what the *whole data set* says. If the samples are independent, the probability that the model gives to all true labels is a product; take the negative logarithm and it becomes a sum, which does not underflow and can be differentiated term by term:
#
# $$-\ln \prod_{i=1}^{n} p_{i, y_i} = \sum_{i=1}^{n} \left( -\ln p_{i, y_i} \right)$$
#
# Each term is the **surprise** of one sample: zero for a probability of 1, growing without bound as the probability of what really happened goes to 0. The mean is the loss of almost every classifier in this course, the **cross-entropy**, alias *negative log-likelihood*:
#
# $$L = -\frac{1}{n} \sum_{i=1}^{n} \ln p_{i, y_i} = -\frac{1}{n} \sum_{i=1}^{n} \sum_{k=1}^{K} t_{ik} \ln p_{ik}$$
#
# On the right the label is written as a vector $t_i$ with a 1 at the true class (*one-hot*); all other terms vanish. That is the formula with $n$ and $K$ in their places. Keras calls the form with integer labels `sparse_categorical_crossentropy` and the form with vectors `categorical_crossentropy`; the number is the same, and feeding one with the labels of the other raises an error.
#
# Make your guess, then drag p; article A's example sits at 0.8. Switch to small probabilities and look at the dashed line: given probabilities, Keras clips them at 1e-7, so that its loss never exceeds 16.118 and a wrong, certain model gets no gradient.

# %% [markdown] lang="zh"
# ## 2.5 交叉熵：给惊讶定价
#
# 一家气象台预报有雨的概率是 80 %，结果下了；另一家只给了 1 %。后者理应付出更高的损失，可是高多少呢？看*整个数据集*怎么说。样本相互独立时，模型赋予全部真实标签的概率是一个乘积；取负对数，乘积变成求和，既不会下溢，又能逐项求导：
#
# $$-\ln \prod_{i=1}^{n} p_{i, y_i} = \sum_{i=1}^{n} \left( -\ln p_{i, y_i} \right)$$
#
# 每一项是一个样本的**惊讶程度**（surprise）：概率为 1 时是零；真实发生之事的概率趋于 0 时，它无限增大。取平均，就是本课程里几乎所有分类器的损失——**交叉熵**，又名*负对数似然*：
#
# $$L = -\frac{1}{n} \sum_{i=1}^{n} \ln p_{i, y_i} = -\frac{1}{n} \sum_{i=1}^{n} \sum_{k=1}^{K} t_{ik} \ln p_{ik}$$
#
# 右边把标签写成向量 $t_i$，真实类别处为 1（*one-hot* 编码，独热编码），其余各项都消失。在这个公式里，$n$ 和 $K$ 各就各位。Keras 把整数标签的形式叫 `sparse_categorical_crossentropy`，把向量标签的形式叫 `categorical_crossentropy`；两者数值相同，但给其中一个喂另一个的标签就会报错。
#
# 先猜一猜，再拖动 p；文章 A 的例子位于 0.8。切换到小概率区，看那条虚线：输入是概率时，Keras 会在 1e-7 处截断，所以损失永远不超过 16.118，而一个"笃定地错"的模型也就得不到梯度。

# %%
from course.figures.entropy import fig_neg_log

explore(
    fig_neg_log,
    predict=Prediction(
        "p falls from 0.8 to 0.4, and later from 0.02 to 0.01. Which step costs more? "
        "p 先从 0.8 降到 0.4，后又从 0.02 降到 0.01，哪一步更贵？",
        options=("0.8 → 0.4", "0.02 → 0.01", "the same 一样"), answer="the same 一样",
        because="−ln p counts ratios: every halving of the probability costs ln 2 = 0.693 nat. "
                "The slope −1/p, however, explodes near zero. "
                "−ln p 只看比值：概率每减半，代价都是 ln 2 = 0.693 nat；但斜率 −1/p 在零附近急剧增大。"),
    alt={
        "en": "The falling curve of minus ln p against the probability p that the model gave to the true class. A "
        "point marks the chosen p, the title its price and the slope there; article A's example at 0.8 is "
        "labelled.",
        "zh": "−ln p 随模型给真实类别的概率 p 下降的曲线。圆点标出所选的 p，标题给出它的代价和该处的斜率；文章 A 的"
        "例子 p = 0.8 也有标注。",
    },
    p=slider(0.01, 1.0, 0.8, step=0.01, label="p of the true class 真实类别的概率"),
    small=toggle(False, label="small probabilities 小概率（对数轴）"),
)

# %% [markdown] lang="en"
# ### Which logarithm?
#
# Article A writes "log" and gives no number. With p = 0.8 the natural logarithm gives 0.2231 **nat**, base 2 gives 0.3219 **bit**, base 10 gives 0.0969 **hartley**. It is one length measured with three rulers:
#
# $$-\log_2 p = \frac{-\ln p}{\ln 2} \qquad -\log_{10} p = \frac{-\ln p}{\ln 10}$$
#
# The best model is the same on every ruler, but a loss without its unit cannot be compared. Deep learning uses nat (Keras, PyTorch and this course); information theory and language-model papers often use bit. In code, `np.log` is natural. Guess before you switch the base.

# %% [markdown] lang="zh"
# ### 哪一个对数？
#
# 文章 A 只写了 log，没有给出数值。p = 0.8 时，自然对数给出 0.2231 **nat**（奈特），以 2 为底是 0.3219 **bit**（比特），以 10 为底是 0.0969 **hartley**（哈特利）。这是同一段长度，用三把尺子去量：
#
# $$-\log_2 p = \frac{-\ln p}{\ln 2} \qquad -\log_{10} p = \frac{-\ln p}{\ln 10}$$
#
# 不管用哪把尺子，最好的模型都是同一个；但是没有单位的损失无法比较。深度学习用 nat（Keras、PyTorch 和本课程都是如此），信息论和语言模型的论文常用 bit。代码中的 `np.log` 是自然对数。切换底数之前先猜一猜。

# %%
from course.figures.entropy import fig_log_base

explore(
    fig_log_base,
    predict=Prediction(
        "Two models are compared by cross-entropy. Can changing the base of the logarithm swap the winner? "
        "用交叉熵比较两个模型，换对数的底会不会改变胜负？",
        options=("yes 会", "no 不会", "only for small p 仅当 p 很小"), answer="no 不会",
        because="Another base multiplies every loss by the same positive constant. "
                "换底只是把所有损失乘以同一个正常数。"),
    alt={
        "en": "Left: three curves of the surprise against the probability, in nat, bit and hartley, the chosen "
        "base drawn boldly. Right: three bars with the same surprise in each of these units.",
        "zh": "左：意外程度随概率变化的三条曲线，单位分别为奈特、比特和哈特利，所选的底用粗线。右：三根条形，是同一"
        "意外程度在三种单位下的数值。",
    },
    base=choice((("e (nat)", "e"), ("2 (bit)", "2"), ("10 (hartley)", "10")), "e", label="base 底"),
    p=slider(0.02, 1.0, 0.8, step=0.01, label="p"),
)

# %% [markdown] lang="en"
# ### Straight from the logits
#
# Computing softmax first and its logarithm second throws information away: for the logits (0, 1000) the first probability underflows to 0 and its logarithm is `-inf`, although the right answer is an ordinary number. Put the two formulas together before computing:
#
# $$-\ln p_y = -\ln \frac{e^{z_y}}{\sum_{j} e^{z_j}} = \ln \sum_{j=1}^{K} e^{z_j} - z_y$$
#
# The first term is the **log-sum-exp**, a smooth maximum. Shift it by $m = \max_j z_j$:
#
# $$\ln \sum_{j=1}^{K} e^{z_j} = m + \ln \sum_{j=1}^{K} e^{z_j - m}$$
#
# Every exponent is at most 0 and the sum lies between 1 and $K$: the logarithm is harmless. For (0, 1000) and class 0 the loss is 1000, correct to the last digit. This is why frameworks offer `from_logits=True`, and why you should use it: the network ends *without* softmax and the loss does both.
#
# How wrong can the loss be at all? From $m \le \ln \sum_j e^{z_j} \le m + \ln K$ follows: at most the largest gap between two logits plus $\ln K$, and never below 0. A negative cross-entropy of labels is a bug.

# %% [markdown] lang="zh"
# ### 直接从 logits 出发
#
# 先算 softmax、再取对数，会丢掉信息：logits 为 (0, 1000) 时，第一个概率下溢成 0，对数是 `-inf`，而正确答案只是一个普通的数。应当先把两个公式合并，再计算：
#
# $$-\ln p_y = -\ln \frac{e^{z_y}}{\sum_{j} e^{z_j}} = \ln \sum_{j=1}^{K} e^{z_j} - z_y$$
#
# 第一项叫 **log-sum-exp**，是一个光滑的"最大值"。用 $m = \max_j z_j$ 平移：
#
# $$\ln \sum_{j=1}^{K} e^{z_j} = m + \ln \sum_{j=1}^{K} e^{z_j - m}$$
#
# 每个指数都不超过 0，和介于 1 与 $K$ 之间，取对数毫无风险。对 (0, 1000) 和类别 0，损失是 1000，直到最后一位都正确。框架提供 `from_logits=True` 正是为此，你也应当使用它：网络末端*不加* softmax，由损失函数一并完成。
#
# 损失最坏能有多大？由 $m \le \ln \sum_j e^{z_j} \le m + \ln K$ 可知：不超过 logits 之间的最大差距加上 $\ln K$，也绝不会小于 0。用标签算出负的交叉熵，一定是程序错了。

# %% [markdown] lang="en"
# ### Exercise 3 · `cross_entropy_from_logits` (4 points)
#
# ```python
# def cross_entropy_from_logits(z: np.ndarray, y: np.ndarray) -> float
# ```
#
# Return the mean over the samples of $-\ln \operatorname{softmax}(z_i)_{y_i}$, in nat.
#
# - `z`: float logits `(N, K)`; `y`: integer labels `(N,)` with values from 0 to K − 1, of any integer dtype, `uint8` included (MNIST's labels are `uint8`).
# - One number: a Python float or a NumPy float. Any finite logits give the right finite loss; for `z = [[0, 1000]]` and `y = [0]` it is 1000.
# - Do not change `z` or `y`.
#
# Hidden tests also use: an independent float64 solution at a relative tolerance of 1e-9 (float32 logits and float32 results: 1e-5); K different from N, N = 1, K = 1; labels of every integer dtype, signed and unsigned, also for N = 300; the samples in another order; logits up to $\pm 10^4$ and rows with very different maxima; unchanged inputs. Library functions are allowed, `softmax` from above too.
#
# <details><summary>Hint 1</summary>
#
# `z[np.arange(len(y)), y]` picks one logit per row. `z[:, y]` does something else: look at its shape.
#
# </details>
# <details><summary>Hint 2</summary>
#
# `np.log(softmax(z))` cannot work: $\ln 0$ has already lost the answer. Adding 1e-7 inside the logarithm hides the `inf` and gives 16.118 in place of 1000.
#
# </details>

# %% [markdown] lang="zh"
# ### 练习 3 · `cross_entropy_from_logits`（4 分）
#
# ```python
# def cross_entropy_from_logits(z: np.ndarray, y: np.ndarray) -> float
# ```
#
# 返回 $-\ln \operatorname{softmax}(z_i)_{y_i}$ 对全部样本的平均，单位 nat。
#
# - `z`：浮点 logits，形状 `(N, K)`；`y`：整数标签，形状 `(N,)`，取值 0 到 K − 1，可以是任何整数类型，包括 `uint8`（MNIST 的标签就是 `uint8`）。
# - 返回一个数，Python 浮点数或 NumPy 浮点数都可以。任何有限的 logits 都应给出正确且有限的损失；`z = [[0, 1000]]`、`y = [0]` 时等于 1000。
# - 不要修改 `z` 和 `y`。
#
# 隐藏测试还会用到：一个独立的 float64 解法，相对误差 1e-9（float32 的 logits 和 float32 的结果：1e-5）；K 与 N 不同、N = 1、K = 1；每一种有符号和无符号整数类型的标签，也包括 N = 300 的情形；打乱次序的样本；大到 $\pm 10^4$ 的 logits，以及最大值悬殊的各行；输入不被改动。可以使用库函数，也可以用上面的 `softmax`。
#
# <details><summary>提示 1</summary>
#
# `z[np.arange(len(y)), y]` 每行取一个 logit。`z[:, y]` 做的是另一件事，看看它的形状。
#
# </details>
# <details><summary>提示 2</summary>
#
# `np.log(softmax(z))` 行不通：到 $\ln 0$ 时，答案已经丢了。在对数里加 1e-7，只是把 `inf` 掩盖起来，把 1000 变成 16.118。
#
# </details>

# %% solution="cross-entropy-from-logits"
def cross_entropy_from_logits(z, y):
    """Return the mean of -ln softmax(z)[y] in nat; z: finite logits (N, K), y: integer labels (N,)."""
    ### BEGIN SOLUTION
    shifted = z - np.max(z, axis=1, keepdims=True)
    log_sum = np.log(np.sum(np.exp(shifted), axis=1))
    return float(np.mean(log_sum - shifted[np.arange(len(y)), y]))
    ### END SOLUTION

# %% test="cross-entropy-averages-the-surprise" points=2
@np.errstate(all="ignore")
def _example():
    z, y = np.zeros((4, 3)), np.array([0, 2, 1, 2])
    value = number(cross_entropy_from_logits(z, y), "cross_entropy_from_logits")
    assert agree(value, math.log(3)), (
        "[ch02-LNK] K 个 logits 全相等时，损失应为 ln K / with K equal logits the loss must be ln K")
    z = np.array([[2.0, 0.0, -1.0], [0.5, 1.0, 0.0]])
    both = number(cross_entropy_from_logits(z, np.array([0, 2])), "cross_entropy_from_logits")
    first = number(cross_entropy_from_logits(z[:1], np.array([0])), "cross_entropy_from_logits")
    second = number(cross_entropy_from_logits(z[1:], np.array([2])), "cross_entropy_from_logits")
    assert agree(both, (first + second) / 2), (
        "[ch02-MEAN] 两个样本的损失应为各自损失的平均 / "
        "the loss of two samples is the mean of their losses"
    )


_example()
### BEGIN HIDDEN TESTS
@np.errstate(all="ignore")
def _check():
    def surprises(z, y):
        z = np.float64(z)
        m = z.max(axis=1)
        return np.array([m[i] + np.log(np.exp(z[i] - m[i]).sum()) - z[i, int(k)] for i, k in enumerate(y)])

    name = "cross_entropy_from_logits"
    rng = np.random.default_rng(2301)
    for n, k in [(5, 3), (3, 7), (4, 4), (1, 5), (6, 1), (60, 7), (2, 2)]:
        z, y = 2 * rng.normal(size=(n, k)), rng.integers(0, k, size=n)
        z_before, y_before = z.copy(), y.copy()
        each = surprises(z, y)
        value = number(cross_entropy_from_logits(z, y), name)
        right = agree(value, each.mean(), rtol=1e-9, atol=1e-12)
        p = np.exp(-surprises(np.repeat(z, k, axis=0), np.tile(np.arange(k), n))).reshape(n, k)
        for wrong, hint in (
            (each.sum(), "[ch02-MEAN] 取平均而不是求和 / average, do not sum"),
            (each.mean() / math.log(2), "[ch02-BASE] 使用自然对数，单位是 nat / use the natural logarithm, in nat"),
            (each.sum() / (n * k), "[ch02-NK] 除以样本数 N，而不是 N·K / divide by the number of samples N, not by N·K"),
            (-each.mean(), "[ch02-SIGN] 损失是 −ln p，别忘了负号 / the loss is −ln p: mind the sign"),
            (surprises(p, y).mean(), "[ch02-TWICE] 对 logits 做了两次 softmax / softmax was applied twice"),
            (surprises(z, z.argmax(axis=1)).mean(), "[ch02-LABEL] 应取真实标签 y 的概率，而不是最大的概率 / "
             "take the probability of the label y, not the largest one"),
        ):
            assert right or agree(wrong, each.mean()) or not agree(value, wrong), hint
        assert right, (f"[ch02-CE] 形状 ({n}, {k}) 时交叉熵不对，检查每行取的是不是 y 对应的那一列 / "
                       f"the cross-entropy is off for shape ({n}, {k}): does each row pick its own label?")
        assert np.array_equal(z, z_before) and np.array_equal(y, y_before), (
            "[ch02-INPUT] 输入 z 或 y 被改动了 / "
            "an input, z or y, was changed"
        )
        order = rng.permutation(n)
        assert agree(number(cross_entropy_from_logits(z[order], y[order]), name), each.mean(), rtol=1e-9, atol=1e-12), (
            "[ch02-ORDER] 样本换个次序，损失应不变 / another order of the samples must not change the loss")
    z, y = 2 * rng.normal(size=(300, 7)), rng.integers(0, 7, size=300)
    z_before, expected = z.copy(), surprises(z, y).mean()
    for dtype in (np.int8, np.int16, np.int32, np.int64, np.uint8, np.uint16, np.uint32, np.uint64):
        labels = y.astype(dtype)
        value = number(cross_entropy_from_logits(z, labels), name)
        assert agree(value, expected, rtol=1e-9, atol=1e-12), (
            f"[ch02-LABELS] 标签类型为 {np.dtype(dtype).name} 时结果变了 / "
            f"the result changes for labels of dtype {np.dtype(dtype).name}")
        assert np.array_equal(z, z_before) and np.array_equal(labels, y), (
            "[ch02-INPUT] 输入 z 或 y 被改动了 / an input, z or y, was changed")
    z = z.astype(np.float32)
    z_before, expected = z.copy(), surprises(z, y).mean()
    assert agree(number(cross_entropy_from_logits(z, y), name), expected, rtol=1e-5, atol=1e-6), (
        "[ch02-FLOAT32] float32 logits 的结果不对 / the result for float32 logits is off")
    assert np.array_equal(z, z_before), "[ch02-INPUT] 输入 z 被改动了 / the input z was changed"


_check()
### END HIDDEN TESTS

# %% test="cross-entropy-is-finite-for-any-logits" points=2
@np.errstate(all="ignore")
def _example():
    z, y = np.array([[1.0, 3.0]]), np.array([0])
    near = number(cross_entropy_from_logits(z, y), "cross_entropy_from_logits")
    far = number(cross_entropy_from_logits(z + 1000.0, y), "cross_entropy_from_logits")
    assert np.isfinite(far), "[ch02-OVERFLOW] logits 很大时溢出，用 log-sum-exp / large logits overflow: use log-sum-exp"
    assert agree(near, far), (
        "[ch02-SHIFT] 所有 logits 加同一个数，损失应不变 / "
        "adding one number to all logits must not change the loss"
    )


_example()
### BEGIN HIDDEN TESTS
@np.errstate(all="ignore")
def _check():
    def oracle(z, y):
        m = z.max(axis=1)
        return float(np.mean([m[i] + np.log(np.exp(z[i] - m[i]).sum()) - z[i, k] for i, k in enumerate(y)]))

    name = "cross_entropy_from_logits"
    rng = np.random.default_rng(2302)
    rows = rng.normal(size=(3, 4)) + np.array([[0.0], [1e4], [-1e4]])
    cases = [
        (np.array([[0.0, 1000.0]]), np.array([0])),
        (np.array([[0.0, 1000.0]]), np.array([1])),
        (np.array([[0.0, 40.0, 3.0], [25.0, 0.0, 1.0]]), np.array([0, 1])),
        (rows, np.array([3, 0, 2])),
        (1e4 * rng.normal(size=(6, 5)), rng.integers(0, 5, size=6)),
        (np.full((2, 3), -1e4), np.array([1, 2])),
        (np.array([[1e4, -1e4, 0.0], [-1e4, 1e4, 1e4]]), np.array([1, 2])),
    ]
    for z, y in cases:
        before, labels, expected = z.copy(), y.copy(), oracle(z, y)
        value = number(cross_entropy_from_logits(z, y), name)
        assert not np.isnan(value), (
            "[ch02-OVERFLOW] 损失是 nan：取指数之前逐行减去最大值 / "
            "the loss is nan: subtract each row's maximum before exp"
        )
        assert np.isfinite(value), (
            "[ch02-LOGZERO] 损失是 inf：先做 softmax 再取对数会得到 ln 0 / the loss is inf: a logarithm after softmax meets ln 0")
        assert agree(value, expected, rtol=1e-9, atol=1e-12), (
            "[ch02-LARGE] 大 logits 的损失不对；如果它封顶不再增大，检查截断或 ε / "
            "the loss of large logits is off; if it saturates, look for clipping or an added ε")
        assert np.array_equal(z, before) and np.array_equal(y, labels), (
            "[ch02-INPUT] 输入 z 或 y 被改动了 / an input, z or y, was changed")


_check()
### END HIDDEN TESTS

# %% [markdown] lang="en"
# ## 2.6 The gradient of cross-entropy
#
# Training needs the slope of the loss in every logit. For one sample
#
# $$\ell = \ln \sum_{j=1}^{K} e^{z_j} - z_y$$
#
# Differentiate the two terms with respect to $z_k$ yourself before you open the answer; it is one line and probably the most useful line of this chapter. Write $[k = y]$ for 1 if $k$ is the label and 0 otherwise.
#
# <details><summary>The derivative</summary>
#
# $$\frac{\partial \ell}{\partial z_k} = \frac{e^{z_k}}{\sum_{j} e^{z_j}} - [k = y] = p_k - [k = y]$$
#
# </details>
#
# What it says: every wrong class is pushed down by exactly the probability that it took, the right class is pushed up by what it lacks. The pushes balance (each row sums to 0, because a common shift of the logits changes nothing). The pull is bounded by 1, and it fades only when the model is *right*. Compare that with squared error on a probability: for the label 1 and $p = \sigma(z) = 1 / (1 + e^{-z})$,
#
# $$\frac{d}{dz} (p - 1)^2 = 2 (p - 1)\, p\, (1 - p)$$
#
# For $z = -6$ the model is almost certain and wrong, and the factor $p$ kills the slope: no gradient where it is needed most. The logarithm of cross-entropy undoes the exponential of softmax; that is why the two belong together. Predict which loss repairs the mistake faster, then move the logit.

# %% [markdown] lang="zh"
# ## 2.6 交叉熵的梯度
#
# 训练需要损失对每个 logit 的斜率。对单个样本，
#
# $$\ell = \ln \sum_{j=1}^{K} e^{z_j} - z_y$$
#
# 先自己动手，把两项分别对 $z_k$ 求导，再打开答案：只有一行，却大概是本章最有用的一行。记 $[k = y]$ 在 $k$ 等于标签时为 1，否则为 0。
#
# <details><summary>导数</summary>
#
# $$\frac{\partial \ell}{\partial z_k} = \frac{e^{z_k}}{\sum_{j} e^{z_j}} - [k = y] = p_k - [k = y]$$
#
# </details>
#
# 它的意思是：每个错误的类别被往下压，压力恰好是它占去的概率；正确的类别被往上推，推力恰好是它还缺的概率。两者平衡（每行之和为 0，因为 logits 整体平移不改变损失）。拉力不超过 1，而且只有模型*答对*时才会消失。拿它与概率的平方误差比较：标签为 1、$p = \sigma(z) = 1 / (1 + e^{-z})$ 时，
#
# $$\frac{d}{dz} (p - 1)^2 = 2 (p - 1)\, p\, (1 - p)$$
#
# $z = -6$ 时模型几乎笃定，却是错的，而因子 $p$ 把斜率压到了零附近：最需要梯度的地方没有梯度。交叉熵的对数恰好抵消 softmax 的指数，所以这两者天生一对。先预测哪个损失纠错更快，再移动 logit。

# %%
from course.figures.losses import fig_wrong_but_sure

explore(
    fig_wrong_but_sure,
    predict=Prediction(
        "The label is 1, the logit is −6. Which loss corrects the model quickly? 标签是 1，logit 是 −6，哪个损失能较快纠正模型？",
        options=("squared error 平方误差", "cross-entropy 交叉熵", "both alike 差不多"), answer="cross-entropy 交叉熵",
        because="At −6 the slope of cross-entropy is −0.998, that of the squared error −0.005: about 200 times weaker. "
                "在 −6 处交叉熵的斜率是 −0.998，平方误差只有 −0.005，弱了约 200 倍。"),
    alt={
        "en": "Left: squared error of the sigmoid and cross-entropy against the logit z, for the label 1. Right: "
        "the slopes of both. Points mark the chosen logit; the right title compares how hard the two losses "
        "pull.",
        "zh": "左：标签为 1 时，sigmoid 的平方误差与交叉熵随 logit z 的变化。右：两者的斜率。圆点标出所选的 logit，"
        "右图标题比较两种损失的拉力。",
    },
    z=slider(-10.0, 10.0, -6.0, step=0.5, label="logit z"),
)

# %% [markdown] lang="en"
# ### Exercise 4 · `cross_entropy_grad` (4 points)
#
# ```python
# def cross_entropy_grad(z: np.ndarray, y: np.ndarray) -> np.ndarray
# ```
#
# Return the gradient of `cross_entropy_from_logits(z, y)` with respect to `z`: a float array of shape `(N, K)`. Mind that the loss is a *mean*.
#
# - `z` and `y` as in exercise 3. Any finite logits give finite numbers. Do not change `z` or `y`.
# - The gradient must be **analytic**. It is compared at a relative tolerance of 1e-9, including entries as small as 1e-13; a finite difference is not that exact and does not pass. (Float32 logits and float32 results: 1e-5.)
#
# Hidden tests also use: N different from K, N = 1; central differences of the loss; labels of every integer dtype, also for N = 300; a batch written twice (each row of the gradient halves); large logits and rows with very different maxima; the sum of each row; unchanged inputs. Library functions are allowed.
#
# <details><summary>Hint</summary>
#
# Start from `softmax(z)`, a new array, and change one entry per row. Writing into `z` itself would damage the caller's data.
#
# </details>

# %% [markdown] lang="zh"
# ### 练习 4 · `cross_entropy_grad`（4 分）
#
# ```python
# def cross_entropy_grad(z: np.ndarray, y: np.ndarray) -> np.ndarray
# ```
#
# 返回 `cross_entropy_from_logits(z, y)` 对 `z` 的梯度：形状 `(N, K)` 的浮点数组。注意损失取的是*平均*。
#
# - `z`、`y` 同练习 3。任何有限的 logits 都应给出有限值。不要修改 `z` 和 `y`。
# - 梯度必须是**解析**的：按相对误差 1e-9 比较，连小到 1e-13 的元素也算在内；有限差分达不到这个精度，不能通过。（float32 的 logits 和 float32 的结果：1e-5。）
#
# 隐藏测试还会用到：N 与 K 不同、N = 1；损失的中心差分；每一种整数类型的标签，也包括 N = 300 的情形；把整批数据写两遍（梯度的每一行减半）；很大的 logits 和最大值悬殊的各行；各行之和；输入不被改动。可以使用库函数。
#
# <details><summary>提示</summary>
#
# 从 `softmax(z)` 这个新数组出发，每行改一个元素。直接写进 `z` 会破坏调用者的数据。
#
# </details>

# %% solution="cross-entropy-grad"
def cross_entropy_grad(z, y):
    """Return the gradient (N, K) of the mean cross-entropy in the logits z (N, K); y: integer labels (N,)."""
    ### BEGIN SOLUTION
    e = np.exp(z - np.max(z, axis=1, keepdims=True))
    gradient = e / np.sum(e, axis=1, keepdims=True)
    gradient[np.arange(len(y)), y] -= 1
    return gradient / len(y)
    ### END SOLUTION

# %% test="cross-entropy-grad-is-the-slope" points=2
@np.errstate(all="ignore")
def _example():
    z, y = np.zeros((1, 2)), np.array([0])
    gradient = floats(cross_entropy_grad(z, y), (1, 2), "cross_entropy_grad")
    assert agree(gradient, [[-0.5, 0.5]]), (
        "[ch02-GRAD] 两个 logit 相等时，真实类别被推高多少，另一个就压低多少 / "
        "with two equal logits the true class is raised as much as the other is lowered")
    z, y = np.array([[1.0, 0.0, -2.0], [0.0, 0.0, 1.0]]), np.array([2, 1])
    gradient = floats(cross_entropy_grad(z, y), (2, 3), "cross_entropy_grad")
    assert agree(gradient.sum(axis=1), 0, atol=1e-6), (
        "[ch02-ROWSUM] 梯度每一行之和应为 0 / "
        "every row of the gradient must sum to 0"
    )


_example()
### BEGIN HIDDEN TESTS
@np.errstate(all="ignore")
def _check():
    def loss(z, y):
        m = z.max(axis=1)
        return float(np.mean([m[i] + np.log(np.exp(z[i] - m[i]).sum()) - z[i, int(k)] for i, k in enumerate(y)]))

    def oracle(z, y):
        z = np.float64(z)
        e = np.exp(z - z.max(axis=1, keepdims=True))
        p = e / e.sum(axis=1, keepdims=True)
        return p, (np.arange(z.shape[1]) == np.int64(y)[:, None]).astype(float)

    def exact(gradient, z, y):
        p, t = oracle(z, y)
        expected = (p - t) / len(y)
        slack = np.where(t == 1, 1e-12, 1e-300)  # 1 - p cancels at the label, nothing cancels elsewhere
        relative = 1e-5 if gradient.dtype == np.float32 else 1e-9
        return bool(np.all(np.abs(gradient - expected) <= relative * np.abs(expected) + slack))

    name = "cross_entropy_grad"
    rng = np.random.default_rng(2401)
    for n, k in [(5, 3), (3, 7), (1, 4), (4, 4), (6, 2), (1, 2), (9, 5)]:
        z, y = 3 * rng.normal(size=(n, k)), rng.integers(0, k, size=n)
        z_before, y_before = z.copy(), y.copy()
        p, t = oracle(z, y)
        g = floats(cross_entropy_grad(z, y), (n, k), name)
        right = exact(g, z_before, y)
        for wrong, hint in (
            (p - t, "[ch02-MEAN] 损失是平均值，梯度还要除以样本数 N / "
             "the loss is a mean: divide the gradient by the number of samples N"),
            ((p - t) / k, "[ch02-NK] 应除以样本数 N，而不是类别数 K / divide by the number of samples N, not of classes K"),
            ((p - t) / (n * k), "[ch02-NK] 应除以样本数 N，而不是 N·K / divide by the number of samples N, not by N·K"),
            ((t - p) / n, "[ch02-SIGN] 梯度的符号反了 / the sign of the gradient is reversed"),
            (-t / p / n, "[ch02-WRT] 这是对概率 p 的导数，题目要的是对 logits z 的导数 / "
             "this is the slope in p; the exercise asks for the slope in the logits z"),
            ((p - y[:, None]) / n, "[ch02-ONEHOT] 减去的应是 one-hot 标签，而不是标签的编号 / "
             "subtract the one-hot label, not the number of the label"),
            (t * (p - 1) / n, "[ch02-OTHERS] 错误类别的 logit 也有梯度 / the logits of the wrong classes have a gradient too"),
        ):
            assert right or agree(wrong, (p - t) / n) or not agree(g, wrong), hint
        slopes = np.zeros((n, k))
        for i in range(n):
            for j in range(k):
                step = np.zeros((n, k))
                step[i, j] = 1e-6
                slopes[i, j] = (loss(z_before + step, y) - loss(z_before - step, y)) / 2e-6
        assert np.allclose(g, slopes, rtol=0, atol=1e-5), (
            f"[ch02-SLOPE] 形状 ({n}, {k}) 时与损失的中心差分不符 / "
            f"the gradient disagrees with central differences of the loss for shape ({n}, {k})")
        assert right, "[ch02-ANALYTIC] 精度不够：请用公式，不要用有限差分 / not exact enough: use the formula, not finite differences"
        assert agree(g.sum(axis=1), 0, atol=1e-6), (
            "[ch02-ROWSUM] 梯度每一行之和应为 0 / "
            "every row of the gradient must sum to 0"
        )
        assert np.array_equal(z, z_before) and np.array_equal(y, y_before), (
            "[ch02-INPUT] 输入 z 或 y 被改动了 / "
            "an input, z or y, was changed"
        )
        double = floats(cross_entropy_grad(np.concatenate([z, z]), np.concatenate([y, y])), (2 * n, k), name)
        assert agree(2 * double, np.concatenate([g, g])), (
            "[ch02-MEAN] 数据重复一遍，梯度的每一行应减半 / with every sample written twice each row of the gradient must halve")
    z, y = 2 * rng.normal(size=(300, 7)), rng.integers(0, 7, size=300)
    z_before = z.copy()
    for dtype in (np.int8, np.int16, np.int32, np.int64, np.uint8, np.uint16, np.uint32, np.uint64):
        labels = y.astype(dtype)
        g = floats(cross_entropy_grad(z, labels), (300, 7), name)
        assert np.array_equal(z, z_before) and np.array_equal(labels, y), (
            "[ch02-INPUT] 输入 z 或 y 被改动了 / an input, z or y, was changed")
        assert exact(g, z, y), (
            f"[ch02-LABELS] 标签类型为 {np.dtype(dtype).name} 时结果变了 / "
            f"the result changes for labels of dtype {np.dtype(dtype).name}")
    z = z.astype(np.float32)
    z_before, (p, t) = z.copy(), oracle(z, y)
    assert agree(floats(cross_entropy_grad(z, y), (300, 7), name), (p - t) / 300, rtol=1e-5, atol=1e-8), (
        "[ch02-FLOAT32] float32 logits 的结果不对 / the result for float32 logits is off")
    assert np.array_equal(z, z_before), "[ch02-INPUT] 输入 z 被改动了 / the input z was changed"


_check()
### END HIDDEN TESTS

# %% test="cross-entropy-grad-is-exact-and-stable" points=2
@np.errstate(all="ignore")
def _example():
    z, y = np.array([[0.0, 1.0, 2.0]]), np.array([1])
    near = floats(cross_entropy_grad(z, y), (1, 3), "cross_entropy_grad")
    far = floats(cross_entropy_grad(z + 1000.0, y), (1, 3), "cross_entropy_grad")
    assert np.all(np.isfinite(far)), "[ch02-OVERFLOW] 大的 logits 溢出 / large logits overflow"
    assert agree(far, near), (
        "[ch02-SHIFT] 所有 logits 加同一个数，梯度应不变 / "
        "adding one number to all logits must not change the gradient"
    )


_example()
### BEGIN HIDDEN TESTS
@np.errstate(all="ignore")
def _check():
    rng = np.random.default_rng(2402)
    wide = np.array([[0.0, -12.0, -29.0, 1.0], [-30.0, 2.0, 0.5, -21.0], [-25.0, -8.0, 0.0, -16.0]])
    rows = rng.normal(size=(3, 4)) + np.array([[0.0], [1e4], [-1e4]])
    cases = [
        (wide, np.array([0, 1, 3])),
        (wide + 4096.0, np.array([3, 2, 2])),
        (rows, np.array([3, 0, 2])),
        (np.array([[0.0, -600.0, -1.0], [900.0, 300.0, 900.5]]), np.array([1, 1])),
        (np.array([[1e4, -1e4, 0.0], [-1e4, 0.0, 1e4]]), np.array([0, 2])),
        (np.full((5, 2), -1e4), np.array([0, 1, 1, 0, 1])),
    ]
    for z, y in cases:
        before, labels = z.copy(), y.copy()
        e = np.exp(z - z.max(axis=1, keepdims=True))
        t = (np.arange(z.shape[1]) == y[:, None]).astype(float)
        expected = (e / e.sum(axis=1, keepdims=True) - t) / len(y)
        g = floats(cross_entropy_grad(z, y), z.shape, "cross_entropy_grad")
        assert np.all(np.isfinite(g)), (
            "[ch02-OVERFLOW] 梯度出现 nan 或 inf：逐行减去最大值再取指数 / "
            "the gradient has nan or inf: subtract each row's maximum before exp")
        assert np.all(np.abs(g - expected) <= 1e-6), (
            "[ch02-LARGE] logits 很大或相差很远时梯度不对 / "
            "the gradient is off for logits that are large or far apart"
        )
        slack = np.where(t == 1, 1e-12, 1e-100)
        relative = 1e-5 if g.dtype == np.float32 else 1e-9
        assert np.all(np.abs(g - expected) <= relative * np.abs(expected) + slack), (
            "[ch02-ANALYTIC] 很小的梯度不够精确：请用公式，不要用有限差分 / "
            "small entries are not exact: use the formula, not finite differences")
        assert np.array_equal(z, before) and np.array_equal(y, labels), (
            "[ch02-INPUT] 输入 z 或 y 被改动了 / an input, z or y, was changed")


_check()
### END HIDDEN TESTS

# %% [markdown] lang="en"
# ## 2.7 Your functions train a classifier
#
# Three clouds of points, one weight vector and one bias per class, zero at the start. All logits are then 0, every class gets 1/3, and the loss is exactly $\ln 3 = 1.0986$. **This is the first number to check in any training run**: a fresh classifier of $K$ classes should start near $\ln K$ (2.303 for the ten digits). Much more means that it starts out confidently wrong, which points to badly scaled inputs or weights; much less means that it has seen the answer.
#
# Predict where the loss ends, then play the training. The right title translates the mean loss back: $e^{-L}$ is the geometric mean of the probability that the model gives to the true class.

# %% [markdown] lang="zh"
# ## 2.7 用你的函数训练一个分类器
#
# 三团点云，每个类别一个权重向量和一个偏置，初值为零。此时所有 logits 都是 0，每一类得到 1/3，损失恰好是 $\ln 3 = 1.0986$。**这是任何一次训练首先要核对的数**：$K$ 类的新分类器应当从 $\ln K$ 附近出发（十个数字是 2.303）。高出很多，说明它一开始就笃定地错，多半是输入或权重的尺度有问题；低出很多，说明它已经偷看了答案。
#
# 先预测损失最后停在哪里，再播放训练过程。右图标题把平均损失换算了回去：$e^{-L}$ 是模型赋予真实类别的概率的几何平均。

# %%
from course.figures.softmax import fig_training

explore(
    fig_training,
    predict=Prediction(
        "The loss falls quickly at first and then creeps. Will it reach 0? 损失先快后慢地下降，它会降到 0 吗？",
        options=("yes, with patience 会，耐心等", "no 不会", "it turns back up 会再升高"), answer="no 不会",
        because="The clouds overlap: some points lie deep inside the wrong cloud, "
                "and a model that was certain would pay dearly for them. "
                "点云有重叠：有些点落在别的点云深处，过分笃定的模型要为它们付出很大的代价。"),
    alt={
        "en": "Left: three clouds of points in the plane and, as coloured regions, the class that the model "
        "predicts there. Right: the mean cross-entropy against the training step, with a dashed line at ln 3.",
        "zh": "左：平面上的三团点，彩色区域表示模型在该处预测的类别。右：平均交叉熵随训练步数的变化，虚线为 ln 3。",
    },
    step=play(0, 100, 0, label="step 步"),
    lr=slider(0.1, 2.0, 0.5, step=0.1, label="learning rate 学习率"),
)

# %% [markdown] lang="en"
# Now the same with your own `cross_entropy_from_logits` and `cross_entropy_grad`. If $z = x W + b$, the chain rule turns the gradient in the logits into the gradients in the parameters (chapter 5 derives this in general):
#
# $$\frac{\partial L}{\partial W} = x^\top \frac{\partial L}{\partial z} \qquad \frac{\partial L}{\partial b_k} = \sum_{i=1}^{n} \frac{\partial L}{\partial z_{ik}}$$

# %% [markdown] lang="zh"
# 现在换成你自己的 `cross_entropy_from_logits` 和 `cross_entropy_grad`。若 $z = x W + b$，链式法则把对 logits 的梯度变成对参数的梯度（一般推导见第 5 章）：
#
# $$\frac{\partial L}{\partial W} = x^\top \frac{\partial L}{\partial z} \qquad \frac{\partial L}{\partial b_k} = \sum_{i=1}^{n} \frac{\partial L}{\partial z_{ik}}$$

# %%
from course.figures.softmax import three_clouds

with when_solved("cross_entropy_from_logits", "cross_entropy_grad"):
    x, labels = three_clouds()
    W, b = np.zeros((2, 3)), np.zeros(3)
    for step in range(101):
        if step % 25 == 0:
            print(f"step {step:3d}   loss {cross_entropy_from_logits(x @ W + b, labels):.4f} nat")
        slope = cross_entropy_grad(x @ W + b, labels)
        W, b = W - 0.5 * x.T @ slope, b - 0.5 * slope.sum(axis=0)

# %% [markdown] lang="en"
# ## 2.8 Two classes, or several yes/no questions
#
# With two classes one logit is enough: fix the other at 0. Softmax of $(0, z)$ gives the second class the **sigmoid**
#
# $$\sigma(z) = \frac{e^{z}}{1 + e^{z}} = \frac{1}{1 + e^{-z}} \qquad 1 - \sigma(z) = \sigma(-z)$$
#
# so $z$ is the logarithm of the odds, $z = \ln \frac{p}{1 - p}$; this is where the name *logit* comes from. The binary cross-entropy, with a label $y$ anywhere in $[0, 1]$ and a weight $w$ for the positive term, is
#
# $$\ell = -\left[ w\, y \ln \sigma(z) + (1 - y) \ln \left( 1 - \sigma(z) \right) \right]$$
#
# The weight is for rare positives: with one ill person among 100, $w = 99$ lets the ill and the healthy pull equally. (It also shifts the probabilities; chapter 8 and chapter 17 come back to this.) The same loss serves *multi-label* problems, where a picture can show a cat **and** a dog: one independent question per label.
#
# Again the logarithm of the sigmoid must not be computed literally. With the **softplus** function
#
# $$s(z) = \ln (1 + e^{z}) = \max(z, 0) + \ln \left( 1 + e^{-|z|} \right)$$
#
# we have $-\ln \sigma(z) = s(-z)$ and $-\ln (1 - \sigma(z)) = s(z)$, and the form with the absolute value never overflows. `np.logaddexp(0, z)` computes exactly this.

# %% [markdown] lang="zh"
# ## 2.8 两个类别，或若干个"是/否"问题
#
# 两个类别只需要一个 logit：把另一个固定为 0。对 $(0, z)$ 做 softmax，第二类的概率就是 **sigmoid**
#
# $$\sigma(z) = \frac{e^{z}}{1 + e^{z}} = \frac{1}{1 + e^{-z}} \qquad 1 - \sigma(z) = \sigma(-z)$$
#
# 因此 $z$ 是几率的对数，$z = \ln \frac{p}{1 - p}$，*logit*（对数几率）由此得名。标签 $y$ 可以是 $[0, 1]$ 中的任何数，正例项再乘权重 $w$，二元交叉熵就是
#
# $$\ell = -\left[ w\, y \ln \sigma(z) + (1 - y) \ln \left( 1 - \sigma(z) \right) \right]$$
#
# 权重用于正例稀少的情形：100 人中有 1 名患者时，取 $w = 99$，患者与健康人的总拉力就相等。（概率也会随之偏移，第 8 章和第 17 章会再谈。）同一个损失也用于*多标签*问题，比如一张图里可以既有猫**又**有狗：每个标签是一个独立的是非题。
#
# 同样，不能照字面去算 sigmoid 的对数。利用 **softplus** 函数
#
# $$s(z) = \ln (1 + e^{z}) = \max(z, 0) + \ln \left( 1 + e^{-|z|} \right)$$
#
# 可得 $-\ln \sigma(z) = s(-z)$、$-\ln (1 - \sigma(z)) = s(z)$，而带绝对值的写法永不溢出。`np.logaddexp(0, z)` 算的正是它。

# %% [markdown] lang="en"
# ### Exercise 5 · `binary_ce_with_logits` (3 points)
#
# ```python
# def binary_ce_with_logits(z: np.ndarray, y: np.ndarray, pos_weight: float = 1.0) -> float
# ```
#
# Return the mean over the N samples of the loss $\ell$ above, with $w$ = `pos_weight`.
#
# - `z`: float logits `(N,)`; `y`: labels `(N,)` in [0, 1], floats (soft labels such as 0.3 included) or integers 0 and 1. One number: a Python float or a NumPy float.
# - The mean divides by N, whatever the weight.
# - Any finite logit gives a finite loss, $\pm 800$ included. Do not change `z` or `y`.
#
# Hidden tests also use: soft labels; integer labels; weights below and above 1, and the weight 0; agreement with the two-class cross-entropy of the logits (0, z) for weight 1; logits of $\pm 800$; N = 1; float32 logits (relative tolerance 1e-5); unchanged inputs. Library functions are allowed.
#
# <details><summary>Hint</summary>
#
# Write the loss with two softplus terms, one for the positive part and one for the negative part; only one of them carries the weight.
#
# </details>

# %% [markdown] lang="zh"
# ### 练习 5 · `binary_ce_with_logits`（3 分）
#
# ```python
# def binary_ce_with_logits(z: np.ndarray, y: np.ndarray, pos_weight: float = 1.0) -> float
# ```
#
# 返回上面的损失 $\ell$ 对 N 个样本的平均，其中 $w$ 即 `pos_weight`。
#
# - `z`：浮点 logits，形状 `(N,)`；`y`：标签，形状 `(N,)`，取值在 [0, 1]，可以是浮点数（包括 0.3 这样的软标签），也可以是整数 0 和 1。返回一个数，Python 浮点数或 NumPy 浮点数都可以。
# - 不论权重是多少，求平均时都除以 N。
# - 任何有限的 logit 都应给出有限的损失，包括 $\pm 800$。不要修改 `z` 和 `y`。
#
# 隐藏测试还会用到：软标签；整数标签；小于 1 和大于 1 的权重，以及权重 0；权重为 1 时与 logits (0, z) 的二分类交叉熵一致；$\pm 800$ 的 logits；N = 1；float32 logits（相对误差 1e-5）；输入不被改动。可以使用库函数。
#
# <details><summary>提示</summary>
#
# 把损失写成两个 softplus 项，一个管正例，一个管负例；权重只属于其中一个。
#
# </details>

# %% solution="binary-ce-with-logits"
def binary_ce_with_logits(z, y, pos_weight=1.0):
    """Return the mean binary cross-entropy in nat; z: logits (N,), y: labels (N,) in [0, 1]."""
    ### BEGIN SOLUTION
    positive = np.logaddexp(0, -z)  # -ln sigma(z)
    negative = np.logaddexp(0, z)  # -ln(1 - sigma(z))
    return float(np.mean(pos_weight * y * positive + (1 - y) * negative))
    ### END SOLUTION

# %% test="binary-ce-weights-the-positives" points=2
@np.errstate(all="ignore")
def _example():
    name = "binary_ce_with_logits"
    value = number(binary_ce_with_logits(np.zeros(4), np.array([0.0, 1.0, 1.0, 0.0])), name)
    assert agree(value, math.log(2)), (
        "[ch02-LN2] 所有 logit 为 0 时，损失应为 ln 2 / "
        "with all logits at 0 the loss must be ln 2"
    )
    z, negatives = np.array([-1.0, 0.5, 2.0]), np.zeros(3)
    light = number(binary_ce_with_logits(z, negatives, 1.0), name)
    heavy = number(binary_ce_with_logits(z, negatives, 3.0), name)
    assert agree(heavy, light), (
        "[ch02-POSWEIGHT] 没有正例时，`pos_weight` 不应起作用 / without positives `pos_weight` must have no effect")


_example()
### BEGIN HIDDEN TESTS
@np.errstate(all="ignore")
def _check():
    def terms(z, y):
        z, y = np.float64(z), np.float64(y)
        shared = np.log1p(np.exp(-np.abs(z)))
        return y * (np.maximum(-z, 0) + shared), (1 - y) * (np.maximum(z, 0) + shared)

    name = "binary_ce_with_logits"
    rng = np.random.default_rng(2501)
    for n in (7, 50, 2, 1):
        for weight in (1.0, 3.0, 0.25, 3, 0.0):
            for soft in (True, False):
                z = 2 * rng.normal(size=n)
                y = rng.random(n) if soft else rng.integers(0, 2, size=n)
                y[0] = 1
                z_before, y_before = z.copy(), y.copy()
                up, down = terms(z, y)
                twice = terms(1 / (1 + np.exp(-z)), y)
                expected = (weight * up + down).mean()
                value = number(binary_ce_with_logits(z, y, pos_weight=weight), name)
                right = agree(value, expected)
                for wrong, hint in (
                    ((weight * up + down).sum(), "[ch02-MEAN] 取平均而不是求和 / average, do not sum"),
                    (weight * (up + down).mean(), "[ch02-POSWEIGHT] `pos_weight` 只乘正例那一项 / "
                     "`pos_weight` multiplies the positive term only"),
                    ((up + weight * down).mean(), "[ch02-POSWEIGHT] `pos_weight` 乘到了负例上 / "
                     "`pos_weight` was put on the negative term"),
                    ((up + down).mean(), "[ch02-POSWEIGHT] `pos_weight` 没有起作用 / `pos_weight` was ignored"),
                    ((weight * up + down).sum() / (weight * y + 1 - y).sum(), "[ch02-COUNT] 除以样本数 N，而不是权重之和 / "
                     "divide by N, not by the sum of the weights"),
                    ((weight * twice[0] + twice[1]).mean(), "[ch02-TWICE] sigmoid 用了两次 / "
                     "the sigmoid was applied twice"),
                    (weight * up.mean(), "[ch02-NEGATIVES] 缺少 1 − y 那一项 / the term of 1 − y is missing"),
                ):
                    assert right or agree(wrong, expected) or not agree(value, wrong), hint
                assert right, "[ch02-BCE] 二元交叉熵不对 / the binary cross-entropy is off"
                assert np.array_equal(z, z_before) and np.array_equal(y, y_before), (
                    "[ch02-INPUT] 输入 z 或 y 被改动了 / an input, z or y, was changed")
    z, y = 3 * rng.normal(size=9), rng.integers(0, 2, size=9)
    both = np.stack([np.zeros(9), z], axis=1)
    two_class = np.mean(np.log(np.exp(both).sum(axis=1)) - both[np.arange(9), y])
    assert agree(number(binary_ce_with_logits(z, y.astype(float)), name), two_class), (
        "[ch02-TWOCLASS] 权重为 1 时应等于 logits (0, z) 的二分类交叉熵 / "
        "with weight 1 it must equal the two-class cross-entropy of (0, z)")
    z, y = z.astype(np.float32), rng.random(9)
    before = z.copy(), y.copy()
    up, down = terms(z, y)
    assert agree(number(binary_ce_with_logits(z, y, 2.0), name), (2 * up + down).mean(), rtol=1e-5, atol=1e-6), (
        "[ch02-FLOAT32] float32 logits 的结果不对 / the result for float32 logits is off")
    assert np.array_equal(z, before[0]) and np.array_equal(y, before[1]), (
        "[ch02-INPUT] 输入 z 或 y 被改动了 / an input, z or y, was changed")


_check()
### END HIDDEN TESTS

# %% test="binary-ce-is-stable" points=1
@np.errstate(all="ignore")
def _example():
    name = "binary_ce_with_logits"
    wrong = number(binary_ce_with_logits(np.array([100.0]), np.array([0.0])), name)
    assert np.isfinite(wrong), (
        "[ch02-LOGZERO] σ(100) 舍入为 1，ln(1 − 1) 是 −inf；改用 softplus / "
        "σ(100) rounds to 1 and ln(1 − 1) is −inf: use softplus"
    )
    mirrored = number(binary_ce_with_logits(np.array([-100.0]), np.array([1.0])), name)
    assert agree(wrong, mirrored), (
        "[ch02-MIRROR] z 变号、y 换成 1 − y，损失应不变 / "
        "z → −z with y → 1 − y must not change the loss"
    )


_example()
### BEGIN HIDDEN TESTS
@np.errstate(all="ignore")
def _check():
    rng = np.random.default_rng(2502)
    cases = [
        (np.array([800.0]), np.array([0.0])),
        (np.array([-800.0]), np.array([1.0])),
        (np.array([800.0, -800.0]), np.array([1.0, 0.0])),
        (np.array([800.0, -800.0, 0.0, 40.0]), np.array([0.3, 0.6, 0.5, 0.0])),
        (np.array([-45.0, 45.0, 20.0]), np.array([1.0, 0.0, 0.0])),
        (1e4 * rng.normal(size=8), rng.random(8)),
    ]
    for z, y in cases:
        for weight in (1.0, 3.0, 0.0):
            before = z.copy(), y.copy()
            value = number(binary_ce_with_logits(z, y, weight), "binary_ce_with_logits")
            assert np.array_equal(z, before[0]) and np.array_equal(y, before[1]), (
                "[ch02-INPUT] 输入 z 或 y 被改动了 / an input, z or y, was changed")
            assert np.isfinite(value), (
                "[ch02-OVERFLOW] 大 logit 时损失是 nan 或 inf / "
                "the loss of a large logit is nan or inf"
            )
            shared = np.log1p(np.exp(-np.abs(z)))
            expected = np.mean(weight * y * (np.maximum(-z, 0) + shared) + (1 - y) * (np.maximum(z, 0) + shared))
            assert agree(value, expected), (
                "[ch02-CLIP] 大 logit 时损失不对，检查截断、ε 或近似 / "
                "the loss of large logits is off: clipping, an ε or an approximation?")


_check()
### END HIDDEN TESTS

# %% [markdown] lang="en"
# ## 2.9 Cross-entropy, entropy and divergence
#
# Article A says that cross-entropy measures the difference between the predicted and the true distribution. Take a fair coin as truth, $t = (0.5, 0.5)$, and the perfect prediction $q = t$. The cross-entropy is $\ln 2 = 0.693$, not 0. A "difference" of a thing from itself? Insert $\ln q_k = \ln t_k - \ln (t_k / q_k)$:
#
# $$-\sum_{k=1}^{K} t_k \ln q_k = -\sum_{k=1}^{K} t_k \ln t_k + \sum_{k=1}^{K} t_k \ln \frac{t_k}{q_k}$$
#
# In symbols $H(t, q) = H(t) + \mathrm{KL}(t \,\|\, q)$. The first term is the **entropy** of the truth: how unpredictable the labels are, whatever the model does. The second, the **Kullback–Leibler divergence**, is the part that a better model can remove. It is the real "difference": never negative, and zero only for $q = t$. Proof in one line, from $\ln x \le x - 1$:
#
# $$-\mathrm{KL}(t \,\|\, q) = \sum_{k:\, t_k > 0} t_k \ln \frac{q_k}{t_k} \le \sum_{k:\, t_k > 0} t_k \left( \frac{q_k}{t_k} - 1 \right) \le 1 - 1 = 0$$
#
# Three consequences:
#
# - For **one-hot** labels the entropy is 0, and only then cross-entropy and divergence are the same number. Labels need not be one-hot: annotators disagree, *label smoothing* replaces 1 by 0.9 (chapter 9), a teacher network hands down whole distributions. Article A's "0 or 1" is one special case of a number in $[0, 1]$.
# - The gradient in $q$ ignores $H(t)$, so minimising cross-entropy and minimising divergence is the same training. But the *value* has a floor: with noisy labels a loss of 0.4 may be perfect.
# - KL is **not symmetric**. $\mathrm{KL}(t \,\|\, q)$ is infinite if the model excludes something that happens; $\mathrm{KL}(q \,\|\, t)$ is infinite if the model expects something that never happens. Which one is written matters.
#
# Convention: $0 \ln 0 = 0$, the limit of $x \ln x$. NumPy does not know it: `0 * np.log(0)` is `nan`.
#
# Before you move the slider: where is the cross-entropy smallest if the target is soft?

# %% [markdown] lang="zh"
# ## 2.9 交叉熵、熵与散度
#
# 文章 A 说，交叉熵衡量的是预测分布与真实分布之间的差异。设真实分布是一枚公平的硬币，$t = (0.5, 0.5)$，预测也完美，$q = t$，此时交叉熵是 $\ln 2 = 0.693$，不是 0。一个东西与它自己竟有"差异"？代入 $\ln q_k = \ln t_k - \ln (t_k / q_k)$：
#
# $$-\sum_{k=1}^{K} t_k \ln q_k = -\sum_{k=1}^{K} t_k \ln t_k + \sum_{k=1}^{K} t_k \ln \frac{t_k}{q_k}$$
#
# 用符号写就是 $H(t, q) = H(t) + \mathrm{KL}(t \,\|\, q)$。第一项是真实分布的**熵**：标签本身有多难预料，与模型无关。第二项是 **KL 散度**（Kullback–Leibler 散度，又称相对熵），是更好的模型能够消除的部分。它才是真正的"差异"：永不为负，只有 $q = t$ 时为零。用 $\ln x \le x - 1$ 一行即可证明：
#
# $$-\mathrm{KL}(t \,\|\, q) = \sum_{k:\, t_k > 0} t_k \ln \frac{q_k}{t_k} \le \sum_{k:\, t_k > 0} t_k \left( \frac{q_k}{t_k} - 1 \right) \le 1 - 1 = 0$$
#
# 由此有三个推论：
#
# - 标签是 **one-hot** 时熵为 0，也只有这时交叉熵与散度才是同一个数。标签不一定是 one-hot：标注员意见不一，*标签平滑*用 0.9 代替 1（第 9 章），教师网络传下来的是整个分布。文章 A 所说的"0 或 1"只是 $[0, 1]$ 中取值的一个特例。
# - 对 $q$ 求梯度时 $H(t)$ 不起作用，所以最小化交叉熵与最小化散度是同一个训练过程。但*数值*有下限：标签有噪声时，损失 0.4 也许已经完美。
# - KL 散度**不对称**。模型排除了会发生的事，$\mathrm{KL}(t \,\|\, q)$ 为无穷；模型期待从不发生的事，$\mathrm{KL}(q \,\|\, t)$ 为无穷。写的是哪一个，要看清楚。
#
# 约定：$0 \ln 0 = 0$，即 $x \ln x$ 的极限。NumPy 不知道这个约定：`0 * np.log(0)` 是 `nan`。
#
# 拖动滑块之前先想：目标是软标签时，交叉熵在哪里最小？

# %%
from course.figures.entropy import fig_decomposition

explore(
    fig_decomposition,
    predict=Prediction(
        "The target is soft: (0.6, 0.3, 0.1). At which prediction q1 is the cross-entropy smallest? "
        "目标是软标签 (0.6, 0.3, 0.1)，q1 取多少时交叉熵最小？",
        options=("0.6", "0.99", "1/3"), answer="0.6",
        because="The minimum is reached for q = t, and its height is the entropy of t, not 0: "
                "honesty is the best strategy. "
                "最小值在 q = t 处取得，高度是 t 的熵而不是 0：诚实是最好的策略。"),
    alt={
        "en": "Left: paired bars of the target distribution t and the prediction q over three classes. Right: the "
        "cross-entropy against the predicted probability of class 1; the grey floor is the entropy of the "
        "target, the gap above it the KL divergence.",
        "zh": "左：目标分布 t 与预测 q 在三个类别上的成对条形。右：交叉熵随类别 1 预测概率的变化；灰色的底是目标的"
        "熵，其上的差距是 KL 散度。",
    },
    target=choice(
        (
            ("soft 软标签 (0.6, 0.3, 0.1)", "soft"),
            ("smoothed 标签平滑 (0.9, 0.05, 0.05)", "smoothed"),
            ("one-hot (1, 0, 0)", "one-hot"),
        ),
        "soft",
        label="target t 目标",
    ),
    q1=slider(0.01, 0.99, 0.8, step=0.01, label="q1"),
)

# %% [markdown] lang="en"
# ## 2.10 Find and fix: six flaws of one page 找错改正
#
# Articles A and B introduce the losses on one page. Here is what they say, in our words. Decide what is wrong or missing before you open each answer.
#
# <details><summary>1. One article squares with factor 1, the other with ½; neither mentions a choice.</summary>
#
# Both may be used, but a text (and a program) has to choose one and say so. The gradients differ by the factor 2, exactly like a change of learning rate.
#
# </details>
# <details><summary>2. A table announces ten samples, shows rows 1, 2 and 10, replaces the others by dots, and says that the MSE "can be computed".</summary>
#
# It cannot. The three visible rows have the squared errors 0.49, 0.04 and 0.09, together 0.62; the other seven are unknown. An example whose result nobody can check is not an example.
#
# </details>
# <details><summary>3. The letter n counts the samples in the MSE and the classes in the cross-entropy.</summary>
#
# Use $n$ samples and $K$ classes. With one letter the mean over the samples gets lost, and readers divide by the wrong number.
#
# </details>
# <details><summary>4. The cross-entropy of (1, 0, 0) and (0.8, 0.1, 0.1) is "log 0.8 and two zeros", without base and without a result.</summary>
#
# 0.2231 nat, or 0.3219 bit. State the unit. And say what happens at the edge: $0 \ln 0$ counts as 0, but a positive target that meets the prediction 0 costs infinitely much.
#
# </details>
# <details><summary>5. Cross-entropy is called the difference between two distributions.</summary>
#
# The difference is the divergence $\mathrm{KL}(t \,\|\, q)$. Cross-entropy is the entropy of the truth plus this difference, and is not symmetric either.
#
# </details>
# <details><summary>6. The true distribution is said to consist of zeros and ones.</summary>
#
# Only for one-hot labels. In general each $t_k$ lies in $[0, 1]$ and they sum to 1.
#
# </details>

# %% [markdown] lang="zh"
# ## 2.10 找错改正：一页纸上的六处毛病
#
# 文章 A 和 B 都用一页纸介绍损失函数。下面用我们自己的话转述。先判断哪里错了、缺了什么，再展开答案。
#
# <details><summary>1. 一篇的平方误差系数是 1，另一篇是 ½，谁也没提这是一个选择。</summary>
#
# 两种都能用，但一篇文章（和一个程序）必须选定一种并且说明。两者的梯度相差 2 倍，效果与改变学习率完全相同。
#
# </details>
# <details><summary>2. 表格号称有十个样本，只列出第 1、2、10 行，其余用省略号代替，然后说 MSE"可以算出来"。</summary>
#
# 算不出来。看得见的三行平方误差是 0.49、0.04 和 0.09，合计 0.62；另外七行未知。谁也无法核对结果的例子，算不上例子。
#
# </details>
# <details><summary>3. 字母 n 在 MSE 里是样本数，在交叉熵里是类别数。</summary>
#
# 应当用 $n$ 表示样本数，用 $K$ 表示类别数。共用一个字母，对样本的平均就丢了，读者也会除以错误的个数。
#
# </details>
# <details><summary>4. (1, 0, 0) 与 (0.8, 0.1, 0.1) 的交叉熵写成"log 0.8 加两个零"，没有底数，也没有结果。</summary>
#
# 应为 0.2231 nat，即 0.3219 bit，要写明单位。还要说清边界情形：$0 \ln 0$ 按 0 计；但目标为正而预测为 0 时，代价是无穷大。
#
# </details>
# <details><summary>5. 把交叉熵称为两个分布之间的差异。</summary>
#
# 差异是散度 $\mathrm{KL}(t \,\|\, q)$。交叉熵等于真实分布的熵加上这个差异，而且它也不对称。
#
# </details>
# <details><summary>6. 说真实分布由 0 和 1 组成。</summary>
#
# 只有 one-hot 标签才如此。一般地，每个 $t_k$ 都在 $[0, 1]$ 中，总和为 1。
#
# </details>

# %% [markdown] lang="en"
# ### Exercise 6 · `seed_table` (3 points)
#
# Repair the page. Here is a *complete* table; rows 1, 2 and 10 are article A's, the rest is ours:
#
# | row | true value | prediction |
# |---|---|---|
# | 1 | 3.5 | 4.2 |
# | 2 | 4.0 | 3.8 |
# | 3 | 2.5 | 2.6 |
# | 4 | 5.1 | 4.9 |
# | 5 | 3.0 | 3.3 |
# | 6 | 4.6 | 4.2 |
# | 7 | 3.8 | 3.8 |
# | 8 | 2.2 | 2.4 |
# | 9 | 4.4 | 4.2 |
# | 10 | 2.8 | 3.1 |
#
# ```python
# def seed_table(y: np.ndarray, p: np.ndarray, t: np.ndarray, q: np.ndarray) -> dict[str, float]
# ```
#
# `y`, `p`: true values and predictions, both `(n,)`. `t`, `q`: true and predicted distribution, float arrays `(K,)`, non-negative with sum 1. Return a dictionary with exactly these four keys; the values are Python or NumPy floats:
#
# | key | value |
# |---|---|
# | `"mse"` | mean squared error of `y` and `p`, factor 1 |
# | `"ce_nat"` | cross-entropy $-\sum_k t_k \ln q_k$ in nat |
# | `"ce_bit"` | the same in bit |
# | `"kl_nat"` | $\mathrm{KL}(t \,\Vert\, q)$ in nat |
#
# - $0 \ln 0 = 0$: a class with $t_k = 0$ contributes nothing, whatever $q_k$ is, 0 included.
# - $t_k > 0$ with $q_k = 0$ makes the cross-entropies and the divergence `math.inf`. The result is never `nan`, and nothing is clipped.
# - Do not change the inputs.
#
# Hidden tests also use: article A's example; other tables; soft targets (cross-entropy minus divergence must be the entropy of `t`); `t` equal to `q`; zeros in `t`, in `q`, and in both at the same place; probabilities that are tiny but not zero; unchanged inputs. Library functions are allowed (`scipy.special` has something for $0 \ln 0$), your `mse` too.
#
# <details><summary>Hint</summary>
#
# Keep only the classes with `t > 0` before you take a logarithm; what remains of `q` tells you whether the result is infinite.
#
# </details>

# %% [markdown] lang="zh"
# ### 练习 6 · `seed_table`（3 分）
#
# 把这一页修好。下面是一张*完整*的表，第 1、2、10 行来自文章 A，其余是我们补的：
#
# | 行 | 真实值 | 预测值 |
# |---|---|---|
# | 1 | 3.5 | 4.2 |
# | 2 | 4.0 | 3.8 |
# | 3 | 2.5 | 2.6 |
# | 4 | 5.1 | 4.9 |
# | 5 | 3.0 | 3.3 |
# | 6 | 4.6 | 4.2 |
# | 7 | 3.8 | 3.8 |
# | 8 | 2.2 | 2.4 |
# | 9 | 4.4 | 4.2 |
# | 10 | 2.8 | 3.1 |
#
# ```python
# def seed_table(y: np.ndarray, p: np.ndarray, t: np.ndarray, q: np.ndarray) -> dict[str, float]
# ```
#
# `y`、`p`：真实值与预测值，形状都是 `(n,)`。`t`、`q`：真实分布与预测分布，浮点数组，形状 `(K,)`，非负且总和为 1。返回一个字典，恰好含有下面四个键，值为 Python 或 NumPy 浮点数：
#
# | 键 | 值 |
# |---|---|
# | `"mse"` | `y` 与 `p` 的均方误差，系数 1 |
# | `"ce_nat"` | 交叉熵 $-\sum_k t_k \ln q_k$，单位 nat |
# | `"ce_bit"` | 同一个量，单位 bit |
# | `"kl_nat"` | $\mathrm{KL}(t \,\Vert\, q)$，单位 nat |
#
# - $0 \ln 0 = 0$：$t_k = 0$ 的类别没有贡献，不管 $q_k$ 是多少，包括 0。
# - $t_k > 0$ 而 $q_k = 0$ 时，两个交叉熵和散度都是 `math.inf`。结果绝不能是 `nan`，也不做任何截断。
# - 不要修改输入。
#
# 隐藏测试还会用到：文章 A 的例子；别的表格；软标签（交叉熵减去散度应等于 `t` 的熵）；`t` 等于 `q`；`t` 中有零、`q` 中有零、同一位置两者都为零；极小但不为零的概率；输入不被改动。可以使用库函数（`scipy.special` 里有处理 $0 \ln 0$ 的函数），也可以用你的 `mse`。
#
# <details><summary>提示</summary>
#
# 取对数之前，先只保留 `t > 0` 的类别；`q` 中剩下的值会告诉你结果是不是无穷大。
#
# </details>

# %% solution="seed-table"
def seed_table(y, p, t, q):
    """Return {"mse", "ce_nat", "ce_bit", "kl_nat"} for the table y, p (n,) and the distributions t, q (K,)."""
    ### BEGIN SOLUTION
    kept = t > 0
    entropy = -np.sum(t[kept] * np.log(t[kept]))
    if np.any(q[kept] == 0):
        ce = math.inf
    else:
        ce = float(-np.sum(t[kept] * np.log(q[kept])))
    mean = float(np.mean((y - p) ** 2))
    return {"mse": mean, "ce_nat": ce, "ce_bit": ce / math.log(2), "kl_nat": float(ce - entropy)}
    ### END SOLUTION

# %% test="seed-table-repairs-the-article" points=2
@np.errstate(all="ignore")
def _example():
    y = np.array([3.5, 4.0, 2.5, 5.1, 3.0, 4.6, 3.8, 2.2, 4.4, 2.8])
    p = np.array([4.2, 3.8, 2.6, 4.9, 3.3, 4.2, 3.8, 2.4, 4.2, 3.1])
    half = np.array([0.5, 0.5])  # a fair coin, predicted perfectly
    table = seed_table(y, p, half, half)
    assert isinstance(table, dict), "[ch02-DICT] `seed_table` 应返回字典 / `seed_table` must return a dictionary"
    assert set(table) == {"mse", "ce_nat", "ce_bit", "kl_nat"}, (
        "[ch02-KEYS] 字典的键应恰好是题目给出的四个 / "
        "the keys must be exactly the four of the statement"
    )
    for key in ("mse", "ce_nat", "ce_bit", "kl_nat"):
        number(table[key], f"seed_table[{key!r}]")
    assert agree(table["mse"], 0.1), (
        "[ch02-MSE] 对十行的平方误差取平均，系数为 1 / "
        "average the ten squared errors, with factor 1"
    )
    assert agree(table["ce_bit"], 1), "[ch02-BIT] 检查从 nat 到 bit 的换算 / check the conversion from nat to bit"


_example()
### BEGIN HIDDEN TESTS
@np.errstate(all="ignore")
def _check():
    def oracle(t, q):
        ce = sum(-a * math.log(b) for a, b in zip(t.tolist(), q.tolist(), strict=True) if a > 0)
        kl = sum(a * math.log(a / b) for a, b in zip(t.tolist(), q.tolist(), strict=True) if a > 0)
        return ce, kl

    rng = np.random.default_rng(2601)
    cases = [(np.array([1.0, 0.0, 0.0]), np.array([0.8, 0.1, 0.1])), (np.array([0.0, 1.0]), np.array([0.25, 0.75]))]
    for k in (2, 3, 6, 1):
        cases.append((rng.dirichlet(np.ones(k)), rng.dirichlet(np.ones(k))))
        same = rng.dirichlet(np.ones(k))
        cases.append((same, same.copy()))
    for n, (t, q) in enumerate(cases, start=1):
        y, p = 4 * rng.normal(size=n), 4 * rng.normal(size=n)
        expected = sum((a - b) ** 2 for a, b in zip(y.tolist(), p.tolist(), strict=True)) / n
        ce, divergence = oracle(t, q)
        inputs = (y, p, t, q)
        before = [a.copy() for a in inputs]
        table = seed_table(y, p, t, q)
        assert isinstance(table, dict) and set(table) == {"mse", "ce_nat", "ce_bit", "kl_nat"}, (
            "[ch02-KEYS] 字典的键应恰好是题目给出的四个 / the keys must be exactly the four of the statement")
        keys = ("mse", "ce_nat", "ce_bit", "kl_nat")
        mean, nat, bit, kl = (number(table[key], f"seed_table[{key!r}]") for key in keys)
        assert agree(mean, expected) or not agree(mean, expected / 2), (
            "[ch02-HALF] `mse` 的系数是 1，没有 ½ / "
            "`mse` has factor 1, no ½"
        )
        assert agree(mean, expected), "[ch02-MSE] `mse` 应为平方差的平均 / `mse` must be the mean of the squared differences"
        assert agree(nat, ce) or not agree(nat, ce / math.log(10)), (
            "[ch02-BASE] nat 用自然对数，不是以 10 为底 / "
            "nat means the natural logarithm, not base 10"
        )
        assert agree(nat, ce), (
            "[ch02-CE] `ce_nat` 是 t 对 ln q 加权，别把 t 与 q 弄反 / "
            "`ce_nat` weights ln q by t: are t and q exchanged?"
        )
        assert agree(bit, ce / math.log(2)), (
            "[ch02-BIT] 由 nat 换算到 bit：1 bit = ln 2 nat / "
            "from nat to bit: 1 bit = ln 2 nat"
        )
        assert agree(kl, divergence) or not agree(kl, ce), (
            "[ch02-KLCE] `kl_nat` 还要减去 t 的熵 / "
            "`kl_nat`: the entropy of t is still to be subtracted"
        )
        assert agree(kl, divergence), (
            "[ch02-KL] 检查 `kl_nat` 的方向：以 t 加权，真实分布在前 / "
            "check the direction of `kl_nat`: weighted by t, the truth first"
        )
        kept = before[2][before[2] > 0]
        assert agree(nat - kl, -np.sum(kept * np.log(kept))), (
            "[ch02-ENTROPY] 交叉熵减散度应等于 t 的熵 / "
            "cross-entropy minus divergence must be the entropy of t"
        )
        assert all(np.array_equal(a, b) for a, b in zip(inputs, before, strict=True)), (
            "[ch02-INPUT] `seed_table` 改动了输入 / "
            "`seed_table` changed its inputs"
        )


_check()
### END HIDDEN TESTS

# %% test="seed-table-handles-zeros" points=1
@np.errstate(all="ignore")
def _example():
    y, t, q = np.array([1.0, 2.0]), np.array([1.0, 0.0, 0.0]), np.array([0.8, 0.1, 0.1])
    table = seed_table(y, y, t, q)
    values = [number(table[key], f"seed_table[{key!r}]") for key in ("mse", "ce_nat", "ce_bit", "kl_nat")]
    assert not np.any(np.isnan(values)), (
        "[ch02-NAN] 0·ln 0 应按 0 计，不应得到 nan / 0·ln 0 counts as 0 and must not give nan")
    assert agree(table["ce_nat"], table["kl_nat"]), (
        "[ch02-ONEHOT] one-hot 标签的熵为 0，交叉熵应等于散度 / "
        "one-hot labels have no entropy: both must be equal"
    )


_example()
### BEGIN HIDDEN TESTS
@np.errstate(all="ignore")
def _check():
    y = np.array([0.5, 1.5])
    names = ("ce_nat", "ce_bit", "kl_nat")
    for t, q, infinite in [
        ([1, 0, 0], [0.5, 0.5, 0.0], False),
        ([0.5, 0.5, 0, 0], [0.25, 0.5, 0.25, 0], False),
        ([0, 1], [0, 1], False),
        ([1, 0], [0, 1], True),
        ([0.5, 0.5], [1, 0], True),
        ([0.2, 0.3, 0.5, 0], [0.5, 0.5, 0, 0], True),
        ([0, 0, 1], [0.2, 0.8, 0], True),
        ([1e-9, 1 - 1e-9], [1e-300, 1], False),
        ([0.5, 0.5], [1e-15, 1 - 1e-15], False),
        ([1e-9, 1 - 1e-9], [0, 1], True),
        ([0.25, 0.3, 0.2, 0.15, 0.1, 0], [0.1, 0.2, 0.3, 0.2, 0.1, 0.1], False),
    ]:
        t, q = np.array(t, dtype=float), np.array(q, dtype=float)
        t_before, q_before, y_before = t.copy(), q.copy(), y.copy()
        table = seed_table(y, y, t, q)
        values = [float(number(table[key], f"seed_table[{key!r}]")) for key in names]
        assert not any(math.isnan(v) for v in values), (
            "[ch02-NAN] 0·ln 0 应按 0 计，不应得到 nan / "
            "0·ln 0 counts as 0 and must not give nan"
        )
        if infinite:
            assert all(v == math.inf for v in values), (
                "[ch02-INF] t > 0 而 q = 0 时结果应为 +inf，不要截断 / t > 0 with q = 0 must give +inf: do not clip")
        else:
            pairs = [(a, b) for a, b in zip(t_before.tolist(), q_before.tolist(), strict=True) if a > 0]
            ce = sum(-a * math.log(b) for a, b in pairs)
            kl = sum(a * math.log(a / b) for a, b in pairs)
            assert agree(values, [ce, ce / math.log(2), kl]), (
                "[ch02-ZERO] t 中为零的类别不应有贡献，也不应影响其他类别 / "
                "a class with t = 0 must contribute nothing and leave the others alone")
        assert np.array_equal(t, t_before) and np.array_equal(q, q_before) and np.array_equal(y, y_before), (
            "[ch02-INPUT] `seed_table` 改动了输入 / "
            "`seed_table` changed its inputs"
        )


_check()
### END HIDDEN TESTS

# %% [markdown] lang="en"
# ## 2.11 Choosing a loss, reading a loss
#
# | task | output of the network | loss | an ignorant model has |
# |---|---|---|---|
# | a number, Gaussian-like noise | linear | MSE | the variance of $y$ |
# | a number, outliers to be ignored | linear | MAE or Huber | the mean distance from the median |
# | one of $K$ classes | $K$ logits | softmax cross-entropy | $\ln K$ for balanced classes |
# | yes or no; several labels at once | one logit each | binary cross-entropy | $\ln 2$ for one half positives |
#
# Reading rules:
#
# 1. **Before training**: near $\ln K$ (or the variance of $y$). If not, look at the data, not at the optimiser.
# 2. **`nan`**: a logarithm of 0, or an overflow. Use logits, not probabilities.
# 3. **Stuck at** $\ln K$: the model ignores its input; a learning rate that is far too large or too small, labels out of step with the inputs.
# 4. **Below zero**: a sign, or probabilities that do not sum to 1.
# 5. **Loss and accuracy disagree**: accuracy asks which class is first, loss asks how sure. One certain mistake among a hundred, with $p = 10^{-6}$, costs $13.8 / 100 = 0.138$ nat by itself, the accuracy is still 0.99.

# %% [markdown] lang="zh"
# ## 2.11 选择损失，读懂损失
#
# | 任务 | 网络输出 | 损失 | 一无所知的模型 |
# |---|---|---|---|
# | 预测一个数，噪声近似高斯 | 线性 | MSE | $y$ 的方差 |
# | 预测一个数，离群点应忽略 | 线性 | MAE 或 Huber | 到中位数的平均距离 |
# | $K$ 类中选一类 | $K$ 个 logits | softmax 交叉熵 | 类别均衡时为 $\ln K$ |
# | 是或否；同时有多个标签 | 每个一个 logit | 二元交叉熵 | 正例占一半时为 $\ln 2$ |
#
# 读数规则：
#
# 1. **训练之前**：应在 $\ln K$（或 $y$ 的方差）附近。不是的话，先查数据，别先怪优化器。
# 2. **`nan`**：对 0 取了对数，或者溢出。用 logits，不要用概率。
# 3. **停在** $\ln K$：模型没有用上输入；学习率大得离谱或小得离谱，或者标签与输入没有对齐。
# 4. **小于零**：符号错了，或者概率之和不是 1。
# 5. **损失与准确率不一致**：准确率只问谁排第一，损失还问有多笃定。一百个样本里有一个笃定的错误，$p = 10^{-6}$，单它一个就贡献 $13.8 / 100 = 0.138$ nat，而准确率仍是 0.99。

# %% [markdown] lang="en"
# ## 2.12 Three-minute check
#
# Not graded. Open the option that you would choose, then the others.
#
# **Q1.** A classifier of ten digits reports a loss of 2.31 after the first batch. What do you do?
#
# <details><summary>A. Stop: 2.31 is far too high.</summary>
#
# No. It is $\ln 10 = 2.303$ and a little: the model knows nothing yet, which is where an honest start lies.
#
# </details>
# <details><summary>B. Let it run.</summary>
#
# Right. Near $\ln K$ at the start is what a healthy run looks like.
#
# </details>
# <details><summary>C. Divide the loss by 10, the number of classes.</summary>
#
# No. The loss is averaged over samples, not over classes.
#
# </details>
#
# **Q2.** A colleague halves the loss function. Which learning rate repeats the old training with plain gradient descent?
#
# <details><summary>A. Half of the old one.</summary>
#
# No. That would slow the training twice: half the gradient and half the rate.
#
# </details>
# <details><summary>B. The same.</summary>
#
# No. The gradient is halved, so every step would be half as long.
#
# </details>
# <details><summary>C. Twice the old one.</summary>
#
# Right. Only the product of the factor and the learning rate counts.
#
# </details>
#
# **Q3.** The labels of a data set are flipped at random in 10 % of the cases. How low can the cross-entropy of a two-class model fall on fresh data?
#
# <details><summary>A. To 0.</summary>
#
# No. Nobody can foresee which labels are flipped; certainty would cost infinitely much in a tenth of the cases.
#
# </details>
# <details><summary>B. To 0.325 nat.</summary>
#
# Right. It is the entropy of (0.9, 0.1), $-0.9 \ln 0.9 - 0.1 \ln 0.1 = 0.325$, reached by a model that says 0.9.
#
# </details>
# <details><summary>C. To 0.1 nat.</summary>
#
# No. 10 % is the error rate, not the entropy: surprises are not counted but weighed.
#
# </details>
#
# **Q4.** Why does a network end with logits and the loss take `from_logits=True`?
#
# <details><summary>A. It saves the time for a softmax.</summary>
#
# No. The softmax is computed inside the loss; time is not the point.
#
# </details>
# <details><summary>B. Log-sum-exp stays exact where softmax followed by a logarithm gives inf or is clipped.</summary>
#
# Right. For (0, 1000) the loss is 1000, not infinite and not 16.118, and its gradient is intact.
#
# </details>
# <details><summary>C. Probabilities would not sum to 1.</summary>
#
# No. They do; the loss of digits in the small ones is the trouble.
#
# </details>
#
# **Q5.** House prices, a few typing errors with two zeros too many. Which loss is hurt most?
#
# <details><summary>A. MSE.</summary>
#
# Right. An error that is 100 times larger costs 10 000 times as much and drags the mean along.
#
# </details>
# <details><summary>B. MAE.</summary>
#
# No. It aims at the median and hardly notices a few far values.
#
# </details>
# <details><summary>C. Huber with a small $\delta$.</summary>
#
# No. Beyond $\delta$ it behaves like MAE: the pull is bounded.
#
# </details>

# %% [markdown] lang="zh"
# ## 2.12 三分钟自测
#
# 不计分。先展开你会选的那一项，再看其余各项。
#
# **第 1 题** 十个数字的分类器在第一个批次后报告损失 2.31，你怎么办？
#
# <details><summary>A. 停下来，2.31 太高了。</summary>
#
# 不对。它比 $\ln 10 = 2.303$ 略大：模型还什么都不知道，老实的起点就在这里。
#
# </details>
# <details><summary>B. 让它继续跑。</summary>
#
# 正确。一开始在 $\ln K$ 附近，正是健康训练的样子。
#
# </details>
# <details><summary>C. 把损失除以类别数 10。</summary>
#
# 不对。损失是对样本取平均，不是对类别。
#
# </details>
#
# **第 2 题** 同事把损失函数减半。用普通梯度下降时，取怎样的学习率才能重现原来的训练？
#
# <details><summary>A. 原来的一半。</summary>
#
# 不对。那会慢上加慢：梯度减半，学习率也减半。
#
# </details>
# <details><summary>B. 和原来一样。</summary>
#
# 不对。梯度减半了，每一步只有原来的一半长。
#
# </details>
# <details><summary>C. 原来的两倍。</summary>
#
# 正确。起作用的只有系数与学习率的乘积。
#
# </details>
#
# **第 3 题** 某数据集的标签有 10 % 被随机翻转。在新数据上，二分类模型的交叉熵最低能降到多少？
#
# <details><summary>A. 0。</summary>
#
# 不对。谁也无法预知哪些标签被翻转；过于笃定，会在十分之一的样本上付出无穷大的代价。
#
# </details>
# <details><summary>B. 0.325 nat。</summary>
#
# 正确。这是 (0.9, 0.1) 的熵，$-0.9 \ln 0.9 - 0.1 \ln 0.1 = 0.325$，模型给出 0.9 时达到。
#
# </details>
# <details><summary>C. 0.1 nat。</summary>
#
# 不对。10 % 是错误率，不是熵：惊讶要按大小计，不是按次数计。
#
# </details>
#
# **第 4 题** 为什么让网络以 logits 结尾，并让损失使用 `from_logits=True`？
#
# <details><summary>A. 省下一次 softmax 的时间。</summary>
#
# 不对。softmax 只是移到了损失内部，问题不在时间。
#
# </details>
# <details><summary>B. 先 softmax 再取对数会得到 inf 或被截断，而 log-sum-exp 仍然精确。</summary>
#
# 正确。对 (0, 1000)，损失是 1000，不是无穷大，也不是 16.118，而且梯度完好。
#
# </details>
# <details><summary>C. 否则概率之和不为 1。</summary>
#
# 不对。概率之和仍是 1；麻烦在于很小的概率丢了有效数字。
#
# </details>
#
# **第 5 题** 房价数据里有几处录入错误，多写了两个零。哪种损失受害最深？
#
# <details><summary>A. MSE。</summary>
#
# 正确。误差大 100 倍，代价大 10 000 倍，平均值被拖着走。
#
# </details>
# <details><summary>B. MAE。</summary>
#
# 不对。它瞄准中位数，几个远处的值几乎不起作用。
#
# </details>
# <details><summary>C. $\delta$ 较小的 Huber。</summary>
#
# 不对。超过 $\delta$ 之后它与 MAE 一样，拉力有界。
#
# </details>

# %% [markdown] lang="en"
# ## 2.13 Key takeaways
#
# - A loss states what a mistake costs. MSE aims at the mean, MAE at the median, Huber in between.
# - Squared error is the negative log-likelihood of Gaussian noise, cross-entropy that of class labels: one principle, two losses.
# - $n$ samples, $K$ classes; average over samples. A constant factor is a learning rate in disguise.
# - Softmax ignores a common shift; use it to subtract the maximum. Work with logits: $\ln \sum_j e^{z_j} - z_y$.
# - The gradient of cross-entropy is probability minus label, over $n$. It fades only when the model is right.
# - Cross-entropy = entropy + KL. The entropy is a floor that no training removes; only for one-hot labels it is 0.
# - First number of every run: $\ln K$.
#
# **Next**: chapter 3 walks downhill on these losses.

# %% [markdown] lang="zh"
# ## 2.13 本章要点
#
# - 损失说明一个错误要付多少代价。MSE 瞄准平均数，MAE 瞄准中位数，Huber 介于两者之间。
# - 平方误差是高斯噪声的负对数似然，交叉熵是类别标签的负对数似然：一个原理，两种损失。
# - $n$ 个样本，$K$ 个类别；对样本取平均。常数系数是乔装的学习率。
# - softmax 不受整体平移影响，所以可以减去最大值。直接使用 logits：$\ln \sum_j e^{z_j} - z_y$。
# - 交叉熵的梯度等于概率减标签，再除以 $n$；只有模型答对时它才消失。
# - 交叉熵 = 熵 + KL 散度。熵是任何训练都消除不了的下限，只有 one-hot 标签时才为 0。
# - 每次训练首先看的数：$\ln K$。
#
# **下一章**：第 3 章在这些损失上往下坡走。

# %% [markdown] lang="en"
# ## References
#
# - C. E. Shannon, *A Mathematical Theory of Communication*, Bell System Technical Journal 27, 1948. Entropy, and the choice of the unit.
# - S. Kullback, R. A. Leibler, *On Information and Sufficiency*, Annals of Mathematical Statistics 22, 1951.
# - P. J. Huber, *Robust Estimation of a Location Parameter*, Annals of Mathematical Statistics 35, 1964.
# - I. Goodfellow, Y. Bengio, A. Courville, *Deep Learning*, MIT Press, 2016: sections 3.13 (information theory), 4.1 (overflow and underflow), 6.2 (losses and output units).
# - C. M. Bishop, *Pattern Recognition and Machine Learning*, Springer, 2006: sections 1.6 and 4.3.
# - C. Szegedy et al., *Rethinking the Inception Architecture for Computer Vision*, 2016, [arXiv:1512.00567](https://arxiv.org/abs/1512.00567): label smoothing.
# - R. Müller, S. Kornblith, G. Hinton, *When Does Label Smoothing Help?*, 2019, [arXiv:1906.02629](https://arxiv.org/abs/1906.02629).

# %% [markdown] lang="zh"
# ## 参考文献
#
# - C. E. Shannon, *A Mathematical Theory of Communication*, Bell System Technical Journal 27, 1948。熵的概念，以及单位的选择。
# - S. Kullback, R. A. Leibler, *On Information and Sufficiency*, Annals of Mathematical Statistics 22, 1951。
# - P. J. Huber, *Robust Estimation of a Location Parameter*, Annals of Mathematical Statistics 35, 1964。
# - I. Goodfellow, Y. Bengio, A. Courville, *Deep Learning*（《深度学习》）, MIT Press, 2016：3.13 节（信息论）、4.1 节（上溢与下溢）、6.2 节（损失与输出单元）。
# - C. M. Bishop, *Pattern Recognition and Machine Learning*, Springer, 2006：1.6 节与 4.3 节。
# - C. Szegedy 等, *Rethinking the Inception Architecture for Computer Vision*, 2016, [arXiv:1512.00567](https://arxiv.org/abs/1512.00567)：标签平滑。
# - R. Müller, S. Kornblith, G. Hinton, *When Does Label Smoothing Help?*, 2019, [arXiv:1906.02629](https://arxiv.org/abs/1906.02629)。
