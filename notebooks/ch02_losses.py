# %% [markdown] lang="en"
# # Chapter 2 · Loss functions
#
# A model that predicts prices and a model that reads digits learn in the same way: they make one number smaller. That number is the **loss**. Training obeys it to the letter. So a loss that is slightly wrong gives a model that is confidently wrong.
#
# **After this chapter you can**
#
# - say what a mistake costs, and choose the loss that says so;
# - turn scores into probabilities without ever meeting `nan`;
# - derive cross-entropy and its gradient, and check the gradient of your own code;
# - train a digit reader with functions that you wrote yourself, and look at its most expensive mistakes;
# - read a loss: what is $\ln K$, what is a perplexity, which curve needs help.
#
# **Time.** The core path takes about two hours: every section but 10 and 12. These two and the folded boxes, marked as optional, add about half an hour. **Points** 20, in eight short exercises, all in NumPy. You need chapter 1 (shapes, arrays), derivatives, and the logarithm.
#
# **One rule for all exercises.** Compute in float64. Only where the *input* is float32 may you compute in float32.

# %% [markdown] lang="zh"
# # 第 2 章 · 损失函数
#
# 预测房价的模型和识别手写数字的模型，学习方式其实一样：把一个数变小。这个数就是**损失**（loss）。训练对它言听计从，所以损失只要错一点点，模型就会错得理直气壮。
#
# **学完本章，你能够**
#
# - 说清一个错误要付多少代价，并选出与之相符的损失；
# - 把得分变成概率，并且永远不会遇到 `nan`；
# - 推出交叉熵和它的梯度，并检验自己代码里的梯度；
# - 用亲手写的函数训练一个数字识别器，再看看它最昂贵的错误；
# - 读懂损失：什么是 $\ln K$，什么是困惑度，哪条曲线需要救治。
#
# **时间** 主线约两小时，即第 10、12 两节以外的各节；这两节和折叠框标有“选读”，另需约半小时。**分值** 20 分，共八道小练习，全部用 NumPy。预备知识：第 1 章（形状、数组）、导数、对数。
#
# **所有练习的共同规则** 用 float64 计算；只有**输入**本身是 float32 时，才可以用 float32 计算。

# %% setup
import math

import numpy as np

from course.language import say
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
# ## 1 · A bet between two forecasters
#
# Ada and Bob forecast the rain. In ten days both say the same, and both are right on the same eight days. There is one difference: Ada always says "I am 80 % sure", Bob always says "99 %".
#
# Now they bet. Each starts with 100 and stakes everything, every day, split as the forecast says: Ada puts 80 on her outcome and 20 on the other. The bookmaker pays double on whatever happens. So a day multiplies the money by $2p$, where $p$ is the probability that was given to **what happened**.

# %% [markdown] lang="zh"
# ## 1 · 两位预报员的赌局
#
# 小艾和小博预报是否下雨。十天里两人的预报完全相同，也在同样的八天应验。差别只有一处：小艾总说“我有 80% 的把握”，小博总说“99%”。
#
# 现在打赌。每人从 100 元开始，每天押上全部身家，按预报的把握分配：小艾 80 元押自己的预报，20 元押相反的结果。庄家对实际发生的结果付双倍。于是每过一天，钱乘以 $2p$，其中 $p$ 是预报给**实际结果**的概率。

# %%
from course.figures.surprise import CAME_TRUE, fig_bet
from course.interact import Prediction, choice, explore, play, slider

explore(
    fig_bet,
    predict=Prediction(
        say(en="Both are right on eight of ten days. Who has more money after them?",
            zh="两人都是十天对八天。十天之后谁的钱多？"),
        options=(say(en="Ada, who says 80 %", zh="说 80% 的小艾"), say(en="Bob, who says 99 %", zh="说 99% 的小博"),
                 say(en="both have the same", zh="一样多")),
        answer=0,
        because=(
            say(en="Bob wins a little more on each good day, but each of his two misses leaves him a fiftieth.",
                zh="应验的日子小博只多赢一点，可两次落空，每次都只给他剩下五十分之一。"),
            say(en="He is ahead until the first miss. A miss multiplies his money by 2 · 0.01, Ada's by 2 · 0.2.",
                zh="第一次落空之前他确实领先；落空一次，他的钱乘以 2 · 0.01，小艾的乘以 2 · 0.2。"),
            say(en="Hits alone do not decide: it matters how sure they were on the days they missed.",
                zh="光看命中次数不够，还要看落空的那些天他们有多大把握。"),
        ),
    ),
    alt=say(
        en="The money of Ada and Bob over ten days on a logarithmic axis; marks below show on which days the "
        "forecasts came true.",
        zh="小艾和小博的钱在十天里的变化，纵轴为对数刻度；下方的记号表示哪几天的预报应验。",
    ),
    bob=slider(0.5, 1.0, 0.99, step=0.01, label=say(en="Bob's confidence", zh="小博的把握")),
)

# %% [markdown] lang="en"
# Play it yourself. Which confidence wins most? Then break it: what does certainty, `1.0`, cost?

# %% [markdown] lang="zh"
# 自己来玩。把握取多少时赢得最多？再把它弄坏：百分之百的把握，即 `1.0`，代价是多少？

# %%
def money_after(confidence, money=100.0):
    """The money after ten days of betting with this confidence."""
    for came_true in CAME_TRUE:
        p = confidence if came_true else 1 - confidence  # the probability given to what happened
        money = money * 2 * p
    return money


for confidence in (0.6, 0.8, 0.99):  # try others: 0.7, 0.9, 1.0
    print(f"{confidence:.2f}  {money_after(confidence):10.3f}")

# %% [markdown] lang="en"
# Money multiplies, and products are awkward. Take the logarithm, and each day adds $\ln 2 + \ln p$. The only part that the forecaster controls is $\ln p$. So define the price of a day, its **surprise**, as
#
# $$s(p) = -\ln p$$
#
# It is 0 if you were certain and right. It grows without bound as the probability of what happened goes to 0. **The mean surprise is the loss of almost every classifier in this course**, and of every language model. The bet shows two of its virtues: hits alone do not count, confidence does; and the best strategy is to be honest (0.8 for eight hits in ten).

# %% [markdown] lang="zh"
# 钱是连乘的，乘积不好对付。取对数，每天就变成加上 $\ln 2 + \ln p$，预报员能左右的只有 $\ln p$。于是把一天的代价定义为
#
# $$s(p) = -\ln p$$
#
# 称为**意外程度**（surprise，信息论里叫自信息）。有十足把握而且说对了，它是 0；实际结果的概率趋于 0，它无限增大。**平均意外程度就是本课程里几乎所有分类器的损失**，也是每个语言模型的损失。这场赌局显出它的两个优点：它不只看对错，还看把握；最好的策略是诚实，十次中八次，就说 0.8。

# %% [markdown] lang="en"
# ## 2 · Squared error: the price of a distance
#
# First a simpler case: the target is a number. Then the natural question is how far off the prediction is. Call the error $r = \hat y - y$. Three prices are common:
#
# - squared error $r^2$: one error of 4 costs as much as sixteen errors of 1;
# - absolute error $|r|$: twice as far costs twice as much;
# - Huber loss: $r^2 / 2$ for $|r| \le \delta$, and $\delta (|r| - \delta / 2)$ beyond.
#
# Training does not look at the price. It looks at the *slope*: gradient descent moves the prediction against it, by the learning rate times the slope.

# %% [markdown] lang="zh"
# ## 2 · 平方误差：给距离定价
#
# 先看简单的情形：目标是一个数。自然要问预测偏了多远。记误差 $r = \hat y - y$，常见的定价有三种：
#
# - 平方误差 $r^2$：一次误差 4，抵得上十六次误差 1；
# - 绝对误差 $|r|$：远一倍，贵一倍；
# - Huber 损失：$|r| \le \delta$ 时为 $r^2 / 2$，超出之后为 $\delta (|r| - \delta / 2)$。
#
# 训练并不看价格，它看的是**斜率**：梯度下降让预测值逆着斜率移动，步长等于学习率乘以斜率。

# %%
from course.figures.losses import fig_pointwise

explore(
    fig_pointwise,
    predict=Prediction(
        say(en="The prediction moves from 2 away to 4 away from the target. Whose slope doubles?",
            zh="预测与目标的距离从 2 变成 4，哪种损失的斜率翻倍？"),
        options=(say(en="squared error", zh="平方误差"), say(en="absolute error", zh="绝对误差"), say(en="Huber, δ = 1", zh="Huber（δ = 1）")),
        answer=0,
        because=(
            say(en="The slope of r² is 2r. The others pull no harder from further away.",
                zh="r² 的斜率是 2r；另外两种不会因为离得远而拉得更猛。"),
            say(en="Its slope is +1 or −1, however far away. The slope of r² is 2r.",
                zh="它的斜率总是 +1 或 −1，与远近无关；r² 的斜率是 2r。"),
            say(en="Beyond δ the Huber slope stays at ±δ. The slope of r² is 2r.",
                zh="超过 δ 之后，Huber 的斜率停在 ±δ；r² 的斜率是 2r。"),
        ),
    ),
    alt=say(
        en="Left: three losses against the prediction, with an arrow for one step downhill. Right: their slopes.",
        zh="左：三种损失随预测值的变化，箭头表示下降的一步。右：它们的斜率。",
    ),
    p=slider(-3.0, 5.0, 3.0, step=0.1, label=say(en="prediction p", zh="预测值 p")),
    loss=choice(("MSE", "MAE", "Huber"), "MSE", label=say(en="loss", zh="损失")),
    rate=slider(0.05, 1.2, 0.3, step=0.05, label=say(en="learning rate", zh="学习率")),
    delta=slider(0.2, 3.0, 1.0, step=0.1, label="Huber δ"),
)

# %% [markdown] lang="en"
# Raise the rate to 0.5, 0.8 and 1.1 under MSE. Where does each step end?
#
# <details><summary>Compare</summary>At 0.5 it lands on the target, at 0.8 it overshoots, at 1.1 it ends further away than it began. Chapter 3 is about that.</details>
#
# What training minimises is the mean over $n$ samples. For squared error it is called **MSE**:
#
# $$\mathrm{MSE} = \frac{1}{n} \sum_{i=1}^{n} (\hat y_i - y_i)^2 \qquad \frac{\partial\, \mathrm{MSE}}{\partial \hat y_i} = \frac{2}{n} (\hat y_i - y_i)$$
#
# Why a mean and not a sum? It does not grow with the data, so batches of different size can be compared, and a learning rate that suits 1,000 samples suits 1,000,000.
#
# Some texts write a factor ½, which cancels the 2. With the loss $c\, (\hat y - y)^2$ a step is $\hat y \leftarrow \hat y - \alpha \cdot 2c\, (\hat y - y)$. Only the product $\alpha c$ matters: **a constant factor is a learning rate in disguise**. But 0.05 in one program and 0.10 in another may be the same model, so choose one factor and say so. This course has factor 1. (Huber keeps its customary ½.)
#
# <details><summary>Optional · where does the square come from?</summary>
#
# Suppose that targets scatter around the prediction like a Gaussian of fixed width $\sigma$. The sum of the surprises is
#
# $$-\sum_{i=1}^{n} \ln \left[ \frac{1}{\sigma \sqrt{2\pi}} \exp\left( -\frac{(y_i - \hat y_i)^2}{2 \sigma^2} \right) \right] = \frac{1}{2 \sigma^2} \sum_{i=1}^{n} (y_i - \hat y_i)^2 + n \ln \left( \sigma \sqrt{2\pi} \right)$$
#
# The prediction enters only through the sum of squares. So least squares *is* the least surprise under Gaussian noise (*maximum likelihood*).
#
# </details>

# %% [markdown] lang="zh"
# 选 MSE，把学习率调到 0.5、0.8、1.1。每一步走到了哪里？
#
# <details><summary>对照</summary>0.5 一步到位，0.8 走过了头，1.1 走完反而离得更远。第 3 章专讲这件事。</details>
#
# 训练要最小化的是 $n$ 个样本的平均。平方误差的平均叫**均方误差**（MSE）：
#
# $$\mathrm{MSE} = \frac{1}{n} \sum_{i=1}^{n} (\hat y_i - y_i)^2 \qquad \frac{\partial\, \mathrm{MSE}}{\partial \hat y_i} = \frac{2}{n} (\hat y_i - y_i)$$
#
# 为什么取平均而不求和？平均值不随数据量变大：大小不同的批量可以互相比较，适合 1,000 个样本的学习率，换成 1,000,000 个样本仍然适合。
#
# 有些书写系数 ½，正好消去求导得到的 2。若损失是 $c\, (\hat y - y)^2$，一步就是 $\hat y \leftarrow \hat y - \alpha \cdot 2c\, (\hat y - y)$，起作用的只有乘积 $\alpha c$：**常数系数是变相的学习率**。不过，一个程序报告 0.05，另一个报告 0.10，说的也许是同一个模型，所以系数要选定一个并写明。本课程取 1。（Huber 沿用惯例，保留 ½。）
#
# <details><summary>选读 · 平方从哪里来？</summary>
#
# 假设目标围绕预测值呈高斯分布，宽度 $\sigma$ 固定。总的意外程度是
#
# $$-\sum_{i=1}^{n} \ln \left[ \frac{1}{\sigma \sqrt{2\pi}} \exp\left( -\frac{(y_i - \hat y_i)^2}{2 \sigma^2} \right) \right] = \frac{1}{2 \sigma^2} \sum_{i=1}^{n} (y_i - \hat y_i)^2 + n \ln \left( \sigma \sqrt{2\pi} \right)$$
#
# 预测值只通过平方和进入这个式子。也就是说，在高斯噪声下，最小二乘**就是**意外程度最小，即**最大似然**。
#
# </details>

# %% [markdown] lang="en"
# ### Exercise 1 · `mse` (3 points)
#
# ```python
# def mse(y: np.ndarray, p: np.ndarray) -> float
# ```
#
# Return the mean of the squared differences, factor 1, over **all** elements, as one number.
#
# - `y` and `p` have the same shape, any number of dimensions, at least one element. Different shapes raise `ValueError`: NumPy would otherwise *broadcast* `(n, 1)` against `(n,)` to a table and average $n^2$ differences without a word.
# - They may be integers, pixels in `uint8` included, whose arithmetic wraps around: `np.uint8(0) - np.uint8(1)` is 255.
# - Leave `y` and `p` as they are.
#
# For example, `mse(np.array([3.0, 5.0]), np.array([4.0, 3.0]))` is $(1 + 4) / 2 = 2.5$.
#
# <details><summary>What hidden tests also use</summary>
#
# Random values in one, two and three dimensions; other unequal shapes, such as `(1,)` and `(5,)`; signed and unsigned integers of 8 to 64 bits; float32; transposed arrays; large numbers that differ little. A relative error of 1e-5 is allowed.
#
# </details>
#
# <details><summary>Hint 1 · what to look at</summary>
#
# What is `y.shape == p.shape` for `(3, 1)` and `(3,)`? What is `np.array([20], np.uint8) - np.array([30], np.uint8)`?
#
# <details><summary>Hint 2 · which step</summary>
#
# Compare the shapes first. Then convert both arrays to float64; that makes copies. Only then subtract.
#
# <details><summary>Hint 3 · the step with a gap</summary>
#
# ```python
# difference = y.astype(float) - ___
# ```
#
# </details></details></details>

# %% [markdown] lang="zh"
# ### 练习 1 · `mse`（3 分）
#
# ```python
# def mse(y: np.ndarray, p: np.ndarray) -> float
# ```
#
# 返回**所有**元素的平方差的平均，系数 1，结果是一个数。
#
# - `y` 和 `p` 形状相同，维数任意，至少一个元素。形状不同时抛出 `ValueError`：否则 NumPy 会把 `(n, 1)` 与 `(n,)` **广播**成一张表，一声不响地对 $n^2$ 个差求平均。
# - 可以是整数，包括 `uint8` 像素；它的运算会回绕：`np.uint8(0) - np.uint8(1)` 等于 255。
# - 不要改动 `y` 和 `p`。
#
# 例如，`mse(np.array([3.0, 5.0]), np.array([4.0, 3.0]))` 等于 $(1 + 4) / 2 = 2.5$。
#
# <details><summary>隐藏测试还会用到</summary>
#
# 一维、二维、三维的随机数；其他不相等的形状，如 `(1,)` 与 `(5,)`；8 至 64 位的有符号和无符号整数；float32；转置过的数组；相差很小的大数。允许相对误差 1e-5。
#
# </details>
#
# <details><summary>提示 1 · 看哪里</summary>
#
# 形状 `(3, 1)` 与 `(3,)` 时，`y.shape == p.shape` 是什么？`np.array([20], np.uint8) - np.array([30], np.uint8)` 又是什么？
#
# <details><summary>提示 2 · 哪一步</summary>
#
# 先比较形状；再把两个数组都转换成 float64，这样得到的是副本；最后才相减。
#
# <details><summary>提示 3 · 填空</summary>
#
# ```python
# difference = y.astype(float) - ___
# ```
#
# </details></details></details>

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
    assert agree(number(mse(y, p), "mse"), (1 + 4) / 2, rtol=1e-5), (
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
        right = agree(value, expected, rtol=1e-5)
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
    y, p = rng.normal(size=(4, 6)), rng.normal(size=(6, 4)).T
    expected = sum((p[i, j] - y[i, j]) ** 2 for i in range(4) for j in range(6)) / 24
    assert agree(number(mse(y, p), "mse"), expected, rtol=1e-5), (
        "[ch02-PAIRS] 转置过的数组：每个元素要与同一位置的元素相减 / "
        "a transposed array: subtract the elements that have the same position")
    y, p = 16e6 + rng.integers(-3, 4, size=(2, 7))  # float32 holds these numbers and their differences exactly
    expected = np.mean((y - p) ** 2)
    assert agree(number(mse(y, p), "mse"), expected, rtol=1e-5), (
        "[ch02-CANCEL] 两数都大而相差很小时，精度丢失了：先相减，再平方 / "
        "large numbers with a small difference lose their digits: subtract before you square")
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
                          ((6,), (2, 3)), ((2, 1, 3), (2, 3)), ((3,), (1, 3)), ((3, 1), (3, 4)), ((2, 3, 1), (2, 3, 5))]:
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
# ## 3 · A loss is a decision
#
# The quickest way to understand a loss: let the model give everybody the same number $c$, and ask which $c$ is best. The figure has four close values and one outlier.

# %% [markdown] lang="zh"
# ## 3 · 损失是一种决定
#
# 想最快地弄懂一种损失，就让模型对所有样本都给同一个数 $c$，看哪个 $c$ 最好。图中有四个相近的值和一个离群点。

# %%
from course.figures.losses import fig_best_constant

explore(
    fig_best_constant,
    predict=Prediction(
        say(en="The outlier moves from 4 to 8. What happens to the best constant under the mean absolute error?",
            zh="离群点从 4 移到 8。对平均绝对误差来说，最优常数会怎样？"),
        options=(say(en="it follows, by a fifth of the way", zh="跟着走，移动五分之一"), say(en="it stays", zh="不动"),
                 say(en="it moves the other way", zh="反方向移动")),
        answer=1,
        because=(
            say(en="That is the mean, which the squared error asks for. Here every value pulls with the same force.",
                zh="那是平方误差想要的平均数。在这里，每个值的拉力都一样大。"),
            say(en="Every value pulls with the same force, near or far. Only the numbers on each side count.",
                zh="每个值不论远近，拉力都一样大，只看两侧各有几个。"),
            say(en="Nothing pulls that way: the outlier stays on the same side, with the same force.",
                zh="没有什么往那边拉：离群点还在同一侧，拉力也没变。"),
        ),
    ),
    alt=say(
        en="Left: the mean squared and the mean absolute error of one constant, with their minima. Right: how hard "
        "each of the five values pulls at the chosen constant.",
        zh="左：同一个常数的均方误差和平均绝对误差，标出最低点。右：五个值各自对所选常数的拉力。",
    ),
    outlier=slider(3.0, 8.0, 4.0, step=0.1, label=say(en="outlier", zh="离群点")),
    c=slider(0.5, 8.0, 3.0, step=0.1, label=say(en="constant c", zh="常数 c")),
)

# %% [markdown] lang="en"
# Drag $c$ until the pulls balance.
#
# For the squared error the pull grows with the distance. Set the derivative to zero:
#
# $$\frac{d}{dc}\, \frac{1}{n} \sum_{i=1}^{n} (c - y_i)^2 = \frac{2}{n} \sum_{i=1}^{n} (c - y_i) = 0 \quad \Longrightarrow \quad c = \frac{1}{n} \sum_{i=1}^{n} y_i$$
#
# It asks for the **mean**. For the absolute error all pulls are equal; they balance when as many values lie below as above. It asks for the **median**. Huber is between the two: near values pull like squares, far ones with at most $\delta$.
#
# The median is not "better". If the outlier is a typing error, ignore it. If it is the flood that you are paid to foresee, a loss that ignores it is the wrong one. So ask what a mistake costs.
#
# **A bakery.** Each loaf left over in the evening costs 1 euro. Each loaf missing costs 4: a lost sale and an angry customer. How many should be baked?

# %% [markdown] lang="zh"
# 拖动 $c$，直到拉力平衡。
#
# 平方误差的拉力随距离增大。令导数为零：
#
# $$\frac{d}{dc}\, \frac{1}{n} \sum_{i=1}^{n} (c - y_i)^2 = \frac{2}{n} \sum_{i=1}^{n} (c - y_i) = 0 \quad \Longrightarrow \quad c = \frac{1}{n} \sum_{i=1}^{n} y_i$$
#
# 它想要的是**平均数**。绝对误差的拉力都一样大，上下个数相等时平衡，它想要的是**中位数**。Huber 居中：近处像平方，远处的拉力至多为 $\delta$。
#
# 中位数并不“更好”。离群点若是录入错误，就该忽略；若恰恰是要靠你预报的那场洪水，忽略它的损失就选错了。所以要问：一个错误要付多少代价？
#
# **一家面包店** 晚上每剩一个面包，损失 1 元；每缺一个，损失 4 元，丢了生意，还惹恼了顾客。该烤多少个？

# %%
from course.figures.losses import fig_costs

explore(
    fig_costs,
    predict=Prediction(
        say(en="A missing loaf costs four times as much as one left over. What is the cheapest number to bake?",
            zh="缺一个的代价是剩一个的四倍，烤多少个最省？"),
        options=(say(en="the mean demand", zh="平均需求"), say(en="the median demand", zh="需求的中位数"),
                 say(en="enough for four days in five", zh="五天里有四天够卖")),
        answer=2,
        because=(
            say(en="The mean is best if costs grow with the square of the error. Here they grow in proportion.",
                zh="代价随误差的平方增长时，平均数才最好；这里代价与误差成正比。"),
            say(en="The median is best if both mistakes cost the same. Set both sliders to one value.",
                zh="两种错误代价相同时，中位数才最好。把两个滑块调成一样试试。"),
            say(en="One loaf more saves 4 euros on every day that runs short, and costs 1 on every other: balance at 1 to 4.",
                zh="多烤一个，缺货的日子省 4 元，其余的日子亏 1 元：在 1 比 4 处平衡。"),
        ),
    ),
    alt=say(
        en="The mean cost per day against the number of loaves baked; twenty marks show the demand.",
        zh="平均每天的损失随烤出面包数的变化；二十条短竖线表示每天的需求。",
    ),
    short=slider(1.0, 20.0, 4.0, step=0.5, label=say(en="a missing loaf costs", zh="缺一个的代价")),
    left_over=slider(1.0, 20.0, 1.0, step=0.5, label=say(en="a loaf left over costs", zh="剩一个的代价")),
)

# %% [markdown] lang="en"
# Such a loss with two slopes is called the *pinball loss* or *quantile loss*. Delivery times, power stations and hospital beds are forecast with it.
#
# ### Exercise 2 · `cheapest_forecast` (2 points)
#
# ```python
# def cheapest_forecast(y: np.ndarray, short: float, left_over: float) -> float
# ```
#
# Return the constant forecast $c$ with the smallest mean cost over the demands `y`. A demand above $c$ costs `short` per unit missing, one below $c$ costs `left_over` per unit left over.
#
# - `y` has shape `(n,)` with $n \ge 1$, integers or floats in any order; both prices are above 0. If several constants are cheapest, return any of them.
# - Leave `y` as it is.
#
# For `y = [1, 2, 3, 4, 10]`, `short = 3` and `left_over = 1` the answer is 4: the mean cost is $(3 + 2 + 1 + 0 + 3 \cdot 6) / 5 = 4.8$, and every other constant costs more.
#
# <details><summary>What hidden tests also use</summary>
#
# Equal prices, prices of 1 to 1,000, prices below 1; one demand; repeated and negative demands; unsigned integers of few bits, such as uint8; a few hundred demands. A cost within one millionth of the smallest is accepted.
#
# </details>
#
# <details><summary>Hint 1 · what to look at</summary>
#
# The curve of the costs has kinks. Where are they, and where can its lowest point be?
#
# <details><summary>Hint 2 · which step</summary>
#
# Try every value of `y` as the constant and keep the cheapest. Or count: which share of the days should be enough, if both pulls balance?
#
# <details><summary>Hint 3 · the step with a gap</summary>
#
# ```python
# gap = y - c
# cost = np.mean(np.where(gap > 0, ___, ___))
# ```
#
# </details></details></details>

# %% [markdown] lang="zh"
# 这种有两个斜率的损失叫**弹球损失**（pinball loss），又叫分位数损失。送货时间、发电量、医院床位，都用它来预报。
#
# ### 练习 2 · `cheapest_forecast`（2 分）
#
# ```python
# def cheapest_forecast(y: np.ndarray, short: float, left_over: float) -> float
# ```
#
# 返回对需求 `y` 平均代价最小的常数预报 $c$。需求高于 $c$，每缺一个付 `short`；需求低于 $c$，每剩一个付 `left_over`。
#
# - `y` 的形状是 `(n,)`，$n \ge 1$，整数或浮点数，次序任意；两个价格都大于 0。若有多个常数同样便宜，返回哪一个都行。
# - 不要改动 `y`。
#
# 例如 `y = [1, 2, 3, 4, 10]`、`short = 3`、`left_over = 1` 时答案是 4：平均代价 $(3 + 2 + 1 + 0 + 3 \cdot 6) / 5 = 4.8$，换成别的常数都更贵。
#
# <details><summary>隐藏测试还会用到</summary>
#
# 相同的价格，1 比 1,000 的价格，小于 1 的价格；只有一天；重复的和负的需求；位数少的无符号整数（如 uint8）；几百天的需求。代价与最小值相差不到百万分之一即可。
#
# </details>
#
# <details><summary>提示 1 · 看哪里</summary>
#
# 代价曲线有折点。折点在哪里？最低点可能在哪里？
#
# <details><summary>提示 2 · 哪一步</summary>
#
# 把 `y` 的每个值都当作常数试一遍，留下最便宜的。或者数一数：两边的拉力平衡时，该有多大比例的日子够卖？
#
# <details><summary>提示 3 · 填空</summary>
#
# ```python
# gap = y - c
# cost = np.mean(np.where(gap > 0, ___, ___))
# ```
#
# </details></details></details>

# %% solution="cheapest-forecast"
def cheapest_forecast(y, short, left_over):
    """Return a constant c that minimises the mean cost; y: demands (n,), two prices per unit."""
    ### BEGIN SOLUTION
    demands = np.sort(np.asarray(y, dtype=np.float64))
    gaps = demands[:, None] - demands  # (n, n): every demand as the constant
    costs = np.mean(np.where(gaps > 0, short * gaps, -left_over * gaps), axis=0)
    return float(demands[np.argmin(costs)])
    ### END SOLUTION

# %% test="cheapest-forecast-minimises-the-cost" points=1
def _example():
    for y, short, left_over, best in [
        ([1.0, 2.0, 3.0, 4.0, 10.0], 3.0, 1.0, 4.0),
        ([1.0, 2.0, 3.0, 4.0, 10.0], 1.0, 3.0, 2.0),
        ([7.0, 1.0, 30.0], 5.0, 5.0, 7.0),
    ]:
        c = float(number(cheapest_forecast(np.array(y), short, left_over), "cheapest_forecast"))
        assert agree(c, best, rtol=1e-5), (
            "[ch02-COST] 这个常数不是最省的：用代价公式比较几个常数 / "
            "this constant is not the cheapest: compare a few constants by their cost")


_example()
### BEGIN HIDDEN TESTS
def _check():
    def cost(c, y, short, left_over):
        gaps = [float(v) - c for v in y]
        return math.fsum(short * g if g > 0 else -left_over * g for g in gaps) / len(gaps)

    rng = np.random.default_rng(2801)
    for n, short, left_over in [(9, 4.0, 1.0), (9, 1.0, 4.0), (8, 2.0, 2.0), (30, 9.0, 1.0), (400, 3.0, 2.0), (7, 0.2, 0.6),
                                (50, 1000.0, 1.0), (50, 1.0, 1000.0), (1, 3.0, 1.0), (2, 3.0, 1.0)]:
        y = rng.gamma(2.0, 20.0, size=n)
        before = y.copy()
        least = min(cost(c, before.tolist(), short, left_over) for c in before.tolist())
        c = float(number(cheapest_forecast(y, short, left_over), "cheapest_forecast"))
        assert math.isfinite(c), "[ch02-FINITE] 预报应是有限的数 / the forecast must be a finite number"
        assert cost(c, before.tolist(), short, left_over) <= least * (1 + 1e-6) + 1e-9, (
            "[ch02-COST] 还有更省的常数；检查两个价格是否用对了方向 / "
            "another constant is cheaper; is each price on its own side?")
        assert np.array_equal(y, before), "[ch02-INPUT] `cheapest_forecast` 改动了 y / `cheapest_forecast` changed y"


_check()
### END HIDDEN TESTS

# %% test="cheapest-forecast-with-ties-and-integers" points=1
def _example():
    c = float(number(cheapest_forecast(np.array([200, 10, 10, 10, 250], dtype=np.uint8), 1.0, 1.0), "cheapest_forecast"))
    assert agree(c, 10, rtol=1e-5), (
        "[ch02-UINT8] 无符号整数相减会回绕，先转换成浮点数 / unsigned integers wrap around: convert to float first")
    c = float(number(cheapest_forecast(np.array([3, 1, 2, 4]), 1.0, 1.0), "cheapest_forecast"))
    assert 2 - 1e-5 <= c <= 3 + 1e-5, (
        "[ch02-COST] 两种代价相同，需求高于预报和低于预报的天数应一样多 / with equal prices, as many demands must lie above the forecast as below")


_example()
### BEGIN HIDDEN TESTS
def _check():
    def cost(c, y, short, left_over):
        gaps = [float(v) - c for v in y]
        return math.fsum(short * g if g > 0 else -left_over * g for g in gaps) / len(gaps)

    rng = np.random.default_rng(2802)
    cases = [np.array([5.0, 5.0, 5.0]), np.array([-3.0, -8.0, 2.0, -8.0, 0.0]), np.array([0.0, 0.0, 0.0, 100.0]),
             np.array([-1e6, 1e-3, 2e-3, 1e6])]
    for dtype in (np.uint8, np.int8, np.uint16, np.int32, np.int64):
        cases.append(rng.integers(0, 120, size=21).astype(dtype))
    for y in cases:
        for short, left_over in ((1.0, 1.0), (4.0, 1.0), (1.0, 7.0), (2, 3)):
            before = y.copy()
            values = [float(v) for v in before]
            least = min(cost(c, values, short, left_over) for c in values)
            c = float(number(cheapest_forecast(y, short, left_over), "cheapest_forecast"))
            assert cost(c, values, short, left_over) <= least * (1 + 1e-6) + 1e-9, (
                "[ch02-COST] 有重复值、负数或整数时，结果不是最省的 / "
                "with repeated, negative or integer demands the result is not the cheapest")
            assert np.array_equal(y, before), "[ch02-INPUT] `cheapest_forecast` 改动了 y / `cheapest_forecast` changed y"


_check()
### END HIDDEN TESTS

# %% [markdown] lang="en"
# ## 4 · From scores to probabilities: softmax
#
# Now the target is a class: which of ten digits? A classifier ends in $K$ raw scores, the **logits** $z_1, \dots, z_K$, any real numbers. To bet on classes we need positive numbers with sum 1. Exponentiate, then divide by the sum:
#
# $$p_k = \frac{e^{z_k}}{\sum_{j=1}^{K} e^{z_j}}$$
#
# The exponential turns *differences* of scores into *ratios* of probabilities, $p_k / p_j = e^{z_k - z_j}$. One more unit of logit multiplies the odds by $e$. What happens if all scores grow by the same offset?

# %% [markdown] lang="zh"
# ## 4 · 从得分到概率：softmax
#
# 现在目标是类别：十个数字里是哪一个？分类器的最后一层给出 $K$ 个得分，即 **logits** $z_1, \dots, z_K$，可以是任意实数。要在类别上下注，需要一组总和为 1 的正数。先取指数，再除以总和：
#
# $$p_k = \frac{e^{z_k}}{\sum_{j=1}^{K} e^{z_j}}$$
#
# 指数把得分之**差**变成概率之**比**，$p_k / p_j = e^{z_k - z_j}$：logit 每增加 1，几率就乘以 $e$。如果所有得分都加上同一个偏移量，会怎样？

# %%
from course.figures.softmax import fig_logits

explore(
    fig_logits,
    predict=Prediction(
        say(en="Add 710 to all three logits. What does the formula, as it is written, return on a computer?",
            zh="给三个 logit 都加上 710。在计算机上照公式直算，会得到什么？"),
        options=(say(en="the same probabilities", zh="概率不变"), say(en="1/3 for each class", zh="每类 1/3"),
                 say(en="no number for some classes", zh="有的类别得不到数")),
        answer=2,
        because=(
            say(en="On paper, yes. On the computer exp(712) is infinite, and inf / inf is nan. Set the offset to 710.",
                zh="纸上确实如此。可在计算机上 exp(712) 是无穷大，inf / inf 是 nan。把偏移调到 710 看看。"),
            say(en="The differences stay the same, so equal probabilities cannot come out. Set the offset to 710: nan.",
                zh="得分之差没有变，不会变成相等的概率。把偏移调到 710：是 nan。"),
            say(en="exp(712) and exp(711) are infinite: inf / inf is nan. exp(709) is still finite, so class 2 gets 0.",
                zh="exp(712) 和 exp(711) 是无穷大，inf / inf 是 nan；exp(709) 还是有限的，所以类别 2 得 0。"),
        ),
    ),
    alt=say(
        en="Bars: the three logits; their probabilities computed with a shift; and computed as the formula is written, in "
        "two precisions.",
        zh="条形：三个 logit；先平移再算的概率；照公式直算的概率，两种精度。",
    ),
    offset=slider(0, 720, 0, step=5, label=say(en="offset", zh="偏移")),
    temperature=slider(0.1, 5.0, 1.0, step=0.1, label=say(en="temperature T", zh="温度 T")),
    z0=slider(-5.0, 5.0, 2.0, step=0.1, label="logit 0"),
    z1=slider(-5.0, 5.0, 1.0, step=0.1, label="logit 1"),
    z2=slider(-5.0, 5.0, -1.0, step=0.1, label="logit 2"),
)

# %% [markdown] lang="en"
# In exact arithmetic the offset $c$ cancels:
#
# $$\frac{e^{z_k + c}}{\sum_{j=1}^{K} e^{z_j + c}} = \frac{e^{c}\, e^{z_k}}{e^{c} \sum_{j=1}^{K} e^{z_j}} = p_k$$
#
# On a computer `np.exp` overflows above 88.7 in float32 and above 709.8 in float64. But $c$ is ours to choose. Take $c = -\max_j z_j$: the largest exponent becomes 0, nothing overflows, and the sum is at least 1. Terms far below underflow to 0: float64 cannot hold probabilities that small.
#
# The **temperature** $T$ divides the logits first. A small $T$ sharpens, a large $T$ flattens. You will meet it again when a language model writes (chapter 12).

# %% [markdown] lang="zh"
# 在精确运算里，偏移量 $c$ 会约掉：
#
# $$\frac{e^{z_k + c}}{\sum_{j=1}^{K} e^{z_j + c}} = \frac{e^{c}\, e^{z_k}}{e^{c} \sum_{j=1}^{K} e^{z_j}} = p_k$$
#
# 在计算机上，`np.exp` 在 float32 下超过 88.7、在 float64 下超过 709.8 就会溢出。好在 $c$ 由我们定。取 $c = -\max_j z_j$：最大的指数变成 0，什么都不会溢出，总和至少是 1。远小于最大值的项会下溢成 0：这样小的概率，float64 本来也表示不了。
#
# **温度** $T$ 先去除 logits。$T$ 小则更尖锐，$T$ 大则更平坦。第 12 章语言模型写作时会再见到它。

# %% [markdown] lang="en"
# ### Exercise 3 · `softmax` (2 points)
#
# ```python
# def softmax(z: np.ndarray, axis: int = -1) -> np.ndarray
# ```
#
# Return the softmax of `z` along `axis`: a float array of the same shape.
#
# - `z` has one, two or three dimensions; the logits are floats, int32 or int64. `axis` may be negative.
# - Logits of any size give finite probabilities, also in neighbouring rows whose maxima differ by $10^4$.
# - Leave `z` as it is.
#
# `softmax(np.array([[0.0, np.log(3)]]))` is `[[0.25, 0.75]]`.
#
# <details><summary>What hidden tests also use</summary>
#
# Every axis of 2-D and 3-D arrays; int32, int64 and float32 logits (float32: relative error 1e-5); logits of $\pm 10^4$; probabilities as small as $e^{-80}$ (relative error 1e-9, so nothing may be clipped or added).
#
# </details>
#
# <details><summary>Hint 1 · what to look at</summary>
#
# Which numbers must sum to 1, and which maximum belongs to them? One maximum for the whole array is not enough: a row 10,000 below another would become 0/0.
#
# <details><summary>Hint 2 · which step</summary>
#
# Subtract the maximum along `axis`, exponentiate, divide by the sum along `axis`. `keepdims=True` keeps an axis of length 1, so that the result broadcasts back.
#
# <details><summary>Hint 3 · the step with a gap</summary>
#
# ```python
# shifted = z - np.max(z, axis=___, keepdims=___)
# ```
#
# </details></details></details>

# %% [markdown] lang="zh"
# ### 练习 3 · `softmax`（2 分）
#
# ```python
# def softmax(z: np.ndarray, axis: int = -1) -> np.ndarray
# ```
#
# 返回 `z` 沿 `axis` 的 softmax：形状相同的浮点数组。
#
# - `z` 是一维、二维或三维，logits 是浮点数、int32 或 int64；`axis` 可以为负。
# - logits 不论多大，概率都是有限值，最大值相差 $10^4$ 的相邻两行也一样。
# - 不要改动 `z`。
#
# `softmax(np.array([[0.0, np.log(3)]]))` 等于 `[[0.25, 0.75]]`。
#
# <details><summary>隐藏测试还会用到</summary>
#
# 二维、三维数组的每一个轴；int32、int64、float32 的 logits（float32 的相对误差 1e-5）；$\pm 10^4$ 的 logits；小到 $e^{-80}$ 的概率（相对误差 1e-9，所以不能截断，也不能加小量）。
#
# </details>
#
# <details><summary>提示 1 · 看哪里</summary>
#
# 哪些数的和应为 1？它们的最大值是哪一个？整个数组只取一个最大值是不够的：比别的行低 10,000 的那一行会变成 0/0。
#
# <details><summary>提示 2 · 哪一步</summary>
#
# 沿 `axis` 减去最大值，取指数，再除以沿 `axis` 的和。`keepdims=True` 保留长度为 1 的轴，结果才能广播回去。
#
# <details><summary>提示 3 · 填空</summary>
#
# ```python
# shifted = z - np.max(z, axis=___, keepdims=___)
# ```
#
# </details></details></details>

# %% solution="softmax"
def softmax(z, axis=-1):
    """Return the softmax of the logits z along axis: float, same shape as z, finite for any finite z."""
    ### BEGIN SOLUTION
    shifted = z - np.max(z, axis=axis, keepdims=True)
    e = np.exp(shifted)
    return e / np.sum(e, axis=axis, keepdims=True)
    ### END SOLUTION

# %% test="softmax-sums-to-one-along-the-axis" points=1
@np.errstate(all="ignore")
def _example():
    z = np.array([1.0, 2.0, 3.0])
    p = floats(softmax(z), (3,), "softmax")
    assert agree(p.sum(), 1), "[ch02-SUM] `softmax` 的概率之和应为 1 / the probabilities of `softmax` must sum to 1"
    assert agree(p[1:] / p[:-1], np.e), (
        "[ch02-EXP] 两个 logit 相差 1，概率之比应为 e / "
        "where two logits differ by 1, the ratio of their probabilities must be e"
    )
    assert np.array_equal(z, [1, 2, 3]), "[ch02-INPUT] `softmax` 改动了输入 z / `softmax` changed its input z"
    table = np.log([[1.0, 2.0], [3.0, 4.0], [6.0, 4.0]])
    assert agree(floats(softmax(table, axis=0), (3, 2), "softmax"), [[0.1, 0.2], [0.3, 0.4], [0.6, 0.4]]), (
        "[ch02-AXIS] `axis=0` 时，每一列的概率之和应为 1 / with `axis=0` the probabilities of each column must sum to 1")
    assert agree(floats(softmax(table), (3, 2), "softmax"), [[1 / 3, 2 / 3], [3 / 7, 4 / 7], [0.6, 0.4]]), (
        "[ch02-AXIS] 默认沿最后一个轴，每一行的概率之和应为 1 / by default the probabilities of each row must sum to 1")
    whole = floats(softmax(np.array([0, 1])), (2,), "softmax")
    assert agree(whole, [1 / (1 + np.e), np.e / (1 + np.e)]), (
        "[ch02-INT] 整数 logits 的概率也是小数 / integer logits have fractions as probabilities, too")


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
    rows = floats(softmax(np.array([[0.0, 0.0], [10_000.0, 10_000.0]])), (2, 2), "softmax")
    assert agree(rows, 0.5), (
        "[ch02-ROWS] 每一行减去自己的最大值，而不是整个数组的 / shift every row by its own maximum, not by that of the array")
    assert agree(floats(softmax(np.array([0.0, -60.0])), (2,), "softmax")[1] * np.exp(60), 1), (
        "[ch02-SMALL] 很小的概率也要准确：不要截断，分母里不要加小量 / small probabilities count, too: do not clip, add nothing")


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
# ## 5 · Cross-entropy: the price of a surprise
#
# Back to the bet. The label of sample $i$ is $y_i$, the number of a class; the model gave it the probability $p_{i, y_i}$. The price is the surprise $-\ln p_{i, y_i}$. How fast does it grow?

# %% [markdown] lang="zh"
# ## 5 · 交叉熵：给意外定价
#
# 回到那场赌局。样本 $i$ 的标签是 $y_i$，即类别的编号；模型给它的概率是 $p_{i, y_i}$，代价就是意外程度 $-\ln p_{i, y_i}$。它涨得有多快？

# %%
from course.figures.surprise import fig_neg_log

explore(
    fig_neg_log,
    predict=Prediction(
        say(en="p falls from 0.8 to 0.4, later from 0.02 to 0.01. Which fall costs more?",
            zh="p 先从 0.8 降到 0.4，后又从 0.02 降到 0.01，哪一次更贵？"),
        options=(say(en="the first", zh="第一次"), say(en="the second", zh="第二次"), say(en="neither: they cost the same", zh="一样贵")),
        answer=2,
        because=(
            say(en="The difference is larger, but only the ratio counts: each halving costs ln 2.",
                zh="差值确实更大，但算的是比值：每减半一次，代价都是 ln 2。"),
            say(en="The curve is steeper there, but the step is shorter. Each halving costs ln 2.",
                zh="那里的曲线更陡，但步子也更小。每减半一次，代价都是 ln 2。"),
            say(en="−ln p counts ratios: every halving costs ln 2 = 0.693 nat. Only the slope −1/p explodes.",
                zh="−ln p 只看比值：每减半一次，代价都是 ln 2 = 0.693 nat。急剧增大的只是斜率 −1/p。"),
        ),
    ),
    alt=say(
        en="The price of the probability p that was given to what happened; with small probabilities on a logarithmic "
        "axis, beside what Keras computes from bare probabilities.",
        zh="实际结果的概率 p 的代价；概率很小时用对数轴，并画出 Keras 由裸概率算出的值。",
    ),
    p=slider(0.01, 1.0, 0.8, step=0.01, label="p"),
    times=choice(((say(en="p itself", zh="p 本身"), 1.0), ("p · 1e-3", 1e-3), ("p · 1e-6", 1e-6), ("p · 1e-9", 1e-9)), 1.0,
                 label=say(en="scale", zh="缩放")),
    unit=choice(("nat", "bit", "hartley"), "nat", label=say(en="unit", zh="单位")),
)

# %% [markdown] lang="en"
# The logarithm has a unit. Base $e$ gives **nat**, base 2 gives **bit**, base 10 gives **hartley**: one length, three rulers. At $p = 0.8$ it is 0.2231 nat, 0.3219 bit or 0.0969 hartley. The better model is the same on every ruler, but a loss without its unit cannot be compared. Keras, PyTorch and this course use nat; `np.log` is natural.
#
# Over $n$ samples, the model gives the whole data set the probability $\prod_i p_{i, y_i}$. The negative logarithm turns the product into a sum, and the mean is the **cross-entropy**, also called *negative log-likelihood*:
#
# $$L = -\frac{1}{n} \sum_{i=1}^{n} \ln p_{i, y_i} = -\frac{1}{n} \sum_{i=1}^{n} \sum_{k=1}^{K} t_{ik} \ln p_{ik}$$
#
# So the smallest cross-entropy makes the observed labels as probable as possible. On the right the label is a vector $t_i$ with a 1 at the true class (*one-hot*). Mind the two letters: $n$ samples, $K$ classes.
#
# **Straight from the logits.** Softmax first and logarithm second loses the answer. For the logits $(0, 1000)$ the first probability underflows to 0, and its logarithm is `-inf`. Put both formulas together before you compute:
#
# $$\ln p_k = \ln \frac{e^{z_k}}{\sum_{j} e^{z_j}} = z_k - \ln \sum_{j=1}^{K} e^{z_j} \qquad \ln \sum_{j=1}^{K} e^{z_j} = m + \ln \sum_{j=1}^{K} e^{z_j - m}, \quad m = \max_j z_j$$
#
# Every exponent on the right is at most 0, and the sum lies between 1 and $K$. Nothing can go wrong: for $(0, 1000)$ the logarithms are exactly $-1000$ and 0.
#
# <details><summary>Optional · what do frameworks do?</summary>
#
# A Keras model that *ends in softmax*, with logits (0, 40) and label 0, reports a loss of 40.0 and the full gradient, compiled and eager: Keras finds the logits behind the softmax and computes from them. Only if the loss receives a **bare tensor of probabilities**, for example from softmax written by hand, or an average of two models, it clips them at 1e-7: the loss stops at 16.118, and the gradient is 0. The sure way, in Keras and PyTorch: let the network end in logits, and tell the loss so (`from_logits=True`, `CrossEntropyLoss`).
#
# </details>

# %% [markdown] lang="zh"
# 对数有单位。以 $e$ 为底是 **nat**，以 2 为底是 **bit**，以 10 为底是 **hartley**：一段长度，三把尺子。$p = 0.8$ 时，它是 0.2231 nat、0.3219 bit 或 0.0969 hartley。不管用哪把尺子，更好的模型都是同一个；但没有单位的损失无法比较。Keras、PyTorch 和本课程都用 nat，`np.log` 是自然对数。
#
# 对 $n$ 个样本，模型给整个数据集的概率是 $\prod_i p_{i, y_i}$。取负对数，乘积变成求和，再取平均，就是**交叉熵**，又名**负对数似然**：
#
# $$L = -\frac{1}{n} \sum_{i=1}^{n} \ln p_{i, y_i} = -\frac{1}{n} \sum_{i=1}^{n} \sum_{k=1}^{K} t_{ik} \ln p_{ik}$$
#
# 所以交叉熵最小，就是让观测到的数据概率最大（最大似然）。右边把标签写成向量 $t_i$，真实类别处为 1，叫**独热编码**（one-hot）。两个字母别弄混：$n$ 个样本，$K$ 个类别。
#
# **直接从 logits 出发** 先算 softmax 再取对数，答案就丢了：logits 为 $(0, 1000)$ 时，第一个概率下溢成 0，对数是 `-inf`。应当先合并公式，再计算：
#
# $$\ln p_k = \ln \frac{e^{z_k}}{\sum_{j} e^{z_j}} = z_k - \ln \sum_{j=1}^{K} e^{z_j} \qquad \ln \sum_{j=1}^{K} e^{z_j} = m + \ln \sum_{j=1}^{K} e^{z_j - m}, \quad m = \max_j z_j$$
#
# 右边的指数都不超过 0，和介于 1 与 $K$ 之间，不会出任何差错：对 $(0, 1000)$，两个对数正好是 $-1000$ 和 0。
#
# <details><summary>选读 · 框架是怎么做的？</summary>
#
# 一个**以 softmax 结尾**的 Keras 模型，logits 为 (0, 40)、标签为 0 时，报告的损失是 40.0，梯度也完整，编译执行和即时执行都一样：Keras 会找到 softmax 之前的 logits，用它们来算。只有当损失收到的是**裸的概率张量**，例如手写的 softmax，或两个模型的平均，它才会在 1e-7 处截断：损失停在 16.118，梯度是 0。稳妥的做法在 Keras 和 PyTorch 里都一样：网络以 logits 结尾，并告诉损失（`from_logits=True`、`CrossEntropyLoss`）。
#
# </details>

# %% [markdown] lang="en"
# ### Exercise 4 · `log_softmax` (2 points)
#
# ```python
# def log_softmax(z: np.ndarray) -> np.ndarray
# ```
#
# Return the natural logarithms of the softmax of each row of `z`: a float array `(N, K)`. The next two exercises are built on it.
#
# - `z` has shape `(N, K)`: floats, int32 or int64. Any finite logits give finite results.
# - Leave `z` as it is.
#
# `log_softmax(np.array([[0.0, 1000.0]]))` is `[[-1000.0, 0.0]]`.
#
# <details><summary>What hidden tests also use</summary>
#
# N different from K, N = 1, K = 1; logits of $\pm 10^4$; rows with very different maxima; an independent solution in float64 (relative error 1e-9); int32, int64 and float32 logits (float32: 1e-5).
#
# </details>
#
# <details><summary>Hint 1 · what to look at</summary>
#
# The last two formulas above. `np.log(softmax(z))` cannot work: $\ln 0$ has already lost the answer.
#
# <details><summary>Hint 2 · which step</summary>
#
# Shift each row by its maximum, as in exercise 3. Then subtract the logarithm of the sum of the exponentials.
#
# <details><summary>Hint 3 · the step with a gap</summary>
#
# ```python
# return shifted - np.log(___)
# ```
#
# </details></details></details>

# %% [markdown] lang="zh"
# ### 练习 4 · `log_softmax`（2 分）
#
# ```python
# def log_softmax(z: np.ndarray) -> np.ndarray
# ```
#
# 返回 `z` 每一行的 softmax 的自然对数：浮点数组 `(N, K)`。接下来两道练习都建立在它上面。
#
# - `z` 的形状是 `(N, K)`，浮点数、int32 或 int64。任何有限的 logits 都给出有限的结果。
# - 不要改动 `z`。
#
# `log_softmax(np.array([[0.0, 1000.0]]))` 等于 `[[-1000.0, 0.0]]`。
#
# <details><summary>隐藏测试还会用到</summary>
#
# N 与 K 不同、N = 1、K = 1；$\pm 10^4$ 的 logits；最大值悬殊的各行；一个独立的 float64 解法（相对误差 1e-9）；int32、int64 和 float32 的 logits（float32：1e-5）。
#
# </details>
#
# <details><summary>提示 1 · 看哪里</summary>
#
# 上面最后两个公式。`np.log(softmax(z))` 行不通：到 $\ln 0$ 时，答案已经丢了。
#
# <details><summary>提示 2 · 哪一步</summary>
#
# 像练习 3 那样，每行减去自己的最大值；再减去指数之和的对数。
#
# <details><summary>提示 3 · 填空</summary>
#
# ```python
# return shifted - np.log(___)
# ```
#
# </details></details></details>

# %% solution="log-softmax"
def log_softmax(z):
    """Return ln softmax of each row of the logits z (N, K): float, same shape, finite for any finite z."""
    ### BEGIN SOLUTION
    shifted = z - np.max(z, axis=1, keepdims=True)
    return shifted - np.log(np.sum(np.exp(shifted), axis=1, keepdims=True))
    ### END SOLUTION

# %% test="log-softmax-is-the-logarithm" points=1
@np.errstate(all="ignore")
def _example():
    z = np.array([[0.0, math.log(3)], [math.log(4), math.log(4)]])
    log_p = floats(log_softmax(z), (2, 2), "log_softmax")
    assert agree(np.exp(log_p).sum(axis=1), 1), (
        "[ch02-SUM] 每一行的概率之和应为 1；归一化是按行的吗？ / "
        "the probabilities of each row must sum to 1: is every row normalised by itself?")
    assert agree(log_p, [[-math.log(4), math.log(0.75)], [-math.log(2), -math.log(2)]]), (
        "[ch02-LOG] 应返回 softmax 的自然对数 / return the natural logarithm of the softmax")


_example()
### BEGIN HIDDEN TESTS
@np.errstate(all="ignore")
def _check():
    def oracle(z):
        rows = [[float(v) for v in row] for row in z.tolist()]
        return np.array([[v - max(row) - math.log(math.fsum(math.exp(u - max(row)) for u in row)) for v in row] for row in rows])

    rng = np.random.default_rng(2901)
    for n, k in [(5, 3), (3, 7), (4, 4), (1, 5), (6, 1), (40, 10)]:
        z = 3 * rng.normal(size=(n, k))
        before, expected = z.copy(), oracle(z)
        log_p = floats(log_softmax(z), (n, k), "log_softmax")
        right = agree(log_p, expected, rtol=1e-9, atol=1e-12)
        for wrong, hint in (
            (np.exp(expected), "[ch02-LOG] 这是概率，还要取对数 / these are probabilities: the logarithm is missing"),
            (expected / math.log(2), "[ch02-BASE] 使用自然对数 / use the natural logarithm"),
            (-expected, "[ch02-SIGN] 概率的对数不大于零 / the logarithm of a probability is not positive"),
            (oracle(before.T.copy()).T, "[ch02-AXIS] 按行归一化，不是按列 / normalise each row, not each column"),
        ):
            assert right or agree(wrong, expected) or not agree(log_p, wrong), hint
        assert right, f"[ch02-LOGSOFTMAX] 形状 ({n}, {k}) 时结果不对 / the result is off for shape ({n}, {k})"
        assert np.array_equal(z, before), "[ch02-INPUT] `log_softmax` 改动了输入 z / `log_softmax` changed its input z"
    for dtype in (np.int64, np.int32, np.float32):
        z = rng.integers(-6, 7, size=(4, 3)).astype(dtype)
        before, expected = z.copy(), oracle(z)
        tight = {} if dtype == np.float32 else {"rtol": 1e-9, "atol": 1e-12}
        tight = tight or {"rtol": 1e-5, "atol": 1e-6}
        assert agree(floats(log_softmax(z), (4, 3), "log_softmax"), expected, **tight), (
            f"[ch02-DTYPE] {np.dtype(dtype).name} 的 logits 结果不对 / the result is off for {np.dtype(dtype).name} logits")
        assert np.array_equal(z, before), "[ch02-INPUT] `log_softmax` 改动了输入 z / `log_softmax` changed its input z"


_check()
### END HIDDEN TESTS

# %% test="log-softmax-is-finite-for-any-logits" points=1
@np.errstate(all="ignore")
def _example():
    log_p = floats(log_softmax(np.array([[0.0, 1000.0], [5.0, 5.0]])), (2, 2), "log_softmax")
    assert np.all(np.isfinite(log_p)), (
        "[ch02-LOGZERO] 出现 inf 或 nan：先合并公式，再取对数 / "
        "inf or nan: put the formulas together before you take the logarithm")
    assert agree(log_p[0], [-1000, 0]), (
        "[ch02-CLIP] 对 (0, 1000) 应得到 −1000 和 0，不要截断，也不要加小量 / "
        "(0, 1000) must give −1000 and 0: no clipping, no ε")
    assert agree(log_p[1], -math.log(2)), "[ch02-ROWS] 每一行减去自己的最大值 / shift every row by its own maximum"


_example()
### BEGIN HIDDEN TESTS
@np.errstate(all="ignore")
def _check():
    rng = np.random.default_rng(2902)
    rows = rng.normal(size=(3, 4)) + np.array([[0.0], [1e4], [-1e4]])
    cases = [rows, 1e4 * rng.normal(size=(6, 5)), np.full((2, 3), -1e4), np.array([[1e4, -1e4, 0.0]]),
             np.array([[-800.0, -801.0], [900.0, 902.0]]), np.array([[0.0, -40.0, -90.0, -700.0]]),
             np.array([[0.0, 0.0, -1000.0], [3.0, -738.0, 2.5]])]
    for z in cases:
        before = z.copy()
        m = before.max(axis=1, keepdims=True)
        expected = before - m - np.log(np.exp(before - m).sum(axis=1, keepdims=True))
        log_p = floats(log_softmax(z), before.shape, "log_softmax")
        assert np.all(np.isfinite(log_p)), (
            "[ch02-OVERFLOW] logits 很大时出现 nan 或 inf：逐行减去各自的最大值 / "
            "large logits give nan or inf: subtract each row's own maximum")
        assert agree(log_p, expected, rtol=1e-9, atol=1e-12), (
            "[ch02-LARGE] logits 很大或相差很远时结果不对 / the result is off for logits that are large or far apart")
        assert np.array_equal(z, before), "[ch02-INPUT] `log_softmax` 改动了输入 z / `log_softmax` changed its input z"


_check()
### END HIDDEN TESTS

# %% [markdown] lang="en"
# ### Exercise 5 · `cross_entropy_from_logits` (2 points)
#
# ```python
# def cross_entropy_from_logits(z: np.ndarray, y: np.ndarray) -> float
# ```
#
# Return the mean surprise of the labels, in nat: the mean over the samples of $-\ln \operatorname{softmax}(z_i)_{y_i}$, as one number. Your `log_softmax` does the hard part.
#
# - `z`: float logits `(N, K)`. `y`: labels `(N,)` from 0 to K − 1 of any integer dtype, `uint8` included (MNIST's labels are `uint8`).
# - Any finite logits give the right, finite loss. Leave `z` and `y` as they are.
#
# For `z = [[0, ln 3], [0, 1000]]` and `y = [1, 0]` it is $(\ln \frac{4}{3} + 1000) / 2$.
#
# <details><summary>What hidden tests also use</summary>
#
# An independent solution in float64 (relative error 1e-9; float32 logits or results: 1e-5); K different from N, N = 1, K = 1; labels of every integer dtype, also with N = 300 or K = 300; the samples in another order; logits of $\pm 10^4$.
#
# </details>
#
# <details><summary>Hint 1 · what to look at</summary>
#
# The shape of `log_p[:, y]`, and that of `log_p[np.arange(3), y[:3]]`.
#
# <details><summary>Hint 2 · which step</summary>
#
# From each row pick the column of its label. Then the sign, then the mean over the samples.
#
# <details><summary>Hint 3 · the step with a gap</summary>
#
# ```python
# picked = log_softmax(z)[___, y]
# ```
#
# </details></details></details>

# %% [markdown] lang="zh"
# ### 练习 5 · `cross_entropy_from_logits`（2 分）
#
# ```python
# def cross_entropy_from_logits(z: np.ndarray, y: np.ndarray) -> float
# ```
#
# 返回标签的平均意外程度，单位 nat：对全部样本取 $-\ln \operatorname{softmax}(z_i)_{y_i}$ 的平均，结果是一个数。难的部分交给你的 `log_softmax`。
#
# - `z`：浮点 logits `(N, K)`；`y`：标签 `(N,)`，取值 0 到 K − 1，任何整数类型，包括 `uint8`（MNIST 的标签就是 `uint8`）。
# - 任何有限的 logits 都给出正确且有限的损失。不要改动 `z` 和 `y`。
#
# `z = [[0, ln 3], [0, 1000]]`、`y = [1, 0]` 时，它等于 $(\ln \frac{4}{3} + 1000) / 2$。
#
# <details><summary>隐藏测试还会用到</summary>
#
# 一个独立的 float64 解法（相对误差 1e-9；float32 的 logits 或结果：1e-5）；K 与 N 不同、N = 1、K = 1；每一种整数类型的标签，也包括 N = 300 或 K = 300；打乱次序的样本；$\pm 10^4$ 的 logits。
#
# </details>
#
# <details><summary>提示 1 · 看哪里</summary>
#
# `log_p[:, y]` 的形状是什么？`log_p[np.arange(3), y[:3]]` 的呢？
#
# <details><summary>提示 2 · 哪一步</summary>
#
# 每一行取标签所在的那一列；然后是符号；最后对样本取平均。
#
# <details><summary>提示 3 · 填空</summary>
#
# ```python
# picked = log_softmax(z)[___, y]
# ```
#
# </details></details></details>

# %% solution="cross-entropy-from-logits"
def cross_entropy_from_logits(z, y):
    """Return the mean of -ln softmax(z)[y] in nat; z: finite logits (N, K), y: integer labels (N,)."""
    ### BEGIN SOLUTION
    shifted = z - np.max(z, axis=1, keepdims=True)
    log_sum = np.log(np.sum(np.exp(shifted), axis=1))
    return float(np.mean(log_sum - shifted[np.arange(len(y)), y]))
    ### END SOLUTION

# %% test="cross-entropy-averages-the-surprise" points=1
@np.errstate(all="ignore")
def _example():
    z, y = np.zeros((4, 3)), np.array([0, 2, 1, 2])
    value = number(cross_entropy_from_logits(z, y), "cross_entropy_from_logits")
    assert agree(value, math.log(3)), (
        "[ch02-LNK] K 个 logits 全相等时，损失应为 ln K / with K equal logits the loss must be ln K")
    z = np.log([[1.0, 3.0], [2.0, 8.0], [1.0, 1.0]])  # probabilities 1/4 and 3/4, 1/5 and 4/5, 1/2 and 1/2
    value = number(cross_entropy_from_logits(z, np.array([1, 0, 1], dtype=np.uint8)), "cross_entropy_from_logits")
    assert agree(value, -(math.log(3 / 4) + math.log(1 / 5) + math.log(1 / 2)) / 3), (
        "[ch02-LABEL] 每行取标签 y 那一列的概率，求 −ln，再对样本取平均 / "
        "take −ln of the probability of each row's own label, then the mean over the samples")
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
    many, labels = 2 * rng.normal(size=(8, 300)), np.array([0, 127, 128, 200, 255, 256, 299, 130])
    for dtype in (np.int16, np.uint16, np.int64):
        value = number(cross_entropy_from_logits(many, labels.astype(dtype)), name)
        assert agree(value, surprises(many, labels).mean(), rtol=1e-9, atol=1e-12), (
            "[ch02-LABELS] 类别很多时取错了列，检查标签的类型转换 / "
            "with many classes the wrong column is picked: look at how labels are converted")
    z = z.astype(np.float32)
    z_before, expected = z.copy(), surprises(z, y).mean()
    assert agree(number(cross_entropy_from_logits(z, y), name), expected, rtol=1e-5, atol=1e-6), (
        "[ch02-FLOAT32] float32 logits 的结果不对 / the result for float32 logits is off")
    assert np.array_equal(z, z_before), "[ch02-INPUT] 输入 z 被改动了 / the input z was changed"


_check()
### END HIDDEN TESTS

# %% test="cross-entropy-is-finite-for-any-logits" points=1
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
    value = number(cross_entropy_from_logits(np.array([[0.0, 1000.0], [0.0, 0.0]]), np.array([0, 1])), "cross_entropy_from_logits")
    assert agree(value, (1000 + math.log(2)) / 2), (
        "[ch02-CLIP] 差距为 1000 时代价是 1000：不要截断，也不要加小量 / a gap of 1000 costs 1000: no clipping, no ε")


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
# ## 6 · Perplexity: how many choices are left?
#
# A loss of 2.53 nat says little. $e^{2.53} = 12.6$ says more: the model hesitates as if it chose among 13 equally likely answers. $e^{L}$ is the **perplexity**, the number by which language models are compared.
#
# A model that knows nothing gives every class $1/K$. The loss is $\ln K$ and the perplexity $K$: 10 for ten digits ($\ln 10 = 2.303$), 50,257 for the vocabulary of GPT-2 ($\ln 50257 = 10.82$). **These are the first numbers to check in any run.**
#
# Your function can measure a language model. The next cell builds two small ones from the descriptions of scikit-learn's data sets: one counts letters, the other counts which letter follows which. The last fifth of the text was not counted.

# %% [markdown] lang="zh"
# ## 6 · 困惑度：还剩几个选择？
#
# 损失是 2.53 nat，单看这个数，看不出什么。$e^{2.53} = 12.6$ 就清楚些：模型犹豫的程度，好比在 13 个同样可能的答案里选一个。$e^{L}$ 叫**困惑度**（perplexity），语言模型就靠它来比较。
#
# 一无所知的人给每个类别 $1/K$：损失是 $\ln K$，困惑度是 $K$。十个数字是 10（$\ln 10 = 2.303$），GPT-2 的词表是 50,257（$\ln 50257 = 10.82$）。**任何一次训练，首先要核对的就是这个数。**
#
# 你的函数可以衡量语言模型。下一个单元格用 scikit-learn 各数据集的英文说明造出两个小模型：一个统计字母的次数，另一个统计哪个字母后面跟着哪个字母。文字的最后五分之一没有参与统计。

# %% demo
from sklearn import datasets

described = [load().DESCR for load in (datasets.load_iris, datasets.load_wine, datasets.load_breast_cancer, datasets.load_digits)]
letters = "abcdefghijklmnopqrstuvwxyz "
words = "".join(c if c in letters else " " for c in " ".join(described).lower()).split()
ids = np.array([letters.index(c) for c in " ".join(words)])
seen, fresh = ids[: len(ids) * 4 // 5], ids[len(ids) * 4 // 5 :]

counts = 1 + np.bincount(seen, minlength=27)
pairs = 1 + np.bincount(27 * seen[:-1] + seen[1:], minlength=27 * 27).reshape(27, 27)

with when_solved("cross_entropy_from_logits"):
    for name, z in [
        (say(en="knows nothing", zh="一无所知"), np.zeros((len(fresh) - 1, 27))),
        (say(en="knows the letters", zh="知道字母频率"), np.tile(np.log(counts), (len(fresh) - 1, 1))),
        (say(en="knows the pairs", zh="知道相邻字母"), np.log(pairs)[fresh[:-1]]),
    ]:
        loss = cross_entropy_from_logits(z, fresh[1:])
        print(say(en="{name}: {nat:.3f} nat, {bit:.3f} bit, perplexity {perplexity:.2f}",
                  zh="{name}：{nat:.3f} nat，{bit:.3f} bit，困惑度 {perplexity:.2f}",
                  name=name, nat=loss, bit=loss / math.log(2), perplexity=math.exp(loss)))

# %% [markdown] lang="en"
# A large language model is the same idea with a better guess of the next token. Chapters 11 and 12 build one; its loss is the function that you have just written.
#
# ## 7 · The gradient of cross-entropy
#
# Training needs the slope of the loss in every logit. First a race. One logit $z$, the label is 1, the model says $p = \sigma(z) = 1 / (1 + e^{-z})$. It starts at $z = -6$: almost certain, and wrong. Gradient descent corrects it, once under cross-entropy and once under the squared error $(p - 1)^2$, both with the learning rate 1.

# %% [markdown] lang="zh"
# 大语言模型也是这个想法，只是把下一个词元猜得更准。第 11、12 章会造一个，它的损失正是你刚写好的函数。
#
# ## 7 · 交叉熵的梯度
#
# 训练需要损失对每个 logit 的斜率。先看一场赛跑：只有一个 logit $z$，标签是 1，模型给出 $p = \sigma(z) = 1 / (1 + e^{-z})$。起点 $z = -6$，模型几乎有十足把握，却错了。用梯度下降来纠正，一次用交叉熵，一次用平方误差 $(p - 1)^2$，学习率都是 1。

# %%
from course.figures.pulls import fig_race

explore(
    fig_race,
    predict=Prediction(
        say(en="Cross-entropy needs 7 steps to pass p = 1/2. How many does the squared error need?",
            zh="交叉熵走 7 步越过 p = 1/2，平方误差要走多少步？"),
        options=(say(en="about 7 as well", zh="也是 7 步左右"), say(en="about 30", zh="30 步左右"), say(en="about 200", zh="200 步左右")),
        answer=2,
        because=(
            say(en="It starts with a slope of −0.005, cross-entropy with −0.998: it hardly moves for a long time.",
                zh="它起步时的斜率是 −0.005，交叉熵是 −0.998：很长一段时间几乎不动。"),
            say(en="Its slope at the start is only about 1/200 of that of cross-entropy; it takes 214 steps.",
                zh="它起步时的斜率只有交叉熵的约 1/200，要走 214 步。"),
            say(en="214. Its slope contains the factor p, which is almost 0 exactly where the model is wrong and sure.",
                zh="214 步。它的斜率里有因子 p，恰恰在过度自信的错误处几乎为 0。"),
        ),
    ),
    alt=say(
        en="The probability of the label against the step of gradient descent, under cross-entropy and squared error.",
        zh="标签的概率随梯度下降步数的变化，分别用交叉熵和平方误差。",
    ),
    z=slider(-7.0, 2.0, -6.0, step=0.5, label=say(en="start z", zh="起点 z")),
    rate=slider(0.2, 4.0, 1.0, step=0.2, label=say(en="learning rate", zh="学习率")),
)

# %% [markdown] lang="en"
# The slope of the squared error, with the label 1, is
#
# $$\frac{d}{dz} (p - 1)^2 = 2 (p - 1)\, p\, (1 - p)$$
#
# The factor $p$ kills it where it is needed most. Now cross-entropy. For one sample
#
# $$\ell = \ln \sum_{j=1}^{K} e^{z_j} - z_y$$
#
# Differentiate both terms with respect to $z_k$ on paper, before you open the box. Write $[k = y]$ for 1 if $k$ is the label and 0 otherwise.
#
# <details><summary>The derivative</summary>
#
# $$\frac{\partial \ell}{\partial z_k} = \frac{e^{z_k}}{\sum_{j} e^{z_j}} - [k = y] = p_k - [k = y]$$
#
# </details>
#
# In words: every wrong class is pushed down by the probability that it took, the right one is pushed up by what it lacks. The pushes balance. The logarithm of the loss undoes the exponential of softmax; so the pull vanishes only when the model is *certain of the right answer*.

# %% [markdown] lang="zh"
# 标签为 1 时，平方误差的斜率是
#
# $$\frac{d}{dz} (p - 1)^2 = 2 (p - 1)\, p\, (1 - p)$$
#
# 最需要梯度的地方，因子 $p$ 偏偏把它压没了。再看交叉熵，对单个样本，
#
# $$\ell = \ln \sum_{j=1}^{K} e^{z_j} - z_y$$
#
# 先在纸上把两项分别对 $z_k$ 求导，再打开折叠框。记 $[k = y]$ 在 $k$ 等于标签时为 1，否则为 0。
#
# <details><summary>导数</summary>
#
# $$\frac{\partial \ell}{\partial z_k} = \frac{e^{z_k}}{\sum_{j} e^{z_j}} - [k = y] = p_k - [k = y]$$
#
# </details>
#
# 用话说：每个错误的类别，占去多少概率，就被往下压多少；正确的类别，还缺多少，就被往上推多少，两者平衡。损失里的对数抵消了 softmax 的指数，所以只有模型**对正确答案有十足把握**时，拉力才会消失。

# %% [markdown] lang="en"
# ### Exercise 6 · `cross_entropy_grad` (3 points)
#
# ```python
# def cross_entropy_grad(z: np.ndarray, y: np.ndarray) -> np.ndarray
# ```
#
# Return the gradient of `cross_entropy_from_logits(z, y)` with respect to `z`: a float array `(N, K)`. Mind that the loss is a *mean*.
#
# - `z` and `y` as in exercise 5. Any finite logits give finite numbers. Leave both as they are.
# - Use the formula. Results are compared at a relative error of 1e-9, entries of 1e-13 at the wrong classes included (at the label, where $1 - p$ cancels, an error of 1e-12 is allowed); finite differences are not that exact. (Float32 logits or results: 1e-5.)
#
# For `z = [[0, 0], [0, 0]]` and `y = [0, 1]` it is `[[-0.25, 0.25], [0.25, -0.25]]`.
#
# <details><summary>What hidden tests also use</summary>
#
# N different from K, N = 1, K = 1; central differences of the loss; labels of every integer dtype, also with N = 300 or K = 300; every sample written twice; logits of $\pm 10^4$ and rows with very different maxima; the sum of each row.
#
# </details>
#
# <details><summary>Hint 1 · what to look at</summary>
#
# `np.exp(log_softmax(z))` is a new array with all $p_k$. Which entries differ from the gradient?
#
# <details><summary>Hint 2 · which step</summary>
#
# Change one entry per row. Then divide by what the loss divides by.
#
# <details><summary>Hint 3 · the step with a gap</summary>
#
# ```python
# gradient[np.arange(len(y)), y] -= ___
# ```
#
# </details></details></details>

# %% [markdown] lang="zh"
# ### 练习 6 · `cross_entropy_grad`（3 分）
#
# ```python
# def cross_entropy_grad(z: np.ndarray, y: np.ndarray) -> np.ndarray
# ```
#
# 返回 `cross_entropy_from_logits(z, y)` 对 `z` 的梯度：浮点数组 `(N, K)`。注意损失是**平均**。
#
# - `z`、`y` 同练习 5。任何有限的 logits 都给出有限值。两者都不要改动。
# - 请用公式。结果按相对误差 1e-9 比较，错误类别处连 1e-13 的元素也算在内（标签处 $1 - p$ 相消，允许误差 1e-12），有限差分达不到这个精度。（float32 的 logits 或结果：1e-5。）
#
# `z = [[0, 0], [0, 0]]`、`y = [0, 1]` 时，它等于 `[[-0.25, 0.25], [0.25, -0.25]]`。
#
# <details><summary>隐藏测试还会用到</summary>
#
# N 与 K 不同、N = 1、K = 1；损失的中心差分；每一种整数类型的标签，也包括 N = 300 或 K = 300；把每个样本写两遍；$\pm 10^4$ 的 logits 和最大值悬殊的各行；各行之和。
#
# </details>
#
# <details><summary>提示 1 · 看哪里</summary>
#
# `np.exp(log_softmax(z))` 是一个新数组，含有全部 $p_k$。它与梯度相差哪些元素？
#
# <details><summary>提示 2 · 哪一步</summary>
#
# 每行改一个元素；损失除以什么，梯度就除以什么。
#
# <details><summary>提示 3 · 填空</summary>
#
# ```python
# gradient[np.arange(len(y)), y] -= ___
# ```
#
# </details></details></details>

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
    z, y = np.log([[1.0, 2.0, 1.0], [1.0, 1.0, 8.0]]), np.array([2, 1])  # probabilities 1/4, 1/2, 1/4 and 0.1, 0.1, 0.8
    before = z.copy()
    gradient = floats(cross_entropy_grad(z, y), (2, 3), "cross_entropy_grad")
    assert agree(gradient, [[0.125, 0.25, -0.375], [0.05, -0.45, 0.4]]), (
        "[ch02-GRAD] 概率减去独热标签，再除以样本数 / probability minus one-hot label, divided by the number of samples")
    assert np.array_equal(z, before), "[ch02-INPUT] 输入 z 被改动了 / the input z was changed"
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
    for n, k in [(5, 3), (3, 7), (1, 4), (4, 4), (6, 2), (1, 2), (9, 5), (4, 1)]:
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
            ((p - y[:, None]) / n, "[ch02-ONEHOT] 减去的应是独热标签，而不是标签的编号 / "
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
    many, labels = 2 * rng.normal(size=(8, 300)), np.array([0, 127, 128, 200, 255, 256, 299, 130])
    for dtype in (np.int16, np.uint16, np.int64):
        assert exact(floats(cross_entropy_grad(many, labels.astype(dtype)), (8, 300), name), many, labels), (
            "[ch02-LABELS] 类别很多时取错了列，检查标签的类型转换 / "
            "with many classes the wrong column is picked: look at how labels are converted")
    z = z.astype(np.float32)
    z_before, (p, t) = z.copy(), oracle(z, y)
    assert agree(floats(cross_entropy_grad(z, y), (300, 7), name), (p - t) / 300, rtol=1e-5, atol=1e-8), (
        "[ch02-FLOAT32] float32 logits 的结果不对 / the result for float32 logits is off")
    assert np.array_equal(z, z_before), "[ch02-INPUT] 输入 z 被改动了 / the input z was changed"


_check()
### END HIDDEN TESTS

# %% test="cross-entropy-grad-is-exact-and-stable" points=1
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
    tiny = floats(cross_entropy_grad(np.array([[0.0, -25.0], [10_000.0, 9_999.0]]), np.array([0, 0])), (2, 2), "cross_entropy_grad")
    assert agree(tiny[0, 1] * 2 * (1 + math.exp(25)), 1), (
        "[ch02-ANALYTIC] 很小的梯度也要准确：请用公式，不要用差分，也不要截断 / "
        "small entries must be exact: use the formula, no differences, no clipping")
    assert agree(tiny[1, 1] * 2 * (1 + math.e), 1), (
        "[ch02-ROWS] 每一行减去自己的最大值 / shift every row by its own maximum")


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
        (np.array([[0.0, -29.0, -31.0, -30.0], [-36.0, 1.0, -40.0, -90.0]]), np.array([0, 1])),
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
# **Check your own gradient.** Never trust a gradient that was not checked. Nudge one logit by a tiny $h$ up and down, and watch the loss: $(L(z + h) - L(z - h)) / 2h$ must agree with the formula. Run the cell; then leave out the division by the number of samples in your function, and run both again. Then put it back.

# %% [markdown] lang="zh"
# **检验自己的梯度** 没有检验过的梯度不可信。把一个 logit 上下各挪动极小的 $h$，看损失怎么变：$(L(z + h) - L(z - h)) / 2h$ 应与公式一致。运行这个单元格；再从你的函数里去掉除以样本数的那一步，重新运行两者。看完之后改回来。

# %% demo
with when_solved("cross_entropy_from_logits", "cross_entropy_grad"):
    rng = np.random.default_rng(0)
    z, y, h = rng.normal(size=(3, 4)), np.array([2, 0, 3]), 1e-6
    measured = np.zeros_like(z)
    for place in np.ndindex(z.shape):
        up, down = z.copy(), z.copy()
        up[place] += h
        down[place] -= h
        measured[place] = (cross_entropy_from_logits(up, y) - cross_entropy_from_logits(down, y)) / (2 * h)
    print(say(en="measured", zh="测得"), measured.round(6), say(en="your formula", zh="你的公式"), cross_entropy_grad(z, y).round(6), sep="\n")
    print(say(en="largest difference", zh="最大差异"), f"{np.abs(measured - cross_entropy_grad(z, y)).max():.1e}")

# %% [markdown] lang="en"
# About 1e-10 is right: the measurement is not more exact. Chapter 3 builds this check into a function of its own.
#
# ## 8 · Your functions train a digit reader
#
# Three clouds of points come first, one for each class. The model has one weight vector and one bias per class, all zero at the start.

# %% [markdown] lang="zh"
# 差异在 1e-10 左右就对了，测量本身也只有这么准。第 3 章会把这种检验写成一个函数。
#
# ## 8 · 用你的函数训练一个数字识别器
#
# 先看三团点，每团一个类别。模型的每个类别有一个权重向量和一个偏置，初值全为零。

# %%
from course.figures.softmax import fig_training

explore(
    fig_training,
    predict=Prediction(
        say(en="Gradient descent makes the loss fall, fast at first. Where does it end, with patience?",
            zh="梯度下降让损失下降，起初很快。耐心等下去，它会停在哪里？"),
        options=(say(en="at 0", zh="0"), say(en="above 0: it levels off", zh="大于 0 的某个值"), say(en="at ln 3 again", zh="又回到 ln 3")),
        answer=1,
        because=(
            say(en="A loss of 0 needs certainty about every point. Some points lie deep in another cloud.",
                zh="损失为 0，需要对每个点都有十足把握；可有些点深陷在别的点云里。"),
            say(en="The clouds overlap. A model that was certain would pay dearly for the points on the wrong side.",
                zh="点云有重叠。过分自信的模型，要为站错队的点付出很大的代价。"),
            say(en="ln 3 is the loss of a model that knows nothing. Each step of a small enough rate improves on it.",
                zh="ln 3 是一无所知的模型的损失；学习率不太大时，每一步都比它更好。"),
        ),
    ),
    alt=say(
        en="Left: three clouds of points and, as coloured regions, the predicted class. Right: the mean cross-entropy "
        "against the training step.",
        zh="左：三团点，彩色区域表示预测的类别。右：平均交叉熵随训练步数的变化。",
    ),
    step=play(0, 100, 0, label=say(en="step", zh="步数")),
    lr=slider(0.1, 2.0, 0.5, step=0.1, label=say(en="learning rate", zh="学习率")),
)

# %% [markdown] lang="en"
# Now real data and your own code. `digits28` holds 1,797 handwritten digits of 28×28 pixels. They were scanned at 8×8; each pixel was enlarged to 3×3, and a frame added. So every third row and column inside the frame is enough: 8×8 = 64 numbers. With $z = x W + b$ the chain rule turns your gradient in the logits into the gradients in the parameters:
#
# $$\frac{\partial L}{\partial W} = x^\top \frac{\partial L}{\partial z} \qquad \frac{\partial L}{\partial b_k} = \sum_{i=1}^{n} \frac{\partial L}{\partial z_{ik}}$$
#
# Before you run it, say the first loss. Two in seven of the pictures are held out: they are never used for training.

# %% [markdown] lang="zh"
# 现在用真实数据和你自己的代码。`digits28` 有 1,797 个 28×28 像素的手写数字。原图是 8×8，每个像素放大成 3×3，四周各加两个黑像素。所以在边框之内，行和列都隔三取一就够了：8×8 = 64 个数。设 $z = x W + b$，链式法则把你的梯度（对 logits）变成对参数的梯度：
#
# $$\frac{\partial L}{\partial W} = x^\top \frac{\partial L}{\partial z} \qquad \frac{\partial L}{\partial b_k} = \sum_{i=1}^{n} \frac{\partial L}{\partial z_{ik}}$$
#
# 运行之前，先说出第一个损失值。七分之二的图像留出来，绝不用于训练。

# %% demo
from course.data import digits28, held_out

images, labels = digits28()
x = images[:, 3:27:3, 3:27:3].reshape(len(images), -1) / 255  # (1797, 64)
test = held_out()
x_seen, y_seen, x_fresh, y_fresh = x[~test], labels[~test], x[test], labels[test]

with when_solved("cross_entropy_from_logits", "cross_entropy_grad"):
    W, b = np.zeros((x.shape[1], 10)), np.zeros(10)
    for step in range(101):
        if step % 25 == 0:
            seen_loss = cross_entropy_from_logits(x_seen @ W + b, y_seen)
            fresh_loss = cross_entropy_from_logits(x_fresh @ W + b, y_fresh)
            right = np.mean(np.argmax(x_fresh @ W + b, axis=1) == y_fresh)
            print(say(en="step {s:3d}   seen {a:.3f} nat   fresh {f:.3f} nat   fresh accuracy {r:.3f}",
                      zh="第 {s:3d} 步   见过的 {a:.3f} nat   没见过的 {f:.3f} nat   留出集准确率 {r:.3f}",
                      s=step, a=seen_loss, f=fresh_loss, r=right))
        slope = cross_entropy_grad(x_seen @ W + b, y_seen)
        W, b = W - 2.0 * x_seen.T @ slope, b - 2.0 * slope.sum(axis=0)

# %% [markdown] lang="en"
# A reader of digits, from functions of your own. Where does the rest of its loss come from? Sort the held-out pictures by their surprise.

# %% [markdown] lang="zh"
# 靠你的几个函数，就有了一个数字识别器。剩下的损失从哪里来？把留出的图像按意外程度排序看看。

# %% demo
from course.figures.surprise import fig_surprises

with when_solved("softmax", "cross_entropy_grad"):
    p_fresh = softmax(x_fresh @ W + b)

    def fig_expensive(rank):
        """The held-out pictures that surprise the learner's model most."""
        return fig_surprises(images[test], y_fresh, p_fresh, rank)

    explore(
        fig_expensive,
        predict=Prediction(
            say(en="Ten of the 514 held-out pictures are the most expensive. What share of the whole loss is theirs?",
                zh="514 张留出图像里最贵的十张，占全部损失的多大比例？"),
            options=(say(en="about 2 %, as 10 of 514", zh="2% 左右，即 10 比 514"), say(en="about a tenth", zh="十分之一左右"),
                     say(en="about a quarter or more", zh="四分之一上下，甚至更多")),
            answer=2,
            because=(
                say(en="Most pictures cost almost nothing. A few confident mistakes cost 2 to 7 nat each.",
                    zh="大多数图像几乎不花代价，少数过度自信的错误，每个要付 2 到 7 nat。"),
                say(en="It is more: surprises are weighed, not counted, and a few cost 2 to 7 nat each.",
                    zh="不止：意外程度要按大小计，不是按个数计，有几张每张要付 2 到 7 nat。"),
                say(en="A few confident mistakes dominate the loss. Look at them first, in every project.",
                    zh="少数过度自信的错误主宰了损失。做任何项目，都要先看它们。"),
            ),
        ),
        alt=say(
            en="Ten handwritten digits, sorted by surprise, each with its label, the model's guess and its price.",
            zh="按意外程度排序的十个手写数字，各标出标签、模型的猜测和代价。",
        ),
        rank=slider(0, 500, 0, step=10, label=say(en="from rank", zh="从第几名起")),
    )

# %% [markdown] lang="en"
# ## 9 · Yes or no
#
# With two classes one logit is enough: fix the other at 0. Softmax of $(0, z)$ gives the second class the **sigmoid**
#
# $$\sigma(z) = \frac{e^{z}}{1 + e^{z}} = \frac{1}{1 + e^{-z}} \qquad 1 - \sigma(z) = \sigma(-z)$$
#
# So $z = \ln \frac{p}{1 - p}$ is the logarithm of the odds, and that is where the name *logit* comes from. The two fractions are equal on paper. Try them on a computer:

# %% [markdown] lang="zh"
# ## 9 · 是或否
#
# 两个类别只需要一个 logit：把另一个固定为 0。对 $(0, z)$ 做 softmax，第二类的概率就是 **sigmoid**
#
# $$\sigma(z) = \frac{e^{z}}{1 + e^{z}} = \frac{1}{1 + e^{-z}} \qquad 1 - \sigma(z) = \sigma(-z)$$
#
# 所以 $z = \ln \frac{p}{1 - p}$ 是几率的对数，**logit**（对数几率）由此得名。多于两类时，logit 只是未归一化的对数概率。上面两个分式在纸上相等，到计算机上试试：

# %%
with np.errstate(over="ignore", invalid="ignore"):  # silence the warnings: look at the numbers
    for z in (-1000.0, -5.0, 0.0, 5.0, 1000.0):
        first = np.exp(z) / (1 + np.exp(z))
        second = 1 / (1 + np.exp(-z))
        small = np.exp(-abs(z))  # never overflows
        stable = 1 / (1 + small) if z >= 0 else small / (1 + small)
        print(f"z = {z:7.1f}   {first:.6f}   {second:.6f}   {stable:.6f}")

# %% [markdown] lang="en"
# The first breaks at $z = 1000$. The second gives the right value at $-1000$, but by way of an infinity and a warning. The third chooses the fraction whose exponent is not positive.
#
# Yes-or-no questions have two troubles of their own. First, rare positives. Imagine 100 people, one of them ill, and a model that knows nothing about a person: it gives everybody the same logit. The loss pulls at it from both sides, and the ill one pulls alone. A weight $w$ makes each positive pull $w$ times as hard.

# %% [markdown] lang="zh"
# 第一种在 $z = 1000$ 处失效；第二种在 $-1000$ 处结果正确，却绕道无穷大，还给出警告；第三种选用指数不为正的那个分式。
#
# 是非题自有两个麻烦。第一个是正例稀少。设想 100 人中有一名患者，模型对每个人都一无所知，只好给所有人同一个 logit。损失从两边拉它，患者孤身一人。权重 $w$ 让每个正例的拉力变成 $w$ 倍。

# %%
from course.figures.pulls import fig_pos_weight

explore(
    fig_pos_weight,
    predict=Prediction(
        say(en="One of 100 is ill and the weight is 99. Which probability of illness will the model give to everybody?",
            zh="100 人中 1 名患者，权重 99。模型会给每个人多大的患病概率？"),
        options=("0.01", "0.5", "0.99"),
        answer=1,
        because=(
            say(en="That is the true share, and the balance for weight 1. With 99 both sides pull equally: p = 1/2.",
                zh="这是真实比例，也是权重为 1 时的平衡点。权重 99 时两边的拉力相等，p = 1/2。"),
            say(en="The one ill person now weighs as much as the 99 healthy. The probability is no longer the true share!",
                zh="一名患者抵得上 99 名健康人。代价是：这个概率不再是真实比例！"),
            say(en="99 on one side and 99 on the other: they balance at p = 1/2.",
                zh="一边是 99，另一边也是 99，平衡在 p = 1/2。"),
        ),
    ),
    alt=say(
        en="Left: how hard the ill and the healthy pull at the common logit. Right: the mean loss against that logit, "
        "with its point of balance.",
        zh="左：患者和健康人对同一个 logit 的拉力。右：平均损失随这个 logit 的变化，标出平衡点。",
    ),
    z=slider(-6.0, 6.0, -2.0, step=0.1, label="logit z"),
    weight=slider(1.0, 99.0, 99.0, step=1.0, label=say(en="weight of a positive", zh="正例的权重")),
    ill=slider(1, 50, 1, label=say(en="ill people of 100", zh="100 人中的患者")),
)

# %% [markdown] lang="en"
# A weight finds more of the ill, but the output is no longer a probability. Chapters 8 and 17 come back to this. The **binary cross-entropy** of one sample, with a label $y$ anywhere in $[0, 1]$, is
#
# $$\ell = -\left[ w\, y \ln \sigma(z) + (1 - y) \ln \left( 1 - \sigma(z) \right) \right]$$
#
# The second trouble: $\sigma(40)$ rounds to 1, and $\ln(1 - 1)$ is $-\infty$. The cure is the same as for softmax. Put the formulas together. With the **softplus** function
#
# $$s(z) = \ln (1 + e^{z}) = \max(z, 0) + \ln \left( 1 + e^{-|z|} \right)$$
#
# we have $-\ln \sigma(z) = s(-z)$ and $-\ln (1 - \sigma(z)) = s(z)$, and nothing overflows. `np.logaddexp(0, z)` is $s(z)$.

# %% [markdown] lang="zh"
# 加了权重，能找出更多患者，但输出不再是概率，第 8 章和第 17 章会再谈。标签 $y$ 可以是 $[0, 1]$ 中的任何数，单个样本的**二元交叉熵**是
#
# $$\ell = -\left[ w\, y \ln \sigma(z) + (1 - y) \ln \left( 1 - \sigma(z) \right) \right]$$
#
# 第二个麻烦：$\sigma(40)$ 舍入成 1，而 $\ln(1 - 1)$ 是 $-\infty$。办法与 softmax 相同：先合并公式。利用 **softplus** 函数
#
# $$s(z) = \ln (1 + e^{z}) = \max(z, 0) + \ln \left( 1 + e^{-|z|} \right)$$
#
# 可得 $-\ln \sigma(z) = s(-z)$、$-\ln (1 - \sigma(z)) = s(z)$，什么都不会溢出。`np.logaddexp(0, z)` 就是 $s(z)$。

# %% [markdown] lang="en"
# ### Exercise 7 · `binary_ce_with_logits` (3 points)
#
# ```python
# def binary_ce_with_logits(z: np.ndarray, y: np.ndarray, pos_weight: float = 1.0) -> float
# ```
#
# Return the mean of $\ell$ over the N samples, with $w$ = `pos_weight`, as one number. Divide by N, whatever the weight.
#
# - `z`: float logits `(N,)`. `y`: labels `(N,)` in [0, 1], floats (soft labels such as 0.3 included) or integers 0 and 1. `pos_weight` is at least 0.
# - Any finite logit gives a finite loss. Leave `z` and `y` as they are.
#
# For `z = [0, 0]`, `y = [1, 0]` and `pos_weight = 3` it is $(3 \ln 2 + \ln 2) / 2 = 2 \ln 2$.
#
# <details><summary>What hidden tests also use</summary>
#
# Soft labels; integer labels of every dtype; weights below and above 1, and the weight 0; logits of $\pm 800$ and more; agreement with the two-class cross-entropy of the logits (0, z) for weight 1; N = 1; float32 logits or results (relative error 1e-5).
#
# </details>
#
# <details><summary>Hint 1 · what to look at</summary>
#
# The two terms of $\ell$. Which one belongs to the positives?
#
# <details><summary>Hint 2 · which step</summary>
#
# Write each logarithm as a softplus, one with $z$ and one with $-z$. Only one of them carries the weight.
#
# <details><summary>Hint 3 · the step with a gap</summary>
#
# ```python
# positive = np.logaddexp(0, ___)
# ```
#
# </details></details></details>

# %% [markdown] lang="zh"
# ### 练习 7 · `binary_ce_with_logits`（3 分）
#
# ```python
# def binary_ce_with_logits(z: np.ndarray, y: np.ndarray, pos_weight: float = 1.0) -> float
# ```
#
# 返回 $\ell$ 对 N 个样本的平均，其中 $w$ 即 `pos_weight`，结果是一个数。不论权重是多少，都除以 N。
#
# - `z`：浮点 logits `(N,)`；`y`：标签 `(N,)`，取值在 [0, 1]，可以是浮点数（包括 0.3 这样的软标签），也可以是整数 0 和 1；`pos_weight` 不小于 0。
# - 任何有限的 logit 都给出有限的损失。不要改动 `z` 和 `y`。
#
# `z = [0, 0]`、`y = [1, 0]`、`pos_weight = 3` 时，它等于 $(3 \ln 2 + \ln 2) / 2 = 2 \ln 2$。
#
# <details><summary>隐藏测试还会用到</summary>
#
# 软标签；每一种整数类型的标签；小于 1 和大于 1 的权重，以及权重 0；$\pm 800$ 和更大的 logits；权重为 1 时与 logits (0, z) 的二分类交叉熵一致；N = 1；float32 的 logits 或结果（相对误差 1e-5）。
#
# </details>
#
# <details><summary>提示 1 · 看哪里</summary>
#
# $\ell$ 的两项，哪一项属于正例？
#
# <details><summary>提示 2 · 哪一步</summary>
#
# 把两个对数各写成一个 softplus，一个用 $z$，一个用 $-z$；只有一个带权重。
#
# <details><summary>提示 3 · 填空</summary>
#
# ```python
# positive = np.logaddexp(0, ___)
# ```
#
# </details></details></details>

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
    value = number(binary_ce_with_logits(np.zeros(2), np.array([1.0, 0.0]), pos_weight=3.0), name)
    assert agree(value, 2 * math.log(2)), (
        "[ch02-POSWEIGHT] `pos_weight` 只乘正例那一项，再除以 N / "
        "`pos_weight` multiplies the positive term only; then divide by N")
    odds = np.log([3.0, 4.0])  # probabilities 3/4 and 4/5
    value = number(binary_ce_with_logits(odds, np.array([1.0, 0.5])), name)
    assert agree(value, -(math.log(3 / 4) + 0.5 * math.log(4 / 5) + 0.5 * math.log(1 / 5)) / 2), (
        "[ch02-BCE] 逐项检查：−y·ln σ(z) − (1 − y)·ln(1 − σ(z))，y 可以是 0.5 / "
        "check the terms: −y·ln σ(z) − (1 − y)·ln(1 − σ(z)), where y may be 0.5")
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
    for dtype in (np.int8, np.int64, np.uint8, np.uint16, np.uint64):
        up, down = terms(z, y)
        assert agree(number(binary_ce_with_logits(z, y.astype(dtype), 3.0), name), (3 * up + down).mean()), (
            f"[ch02-LABELS] 标签类型为 {np.dtype(dtype).name} 时结果变了 / "
            f"the result changes for labels of dtype {np.dtype(dtype).name}")
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
    assert agree(wrong, 100), (
        "[ch02-CLIP] logit 为 100 而标签为 0，代价是 100：不要截断 / a logit of 100 with the label 0 costs 100: do not clip")
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
        (np.array([10.5, -11.0, -10.5, 12.0]), np.array([0.0, 1.0, 0.0, 1.0])),
        (np.array([12.0]), np.array([1.0])),
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
# The same loss answers several questions at once: a picture can show a cat **and** a dog. Give each label its own logit and its own yes or no.
#
# ## 10 · The floor under the loss (optional)
#
# Some labels cannot be foreseen. How low can the loss fall then? Play a guessing game. I draw one of four cards, and you ask questions that I answer with yes or no. If all four are equally likely, you need two questions: "one of the first two?", "the first of them?". Surprise in bits is the price of guessing: $\log_2 4 = 2$.
#
# Now the cards are not equally likely: 1/2, 1/4, 1/8, 1/8. Ask for the first card first, then for the second, then for the third. You need 1, 2, 3 or 3 questions, exactly $-\log_2 p$. On average that is 1.75. This number is the **entropy** $H(t)$ of the truth $t$: nobody can guess with fewer.
#
# What if your order of questions was made for *other* probabilities $q$? You ask $-\log_2 q_k$ questions for card $k$, and the mean is the cross-entropy $H(t, q) = -\sum_k t_k \log_2 q_k$. It cannot be below the entropy.

# %% [markdown] lang="zh"
# 同一个损失还能同时回答几个问题：一张图里可以既有猫**又**有狗，每个标签各有自己的 logit，各自回答是或否。
#
# ## 10 · 损失的下限（选读）
#
# 有些标签谁也无法预知，那么损失最低能降到多少？来玩一个猜牌游戏。我从四张牌里抽一张，你提问，我只答是或否。四张牌可能性相同时，你要问两次：“是前两张之一吗？”“是其中第一张吗？”用 bit 计量的意外程度，就是猜中的代价：$\log_2 4 = 2$。
#
# 现在四张牌的概率不同：1/2、1/4、1/8、1/8。先问是不是第一张，再问第二张，再问第三张，需要 1、2、3 或 3 个问题，正好是 $-\log_2 p$，平均 1.75 个。这个数就是真实分布 $t$ 的**熵** $H(t)$：没有人能用更少的问题猜中。
#
# 如果你的提问次序是按**另一个**分布 $q$ 设计的呢？抽到第 $k$ 张牌，你要问 $-\log_2 q_k$ 个问题，平均就是交叉熵 $H(t, q) = -\sum_k t_k \log_2 q_k$。它不可能低于熵。

# %%
t = np.array([1 / 2, 1 / 4, 1 / 8, 1 / 8])  # how often each card is drawn
for q in (t, np.full(4, 1 / 4), t[::-1]):  # the probabilities that the questions were made for
    print(say(en="q = {q}   questions {n}   on average {mean:.3f}", zh="q = {q}   各需 {n} 问   平均 {mean:.3f} 问",
              q=q, n=-np.log2(q), mean=np.sum(-t * np.log2(q))))

# %% [markdown] lang="en"
# Now in a figure. The target is a *soft label*: annotators disagree, 6 of 10 say class 1, 3 say class 2, one says class 3.

# %% [markdown] lang="zh"
# 再用图来看。目标是**软标签**：标注员意见不一，10 人中 6 人说类别 1，3 人说类别 2，1 人说类别 3。

# %%
from course.figures.entropy import fig_decomposition

explore(
    fig_decomposition,
    predict=Prediction(
        say(en="The target is (0.6, 0.3, 0.1). How low can the best prediction bring the cross-entropy?",
            zh="目标是 (0.6, 0.3, 0.1)。预测得再好，交叉熵最低能到多少？"),
        options=("0 nat", "0.511 nat", "0.898 nat"),
        answer=2,
        because=(
            say(en="Not even q = t gets there: which class comes stays open. Only a one-hot target has the floor 0. Choose it.",
                zh="即使 q = t 也到不了：哪一类会出现，仍是未知。只有独热目标的下限才是 0，选它试试。"),
            say(en="That is −ln 0.6, the price when class 1 comes. The others come too, and cost −ln 0.3 and −ln 0.1.",
                zh="这是 −ln 0.6，即出现类别 1 时的代价。另外两类也会出现，代价是 −ln 0.3 和 −ln 0.1。"),
            say(en="That is the entropy of the target, reached at q = t. As in the bet, honesty is the best strategy.",
                zh="这是目标的熵，q = t 时达到。和那场赌局一样，诚实是上策。"),
        ),
    ),
    alt=say(
        en="Left: bars of the target distribution t and the prediction q over three classes. Right: the cross-entropy "
        "against the predicted probability of class 1, split into a floor and a gap.",
        zh="左：目标分布 t 与预测 q 在三个类别上的条形。右：交叉熵随类别 1 预测概率的变化，分成下限与差距两部分。",
    ),
    target=choice(
        ((say(en="soft (0.6, 0.3, 0.1)", zh="软标签 (0.6, 0.3, 0.1)"), "soft"),
         (say(en="smoothed (0.9, 0.05, 0.05)", zh="标签平滑 (0.9, 0.05, 0.05)"), "smoothed"),
         (say(en="one-hot (1, 0, 0)", zh="独热 (1, 0, 0)"), "one-hot")),
        "soft",
        label=say(en="target t", zh="目标 t"),
    ),
    q1=slider(0.01, 0.99, 0.8, step=0.01, label="q1"),
)

# %% [markdown] lang="en"
# Insert $\ln q_k = \ln t_k - \ln (t_k / q_k)$, and the cross-entropy splits:
#
# $$-\sum_{k=1}^{K} t_k \ln q_k = -\sum_{k=1}^{K} t_k \ln t_k + \sum_{k=1}^{K} t_k \ln \frac{t_k}{q_k}$$
#
# In symbols $H(t, q) = H(t) + \mathrm{KL}(t \,\|\, q)$. The entropy is a **floor** that no training removes. The second part, the **Kullback–Leibler divergence**, is what a better model can remove; it is 0 only for $q = t$. For one-hot labels the floor is 0. With noisy labels a loss of 0.4 may be perfect. By convention $0 \ln 0 = 0$; NumPy does not know it and says `nan`.
#
# <details><summary>Optional · why the divergence is never negative, and not symmetric</summary>
#
# From $\ln x \le x - 1$ follows
#
# $$-\mathrm{KL}(t \,\|\, q) = \sum_{k:\, t_k > 0} t_k \ln \frac{q_k}{t_k} \le \sum_{k:\, t_k > 0} t_k \left( \frac{q_k}{t_k} - 1 \right) \le 1 - 1 = 0$$
#
# $\mathrm{KL}(t \,\|\, q)$ is infinite if the model excludes something that happens; $\mathrm{KL}(q \,\|\, t)$ is infinite if it expects something that never happens. Which one is written matters.
#
# </details>

# %% [markdown] lang="zh"
# 代入 $\ln q_k = \ln t_k - \ln (t_k / q_k)$，交叉熵分成两部分：
#
# $$-\sum_{k=1}^{K} t_k \ln q_k = -\sum_{k=1}^{K} t_k \ln t_k + \sum_{k=1}^{K} t_k \ln \frac{t_k}{q_k}$$
#
# 用符号写就是 $H(t, q) = H(t) + \mathrm{KL}(t \,\|\, q)$。熵是任何训练都消除不了的**下限**；第二部分叫 **KL 散度**，更好的模型能够消除它，只有 $q = t$ 时为 0。标签是独热向量时下限为 0；标签有噪声时，损失 0.4 也许已经完美。约定 $0 \ln 0 = 0$；NumPy 不知道这个约定，会得到 `nan`。
#
# <details><summary>选读 · 散度为什么不为负，又为什么不对称</summary>
#
# 由 $\ln x \le x - 1$ 可得
#
# $$-\mathrm{KL}(t \,\|\, q) = \sum_{k:\, t_k > 0} t_k \ln \frac{q_k}{t_k} \le \sum_{k:\, t_k > 0} t_k \left( \frac{q_k}{t_k} - 1 \right) \le 1 - 1 = 0$$
#
# 模型排除了会发生的事，$\mathrm{KL}(t \,\|\, q)$ 为无穷；模型期待从不发生的事，$\mathrm{KL}(q \,\|\, t)$ 为无穷。写的是哪一个，要看清楚。
#
# </details>

# %% [markdown] lang="en"
# ## 11 · Reading a loss
#
# Six runs of the same classifier of ten digits. What is wrong with each, if anything is? Decide for all six, then reveal them one by one.

# %% [markdown] lang="zh"
# ## 11 · 读懂损失
#
# 同一个十类数字分类器的六次训练。哪里出了问题？还是没有问题？六条都先下判断，再逐条揭晓。

# %%
from course.figures.readings import fig_readings

explore(
    fig_readings,
    predict=Prediction(
        say(en="Run E starts near 10 and falls steadily. What was done to it?", zh="E 从 10 附近出发，稳步下降。它被动了什么手脚？"),
        options=(say(en="a learning rate far too high", zh="学习率太高"), say(en="pixels of 0…255 meet random weights", zh="像素 0…255 配上随机权重"),
                 say(en="a logarithm of 0", zh="对 0 取了对数")),
        answer=1,
        because=(
            say(en="A rate shows only after the first step. The first value, far above ln 10, comes before it.",
                zh="学习率在第一步之后才起作用；第一个值就远高于 ln 10，它出现在走第一步之前。"),
            say(en="Before any step it is sure and wrong: its logits are too large. Scale the inputs.",
                zh="还没走一步就有把握地错，说明 logits 太大。应当缩放输入。"),
            say(en="That gives inf or nan, and the curve would break off.", zh="那样会得到 inf 或 nan，曲线会中断。"),
        ),
    ),
    alt=say(
        en="Six small plots, A to F, of the loss against the step, each with a dashed line at ln 10.",
        zh="六幅小图 A 至 F，损失随步数的变化，虚线为 ln 10。",
    ),
    reveal=choice(("A", "B", "C", "D", "E", "F"), "E", label=say(en="reveal", zh="揭晓")),
)

# %% [markdown] lang="en"
# If you watch a hundred runs, let a program read them first. Write it.
#
# ### Exercise 8 · `diagnose` (3 points)
#
# ```python
# def diagnose(losses: list[float], K: int) -> str
# ```
#
# `losses` holds the mean cross-entropy of a classifier of `K` classes: before the first step, after each step. Return the verdict of the **first** line that applies:
#
# | verdict | applies if | what to do |
# |---|---|---|
# | `"overflow"` | a value is infinite or `nan` | compute from logits |
# | `"negative"` | a value is below 0 | look for a sign, or for probabilities that do not sum to 1 |
# | `"bad start"` | the first value is above $2 \ln K$ | scale the inputs, shrink the first weights |
# | `"known"` | the first value is below $\frac{1}{2} \ln K$ | ask where the weights come from, and whether the label hides in the input |
# | `"unstable"` | a later value is above 1.5 times the first | lower the learning rate |
# | `"stuck"` | no value is below $0.95 \ln K$ | raise the rate; do labels and inputs belong together? |
# | `"healthy"` | otherwise | go on |
#
# - At least two values, Python or NumPy floats; `K` is at least 2. Leave the list as it is.
#
# `diagnose([0.69, 0.40, 0.25], 2)` is `"healthy"`, but `diagnose([0.69, 0.40, 0.25], 10)` is `"known"`.
#
# <details><summary>What hidden tests also use</summary>
#
# Long and short logs of 2 to 1,000 classes; logs to which several lines apply; the trouble in the last value only; `inf`, `-inf` and `nan`; NumPy floats. No value lies exactly on a limit.
#
# </details>
#
# <details><summary>Hint 1 · what to look at</summary>
#
# What is `float("nan") < 0`? And `float("nan") == float("nan")`? Which line must therefore come first?
#
# <details><summary>Hint 2 · which step</summary>
#
# One `if` with a `return` for each line, in the order of the table. Compute $\ln K$ once.
#
# <details><summary>Hint 3 · the step with a gap</summary>
#
# ```python
# finite = all(math.___(value) for value in losses)
# ```
#
# </details></details></details>

# %% [markdown] lang="zh"
# 要照看上百次训练的人，会先让程序来读。请写出这个程序。
#
# ### 练习 8 · `diagnose`（3 分）
#
# ```python
# def diagnose(losses: list[float], K: int) -> str
# ```
#
# `losses` 是一个 `K` 类分类器的平均交叉熵：第一步之前的值，以及每一步之后的值。返回**第一条**成立的结论：
#
# | 结论 | 条件 | 对策 |
# |---|---|---|
# | `"overflow"` | 有值为无穷大或 `nan` | 从 logits 计算 |
# | `"negative"` | 有值小于 0 | 检查符号，以及概率之和是否为 1 |
# | `"bad start"` | 第一个值大于 $2 \ln K$ | 缩放输入，减小初始权重 |
# | `"known"` | 第一个值小于 $\frac{1}{2} \ln K$ | 查清权重从何而来，输入里是否藏着标签 |
# | `"unstable"` | 后面有值大于第一个值的 1.5 倍 | 降低学习率 |
# | `"stuck"` | 没有值小于 $0.95 \ln K$ | 提高学习率；标签与输入对得上吗？ |
# | `"healthy"` | 其他情形 | 继续训练 |
#
# - 至少两个值，Python 或 NumPy 浮点数；`K` 不小于 2。不要改动列表。
#
# `diagnose([0.69, 0.40, 0.25], 2)` 是 `"healthy"`，而 `diagnose([0.69, 0.40, 0.25], 10)` 是 `"known"`。
#
# <details><summary>隐藏测试还会用到</summary>
#
# 2 至 1,000 类的长短日志；同时符合几条的日志；只有最后一个值出问题的日志；`inf`、`-inf` 和 `nan`；NumPy 浮点数。没有值恰好落在界限上。
#
# </details>
#
# <details><summary>提示 1 · 看哪里</summary>
#
# `float("nan") < 0` 是什么？`float("nan") == float("nan")` 呢？所以哪一条必须最先检查？
#
# <details><summary>提示 2 · 哪一步</summary>
#
# 按表中的次序，每一条写一个带 `return` 的 `if`；$\ln K$ 只算一次。
#
# <details><summary>提示 3 · 填空</summary>
#
# ```python
# finite = all(math.___(value) for value in losses)
# ```
#
# </details></details></details>

# %% solution="diagnose"
def diagnose(losses, K):
    """Return the verdict on a log of mean cross-entropies of a classifier of K classes."""
    ### BEGIN SOLUTION
    ignorant = math.log(K)
    if not all(math.isfinite(value) for value in losses):
        return "overflow"
    if min(losses) < 0:
        return "negative"
    if losses[0] > 2 * ignorant:
        return "bad start"
    if losses[0] < ignorant / 2:
        return "known"
    if max(losses[1:]) > 1.5 * losses[0]:
        return "unstable"
    if min(losses) >= 0.95 * ignorant:
        return "stuck"
    return "healthy"
    ### END SOLUTION

# %% test="diagnose-reads-each-verdict" points=1
def _example():
    for losses, K, verdict in [
        ([2.30, 1.53, 76.1, math.inf, math.nan], 10, "overflow"),
        ([2.30, 1.10, 0.20, -0.30], 10, "negative"),
        ([9.67, 7.06, 5.10, 0.90], 10, "bad start"),
        ([0.19, 0.18, 0.17], 10, "known"),
        ([2.30, 5.38, 4.03, 0.53], 10, "unstable"),
        ([2.30, 2.29, 2.31, 2.30], 10, "stuck"),
        ([2.30, 1.40, 1.00, 0.73], 10, "healthy"),
        ([2.30, math.inf, 5.00], 10, "overflow"),
        ([2.30, math.nan, 1.00], 10, "overflow"),
        ([2.30, 0.40, 0.90, 0.30], 10, "healthy"),  # it rose, but not above the start
        ([4.00, 4.50, 1.00], 10, "healthy"),
        ([2.30, 2.00, 2.30], 10, "healthy"),
        ([2.00, 2.30, 2.30], 10, "healthy"),
        ([0.69, 0.40, 0.25], 2, "healthy"),
        ([0.69, 0.68, 0.69], 2, "stuck"),
    ]:
        said = diagnose(list(losses), K)
        assert isinstance(said, str), "[ch02-STR] `diagnose` 应返回字符串 / `diagnose` must return a string"
        assert said == verdict, (
            f"[ch02-VERDICT] K = {K}，损失 {losses}：对照表格，逐行检查 / K = {K}, losses {losses}: go through the table line by line")


_example()
### BEGIN HIDDEN TESTS
def _check():
    rng = np.random.default_rng(3001)
    for K in (2, 3, 10, 1000):
        base = math.log(K)
        for n in (2, 5, 60):
            fall = base * np.exp(-np.linspace(0, 2, n))  # from ln K down to 0.14 ln K
            flat = base * (1 + 0.02 * rng.uniform(-1, 1, n))
            jump, wild = fall.copy(), fall.copy()
            jump[-1], wild[n // 2] = 1.7 * fall[0], 4 * fall[0]
            for values, verdict in [
                (fall, "healthy"), (1.6 * fall, "healthy"), (0.6 * fall, "healthy"), (flat, "stuck"), (2.3 * fall, "bad start"),
                (0.4 * fall, "known"), (jump, "unstable"), (wild, "unstable"),
                (np.append(fall, -0.01), "negative"), (np.append(fall, math.nan), "overflow"), (np.append(fall, math.inf), "overflow"),
            ]:
                losses = [float(v) for v in values]
                before = list(losses)
                said = diagnose(losses, K)
                assert isinstance(said, str), "[ch02-STR] `diagnose` 应返回字符串 / `diagnose` must return a string"
                assert said == verdict, (
                    f"[ch02-VERDICT] {K} 类、{len(losses)} 个值的日志判断有误；界限要随 K 变化 / "
                    f"a log of {K} classes with {len(losses)} values is misread; the limits depend on K")
                assert losses == before or (math.isnan(before[-1]) and losses[:-1] == before[:-1]), (
                    "[ch02-INPUT] `diagnose` 改动了列表 / `diagnose` changed the list")


_check()
### END HIDDEN TESTS

# %% test="diagnose-applies-the-first-line" points=2
def _example():
    for losses, verdict in [
        ([2.3, -1.0, math.nan], "overflow"),
        ([9.0, 5.0, -0.5], "negative"),
        ([9.0, 20.0, 9.0], "bad start"),
        ([0.2, 0.9, 0.5], "known"),
        ([2.3, 4.0, 3.0], "unstable"),
    ]:
        said = diagnose(list(losses), 10)
        assert isinstance(said, str), "[ch02-STR] `diagnose` 应返回字符串 / `diagnose` must return a string"
        assert said == verdict, (
            "[ch02-ORDER] 符合几条时，以表中最先出现的为准 / if several lines apply, the first one of the table counts")


_example()
### BEGIN HIDDEN TESTS
def _check():
    for K in (2, 7, 100):
        base = math.log(K)
        for losses, verdict in [
            ([math.nan, base], "overflow"), ([base, -math.inf], "overflow"), ([3 * base, -1.0, math.inf], "overflow"),
            ([3 * base, -1e-3], "negative"), ([-0.2 * base, 0.1], "negative"), ([0.1 * base, -1e-6, 0.1], "negative"),
            ([2.1 * base, 4 * base], "bad start"), ([2.1 * base, 2.0 * base, 1.9 * base], "bad start"),
            ([0.45 * base, 2 * base], "known"), ([0.45 * base, 0.44 * base], "known"),
            ([base, 1.6 * base, base], "unstable"), ([base, 0.2 * base, 1.6 * base], "unstable"),
            ([1.2 * base, 1.7 * base, 0.3 * base], "healthy"), ([base, 0.96 * base, 1.4 * base], "stuck"),
            ([1.9 * base, 1.0 * base, 0.97 * base], "stuck"), ([0.6 * base, 0.8 * base], "healthy"), ([base, base, 0.94 * base], "healthy"),
            ([1.5 * base, 2.1 * base, 0.1 * base], "healthy"),
            ([base, 0.9 * base, 0.97 * base], "healthy"), ([0.9 * base, 0.97 * base, base], "healthy"),
            ([base, 1e300, base], "unstable"), ([1e300, base], "bad start"),
            ([base, 0.1 * base, 0.9 * base], "healthy"), ([base, 1.3 * base, 1.6 * base, 0.2 * base], "unstable"),
        ]:
            for values in (list(losses), [np.float64(v) for v in losses]):
                said = diagnose(values, K)
                assert isinstance(said, str), "[ch02-STR] `diagnose` 应返回字符串 / `diagnose` must return a string"
                assert said == verdict, (
                    "[ch02-ORDER] 符合几条时，以表中最先出现的为准；界限以第一个值或 ln K 为准，别弄混 / "
                    "if several lines apply, the first one counts; some limits refer to the first value, others to ln K")


_check()
### END HIDDEN TESTS

# %% [markdown] lang="en"
# Let it read the six runs of the figure.

# %% [markdown] lang="zh"
# 让它读一读图里的六次训练。

# %% demo
from course.figures.readings import RUNS, run

with when_solved("diagnose"):
    for letter, cause in RUNS.items():
        print(f"{letter}: {diagnose(list(run(cause)), 10)}")

# %% [markdown] lang="en"
# B is only slow: it ends at 0.73 nat, and with the rate 2 in place of 0.3 it would have ended at 0.19. No line of the table sees that: `"healthy"` does not mean *well chosen*.
#
# Two more things that a reader of losses knows:
#
# | task | output of the network | loss | an ignorant model has |
# |---|---|---|---|
# | a number, noise without outliers | linear | MSE | the variance of $y$: it always predicts the mean |
# | a number, outliers to be ignored | linear | MAE, Huber | MAE: the mean distance from the median; Huber: its mean at the best constant |
# | a number, two prices | linear | pinball loss | the cost at the quantile |
# | one of $K$ classes | $K$ logits | softmax cross-entropy | $\ln K$ for balanced classes |
# | yes or no; several labels at once | one logit per label | binary cross-entropy | $\ln 2$ for one half positives |
#
# And **loss and accuracy may disagree**. Accuracy asks which class is first, the loss asks how sure. One certain mistake among a hundred, with $p = 10^{-6}$, adds $13.8 / 100 = 0.138$ nat by itself; the accuracy is still 0.99.
#
# ## 12 · Find and fix: a page on losses (optional)
#
# The course grew out of two Chinese articles on training people for large models, called A and B here. This is what they say about losses (short quotations, formulas as printed). Which lines would you not sign? Write down your list before you go on. Not every line is at fault.
#
# | line | article | what it says |
# |---|---|---|
# | 1 | B | with $m$ samples, $L(\theta) = \frac{1}{m}\sum_{i=1}^{m}L(y_i, \hat{y}_i)$; for example $L(y_i, \hat{y}_i) = \frac{1}{2}(y_i - \hat{y}_i)^2$ |
# | 2 | A | $MSE = \frac{1}{n} \sum_{i=1}^{n} (y_i - \hat{y}_i)^2$, where $n$ is the number of samples |
# | 3 | A | ten samples: row 1 (3.5, 4.2), row 2 (4.0, 3.8), a row of dots, row 10 (2.8, 3.1); "by calculation, the concrete value of the MSE is obtained" |
# | 4 | A | cross-entropy "computes the difference between the predicted probability distribution and the true one" |
# | 5 | A | $H(y, \hat{y}) = -\sum_{i=1}^{n} y_i \log(\hat{y}_i)$ |
# | 6 | A | "$y_i$ is the true distribution (0 or 1)" |
# | 7 | A | the truth (1, 0, 0), the prediction (0.8, 0.1, 0.1): $- (1 \cdot \log(0.8) + 0 \cdot \log(0.1) + 0 \cdot \log(0.1))$; "the concrete value is obtained" |
# | 8 | A | MSE and cross-entropy are "common indicators for evaluating the performance" of a model |
# | 9 | B | after line 1, the digit reader: "use the cross-entropy loss" |
#
# Your tools help to convict them:

# %% [markdown] lang="zh"
# B 只是太慢：它停在 0.73 nat，学习率若不取 0.3 而取 2，会降到 0.19。表中没有哪一行看得出来：`"healthy"` 不等于选得好。
#
# 读损失的人还知道两件事：
#
# | 任务 | 网络输出 | 损失 | 一无所知的模型 |
# |---|---|---|---|
# | 一个数，没有离群点 | 线性 | MSE | 总是预测平均数：$y$ 的方差 |
# | 一个数，离群点应忽略 | 线性 | MAE、Huber | MAE：到中位数的平均距离；Huber：最优常数处的平均值 |
# | 一个数，两种价格 | 线性 | 弹球损失 | 分位数处的代价 |
# | $K$ 类中选一类 | $K$ 个 logits | softmax 交叉熵 | 类别均衡时为 $\ln K$ |
# | 是或否；同时有多个标签 | 每个标签一个 logit | 二元交叉熵 | 正例占一半时为 $\ln 2$ |
#
# 还有，**损失与准确率未必一致**。准确率只问谁排第一，损失还问有多大把握。一百个样本里有一个过度自信的错误，$p = 10^{-6}$，单它一个就贡献 $13.8 / 100 = 0.138$ nat，而准确率仍是 0.99。
#
# ## 12 · 找错改正：一页损失函数（选读）
#
# 本课程源自两篇谈大模型人才培训的文章，称为文章 A 和文章 B。下面是它们关于损失函数的说法（公式照原样，文字为简短引用）。哪几行你不会签字？先写下自己的清单，再往下看。并非每一行都有错。
#
# | 行 | 文章 | 原文 |
# |---|---|---|
# | 1 | B | 有 $m$ 个样本，$L(\theta) = \frac{1}{m}\sum_{i=1}^{m}L(y_i, \hat{y}_i)$；例如 $L(y_i, \hat{y}_i) = \frac{1}{2}(y_i - \hat{y}_i)^2$ |
# | 2 | A | $MSE = \frac{1}{n} \sum_{i=1}^{n} (y_i - \hat{y}_i)^2$，其中 $n$ 是样本数量 |
# | 3 | A | 10 个样本的表：第 1 行 (3.5, 4.2)，第 2 行 (4.0, 3.8)，一行省略号，第 10 行 (2.8, 3.1)；“通过计算，可以得到MSE的具体值” |
# | 4 | A | 交叉熵“计算的是预测概率分布与真实分布之间的差异” |
# | 5 | A | $H(y, \hat{y}) = -\sum_{i=1}^{n} y_i \log(\hat{y}_i)$ |
# | 6 | A | “$y_i$ 是真实分布（0或1）” |
# | 7 | A | 真实分布 (1, 0, 0)，预测 (0.8, 0.1, 0.1)：$- (1 \cdot \log(0.8) + 0 \cdot \log(0.1) + 0 \cdot \log(0.1))$；“可以得到交叉熵的具体值” |
# | 8 | A | MSE 和交叉熵是评估模型预测性能的“常用指标” |
# | 9 | B | 在第 1 行之后，识别手写数字时“使用交叉熵损失函数” |
#
# 用你的工具来取证：

# %% demo
with when_solved("mse", "cross_entropy_from_logits"):
    rows = np.array([3.5, 4.0, 2.8]), np.array([4.2, 3.8, 3.1])
    print(say(en="line 3: the three rows sum to {s:.2f}", zh="第 3 行：看得见的三行合计 {s:.2f}", s=3 * mse(*rows)))
    coin = cross_entropy_from_logits(np.zeros((2, 2)), np.array([0, 1]))
    print(say(en="line 4: a fair coin, predicted perfectly: {c:.3f} nat", zh="第 4 行：一枚公平硬币，预测完美：{c:.3f} nat", c=coin))
    example = cross_entropy_from_logits(np.log([[0.8, 0.1, 0.1]]), np.array([0]))
    print(say(en="line 7: {a:.4f} nat, {b:.4f} bit, {c:.4f} hartley", zh="第 7 行：{a:.4f} nat，{b:.4f} bit，{c:.4f} hartley",
              a=example, b=example / math.log(2), c=example / math.log(10)))

# %% [markdown] lang="en"
# <details><summary>Line 1</summary>
#
# Right by itself. But lines 1 and 2 count the same samples with different letters, and their squared errors differ by a factor 2. Two texts that are read together must say which they use.
#
# </details>
# <details><summary>Line 2</summary>
#
# Right: factor 1, $n$ samples.
#
# </details>
# <details><summary>Line 3</summary>
#
# Nothing can be obtained: seven of ten rows are missing. The visible ones sum to 0.62. An example that nobody can check is not an example.
#
# </details>
# <details><summary>Line 4</summary>
#
# The cross-entropy of a fair coin with itself is 0.693, not 0. The difference is the divergence; cross-entropy is the entropy of the truth plus that.
#
# </details>
# <details><summary>Line 5</summary>
#
# The same $n$ counted samples in line 2; here it counts classes. The mean over the samples is lost. Write $K$ classes and $n$ samples.
#
# </details>
# <details><summary>Line 6</summary>
#
# Only for one-hot labels. In general each entry lies in $[0, 1]$ and they sum to 1.
#
# </details>
# <details><summary>Line 7</summary>
#
# No base, no unit, no value: 0.2231 nat or 0.3219 bit. And what if a predicted probability is 0? Where the truth is 0, $0 \ln 0$ counts as 0; where it is not, the price is infinite.
#
# </details>
# <details><summary>Line 8</summary>
#
# A loss is what training can follow downhill. It *may* serve as a metric, MSE often does. But whether a classifier is good enough is asked in the units of the application: accuracy, recall, euros (chapter 8).
#
# </details>
# <details><summary>Line 9</summary>
#
# The right choice for digits. But the page derived its formulas for the squared error and never says why the loss changes. You know: section 7.
#
# </details>

# %% [markdown] lang="zh"
# <details><summary>第 1 行</summary>
#
# 单看没有错。但第 1 行与第 2 行用不同的字母数同样的样本，平方误差还相差一个系数：前者是后者的一半。放在一起读的文章，必须写明用的是哪一种。
#
# </details>
# <details><summary>第 2 行</summary>
#
# 正确：系数 1，$n$ 个样本。
#
# </details>
# <details><summary>第 3 行</summary>
#
# 什么值也得不到：十行缺了七行。看得见的几行合计 0.62。谁也无法核对的例子，算不上例子。
#
# </details>
# <details><summary>第 4 行</summary>
#
# 公平硬币与它自己的交叉熵是 0.693，不是 0。差异是散度；交叉熵等于真实分布的熵加上散度。
#
# </details>
# <details><summary>第 5 行</summary>
#
# 同一个 $n$，在第 2 行数样本，在这里数类别，对样本的平均就丢了。应写成 $K$ 个类别、$n$ 个样本。
#
# </details>
# <details><summary>第 6 行</summary>
#
# 只有独热标签才如此。一般地，每个元素都在 $[0, 1]$ 中，总和为 1。
#
# </details>
# <details><summary>第 7 行</summary>
#
# 没有底数，没有单位，也没有数值：应为 0.2231 nat，即 0.3219 bit。预测概率为 0 时又如何？真实值为 0 处，$0 \ln 0$ 按 0 计；不为 0 处，代价是无穷大。
#
# </details>
# <details><summary>第 8 行</summary>
#
# 损失是训练能够沿着它“下山”的东西。它**可以**兼作指标，MSE 就常常如此；但分类器够不够好，要用应用的单位来问：准确率、召回率、金额（第 8 章）。
#
# </details>
# <details><summary>第 9 行</summary>
#
# 识别数字，这样选是对的。只是前面的推导用的是平方误差，文章没有说为什么换了损失。你知道原因：第 7 节。
#
# </details>

# %% [markdown] lang="en"
# ## 13 · Check yourself
#
# Not graded. Open the option that you would choose, then the others.
#
# **Q1.** A language model with a vocabulary of 50,257 tokens reports a loss of 10.9 nat at the first step. What do you do?
#
# <details><summary>A. Stop: a loss above 10 is a bug.</summary>
#
# No. $\ln 50257 = 10.82$: it knows nothing yet, and that is where training should start.
#
# </details>
# <details><summary>B. Let it run.</summary>
#
# Right. Near $\ln K$ at the start is what a healthy run looks like.
#
# </details>
# <details><summary>C. Divide the loss by the size of the vocabulary.</summary>
#
# No. The mean is over tokens, not over classes.
#
# </details>
#
# **Q2.** A colleague halves the loss function. Which learning rate repeats the old training with plain gradient descent?
#
# <details><summary>A. Half of the old one.</summary>
#
# No. Half the gradient times half the rate: every step would be a quarter as long.
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
# **Q3.** One tenth of all labels of a two-class data set, those of the fresh data included, were flipped at random. How low can the cross-entropy fall on fresh data?
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
# No. 0.1 is the error rate. Surprises are weighed, not counted.
#
# </details>
#
# **Q4.** A run reports 2.30, 1.9, 1.2, `nan`. What is the first thing to look at?
#
# <details><summary>A. The labels.</summary>
#
# No. Wrong labels give a bad loss, but a finite one.
#
# </details>
# <details><summary>B. A logarithm of probabilities.</summary>
#
# Right. A probability underflowed to 0 or an exponential overflowed. Compute from the logits.
#
# </details>
# <details><summary>C. The number of classes.</summary>
#
# No. It would move the first value away from 2.30, and that is $\ln 10$ as it should be.
#
# </details>
#
# **Q5.** House prices, and a few of them were typed with two zeros too many. Which loss is hurt most?
#
# <details><summary>A. MSE.</summary>
#
# Right. The price is 100 times too high, so its error is about 99 times the price, and that is squared. The mean is dragged along.
#
# </details>
# <details><summary>B. MAE.</summary>
#
# No. It asks for the median and hardly notices a few far values.
#
# </details>
# <details><summary>C. Huber with a small $\delta$.</summary>
#
# No. Beyond $\delta$ it behaves like MAE: the pull is bounded.
#
# </details>

# %% [markdown] lang="zh"
# ## 13 · 自测
#
# 不计分。先展开你会选的那一项，再看其余各项。
#
# **第 1 题** 词表有 50,257 个词元的语言模型，第一步报告损失 10.9 nat。你怎么办？
#
# <details><summary>A. 停下来：损失超过 10 一定是程序错了。</summary>
#
# 不对。$\ln 50257 = 10.82$：它还什么都不知道，训练本来就该从这里起步。
#
# </details>
# <details><summary>B. 让它继续跑。</summary>
#
# 正确。一开始在 $\ln K$ 附近，正是健康训练的样子。
#
# </details>
# <details><summary>C. 把损失除以词表大小。</summary>
#
# 不对。平均是对词元取的，不是对类别。
#
# </details>
#
# **第 2 题** 同事把损失函数减半。用普通梯度下降时，取怎样的学习率才能重现原来的训练？
#
# <details><summary>A. 原来的一半。</summary>
#
# 不对。梯度减半，学习率又减半，每一步只有原来的四分之一长。
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
# **第 3 题** 某二分类数据集（新数据也在内）有十分之一的标签被随机翻转。在新数据上，交叉熵最低能降到多少？
#
# <details><summary>A. 0。</summary>
#
# 不对。谁也无法预知哪些标签被翻转；过分自信，会在十分之一的样本上付出无穷大的代价。
#
# </details>
# <details><summary>B. 0.325 nat。</summary>
#
# 正确。这是 (0.9, 0.1) 的熵，$-0.9 \ln 0.9 - 0.1 \ln 0.1 = 0.325$，模型给出 0.9 时达到。
#
# </details>
# <details><summary>C. 0.1 nat。</summary>
#
# 不对。0.1 是错误率。意外程度要按大小计，不是按次数计。
#
# </details>
#
# **第 4 题** 一次训练报告 2.30、1.9、1.2、`nan`。首先查什么？
#
# <details><summary>A. 标签。</summary>
#
# 不对。标签错了，损失会很差，但仍是有限的数。
#
# </details>
# <details><summary>B. 对概率取的对数。</summary>
#
# 正确。某个概率下溢成 0，或者指数溢出了。应当从 logits 计算。
#
# </details>
# <details><summary>C. 类别数。</summary>
#
# 不对。那样第一个值就不会是 2.30；它等于 $\ln 10$，正常。
#
# </details>
#
# **第 5 题** 房价数据里有几处录入错误，多写了两个零。哪种损失受害最深？
#
# <details><summary>A. MSE。</summary>
#
# 正确。价格成了 100 倍，误差约为原价的 99 倍，还要平方，平均数被拖着走。
#
# </details>
# <details><summary>B. MAE。</summary>
#
# 不对。它想要的是中位数，几个远处的值几乎不起作用。
#
# </details>
# <details><summary>C. $\delta$ 较小的 Huber。</summary>
#
# 不对。超过 $\delta$ 之后它与 MAE 一样，拉力有界。
#
# </details>

# %% [markdown] lang="en"
# ## 14 · Key takeaways
#
# - A loss states what a mistake costs. MSE asks for the mean, MAE for the median, two prices for a quantile.
# - The price of a surprise is $-\ln p$. It counts confidence, and honesty is the best strategy.
# - Work with logits: $\ln p_k = z_k - \ln \sum_j e^{z_j}$, shifted by the maximum.
# - The gradient of cross-entropy is probability minus label, over $n$. It vanishes only when the model is certain of the right answer.
# - First number of every run: $\ln K$. Perplexity $e^{L}$ says how many choices are left.
# - Cross-entropy = entropy + divergence. The entropy is a floor that no training removes.
# - A constant factor is a learning rate in disguise; a weight on the positives is a different question.
#
# **Next**: chapter 3 walks downhill on these losses.
#
# ## References
#
# - C. E. Shannon, *A Mathematical Theory of Communication*, Bell System Technical Journal 27, 1948. Entropy as the price of guessing.
# - J. L. Kelly, *A New Interpretation of Information Rate*, Bell System Technical Journal 35, 1956. The bet of section 1.
# - P. J. Huber, *Robust Estimation of a Location Parameter*, Annals of Mathematical Statistics 35, 1964.
# - R. Koenker, G. Bassett, *Regression Quantiles*, Econometrica 46, 1978. The pinball loss.
# - I. Goodfellow, Y. Bengio, A. Courville, *Deep Learning*, MIT Press, 2016: sections 3.13 (information theory), 4.1 (overflow and underflow), 6.2 (losses and output units).
# - C. Szegedy et al., *Rethinking the Inception Architecture for Computer Vision*, 2016, [arXiv:1512.00567](https://arxiv.org/abs/1512.00567): label smoothing.

# %% [markdown] lang="zh"
# ## 14 · 本章要点
#
# - 损失说明一个错误要付多少代价。MSE 想要平均数，MAE 想要中位数，两种价格想要分位数。
# - 意外的代价是 $-\ln p$。它看重把握，诚实才是上策。
# - 从 logits 计算：$\ln p_k = z_k - \ln \sum_j e^{z_j}$，并用最大值平移。
# - 交叉熵的梯度等于概率减标签，再除以 $n$；只有模型对正确答案有十足把握时，它才消失。
# - 每次训练首先看的数：$\ln K$。困惑度 $e^{L}$ 说明还剩几个选择。
# - 交叉熵 = 熵 + 散度。熵是任何训练都消除不了的下限。
# - 常数系数是变相的学习率；给正例加权，则是换了一个问题。
#
# **下一章**：第 3 章沿着损失“下山”：梯度下降。
#
# ## 参考文献
#
# - C. E. Shannon, *A Mathematical Theory of Communication*, Bell System Technical Journal 27, 1948。熵：猜中的代价。
# - J. L. Kelly, *A New Interpretation of Information Rate*, Bell System Technical Journal 35, 1956。第 1 节的赌局。
# - P. J. Huber, *Robust Estimation of a Location Parameter*, Annals of Mathematical Statistics 35, 1964。
# - R. Koenker, G. Bassett, *Regression Quantiles*, Econometrica 46, 1978。弹球损失。
# - I. Goodfellow, Y. Bengio, A. Courville, *Deep Learning*（《深度学习》）, MIT Press, 2016：3.13 节（信息论）、4.1 节（上溢与下溢）、6.2 节（损失与输出单元）。
# - C. Szegedy et al., *Rethinking the Inception Architecture for Computer Vision*, 2016, [arXiv:1512.00567](https://arxiv.org/abs/1512.00567)：标签平滑。
