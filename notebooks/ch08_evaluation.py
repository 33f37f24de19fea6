# ch08 评估与调试 — Evaluation and debugging.

# %% [markdown] lang="en"
# # Chapter 8 · Evaluation and debugging
#
# A network gives you a number, and numbers flatter. In this chapter you see a model that is right about coin flips, and you learn to say what an accuracy is worth: on which rows, against which errors, with which uncertainty. At the end you examine four sick networks with instruments that you built yourself.
#
# After this chapter you can
#
# - split data so that the test tells the truth, and recognise a split that does not;
# - choose a metric that fits the price of the errors: precision, recall, F1, AUC;
# - say whether two accuracies differ, or only chance does;
# - find a leak, wrong labels, a dead layer or a wrong split in a network that trains without an error message.
#
# You need chapter 2 (cross-entropy) and chapter 5 (a network and its gradients). The core path, sections 1 to 8, takes two and a half to three hours, of which section 7 and the clinic are an hour. Seven exercises give 20 points. Everything runs on a CPU in seconds; there is no GPU cell.

# %% [markdown] lang="zh"
# # 第 8 章 · 评估与调试
#
# 网络会给你一个数，而数字往往报喜不报忧。本章里，你会看到一个“猜中”了抛硬币结果的模型，也会学着说清楚一个准确率到底值多少：在哪些样本上，针对哪种错误，不确定度有多大。最后，你要用自己造的仪器给四个生病的网络看病。
#
# 学完本章，你能够
#
# - 划分数据，让测试说真话，并认出说假话的划分；
# - 按错误的代价选择指标：精确率、召回率、F1、AUC；
# - 判断两个准确率是真有差别，还是碰巧；
# - 在一个不报错的网络里找出泄漏、错位的标签、死掉的层和错误的划分。
#
# 预备知识是第 2 章（交叉熵）和第 5 章（网络及其梯度）。核心路线是第 1 节到第 8 节，约需两个半到三小时，其中第 7 节和门诊约占一小时。七道练习共 20 分。一切都在 CPU 上几秒钟内完成，本章没有 GPU 单元格。

# %% setup
import math

import numpy as np
from sklearn.datasets import load_breast_cancer, load_digits

from course.language import say
from course.unfinished import when_solved

digits = load_digits()
digits_X, digits_y = digits.data / 16, digits.target  # (1797, 64) in [0, 1]; (1797,), classes 0 … 9

# %%
from course.progress_panel import show_progress

show_progress()

# %% [markdown] lang="en"
# ## 1 · Right about coin flips
#
# A hundred people flip a coin. For each of them we know 5,000 things that have nothing to do with the coin: pure random numbers. The program keeps the 20 features that go best with the results, trains on 60 people and tests on the other 40. Run it. Nobody can predict a coin. What does the test say?

# %% [markdown] lang="zh"
# ## 1 · 猜中抛硬币的结果
#
# 一百个人各抛一次硬币。关于每个人，我们还知道 5,000 件与硬币毫无关系的事：全是随机数。程序留下与结果最相关的 20 个特征，用 60 个人训练，用另外 40 个人测试。请运行。硬币是没法预测的，测试准确率会是多少？

# %% demo
rng = np.random.default_rng(0)
features, coins = rng.normal(size=(100, 5000)), rng.integers(0, 2, 100)
order = rng.permutation(100)
fit, test = order[:60], order[60:]

chosen_on = order
centred = features[chosen_on] - features[chosen_on].mean(axis=0)
link = np.abs(centred.T @ (coins[chosen_on] - coins[chosen_on].mean())) / features[chosen_on].std(axis=0)
best = np.argsort(-link)[:20]

heads, tails = (features[fit][coins[fit] == side][:, best].mean(axis=0) for side in (1, 0))
guess = (features[test][:, best] - (heads + tails) / 2) @ (heads - tails) > 0
print(say(en="coins guessed right in the test: {share:.1%}", zh="测试中猜对的硬币：{share:.1%}", share=np.mean(guess == coins[test])))

# %% [markdown] lang="en"
# No row of the test was trained on, and yet the number is worthless. The 20 features were chosen with **all** results in view, those of the test too. Now set `chosen_on = fit`: averaged over ten seeds, the share falls from 88 % to 49 %, which is what a coin deserves. Information from the test that reaches the training in any way is **data leakage**. It raises no error; it raises the number.
#
# So each row has one of three roles:
#
# | | what it is for | how often |
# |---|---|---|
# | training set | fits the parameters, and everything else that is learned: scaling, chosen features | at will |
# | validation set | chooses **hyperparameters**: rate, size, number of epochs | many times |
# | test set | measures **generalisation**, being right on rows that took no part | once |
#
# With few rows one validates on each part in turn and averages: **cross-validation**. The test set stays outside.
#
# ## 2 · How to split
#
# Keras has an argument `validation_split=0.1`. It takes the *last* tenth of the rows, without shuffling. The classifier below (each row goes to the nearest class mean) is right on 93 % of its training rows.

# %% [markdown] lang="zh"
# 测试的样本没有一行参加过训练，这个数却一文不值。那 20 个特征是看着**所有**结果挑出来的，包括测试的结果。现在改成 `chosen_on = fit`：十个种子平均，比例从 88% 降到 49%，这才是硬币应得的。测试中的信息以任何方式进入训练，都叫**数据泄漏**。它不会报错，只会抬高数字。
#
# 所以，每一行只有一种角色：
#
# | | 用来做什么 | 用几次 |
# |---|---|---|
# | 训练集 | 拟合参数，以及其他一切学来的东西：缩放、挑选特征 | 不限 |
# | 验证集 | 选择**超参数**：学习率、大小、轮次数 | 多次 |
# | 测试集 | 衡量**泛化**，即在没有参与过的样本上也能答对 | 一次 |
#
# 样本少的时候，可以轮流用每一部分作验证，再取平均，这叫**交叉验证**。测试集不参与其中。
#
# ## 2 · 怎样划分
#
# Keras 有一个参数 `validation_split=0.1`。它取**最后**十分之一的行，不打乱。下面的分类器（每一行归入最近的类别均值）在训练集上的准确率是 93%。

# %%
from course.figures.tail_split import fig_tail_split
from course.interact import Prediction, choice, explore, show, slider, toggle

explore(
    fig_tail_split,
    predict=Prediction(
        say(en="Suppose the file of digits were sorted by class. The last tenth validates: how many of its rows does the classifier get right?", zh="假设数字文件按类别排好了序，用最后十分之一作验证。验证准确率会是多少？"),
        options=(say(en="about as many as in training", zh="和训练时差不多"), say(en="about half", zh="约一半"), say(en="nearly none", zh="几乎为零")),
        answer=2,
        because=(
            say(en="The tail holds a single class, which the training has hardly met. Choose the stratified split: there it is about as many.", zh="末尾只有一个类别，训练时几乎没见过。换成分层划分，才会和训练时差不多。"),
            say(en="The tail holds nothing but nines, and the training has a single nine.", zh="末尾全是 9，而训练集里只有一个 9。"),
            say(en="All rows of the tail are nines, and a single nine is left for the training. The classifier is not bad: the split is.", zh="末尾的行全是 9，留给训练的只有一个 9。不好的不是分类器，而是划分。"),
        ),
    ),
    alt=say(en="Two bar charts: rows per class in the training set and in the validation set.", zh="两张条形图：训练集和验证集中各类别的行数。"),
    is_sorted=toggle(True, label=say(en="file sorted by class", zh="文件按类别排序")),
    how=choice([(say(en="tail", zh="末尾"), "tail"), (say(en="at random", zh="随机"), "random"), (say(en="stratified", zh="分层"), "stratified")], "tail", label=say(en="validation rows", zh="验证集的取法")),
)

# %% [markdown] lang="en"
# Two more traps. With a rare class even a random split may put nearly all of its rows on one side; **stratifying** splits each class by itself. And rows may belong together: ten pictures by one writer, five visits of one patient. If some of them train and others test, the test measures how well the network knows the writer. Then whole **groups** are dealt out. (Our digits do not say who wrote them: the same writers are on both sides, so none of our accuracies speaks of new writers.)

# %% [markdown] lang="zh"
# 还有两个陷阱。某个类别很少时，即使随机划分，它的行也可能几乎都落到一边；**分层**就是对每个类别分别划分。另外，有些行本来是一伙的：同一个人写的十张图，同一位患者的五次就诊。如果一部分拿去训练，另一部分拿去测试，测到的就是网络对这个人有多熟。这时要把整个**组**分给某一份。（我们的数字没有注明是谁写的：两边有同样的书写者，所以本章的准确率都不能说明换了人会怎样。）

# %% [markdown] lang="en"
# ### Exercise 1 · `split_indices` (4 points)
#
# ```python
# def split_indices(y: np.ndarray, fractions: tuple[float, float, float], rng: np.random.Generator,
#                   stratify: bool = True, groups: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray, np.ndarray]
# ```
#
# `y` holds $n$ integer labels. Return the row numbers of the training, the validation and the test set: three integer arrays that together hold each of $0 \dots n-1$ exactly once. `fractions` are three positive numbers with sum 1. Which rows go where is random and comes from `rng` alone; the order inside a part is free.
#
# - With `stratify`, **each class** is split in these fractions, to within 2 rows. Every class has at least 3 rows.
# - Without it, and without groups, each part has its share of all rows, to within 2.
# - With `groups`, $n$ integers, rows of one group stay together: no group is in two parts. Each part has its share of all **rows**, to within $0.1\,n$; groups differ in size. `stratify` is then ignored.
#
# Leave `y` and `groups` as they are. Example: 10 rows of class 3 and 90 of class 5 with fractions (0.6, 0.2, 0.2) give parts with 6, 2 and 2 rows of class 3, and 54, 18 and 18 of class 5.
#
# <details><summary>What hidden tests also use</summary>
#
# Sorted labels; classes of 3, 10 and 1,000 rows; no part is ever empty; negative labels, labels above 255 and other integer types, int8 from end to end; other fractions; at least 20 groups, none above $n/20$ rows, some of them tiny, with `stratify` and without; equal seeds (the same rows in each part) and different ones (other rows).
#
# </details>
#
# <details><summary>Hint 1 · what to look at</summary>
#
# `rng.permutation(rows)` shuffles row numbers; `np.split` cuts an array at given places. What do you have to do for each class by itself?
#
# <details><summary>Hint 2 · which step</summary>
#
# For each class: shuffle its row numbers, cut at the rounded cumulative fractions of their number, and give each part its piece. Without `stratify`, all rows are one class. For groups, take the groups in random order, and give each one to the part that lacks most rows.
#
# <details><summary>Hint 3 · the step with a gap</summary>
#
# ```python
# ends = np.round(np.cumsum(fractions)[:2] * ___).astype(int)
# ```
#
# </details></details></details>

# %% [markdown] lang="zh"
# ### 练习 1 · `split_indices`（4 分）
#
# ```python
# def split_indices(y: np.ndarray, fractions: tuple[float, float, float], rng: np.random.Generator,
#                   stratify: bool = True, groups: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray, np.ndarray]
# ```
#
# `y` 是 $n$ 个整数标签。返回训练集、验证集和测试集的行号：三个整数数组，合起来恰好包含 $0 \dots n-1$ 各一次。`fractions` 是三个正数，和为 1。哪些行归哪一份是随机的，随机数只取自 `rng`；每一份内部的顺序不限。
#
# - `stratify` 为真时，**每个类别**都按这个比例划分，误差不超过 2 行。每个类别至少有 3 行。
# - `stratify` 为假且没有分组时，每一份占全部行数的相应比例，误差不超过 2 行。
# - 给出 `groups`（$n$ 个整数）时，同一组的行不得拆开：没有哪个组同时出现在两份里。每一份占全部**行数**的相应比例，误差不超过 $0.1\,n$；各组大小不一。此时忽略 `stratify`。
#
# 不得改动 `y` 和 `groups`。例：类别 3 有 10 行，类别 5 有 90 行，比例为 (0.6, 0.2, 0.2)，则三份中类别 3 各有 6、2、2 行，类别 5 各有 54、18、18 行。
#
# <details><summary>隐藏测试还会用到</summary>
#
# 排好序的标签；3 行、10 行和 1,000 行的类别；不会有空的一份；负的标签、大于 255 的标签和其他整数类型，int8 会从头用到尾；别的比例；至少 20 个组，没有哪个组超过 $n/20$ 行，有的组很小，`stratify` 为真或为假；相同的种子（每一份的行相同）和不同的种子（行不同）。
#
# </details>
#
# <details><summary>提示 1 · 看哪里</summary>
#
# `rng.permutation(rows)` 打乱行号，`np.split` 在给定位置切开数组。哪些事要对每个类别分别去做？
#
# <details><summary>提示 2 · 哪一步</summary>
#
# 对每个类别：打乱它的行号，把比例累加、乘以行数、取整，在这些位置切开，每一份各得一段。不分层时，把所有行当作一个类别。有分组时，按随机顺序取各组，每次把一整组交给还缺行数最多的那一份。
#
# <details><summary>提示 3 · 填空</summary>
#
# ```python
# ends = np.round(np.cumsum(fractions)[:2] * ___).astype(int)
# ```
#
# </details></details></details>

# %% solution="split-indices"
def split_indices(y, fractions, rng, stratify=True, groups=None):
    """Return (train, validation, test), three arrays of row numbers that together hold each of 0 … n − 1 once.

    y: (n,) integer labels. fractions: three positive shares, sum 1. With stratify each class is split in these shares.
    groups: (n,) integers; rows of one group stay in one part, and stratify is ignored.
    """
    ### BEGIN SOLUTION
    parts = [[], [], []]
    if groups is not None:
        for group in rng.permutation(np.unique(groups)):
            lacking = [share * len(y) - sum(map(len, part)) for share, part in zip(fractions, parts, strict=True)]
            parts[int(np.argmax(lacking))].append(np.flatnonzero(groups == group))
    else:
        pools = [np.flatnonzero(y == label) for label in np.unique(y)] if stratify else [np.arange(len(y))]
        for pool in pools:
            cuts = np.round(np.cumsum(fractions)[:2] * len(pool)).astype(int)
            for part, piece in zip(parts, np.split(rng.permutation(pool), cuts), strict=True):
                part.append(piece)
    return tuple(rng.permutation(np.concatenate(part)) for part in parts)
    ### END SOLUTION

# %% setup
def three_parts(result, n):
    """Return the three parts as lists of int, once they are integer arrays that hold each row number once."""
    assert isinstance(result, (tuple, list)) and len(result) == 3, (
        "[ch08-TYPE] 请返回 (train, validation, test) 三个数组 / return three arrays (train, validation, test)")
    for part in result:
        assert isinstance(part, np.ndarray) and part.ndim == 1 and part.dtype.kind in "iu", (
            "[ch08-TYPE] 每一份应为一维整数数组 / each part is a one-dimensional array of integers")
    rows = [int(row) for part in result for row in part]
    assert len(rows) == len(set(rows)), "[ch08-OVERLAP] 有的行出现了两次：各份不得相交 / a row appears twice: the parts must not overlap"
    assert sorted(rows) == list(range(n)), "[ch08-COMPLETE] 每一行都要归入某一份，一行也不能丢 / every row belongs to a part, none may be lost"
    return [[int(row) for row in part] for part in result]

# %% test="split-covers-every-row-once" points=1
def _example():
    y = np.repeat([3, 5], [10, 90])
    before = y.copy()
    parts = three_parts(split_indices(y, (0.6, 0.2, 0.2), np.random.default_rng(1)), 100)
    assert [len(part) for part in parts] == [60, 20, 20], "[ch08-SIZES] 各份的行数与 `fractions` 不符 / the sizes of the parts differ from `fractions`"
    again = three_parts(split_indices(y, (0.6, 0.2, 0.2), np.random.default_rng(1)), 100)
    other = three_parts(split_indices(y, (0.6, 0.2, 0.2), np.random.default_rng(2)), 100)
    assert [set(part) for part in parts] == [set(part) for part in again], (
        "[ch08-SEED] 同一种子应给出同样的划分：随机数只取自 `rng` / equal seeds give equal parts: draw from `rng` only")
    assert set(parts[2]) != set(other[2]), "[ch08-SEED] 不同的种子应给出不同的测试集 / different seeds give different test sets"
    for share in ((0.6, 0.2, 0.2), (0.25, 0.25, 0.5)):
        parts = three_parts(split_indices(y, share, np.random.default_rng(3), stratify=False), 100)
        assert all(abs(len(part) - 100 * f) <= 2 for part, f in zip(parts, share, strict=True)), (
            "[ch08-SIZES] 不分层时，各份的行数也要符合 `fractions` / without `stratify` too the sizes follow `fractions`")
        assert max(parts[0]) > 90 and min(parts[2]) < 50, "[ch08-SHUFFLE] 先打乱，再切开 / shuffle before you cut"
    assert np.array_equal(y, before), "[ch08-INPUT] 不要改动 `y` / leave `y` as it is"


_example()
### BEGIN HIDDEN TESTS
def _check():
    rng = np.random.default_rng(80101)
    for sizes, share in (((17,), (0.5, 0.25, 0.25)), ((40, 3, 200), (0.7, 0.1, 0.2)), ((9, 9, 9, 9), (1 / 3, 1 / 3, 1 / 3)), ((101, 57), (0.1, 0.8, 0.1))):
        y = np.repeat(rng.choice(np.arange(-20, 20), len(sizes), replace=False), sizes)
        y = rng.permutation(y) if len(sizes) % 2 else y
        before, n, seed = y.copy(), len(y), int(rng.integers(1000))
        for stratify in (True, False):
            parts, again, other = (three_parts(split_indices(y, share, np.random.default_rng(s), stratify), n) for s in (seed, seed, seed + 1))
            slack = 2 * len(sizes) if stratify else 2
            assert all(abs(len(part) - n * f) <= slack + 1e-9 for part, f in zip(parts, share, strict=True)), (
                "[ch08-SIZES] 各份的行数与 `fractions` 不符 / the sizes of the parts differ from `fractions`")
            assert [set(p) for p in parts] == [set(p) for p in again], (
                "[ch08-SEED] 同一种子应给出同样的划分：随机数只取自 `rng` / equal seeds give equal parts: draw from `rng` only")
            assert [set(p) for p in parts] != [set(p) for p in other], (
                "[ch08-SEED] 不同的种子应给出不同的划分 / different seeds give different parts")
        assert np.array_equal(y, before), "[ch08-INPUT] 不要改动 `y` / leave `y` as it is"
    y = np.repeat(np.arange(60), 4)
    parts = three_parts(split_indices(y, (0.6, 0.2, 0.2), np.random.default_rng(80106), stratify=False), 240)
    assert all(abs(len(part) - 240 * f) <= 2 for part, f in zip(parts, (0.6, 0.2, 0.2), strict=True)), (
        "[ch08-SIZES] 不分层时，各份的行数也要符合 `fractions` / without `stratify` too the sizes follow `fractions`")
    # where a row goes is a matter of chance, for every row
    y = np.zeros(2000, dtype=int)
    for stratify in (True, False):
        parts = three_parts(split_indices(y, (0.6, 0.2, 0.2), np.random.default_rng(80102), stratify), 2000)
        for part, f in zip(parts, (0.6, 0.2, 0.2), strict=True):
            half = sum(row < 1000 for row in part)
            sd = math.sqrt(2000 * f * (1 - f) / 4)
            assert abs(half - 1000 * f) < 6 * sd, "[ch08-SHUFFLE] 先打乱，再切开：每一行去哪一份都要碰运气 / shuffle before you cut: chance decides for every row"


_check()
### END HIDDEN TESTS

# %% test="split-keeps-the-share-of-each-class" points=2
def _example():
    y = np.repeat([7, 2, 4], [200, 10, 50])
    parts = three_parts(split_indices(y, (0.6, 0.2, 0.2), np.random.default_rng(4)), 260)
    for part, f in zip(parts, (0.6, 0.2, 0.2), strict=True):
        for label, size in ((7, 200), (2, 10), (4, 50)):
            assert abs(sum(y[row] == label for row in part) - size * f) <= 2, (
                "[ch08-STRATIFY] 每个类别都要按 `fractions` 划分 / each class is split in the given fractions")
    first = [row for row in parts[0] if row < 200]
    assert max(first) > 130 and set(first) != set(range(len(first))), (
        "[ch08-SHUFFLE] 每个类别内部也要打乱 / shuffle within each class, too")


_example()
### BEGIN HIDDEN TESTS
def _check():
    rng = np.random.default_rng(80103)
    for sizes, share, kind in (
        ((1000, 10), (0.6, 0.2, 0.2), np.int64), ((3, 50, 7, 120), (0.7, 0.15, 0.15), np.int8), ((30, 3, 30), (0.2, 0.3, 0.5), np.uint8), ((11, 400), (0.8, 0.1, 0.1), np.int32),
    ):
        names = {np.int64: np.array([300, -3]), np.int8: np.array([7, 100, -3, -100])}.get(kind, rng.choice(50, len(sizes), replace=False))
        y = np.repeat(names, sizes).astype(kind)  # sorted by class
        for labels in (y, rng.permutation(y)):
            known = labels.copy()
            parts = three_parts(split_indices(labels, share, np.random.default_rng(int(rng.integers(1000)))), len(known))
            for part, f in zip(parts, share, strict=True):
                for name, size in zip(names, sizes, strict=True):
                    count = int(np.sum(known[np.array(part, dtype=int)] == name))
                    assert abs(count - size * f) <= 2 + 1e-9, (
                        "[ch08-STRATIFY] 每个类别都要按 `fractions` 划分 / each class is split in the given fractions")
    # within a class chance decides, too
    y = np.repeat([0, 1], 1000)
    parts = three_parts(split_indices(y, (0.5, 0.25, 0.25), np.random.default_rng(80104)), 2000)
    for part, f in zip(parts, (0.5, 0.25, 0.25), strict=True):
        early = sum(row % 1000 < 500 for row in part)
        assert abs(early - 1000 * f) < 6 * math.sqrt(2000 * f * (1 - f) / 4), (
            "[ch08-SHUFFLE] 每个类别内部也要打乱 / shuffle within each class, too")


_check()
### END HIDDEN TESTS

# %% test="split-keeps-groups-together" points=1
def _example():
    groups = np.repeat(np.arange(100, 215), np.repeat([20, 1], [15, 100]))  # 15 groups of 20 rows, 100 of one row
    y, before = np.arange(400) % 3, groups.copy()
    labels = y.copy()
    for seed in (5, 6, 7, 8):
        parts = three_parts(split_indices(y, (0.6, 0.2, 0.2), np.random.default_rng(seed), stratify=seed < 7, groups=groups), 400)
        homes = [{int(before[row]) for row in part} for part in parts]
        assert not (homes[0] & homes[1] or homes[0] & homes[2] or homes[1] & homes[2]), (
            "[ch08-GROUPS] 一个组不能拆到两份里 / no group may be in two parts")
        assert all(abs(len(part) - 400 * f) <= 40 for part, f in zip(parts, (0.6, 0.2, 0.2), strict=True)), (
            "[ch08-GROUP-SIZES] 各份按行数而不是按组数分配 / the shares count rows, not groups")
    assert np.array_equal(groups, before) and np.array_equal(y, labels), "[ch08-INPUT] 不要改动 `y` 和 `groups` / leave `y` and `groups` as they are"


_example()
### BEGIN HIDDEN TESTS
def _check():
    rng = np.random.default_rng(80105)
    for big, small, share in ((12, 150, (0.6, 0.2, 0.2)), (18, 45, (0.5, 0.25, 0.25)), (15, 100, (0.4, 0.4, 0.2)), (15, 120, (0.2, 0.2, 0.6)), (20, 0, (0.6, 0.2, 0.2)), (0, 60, (0.3, 0.4, 0.3))):
        # a few groups have most of the rows: shares of groups are no shares of rows
        size = 20 if small > 0 else 7
        while big and size * 20 > size * big + small:
            size -= 1
        sizes = np.repeat([size, 1], [big, small])
        groups = np.repeat(rng.choice(np.arange(-500, 500), big + small, replace=False), sizes)
        groups = rng.permutation(groups) if big % 4 == 0 else groups
        n = len(groups)
        y, before, seed = rng.integers(0, 4, n), groups.copy(), int(rng.integers(1000))
        labels = y.copy()
        parts, again, other = (
            three_parts(split_indices(y, share, np.random.default_rng(s), groups=groups), n) for s in (seed, seed, seed + 1)
        )
        for made in (parts, other):
            homes = [{int(before[row]) for row in part} for part in made]
            assert not (homes[0] & homes[1] or homes[0] & homes[2] or homes[1] & homes[2]), (
                "[ch08-GROUPS] 一个组不能拆到两份里 / no group may be in two parts")
            assert all(abs(len(part) - n * f) <= 0.1 * n + 1e-9 for part, f in zip(made, share, strict=True)), (
                "[ch08-GROUP-SIZES] 各份按行数而不是按组数分配 / the shares count rows, not groups")
        assert [set(p) for p in parts] == [set(p) for p in again], (
            "[ch08-SEED] 同一种子应给出同样的划分：随机数只取自 `rng` / equal seeds give equal parts: draw from `rng` only")
        assert [set(p) for p in parts] != [set(p) for p in other], (
            "[ch08-SEED] 不同的种子应给出不同的划分 / different seeds give different parts")
        assert np.array_equal(groups, before) and np.array_equal(y, labels), "[ch08-INPUT] 不要改动 `y` 和 `groups` / leave `y` and `groups` as they are"


_check()
### END HIDDEN TESTS

# %% demo
with when_solved("split_indices"):
    train_rows, validation_rows, test_rows = split_indices(digits_y, (0.6, 0.2, 0.2), np.random.default_rng(0))
    for name, rows in ((say(en="training  ", zh="训练集"), train_rows), (say(en="validation", zh="验证集"), validation_rows), (say(en="test      ", zh="测试集"), test_rows)):
        print(name, np.bincount(digits_y[rows], minlength=10))

# %% [markdown] lang="en"
# ## 3 · Which errors?
#
# One number hides what goes wrong. A network with two hidden layers was trained on only 400 digits. It reads 91 % of the other 1,397. The table below counts its readings by truth and answer; the diagonal holds the right ones.

# %% [markdown] lang="zh"
# ## 3 · 错在哪里
#
# 一个数掩盖了错误的去向。一个有两个隐藏层的网络，只用 400 张数字图像训练，在其余 1,397 张上的准确率是 91%。下表按真实类别和回答来统计，对角线上是读对的。

# %%
from course.figures.confusion import fig_confusion

explore(
    fig_confusion,
    predict=Prediction(
        say(en="Which error is the most frequent?", zh="哪种错误最多？"),
        options=(say(en="4 read as 9", zh="4 读成 9"), say(en="1 read as 2", zh="1 读成 2"), say(en="3 read as 8", zh="3 读成 8")),
        answer=1,
        because=(
            say(en="It looks likely, and does not happen once. Errors are to be looked at, not to be guessed.", zh="看似可能，其实一次也没有。错误要去看，不要去猜。"),
            say(en="Fifteen of the ones, written with a foot. Set the sliders to 1 and 2, and look at them.", zh="有十五个写了底横的 1。把滑块拨到 1 和 2，看一看。"),
            say(en="It looks likely, and happens three times. Errors are to be looked at, not to be guessed.", zh="看似可能，其实只有三次。错误要去看，不要去猜。"),
        ),
    ),
    alt=say(en="A table of ten rows and columns with counts, and the digits of the chosen cell.", zh="十行十列的计数表，以及所选格子里的数字图像。"),
    truth=slider(0, 9, 0, label=say(en="is", zh="实际是")),
    read=slider(0, 9, 0, label=say(en="read as", zh="读成")),
)

# %% [markdown] lang="en"
# ### Exercise 2 · `confusion_matrix` (3 points)
#
# ```python
# def confusion_matrix(y: np.ndarray, p: np.ndarray, k: int) -> np.ndarray
# ```
#
# `y` holds the true classes, `p` the predicted ones, both $(n,)$ integers in $0 \dots k-1$. Return the confusion matrix, an array $(k, k)$ of an integer type that holds the counts: row = truth, column = prediction, entry = number of such rows. A class that does not occur keeps its row and its column. Leave `y` and `p` as they are.
#
# Example: `y = [0, 0, 1]`, `p = [0, 1, 1]`, `k = 2` gives `[[1, 1], [0, 1]]`.
#
# <details><summary>What hidden tests also use</summary>
#
# Classes that never occur or are never predicted; k from 1 to 250; entries in the thousands; labels of every integer type, uint8 too; n = 0, which gives zeros.
#
# </details>
#
# <details><summary>Hint 1 · what to look at</summary>
#
# `M[y, p] += 1` looks right. Try it with a pair that occurs twice.
#
# <details><summary>Hint 2 · which step</summary>
#
# Repeated positions are added up by `np.add.at`, by a loop, or by `np.bincount` of one number per pair. With the last, mind that a uint8 cannot hold a number above 255.
#
# <details><summary>Hint 3 · the step with a gap</summary>
#
# ```python
# np.add.at(table, (y, ___), 1)
# ```
#
# </details></details></details>

# %% [markdown] lang="zh"
# ### 练习 2 · `confusion_matrix`（3 分）
#
# ```python
# def confusion_matrix(y: np.ndarray, p: np.ndarray, k: int) -> np.ndarray
# ```
#
# `y` 是真实类别，`p` 是预测类别，都是 $(n,)$ 的整数数组，取值 $0 \dots k-1$。返回混淆矩阵，即 $(k, k)$ 的整数数组，类型要装得下这些个数：行是真实类别，列是预测类别，元素是这样的样本个数。没有出现的类别也保留它的行和列。不得改动 `y` 和 `p`。
#
# 例：`y = [0, 0, 1]`、`p = [0, 1, 1]`、`k = 2`，得到 `[[1, 1], [0, 1]]`。
#
# <details><summary>隐藏测试还会用到</summary>
#
# 从不出现或从不被预测的类别；从 1 到 250 的 k；上千的元素；各种整数类型的标签，包括 uint8；n = 0，结果全为零。
#
# </details>
#
# <details><summary>提示 1 · 看哪里</summary>
#
# `M[y, p] += 1` 看上去没错。用一对出现两次的类别试试。
#
# <details><summary>提示 2 · 哪一步</summary>
#
# 同一位置要重复累加，可以用 `np.add.at`，用循环，或者给每对类别编一个号再用 `np.bincount`。用最后一种办法时，请注意 uint8 存不下大于 255 的数。
#
# <details><summary>提示 3 · 填空</summary>
#
# ```python
# np.add.at(table, (y, ___), 1)
# ```
#
# </details></details></details>

# %% solution="confusion-matrix"
def confusion_matrix(y, p, k):
    """Return the (k, k) integer table that counts the rows of each true class (row) and predicted class (column)."""
    ### BEGIN SOLUTION
    counts = np.zeros((k, k), dtype=int)
    np.add.at(counts, (y, p), 1)
    return counts
    ### END SOLUTION

# %% setup
def counted(result, k):
    """Return the table as nested lists, once it is an integer array (k, k)."""
    assert isinstance(result, np.ndarray), "[ch08-TYPE] 请返回数组 / return an array"
    assert result.shape == (k, k), "[ch08-SHAPE] 形状应为 (k, k)，没有出现的类别也占一行一列 / the shape is (k, k): absent classes keep their row and column"
    assert result.dtype.kind in "iu", "[ch08-DTYPE] 元素是个数，应为整数 / the entries are counts: integers"
    return result.tolist()

# %% test="confusion-counts-truth-by-prediction" points=2
def _example():
    y, p = np.array([0, 0, 1, 2, 2, 2, 2]), np.array([0, 1, 1, 2, 0, 0, 2])
    before = y.copy(), p.copy()
    table = counted(confusion_matrix(y, p, 3), 3)
    assert table != [[1, 0, 2], [1, 1, 0], [0, 0, 2]], "[ch08-TRANSPOSED] 行是真实类别，列是预测类别 / rows are the truth, columns the prediction"
    assert table == [[1, 1, 0], [0, 1, 0], [2, 0, 2]], "[ch08-COUNTS] 个数不对：同一对出现几次就加几次 / the counts are off: each occurrence of a pair adds one"
    assert np.array_equal(y, before[0]) and np.array_equal(p, before[1]), "[ch08-INPUT] 不要改动输入数组 / leave the input arrays as they are"


_example()
### BEGIN HIDDEN TESTS
def _check():
    rng = np.random.default_rng(80201)
    for n, k, kind in ((2, 3, np.int64), (50, 2, np.int32), (200, 5, np.uint8), (400, 17, np.uint8), (900, 250, np.uint8), (60, 12, np.int8), (300, 40, np.int16), (80, 3, np.uint64), (12_000, 2, np.int64), (1500, 2, np.uint8)):
        y, p = rng.integers(0, k, n).astype(kind), rng.integers(0, k, n).astype(kind)
        expected = [[0] * k for _ in range(k)]
        for truth, guess in zip(y, p, strict=True):
            expected[int(truth)][int(guess)] += 1
        before = y.copy(), p.copy()
        table = counted(confusion_matrix(y, p, k), k)
        assert [sum(row) for row in table] == [sum(row) for row in expected], (
            "[ch08-ROWS] 每行之和应为该真实类别的样本数 / each row sums to the number of rows of that true class")
        assert table == expected, "[ch08-COUNTS] 个数不对 / the counts are off"
        assert np.array_equal(y, before[0]) and np.array_equal(p, before[1]), "[ch08-INPUT] 不要改动输入数组 / leave the input arrays as they are"


_check()
### END HIDDEN TESTS

# %% test="confusion-keeps-absent-classes" points=1
def _example():
    table = counted(confusion_matrix(np.array([1, 1, 3]), np.array([1, 3, 3]), 5), 5)
    assert table == [[0, 0, 0, 0, 0], [0, 1, 0, 1, 0], [0, 0, 0, 0, 0], [0, 0, 0, 1, 0], [0, 0, 0, 0, 0]], (
        "[ch08-ABSENT] 没有出现的类别保留全零的行和列 / a class that does not occur keeps a row and a column of zeros")
    none = np.zeros(0, dtype=int)
    assert counted(confusion_matrix(none, none, 1), 1) == [[0]], "[ch08-EMPTY] 没有样本时结果全为零，只有一个类别时也一样 / without any row the table is zero, with a single class, too"


_example()
### BEGIN HIDDEN TESTS
def _check():
    rng = np.random.default_rng(80202)
    for k in (1, 4, 30):
        none = np.zeros(0, dtype=int)
        assert counted(confusion_matrix(none, none, k), k) == [[0] * k for _ in range(k)], (
            "[ch08-EMPTY] 没有样本时结果全为零 / without any row the table is zero")
    for k in (3, 8, 20):
        occurring, guessed = rng.choice(k, k // 2 + 1, replace=False), rng.choice(k, k // 2, replace=False)
        y, p = rng.choice(occurring, 40), rng.choice(guessed, 40)
        expected = [[0] * k for _ in range(k)]
        for truth, guess in zip(y, p, strict=True):
            expected[int(truth)][int(guess)] += 1
        assert counted(confusion_matrix(y, p, k), k) == expected, (
            "[ch08-ABSENT] 没有出现的类别保留全零的行和列 / a class that does not occur keeps a row and a column of zeros")


_check()
### END HIDDEN TESTS

# %% [markdown] lang="en"
# ## 4 · The price of an error
#
# A test for cancer. Malignant is the *positive* class; each patient falls into one of four boxes:
#
# | | alarm | no alarm |
# |---|---|---|
# | malignant | TP | FN, a missed cancer |
# | benign | FP, a false alarm | TN |
#
# **Precision** $= \mathrm{TP}/(\mathrm{TP}+\mathrm{FP})$ asks how many alarms are true. **Recall** $= \mathrm{TP}/(\mathrm{TP}+\mathrm{FN})$ asks how many cancers are found. Their harmonic mean is $\mathrm{F1} = 2\,\mathrm{TP}/(2\,\mathrm{TP}+\mathrm{FP}+\mathrm{FN})$. Accuracy sees none of this: where one in a hundred is ill, "all healthy" is 99 % accurate and has recall 0.
#
# The model gives a probability; the **threshold** decides from where on there is an alarm. Below: real patients, a logistic regression on three features.

# %% [markdown] lang="zh"
# ## 4 · 错误的代价
#
# 一项癌症检查。恶性是**正类**，每位患者落入四格之一：
#
# | | 报警 | 不报警 |
# |---|---|---|
# | 恶性 | TP | FN，漏诊 |
# | 良性 | FP，误报 | TN |
#
# **精确率** $= \mathrm{TP}/(\mathrm{TP}+\mathrm{FP})$ 问的是报警中有多少是真的。**召回率** $= \mathrm{TP}/(\mathrm{TP}+\mathrm{FN})$ 问的是真正的患者中有多少被查出来了。两者的调和平均是 $\mathrm{F1} = 2\,\mathrm{TP}/(2\,\mathrm{TP}+\mathrm{FP}+\mathrm{FN})$。请分清准确率与精确率。准确率看不见这些：百人中一人有病时，“全都健康”的准确率是 99%，召回率却是 0。
#
# 模型给出的是概率，从多大概率起报警，由**阈值**决定。下面是真实的患者，模型是用三个特征的逻辑回归。

# %%
from course.figures.threshold import fig_threshold

explore(
    fig_threshold,
    predict=Prediction(
        say(en="A missed cancer costs as much as ten false alarms. Which threshold is cheapest?", zh="漏诊一例的代价相当于十次误报。哪个阈值代价最小？"),
        options=(say(en="well below one half", zh="远小于 0.5"), say(en="one half", zh="正好 0.5"), say(en="well above one half", zh="远大于 0.5")),
        answer=0,
        because=(
            say(en="0.05: with the costs 1 and 10, an alarm pays from a probability of 1/11 on, if the probabilities are right. F1 is lower there, the cost too.", zh="0.05。代价为 1 比 10 时，若概率可信，概率超过 1/11 就值得报警。那里 F1 更低，代价也更低。"),
            say(en="That suits errors of equal price. Here it costs 94, at 0.05 only 42.", zh="那适合两种错误代价相同的情形。这里代价为 94，而在 0.05 处只有 42。"),
            say(en="That saves false alarms, the cheap errors, and misses cancers, the expensive ones.", zh="那样省下的是便宜的误报，多出来的却是昂贵的漏诊。"),
        ),
    ),
    alt=say(en="Four squares with the numbers of the four outcomes, and the cost against the threshold.", zh="四个方块表示四种结果的个数，另有代价随阈值变化的曲线。"),
    threshold=slider(0.01, 0.99, 0.5, step=0.01, label=say(en="threshold", zh="阈值")),
    miss=slider(1, 20, 10, label=say(en="cost of a miss", zh="漏诊的代价")),
)

# %% [markdown] lang="en"
# ### Exercise 3 · `prf` (4 points)
#
# ```python
# def prf(y: np.ndarray, p: np.ndarray, k: int, average: str = "macro", positive: int = 1) -> dict[str, float]
# ```
#
# `y` and `p` as in exercise 2, $n \ge 1$. Return a dict with the keys `"precision"`, `"recall"` and `"f1"`, all floats. `average` says of what:
#
# | `average` | |
# |---|---|
# | `"binary"` | class `positive` against all others, for every $k$ |
# | `"macro"` | the mean over all $k$ classes of their values; also of F1: the mean of the F1 values |
# | `"micro"` | the counts TP, FP, FN of all classes are added up first |
# | `"weighted"` | like macro, each class weighted by its number of true rows |
#
# 0/0 counts as 0: the precision of a class that is never predicted, the recall of one that never occurs, and F1 of one with neither. All $k$ classes count, absent ones too.
#
# Example: `y = [1, 1, 1, 0]`, `p = [1, 0, 0, 0]`, `k = 2`, `"binary"`: precision 1, recall ⅓, F1 ½.
#
# <details><summary>What hidden tests also use</summary>
#
# All four averages, by brute force; k from 2 to 12; classes with a single row; classes that never occur or are never predicted; predictions that are all wrong; `positive` = 0 and other classes; the breast-cancer data, where malignant is class **0**.
#
# </details>
#
# <details><summary>Hint 1 · what to look at</summary>
#
# Your confusion matrix has everything. Where in it are the true positives of each class, the predicted positives, the true rows?
#
# <details><summary>Hint 2 · which step</summary>
#
# Three arrays of length $k$: diagonal, column sums, row sums. `"binary"` keeps one entry of each, `"micro"` their sums. Then three divisions give precision, recall and F1, which is $2\,\mathrm{TP}$ over the sum of predicted positives and true rows. A weighted mean follows.
#
# <details><summary>Hint 3 · the step with a gap</summary>
#
# ```python
# precision = tp / np.maximum(___, 1)
# ```
#
# A count of 0 leaves 0 / 1 = 0.
#
# </details></details></details>

# %% [markdown] lang="zh"
# ### 练习 3 · `prf`（4 分）
#
# ```python
# def prf(y: np.ndarray, p: np.ndarray, k: int, average: str = "macro", positive: int = 1) -> dict[str, float]
# ```
#
# `y` 和 `p` 同练习 2，$n \ge 1$。返回字典，键为 `"precision"`、`"recall"` 和 `"f1"`，值都是浮点数。`average` 说明对谁而言：
#
# | `average` | |
# |---|---|
# | `"binary"` | 类别 `positive` 对其余所有类别，$k$ 为任意值 |
# | `"macro"` | 所有 $k$ 个类别各自的值取平均；F1 也一样，是各个 F1 的平均 |
# | `"micro"` | 先把所有类别的 TP、FP、FN 分别加起来 |
# | `"weighted"` | 与 macro 相似，但以每个类别真实的样本数为权 |
#
# 0/0 算作 0：从不被预测的类别的精确率，从不出现的类别的召回率，以及两者都没有的类别的 F1。所有 $k$ 个类别都算，没有出现的也算。
#
# 例：`y = [1, 1, 1, 0]`、`p = [1, 0, 0, 0]`、`k = 2`、`"binary"`：精确率 1，召回率 ⅓，F1 为 ½。
#
# <details><summary>隐藏测试还会用到</summary>
#
# 四种平均，逐个样本去数；从 2 到 12 的 k；只有一行的类别；从不出现或从不被预测的类别；全部预测错误；`positive` = 0 及其他类别；乳腺癌数据，其中恶性是类别 **0**。
#
# </details>
#
# <details><summary>提示 1 · 看哪里</summary>
#
# 你的混淆矩阵里什么都有。每个类别的真正例、被预测为该类的样本、真正属于该类的样本，各在矩阵的什么地方？
#
# <details><summary>提示 2 · 哪一步</summary>
#
# 三个长度为 $k$ 的数组：对角线、每列之和、每行之和。`"binary"` 各取其中一个元素，`"micro"` 各取总和。然后做三次除法，得到精确率、召回率和 F1；F1 是 $2\,\mathrm{TP}$ 除以预测数与真实数之和。最后是加权平均。
#
# <details><summary>提示 3 · 填空</summary>
#
# ```python
# precision = tp / np.maximum(___, 1)
# ```
#
# 计数为 0 时，得到 0 / 1 = 0。
#
# </details></details></details>

# %% solution="prf"
def prf(y, p, k, average="macro", positive=1):
    """Return {"precision", "recall", "f1"}, floats, of predictions p for the true classes y, both (n,) in 0 … k − 1.

    average: "binary" (class positive against the others), "macro", "micro" or "weighted" (by true counts). 0/0 counts as 0.
    """
    ### BEGIN SOLUTION
    counts = confusion_matrix(y, p, k)
    tp, predicted, true = np.diag(counts), counts.sum(axis=0), counts.sum(axis=1)
    if average == "binary":
        tp, predicted, true = (numbers[[positive]] for numbers in (tp, predicted, true))
    elif average == "micro":
        tp, predicted, true = (numbers.sum(keepdims=True) for numbers in (tp, predicted, true))
    shares = true / true.sum() if average == "weighted" else np.full(len(tp), 1 / len(tp))
    scores = {
        "precision": tp / np.maximum(predicted, 1),  # where nothing is predicted, tp is 0, too
        "recall": tp / np.maximum(true, 1),
        "f1": 2 * tp / np.maximum(predicted + true, 1),
    }
    return {name: float(shares @ values) for name, values in scores.items()}
    ### END SOLUTION

# %% setup
def three_scores(result):
    """Return (precision, recall, f1) of the dict, once they are finite floats."""
    assert isinstance(result, dict) and set(result) == {"precision", "recall", "f1"}, (
        "[ch08-KEYS] 请返回字典，键为 precision、recall、f1 / return a dict with the keys precision, recall, f1")
    for name in ("precision", "recall", "f1"):
        assert isinstance(result[name], (float, np.floating)), f"[ch08-TYPE] `{name}` 应为一个浮点数 / `{name}` must be one float"
        assert math.isfinite(result[name]), f"[ch08-ZERO] `{name}` 是 nan：0/0 算作 0 / `{name}` is nan: 0/0 counts as 0"
    return tuple(float(result[name]) for name in ("precision", "recall", "f1"))


def same_scores(result, expected):
    """Whether (precision, recall, f1) are those expected."""
    return all(math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-12) for a, b in zip(three_scores(result), expected, strict=True))

# %% test="prf-tells-precision-from-recall" points=1
def _example():
    y, p = np.array([1, 1, 1, 0, 0, 0, 0, 0, 0, 0]), np.array([1, 0, 0, 1, 0, 0, 0, 0, 0, 0])  # accuracy 0.7
    before = y.copy(), p.copy()
    precision, recall, f1 = three_scores(prf(y, p, 2, "binary"))
    assert math.isclose(precision, 1 / 2), "[ch08-PRECISION] 精确率：预测为正的样本中，真正为正的占多少 / precision: of the predicted positives, the share that is positive"
    assert math.isclose(recall, 1 / 3), "[ch08-RECALL] 召回率：真正为正的样本中，被找出的占多少 / recall: of the true positives, the share that is found"
    assert math.isclose(f1, 2 / 5), "[ch08-F1] F1 是调和平均，不是算术平均，也不是准确率 / F1 is the harmonic mean, neither the arithmetic one nor the accuracy"
    assert same_scores(prf(y, p, 2, "binary", positive=0), (6 / 8, 6 / 7, 12 / 15)), "[ch08-POSITIVE] 正类由 `positive` 决定 / `positive` says which class is the positive one"
    assert np.array_equal(y, before[0]) and np.array_equal(p, before[1]), "[ch08-INPUT] 不要改动输入数组 / leave the input arrays as they are"


_example()
### BEGIN HIDDEN TESTS
def _one_class(y, p, c):
    tp = fp = fn = 0
    for truth, guess in zip(y.tolist(), p.tolist(), strict=True):
        tp += truth == c and guess == c
        fp += truth != c and guess == c
        fn += truth == c and guess != c
    return tp, fp, fn


def _scores(tp, fp, fn):
    return (tp / (tp + fp) if tp + fp else 0.0, tp / (tp + fn) if tp + fn else 0.0, 2 * tp / (2 * tp + fp + fn) if tp + fp + fn else 0.0)


def _check():
    rng = np.random.default_rng(80301)
    for n, k in ((1, 2), (30, 2), (60, 3), (100, 7), (40, 12)):
        y, p = rng.integers(0, k, n), rng.integers(0, k, n)
        p = np.where(rng.random(n) < 0.5, y, p)
        for c in range(k):
            assert same_scores(prf(y, p, k, "binary", c), _scores(*_one_class(y, p, c))), (
                "[ch08-BINARY] binary：类别 `positive` 对其余所有类别 / binary: class `positive` against all others")
    table = load_breast_cancer()
    malignant = table.target  # 0 = malignant, 1 = benign
    guess = (table.data[:, 0] < 15).astype(int)
    for c in (0, 1):
        assert same_scores(prf(malignant, guess, 2, "binary", positive=c), _scores(*_one_class(malignant, guess, c))), (
            "[ch08-POSITIVE] 正类由 `positive` 决定 / `positive` says which class is the positive one")
    y = rng.integers(0, 2, 20)
    assert same_scores(prf(y, 1 - y, 2, "binary"), (0.0, 0.0, 0.0)), "[ch08-ZERO] 全部答错时三者都是 0 / all wrong gives 0 for all three"


_check()
### END HIDDEN TESTS

# %% test="prf-averages-over-classes" points=2
def _example():
    # rows per class 4, 2, 2; predicted 2, 4, 2; right 2, 1, 1
    y, p = np.array([0, 0, 0, 0, 1, 1, 2, 2]), np.array([0, 0, 1, 1, 1, 2, 1, 2])
    P, R, F = (1, 1 / 4, 1 / 2), (1 / 2, 1 / 2, 1 / 2), (4 / 6, 2 / 6, 2 / 4)
    assert same_scores(prf(y, p, 3), tuple(sum(v) / 3 for v in (P, R, F))), (
        "[ch08-MACRO] macro：每个类别先算出各自的值，再取平均；F1 也是如此 / macro: the mean of the values of the classes, for F1 too")
    assert same_scores(prf(y, p, 3, "micro"), (1 / 2, 1 / 2, 1 / 2)), "[ch08-MICRO] micro：先把各类别的计数加起来 / micro: add up the counts of the classes first"
    assert same_scores(prf(y, p, 3, "weighted"), tuple((4 * v[0] + 2 * v[1] + 2 * v[2]) / 8 for v in (P, R, F))), (
        "[ch08-WEIGHTED] weighted：以真实的样本数为权，不是预测的个数 / weighted: by the true counts, not the predicted ones")


_example()
### BEGIN HIDDEN TESTS
def _average(y, p, k, average):
    counts, per_class = [], []
    for c in range(k):
        tp = fp = fn = 0
        for truth, guess in zip(y.tolist(), p.tolist(), strict=True):
            tp += truth == c and guess == c
            fp += truth != c and guess == c
            fn += truth == c and guess != c
        counts.append((tp, fp, fn))
        per_class.append((tp / (tp + fp) if tp + fp else 0.0, tp / (tp + fn) if tp + fn else 0.0, 2 * tp / (2 * tp + fp + fn) if tp + fp + fn else 0.0))
    if average == "micro":
        tp, fp, fn = (sum(count[i] for count in counts) for i in range(3))
        return tp / (tp + fp), tp / (tp + fn), 2 * tp / (2 * tp + fp + fn)
    weights = [1 / k] * k if average == "macro" else [(tp + fn) / len(y) for tp, fp, fn in counts]
    return tuple(sum(w * scores[i] for w, scores in zip(weights, per_class, strict=True)) for i in range(3))


def _check():
    rng = np.random.default_rng(80302)
    for n, k, kind in ((12, 2, np.int64), (50, 3, np.uint8), (90, 5, np.int32), (200, 12, np.int64), (14, 9, np.int64)):
        y = np.minimum(rng.geometric(0.4, n) - 1, k - 1) if n != 14 else rng.permutation(np.minimum(np.arange(n), k - 1))  # one row per class, but the last
        p = np.where(rng.random(n) < 0.5, y, rng.integers(0, k, n))
        y, p = y.astype(kind), p.astype(kind)
        for average in ("macro", "micro", "weighted"):
            assert same_scores(prf(y, p, k, average), _average(y, p, k, average)), (
                f"[ch08-AVERAGE] `{average}` 的平均不对 / the average `{average}` is off")
        assert same_scores(prf(y, p, k), _average(y, p, k, "macro")), "[ch08-MACRO] 默认是 macro / the default is macro"


_check()
### END HIDDEN TESTS

# %% test="prf-counts-zero-over-zero-as-zero" points=1
def _example():
    # class 1 never occurs, class 2 is never predicted, class 3 neither
    y, p = np.array([0, 0, 0, 2]), np.array([0, 0, 1, 0])
    P, R, F = (2 / 3, 0, 0, 0), (2 / 3, 0, 0, 0), (4 / 6, 0, 0, 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        assert same_scores(prf(y, p, 4), tuple(sum(v) / 4 for v in (P, R, F))), (
            "[ch08-ABSENT] 没有出现的类别也要计入平均，其值为 0 / absent classes count in the mean, with 0")
        assert same_scores(prf(y, p, 4, "binary", positive=3), (0.0, 0.0, 0.0)), "[ch08-ZERO] 0/0 算作 0 / 0/0 counts as 0"


_example()
### BEGIN HIDDEN TESTS
def _check():
    rng = np.random.default_rng(80303)
    for k in (3, 6, 10):
        occurring, guessed = rng.choice(k, k // 2 + 1, replace=False), rng.choice(k, k // 2, replace=False)
        y, p = rng.choice(occurring, 30), rng.choice(guessed, 30)
        macro, weighted = [0.0, 0.0, 0.0], [0.0, 0.0, 0.0]
        with np.errstate(divide="ignore", invalid="ignore"):
            for c in range(k):
                tp, predicted, true = int(np.sum((y == c) & (p == c))), int(np.sum(p == c)), int(np.sum(y == c))
                scores = (tp / predicted if predicted else 0.0, tp / true if true else 0.0, 2 * tp / (predicted + true) if predicted + true else 0.0)
                assert same_scores(prf(y, p, k, "binary", c), scores), "[ch08-ZERO] 0/0 算作 0 / 0/0 counts as 0"
                macro = [a + b / k for a, b in zip(macro, scores, strict=True)]
                weighted = [a + b * true / 30 for a, b in zip(weighted, scores, strict=True)]
            assert same_scores(prf(y, p, k), macro), "[ch08-ABSENT] 没有出现的类别也要计入平均，其值为 0 / absent classes count in the mean, with 0"
            assert same_scores(prf(y, p, k, "weighted"), weighted), "[ch08-WEIGHTED] weighted：以真实的样本数为权 / weighted: by the true counts"
        y = rng.integers(0, k, 25)
        for average in ("macro", "micro", "weighted"):
            assert same_scores(prf(y, (y + 1) % k, k, average), (0.0, 0.0, 0.0)), "[ch08-ZERO] 全部答错时三者都是 0 / all wrong gives 0 for all three"


_check()
### END HIDDEN TESTS

# %% [markdown] lang="en"
# ## 5 · Without a threshold
#
# Move the threshold from 1 down to 0, and draw the share of cancers found against the share of healthy people alarmed: the **ROC curve**. Its area, the AUC, needs no threshold. It is the probability that a random positive row scores higher than a random negative one. So it can be counted, pair by pair. 1 is a perfect order and ½ a coin. Below ½ the score is informative too, only turned around: −score has 1 − AUC.

# %% [markdown] lang="zh"
# ## 5 · 不用阈值
#
# 让阈值从 1 降到 0，以被误报的健康人的比例为横轴，以被找到的癌症的比例为纵轴，画出来就是 **ROC 曲线**。它下面的面积 AUC 不需要阈值：它等于随机取一个正例和一个负例时，正例得分更高的概率。所以可以一对一对地数出来。1 是完全分开，½ 等于抛硬币。低于 ½ 的得分也有信息，只是方向反了：取负号之后就是 1 − AUC。

# %% [markdown] lang="en"
# ### Exercise 4 · `roc_auc` (3 points)
#
# ```python
# def roc_auc(y: np.ndarray, s: np.ndarray) -> float
# ```
#
# `y` is $(n,)$ with the integers 0 and 1, `s` $(n,)$ holds the scores: any finite numbers of any real dtype, $n \le 1000$. Return the share of all pairs of a positive and a negative row in which the positive one has the higher score; a tie counts ½. If one of the classes is missing, raise `ValueError`. Leave `y` and `s` as they are.
#
# Example: `y = [0, 1, 0, 1]`, `s = [1, 3, 3, 4]`: of the four pairs three are in order and one is a tie, so the result is 0.875.
#
# <details><summary>What hidden tests also use</summary>
#
# Many ties; constant scores; scores that are shifted, stretched or exponentiated, which changes nothing; inverted scores, which give 1 − AUC; scores that differ by as little as 1e-12, which is no tie; float32, int and uint8 scores, over the whole range of int8, and integers below 2⁵³; `y` of other integer types; rows that come class by class; very unequal classes.
#
# </details>
#
# <details><summary>Hint 1 · what to look at</summary>
#
# The definition counts pairs. With $n \le 1000$ there are at most 250,000 of them.
#
# <details><summary>Hint 2 · which step</summary>
#
# Compare every positive with every negative score by broadcasting: a column against a row. Compare, do not subtract: uint8 differences wrap around.
#
# <details><summary>Hint 3 · the step with a gap</summary>
#
# ```python
# order = (high[:, None] > low[None, :]) + ___ * (high[:, None] == low[None, :])
# ```
#
# </details></details></details>

# %% [markdown] lang="zh"
# ### 练习 4 · `roc_auc`（3 分）
#
# ```python
# def roc_auc(y: np.ndarray, s: np.ndarray) -> float
# ```
#
# `y` 为 $(n,)$，取值为整数 0 和 1；`s` 为 $(n,)$ 的得分，可以是任何实数类型的有限数，$n \le 1000$。在一个正例与一个负例组成的所有数对中，返回正例得分更高的比例；得分相同算 ½。若缺少其中一个类别，抛出 `ValueError`。不得改动 `y` 和 `s`。
#
# 例：`y = [0, 1, 0, 1]`、`s = [1, 3, 3, 4]`：四对中有三对顺序正确，一对相同，结果是 0.875。
#
# <details><summary>隐藏测试还会用到</summary>
#
# 大量相同的得分；全都一样的得分；把得分平移、拉伸或取指数，结果不变；得分取反，结果为 1 − AUC；只差 1e-12 的得分，这不算相同；float32、int 和 uint8 的得分，int8 则用到整个范围，整数都小于 2⁵³；其他整数类型的 `y`；按类别排好的行；悬殊的类别比例。
#
# </details>
#
# <details><summary>提示 1 · 看哪里</summary>
#
# 定义就是数对数。$n \le 1000$ 时最多 250,000 对。
#
# <details><summary>提示 2 · 哪一步</summary>
#
# 用广播把每个正例的得分与每个负例的得分相比：一列对一行。要比较，不要相减：uint8 的差会绕回去。
#
# <details><summary>提示 3 · 填空</summary>
#
# ```python
# order = (high[:, None] > low[None, :]) + ___ * (high[:, None] == low[None, :])
# ```
#
# </details></details></details>

# %% solution="roc-auc"
def roc_auc(y, s):
    """Return the probability that a positive row scores higher than a negative one, ties counting ½.

    y: (n,) with 0 and 1. s: (n,) finite scores of any real dtype. Raises ValueError if a class is missing.
    """
    ### BEGIN SOLUTION
    positive, negative = s[y == 1], s[y == 0]
    if not len(positive) or not len(negative):
        raise ValueError("the area needs positive and negative rows")
    higher = positive[:, None] > negative
    equal = positive[:, None] == negative
    return float(higher.mean() + equal.mean() / 2)
    ### END SOLUTION

# %% setup
def one_share(value):
    """Return a result as float, once it is one number in 0 … 1."""
    assert isinstance(value, (float, np.floating)), "[ch08-TYPE] 请返回一个浮点数 / return one float"
    assert math.isfinite(value), "[ch08-NAN] 结果应为有限的数 / the result must be finite"
    assert -1e-12 <= value <= 1 + 1e-12, "[ch08-RANGE] 结果应在 0 与 1 之间 / the result lies between 0 and 1"
    return float(value)

# %% test="auc-is-the-chance-of-the-right-order" points=2
def _example():
    assert one_share(roc_auc(np.array([0, 1, 0, 1]), np.array([0.1, 0.8, 0.3, 0.9]))) == 1.0, "[ch08-AUC] 完全分开时为 1 / perfect separation gives 1"
    # 3 positives, 4 negatives, no ties: 9 of 12 pairs are in order
    y, s = np.array([1, 0, 0, 1, 0, 1, 0]), np.array([0.9, 0.2, 0.7, 0.6, -3.0, 0.4, 0.5])
    before = y.copy(), s.copy()
    assert math.isclose(one_share(roc_auc(y, s)), 9 / 12), (
        "[ch08-AUC] 在所有“一正一负”的数对中，数正例得分更高的比例 / of all pairs of a positive and a negative row, count those in which the positive one is higher")
    assert math.isclose(one_share(roc_auc(y, -s)), 3 / 12), "[ch08-ORDER] 得分取反，结果为 1 − AUC / inverted scores give 1 − AUC"
    assert np.array_equal(y, before[0]) and np.array_equal(s, before[1]), "[ch08-INPUT] 不要改动输入数组 / leave the input arrays as they are"


_example()
### BEGIN HIDDEN TESTS
def _check():
    rng = np.random.default_rng(80401)
    for n, share in ((2, 0.5), (10, 0.3), (41, 0.5), (120, 0.05), (80, 0.9)):
        y = (rng.random(n) < share).astype(int)
        y[0], y[-1] = 0, 1
        s = rng.normal(size=n) + y
        won = [a > b for a in s[y == 1].tolist() for b in s[y == 0].tolist()]
        expected = sum(won) / len(won)
        before = y.copy(), s.copy()
        value = one_share(roc_auc(y, s))
        assert math.isclose(value, expected, rel_tol=1e-9, abs_tol=1e-12), "[ch08-AUC] 与逐对比较的结果不符 / it differs from the comparison of all pairs"
        for same in (s + 100, 7 * s, np.exp(s), s**3, s.astype(np.float32)):
            assert math.isclose(one_share(roc_auc(y, same)), expected, rel_tol=1e-9, abs_tol=1e-12), (
                "[ch08-MONOTONE] 只有顺序起作用：单调变换不改变结果 / only the order counts: a monotone change of the scores changes nothing")
        assert math.isclose(one_share(roc_auc(y, -s)), 1 - expected, rel_tol=1e-9, abs_tol=1e-12), "[ch08-ORDER] 得分取反，结果为 1 − AUC / inverted scores give 1 − AUC"
        assert np.array_equal(y, before[0]) and np.array_equal(s, before[1]), "[ch08-INPUT] 不要改动输入数组 / leave the input arrays as they are"
    y = np.repeat([0, 1], [30, 25])  # class by class
    order = rng.permutation(55) + 20 * y
    won = [float(a > b) + 0.5 * (a == b) for a in order[y == 1].tolist() for b in order[y == 0].tolist()]
    for s, cause in (
        (1 + 1e-12 * order, "[ch08-CLOSE] 得分只差一点点也不算相同 / scores that differ by very little are no tie"),
        ((3 * order - 120).astype(np.int8), "[ch08-RANGE-OF-TYPE] 得分的类型有范围：不要先去换算得分 / the type of the scores has a range: do not rescale them first"),
    ):
        before = y.copy(), s.copy()
        assert math.isclose(one_share(roc_auc(y, s)), sum(won) / len(won), rel_tol=1e-9), cause
        assert np.array_equal(y, before[0]) and np.array_equal(s, before[1]), "[ch08-INPUT] 不要改动输入数组 / leave the input arrays as they are"


_check()
### END HIDDEN TESTS

# %% test="auc-counts-a-tie-as-half" points=1
def _example():
    assert one_share(roc_auc(np.array([0, 1, 0, 1]), np.array([1.0, 3.0, 3.0, 4.0]))) == 0.875, "[ch08-TIES] 得分相同算 ½ / a tie counts ½"
    assert one_share(roc_auc(np.array([1, 1, 0, 0, 0]), np.full(5, 2.0))) == 0.5, "[ch08-TIES] 得分全都一样时为 0.5 / constant scores give 0.5"
    for y in (np.zeros(4, dtype=int), np.ones(3, dtype=int)):
        try:
            roc_auc(y, np.arange(float(len(y))))
        except ValueError:
            continue
        raise AssertionError("[ch08-ONE-CLASS] 只有一个类别时应抛出 `ValueError` / with one class only, raise `ValueError`")


_example()
### BEGIN HIDDEN TESTS
def _check():
    rng = np.random.default_rng(80402)
    for n, levels, kind in ((30, 3, np.float64), (200, 5, np.int64), (150, 2, np.float32), (400, 250, np.uint8), (60, 9, np.uint8), (1000, 12, np.int16)):
        y = (rng.random(n) < 0.4).astype(int)
        y[:2] = 0, 1
        s = (rng.integers(0, levels, n) + y).astype(kind)
        y = y.astype(np.uint8 if n == 1000 else int)
        pairs = [(a > b) + 0.5 * (a == b) for a in s[y == 1].tolist() for b in s[y == 0].tolist()]
        assert math.isclose(one_share(roc_auc(y, s)), sum(pairs) / len(pairs), rel_tol=1e-9, abs_tol=1e-12), (
            "[ch08-TIES] 得分相同算 ½；先后次序不起作用 / a tie counts ½, whatever the order of the rows")
    for value in (0, -5.0, 1e6):
        assert math.isclose(one_share(roc_auc(np.array([0, 1, 1]), np.full(3, value))), 0.5), "[ch08-TIES] 得分全都一样时为 0.5 / constant scores give 0.5"
    for y in (np.zeros(1, dtype=int), np.ones(7, dtype=int)):
        try:
            roc_auc(y, rng.normal(size=len(y)))
        except ValueError:
            continue
        raise AssertionError("[ch08-ONE-CLASS] 只有一个类别时应抛出 `ValueError` / with one class only, raise `ValueError`")


_check()
### END HIDDEN TESTS

# %% demo
with when_solved("roc_auc"):
    cancer = load_breast_cancer()
    malignant = (cancer.target == 0).astype(int)
    for feature in ("mean radius", "mean texture", "mean symmetry", "fractal dimension error"):
        values = cancer.data[:, list(cancer.feature_names).index(feature)]
        print(f"{feature:24} AUC {roc_auc(malignant, values):.3f}")

# %% [markdown] lang="en"
# The radius alone puts a malignant tumour above a benign one in 94 of 100 pairs, the texture in 78, the last feature in 62: not much better than a coin.
#
# ## 6 · Is it more than chance?
#
# $k$ of $n$ test rows are right. Another sample of rows would give another $k$. Which true shares $\pi$ fit the observation? **Wilson's interval** holds all $\pi$ from which $k/n$ is at most $z_0$ standard deviations $\sqrt{\pi(1-\pi)/n}$ away ($z_0 = 1.96$ for 95 %):
#
# $$\frac{\dfrac kn + \dfrac{z_0^2}{2n} \pm z_0\sqrt{\dfrac{\frac kn\left(1-\frac kn\right)}{n} + \dfrac{z_0^2}{4n^2}}}{1 + \dfrac{z_0^2}{n}}$$
#
# To compare two tests, pool the shares, $\bar\pi = (k_1+k_2)/(n_1+n_2)$, and take
#
# $$z = \frac{k_1/n_1 - k_2/n_2}{\sqrt{\bar\pi\,(1-\bar\pi)\,(1/n_1+1/n_2)}}, \qquad p = \mathrm{erfc}\left(\frac{|z|}{\sqrt 2}\right)$$
#
# The p-value is the probability of a difference at least this large if there is none. Article A prints an accuracy of 0.9900, article B 0.9880, each from one run and 10,000 images. We ran each program four times, once without a seed and with the seeds 0, 1 and 2: the eight runs on the left below.

# %% [markdown] lang="zh"
# 单看半径，100 对里有 94 对是恶性的得分更高；看纹理有 78 对；最后一个特征只有 62 对，比抛硬币好不了多少。
#
# ## 6 · 是否只是碰巧
#
# $n$ 个测试样本中对了 $k$ 个。换一批样本，$k$ 就会变。哪些真实的比例 $\pi$ 与观察相符？**Wilson 区间**包含所有这样的 $\pi$：$k/n$ 离它不超过 $z_0$ 个标准差 $\sqrt{\pi(1-\pi)/n}$（95% 对应 $z_0 = 1.96$）：
#
# $$\frac{\dfrac kn + \dfrac{z_0^2}{2n} \pm z_0\sqrt{\dfrac{\frac kn\left(1-\frac kn\right)}{n} + \dfrac{z_0^2}{4n^2}}}{1 + \dfrac{z_0^2}{n}}$$
#
# 比较两次测试时，把比例合并，$\bar\pi = (k_1+k_2)/(n_1+n_2)$，再取
#
# $$z = \frac{k_1/n_1 - k_2/n_2}{\sqrt{\bar\pi\,(1-\bar\pi)\,(1/n_1+1/n_2)}}, \qquad p = \mathrm{erfc}\left(\frac{|z|}{\sqrt 2}\right)$$
#
# p 值是假如没有差别时，出现至少这么大差距的概率。文章 A 印出的准确率是 0.9900，文章 B 是 0.9880，都只运行了一次，各用 10,000 张图像测得。我们把两个程序各运行了四次，一次不设种子，三次用种子 0、1、2：下图左边就是这八次。

# %%
from course.figures.intervals import fig_intervals

explore(
    fig_intervals,
    predict=Prediction(
        say(en="How many test images does each program need before 0.9900 and 0.9880 differ at 5 %?", zh="每个程序要测试多少张图像，0.9900 与 0.9880 的差别才在 5% 水平上显著？"),
        options=(say(en="5,000 are enough", zh="5,000 张就够"), say(en="the 10,000 of MNIST are enough", zh="MNIST 的 10,000 张就够"), say(en="more than 20,000", zh="要 20,000 张以上")),
        answer=2,
        because=(
            say(en="With 5,000 a difference of this size comes by chance in one case of three.", zh="5,000 张时，三次里就有一次碰巧出现这么大的差距。"),
            say(en="With 10,000 p is 0.175: the articles' numbers do not say which program is better.", zh="10,000 张时 p 是 0.175：两篇文章的数字说明不了哪个程序更好。"),
            say(en="About 21,000 each. And the spread between seeds comes on top: eight runs lie between 0.9871 and 0.9906.", zh="各约 21,000 张。而且还有种子带来的波动：八次运行落在 0.9871 与 0.9906 之间。"),
        ),
    ),
    alt=say(en="Left: eight measured accuracies. Right: the p-value against the number of test images.", zh="左：八次测得的准确率。右：p 值随测试图像数的变化。"),
    n=slider(1000, 60_000, 10_000, step=1000, label=say(en="test images", zh="测试图像数")),
)

# %% [markdown] lang="en"
# ### Exercise 5 · `wilson_ci` (1 point)
#
# ```python
# def wilson_ci(k: int, n: int, z: float = 1.959964) -> tuple[float, float]
# ```
#
# $k$ of $n$ rows were right, $n \ge 1$. Return the two ends (low, high) of Wilson's interval, floats in 0 … 1, by the formula above; `z` is its $z_0$. Example: 0 of 10 with $z = 2$ gives 0 and 2/7.
#
# <details><summary>What hidden tests also use</summary>
#
# k = 0 and k = n; n from 1 to a million; z from 0.5 to 4. The ends are compared to 1e-8; they may lie up to 1e-12 beyond 0 or 1.
#
# </details>
#
# <details><summary>Hint 1 · what to look at</summary>
#
# The formula has a centre, a half width and one common denominator.
#
# <details><summary>Hint 2 · which step</summary>
#
# Compute the centre and the half width first. Under the root stand two terms, both divided by $n$ at least once.
#
# <details><summary>Hint 3 · the step with a gap</summary>
#
# ```python
# centre = (k / n + z**2 / (2 * n)) / (1 + ___)
# ```
#
# </details></details></details>

# %% [markdown] lang="zh"
# ### 练习 5 · `wilson_ci`（1 分）
#
# ```python
# def wilson_ci(k: int, n: int, z: float = 1.959964) -> tuple[float, float]
# ```
#
# $n$ 个样本中对了 $k$ 个，$n \ge 1$。按上面的公式返回 Wilson 区间的两个端点 (low, high)，都是 0 到 1 之间的浮点数；`z` 就是公式中的 $z_0$。例：10 个中对 0 个，$z = 2$，得到 0 和 2/7。
#
# <details><summary>隐藏测试还会用到</summary>
#
# k = 0 和 k = n；从 1 到一百万的 n；从 0.5 到 4 的 z。端点的误差不超过 1e-8 即可；超出 0 或 1 不到 1e-12 也是允许的。
#
# </details>
#
# <details><summary>提示 1 · 看哪里</summary>
#
# 公式里有一个中心、一个半宽和一个公共的分母。
#
# <details><summary>提示 2 · 哪一步</summary>
#
# 先分别算出中心和半宽。根号下有两项，每一项都至少除以一次 $n$。
#
# <details><summary>提示 3 · 填空</summary>
#
# ```python
# centre = (k / n + z**2 / (2 * n)) / (1 + ___)
# ```
#
# </details></details></details>

# %% solution="wilson-ci"
def wilson_ci(k, n, z=1.959964):
    """Return (low, high), the ends of Wilson's interval for a share of which k of n were observed; both in 0 … 1."""
    ### BEGIN SOLUTION
    share, scale = k / n, 1 + z * z / n
    middle = (share + z * z / (2 * n)) / scale
    half = z * math.sqrt(share * (1 - share) / n + (z / (2 * n)) ** 2) / scale
    return max(0.0, middle - half), min(1.0, middle + half)
    ### END SOLUTION

# %% test="wilson-ends-are-z-deviations-away" points=1
def _ends(result):
    assert isinstance(result, (tuple, list)) and len(result) == 2, "[ch08-TYPE] 请返回 (low, high) / return (low, high)"
    for end in result:
        assert isinstance(end, (float, np.floating)) and math.isfinite(end), "[ch08-TYPE] 两个端点应为有限的浮点数 / both ends are finite floats"
        assert -1e-12 <= end <= 1 + 1e-12, "[ch08-RANGE] 区间不会超出 0 与 1，也不用百分数 / the interval never leaves 0 … 1, and is not in per cent"
    return float(result[0]), float(result[1])


def _example():
    for k, n, z in ((9, 10, 1.959964), (0, 10, 2.0), (90, 100, 1.0)):
        low, high = _ends(wilson_ci(k, n, z))
        assert low - 1e-12 <= k / n <= high + 1e-12, "[ch08-INSIDE] 区间包含 k/n / the interval contains k/n"
        # the ends are the shares p from which k/n is z standard deviations of p away
        for p in (low, high):
            assert abs((k / n - p) ** 2 - z * z * p * (1 - p) / n) < 1e-9, (
                "[ch08-WILSON] 端点 p 应满足 |k/n − p| = z·√(p(1 − p)/n)，标准差用 p 而不是 k/n 来算 / an end p satisfies |k/n − p| = z·√(p(1 − p)/n), with the deviation of p, not of k/n")
        assert high - low > 0.02, "[ch08-WIDTH] k = 0 时区间也有宽度 / the interval has a width for k = 0, too"


_example()
### BEGIN HIDDEN TESTS
def _check():
    rng = np.random.default_rng(80501)
    cases = [(9900, 10_000, 1.959964), (0, 1, 1.959964), (1, 1, 1.0), (0, 50, 3.0), (50, 50, 1.959964), (2, 9, 1.959964), (120, 500, 3.0), (999_999, 1_000_000, 4.0)]
    cases += [(int(rng.integers(0, n + 1)), n, float(z)) for n, z in zip((3, 17, 60, 500, 4000, 10**6), rng.uniform(0.5, 4, 6), strict=True)]
    for k, n, z in cases:
        # the quadratic (1 + z²/n) p² − (2 k/n + z²/n) p + (k/n)² = 0
        a, b, c = 1 + z * z / n, -(2 * k / n + z * z / n), (k / n) ** 2
        root = math.sqrt(max(0.0, b * b - 4 * a * c))
        low, high = _ends(wilson_ci(k, n, z))
        assert abs(low - (-b - root) / (2 * a)) < 1e-8 and abs(high - (-b + root) / (2 * a)) < 1e-8, (
            "[ch08-WILSON] 与 Wilson 区间的公式不符 / it differs from the formula of Wilson's interval")
    low, high = _ends(wilson_ci(0, 1))  # high = z²/(1 + z²)
    assert abs(low) < 1e-8 and abs(high - 1.959964**2 / (1 + 1.959964**2)) < 1e-8, "[ch08-DEFAULT] z 的默认值是 1.959964，即 95 % / the default z is 1.959964, for 95 %"


_check()
### END HIDDEN TESTS

# %% [markdown] lang="en"
# ### Exercise 6 · `is_different` (2 points)
#
# ```python
# def is_different(k1: int, n1: int, k2: int, n2: int, alpha: float = 0.05) -> tuple[bool, float]
# ```
#
# $k_1$ of $n_1$ rows were right in one test, $k_2$ of $n_2$ in another; $n_1, n_2 \ge 1$. Return the pair (is $p$ < `alpha`?, $p$), where $p$ is the two-sided p-value above, with pooled variance. If all rows of both tests are right, or all wrong, there is no difference: $p = 1$.
#
# Example: 18 of 20 against 12 of 20 gives $p = 0.0285$, to four digits, and `True`.
#
# <details><summary>What hidden tests also use</summary>
#
# Unequal n, also with equal counts; equal shares, where p = 1; all right and all wrong, in both tests or in one; exchanged tests, which change nothing; the numbers of the articles; other `alpha`, 1 too; p compared at a relative tolerance of 1e-6, or to 1e-12 where it is tiny.
#
# </details>
#
# <details><summary>Hint 1 · what to look at</summary>
#
# The variance uses one share for both tests: all right ones over all rows. When is it 0?
#
# <details><summary>Hint 2 · which step</summary>
#
# `math.erfc(t)` is the probability that a normal number of deviation $1/\sqrt2$ lies farther than $t$ from 0, on either side. So divide $|z|$ by $\sqrt2$.
#
# <details><summary>Hint 3 · the step with a gap</summary>
#
# ```python
# deviation = math.sqrt(pooled * (1 - pooled) * (1 / n1 + ___))
# ```
#
# </details></details></details>

# %% [markdown] lang="zh"
# ### 练习 6 · `is_different`（2 分）
#
# ```python
# def is_different(k1: int, n1: int, k2: int, n2: int, alpha: float = 0.05) -> tuple[bool, float]
# ```
#
# 一次测试的 $n_1$ 个样本中对了 $k_1$ 个，另一次 $n_2$ 个中对了 $k_2$ 个；$n_1, n_2 \ge 1$。返回一对值（$p$ 是否小于 `alpha`，$p$），其中 $p$ 是上面的双侧 p 值，方差用合并的比例。如果两次全对，或者全错，就没有差别：$p = 1$。
#
# 例：20 个中对 18 个，与 20 个中对 12 个相比，$p = 0.0285$（四位小数），返回 `True`。
#
# <details><summary>隐藏测试还会用到</summary>
#
# 不相等的 n，也有答对个数相同的情形；相等的比例，此时 p = 1；全对和全错，两次都是或只有一次；交换两次测试，结果不变；两篇文章的数字；别的 `alpha`，包括 1；p 按相对误差 1e-6 比较，极小时按 1e-12。
#
# </details>
#
# <details><summary>提示 1 · 看哪里</summary>
#
# 方差对两次测试用同一个比例：对的总数除以样本总数。什么时候它为 0？
#
# <details><summary>提示 2 · 哪一步</summary>
#
# `math.erfc(t)` 是标准差为 $1/\sqrt2$ 的正态随机数离 0 超过 $t$ 的概率，两侧都算。所以要把 $|z|$ 除以 $\sqrt2$。
#
# <details><summary>提示 3 · 填空</summary>
#
# ```python
# deviation = math.sqrt(pooled * (1 - pooled) * (1 / n1 + ___))
# ```
#
# </details></details></details>

# %% solution="is-different"
def is_different(k1, n1, k2, n2, alpha=0.05):
    """Return (p < alpha, p) with the two-sided p-value of the test for two shares, with pooled variance; p = 1 if it is 0."""
    ### BEGIN SOLUTION
    pooled = (k1 + k2) / (n1 + n2)
    variance = pooled * (1 - pooled) * (1 / n1 + 1 / n2)
    if variance == 0:
        return False, 1.0
    p = math.erfc(abs(k1 / n1 - k2 / n2) / math.sqrt(2 * variance))
    return p < alpha, p
    ### END SOLUTION

# %% setup
def verdict(result):
    """Return (different, p), once they are a bool and a float in 0 … 1."""
    assert isinstance(result, (tuple, list)) and len(result) == 2, "[ch08-TYPE] 请返回 (different, p) / return (different, p)"
    different, p = result
    assert isinstance(different, (bool, np.bool_)), "[ch08-TYPE] 第一个值应为真或假 / the first value is True or False"
    assert isinstance(p, (float, np.floating)) and math.isfinite(p), "[ch08-TYPE] p 应为有限的浮点数 / p is a finite float"
    assert -1e-12 <= p <= 1 + 1e-9, "[ch08-TWO-SIDED] p 在 0 与 1 之间 / p lies between 0 and 1"
    return bool(different), float(p)

# %% test="difference-has-a-two-sided-p-value" points=1
def _example():
    different, p = verdict(is_different(18, 20, 12, 20))
    assert abs(p - 0.0285) < 5e-5, "[ch08-P-VALUE] p 不对：双侧，方差用两次合并的比例 / p is off: two-sided, with the pooled share in the variance"
    assert different, "[ch08-ALPHA] p 小于 `alpha` 时返回 True / True where p is below `alpha`"
    assert not verdict(is_different(18, 20, 12, 20, 0.01))[0], "[ch08-ALPHA] 与 `alpha` 比较，而不是与 0.05 比较 / compare with `alpha`, not with 0.05"
    assert abs(verdict(is_different(12, 20, 18, 20))[1] - 0.0285) < 5e-5, "[ch08-SYMMETRY] 交换两次测试，p 不变 / exchanging the two tests leaves p as it is"


_example()
### BEGIN HIDDEN TESTS
def _check():
    from statistics import NormalDist

    rng = np.random.default_rng(80601)
    cases = [(9900, 10_000, 9880, 10_000), (18, 20, 12, 20), (5, 10, 50, 90), (1, 3, 400, 1000), (480, 514, 499, 514), (9, 10, 9, 30), (9, 60, 9, 20)]
    cases += [(int(rng.integers(1, n1)), n1, int(rng.integers(1, n2)), n2) for n1, n2 in ((12, 30), (200, 25), (60, 60), (35, 8))]
    for k1, n1, k2, n2 in cases:
        pooled = (k1 + k2) / (n1 + n2)
        z = (k1 / n1 - k2 / n2) / (pooled * (1 - pooled) * (1 / n1 + 1 / n2)) ** 0.5
        expected = 2 * NormalDist().cdf(-abs(z))
        for alpha in (0.05, 0.001, 0.3):
            different, p = verdict(is_different(k1, n1, k2, n2, alpha))
            assert math.isclose(p, expected, rel_tol=1e-6, abs_tol=1e-12), "[ch08-P-VALUE] p 不对：双侧，方差用两次合并的比例 / p is off: two-sided, with the pooled share in the variance"
            assert different == (expected < alpha), "[ch08-ALPHA] p 小于 `alpha` 时返回 True / True where p is below `alpha`"
        assert math.isclose(verdict(is_different(k2, n2, k1, n1))[1], expected, rel_tol=1e-6, abs_tol=1e-12), (
            "[ch08-SYMMETRY] 交换两次测试，p 不变 / exchanging the two tests leaves p as it is")


_check()
### END HIDDEN TESTS

# %% test="difference-of-equal-shares-is-none" points=1
def _example():
    for k1, n1, k2, n2 in ((20, 20, 20, 20), (0, 5, 0, 9), (6, 10, 30, 50)):
        different, p = verdict(is_different(k1, n1, k2, n2))
        assert math.isclose(p, 1.0) and not different, "[ch08-EQUAL] 比例相等时 p = 1，全对和全错也不例外 / equal shares have p = 1, also where all are right or all wrong"
    assert verdict(is_different(20, 20, 0, 20))[1] < 1e-6, "[ch08-P-VALUE] 一次全对，一次全错：p 应接近 0 / all right against all wrong: p is close to 0"


_example()
### BEGIN HIDDEN TESTS
def _check():
    for n1, n2 in ((1, 1), (7, 3), (100, 10_000)):
        for k1, k2 in ((0, 0), (n1, n2)):
            different, p = verdict(is_different(k1, n1, k2, n2, 0.5))
            assert math.isclose(p, 1.0) and not different, (
                "[ch08-EQUAL] 比例相等时 p = 1，全对和全错也不例外 / equal shares have p = 1, also where all are right or all wrong")
    for scale in (1, 3, 50):
        different, p = verdict(is_different(3 * scale, 4 * scale, 9, 12, 0.9))
        assert math.isclose(p, 1.0, rel_tol=1e-6) and not different, "[ch08-EQUAL] 比例相等时 p = 1 / equal shares have p = 1"
    for k1, n, k2 in ((40, 40, 33), (200, 200, 191), (191, 200, 200), (0, 200, 9)):
        pooled = (k1 + k2) / (2 * n)
        different, p = verdict(is_different(k1, n, k2, n))
        assert math.isclose(p, math.erfc(abs(k1 - k2) / n / math.sqrt(4 / n * pooled * (1 - pooled))), rel_tol=1e-6) and different, (
            "[ch08-P-VALUE] 只有一次全对或全错时，p 照常计算 / with all right or all wrong in one test only, p is computed as usual")
    assert not verdict(is_different(2, 4, 4, 8, 1.0))[0], "[ch08-ALPHA] p 恰好等于 `alpha` 时不算小于 / p equal to `alpha` is not below it"


_check()
### END HIDDEN TESTS

# %% demo
with when_solved("wilson_ci", "is_different"):
    for right in (9900, 9880):
        low, high = wilson_ci(right, 10_000)
        print(say(en="{share:.4f}: between {low:.5f} and {high:.5f}", zh="{share:.4f}：在 {low:.5f} 与 {high:.5f} 之间", share=right / 10_000, low=low, high=high))
    print(say(en="the articles: p = {p:.3f}", zh="两篇文章：p = {p:.3f}", p=is_different(9900, 10_000, 9880, 10_000)[1]))
    print(say(en="best and worst of eight runs: p = {p:.3f}", zh="八次运行中最好与最差：p = {p:.3f}", p=is_different(9906, 10_000, 9871, 10_000)[1]))

# %% [markdown] lang="en"
# The last line is a trap: p = 0.018, so is the best run better? It and the worst one are the same program, B, with different seeds. Eight runs make 28 pairs, and we looked at the most different one. Among 28 pairs without any difference about one falls below 0.05. Whoever compares many numbers and reports the best has chosen, and a choice is paid for: with rows that took no part in it. That is the next section.
#
# <details><summary>Optional · the same images for both programs</summary>
#
# The test above assumes two separate samples. Both articles use the same 10,000 images, so it is better to count only the images on which exactly one program is right (McNemar's test). It needs the single answers, not just the shares; keep them.
#
# </details>

# %% [markdown] lang="zh"
# 最后一行是个陷阱：p = 0.018，那么最好的那次真的更好吗？最好和最差的两次是同一个程序 B，只是种子不同。八次运行有 28 对，而我们挑的是差得最远的一对。即使毫无差别，28 对里也大约有一对低于 0.05。比较许多数再报告最好的一个，就是作了选择；选择是要付账的，要用没有参与选择的样本来付。这就是下一节。
#
# <details><summary>选读 · 两个程序用同样的图像</summary>
#
# 上面的检验假定两批样本互相独立。两篇文章用的是同样的 10,000 张图像，所以更好的办法是只数恰有一个程序答对的图像（McNemar 检验）。它需要每一张图的回答，而不只是比例；请把回答留下来。
#
# </details>

# %% [markdown] lang="en"
# ## 7 · One honest protocol
#
# Two descriptions of the same work, both from the articles that this course grew out of, translated:
#
# - Article A: "Train the model with the training set, and **use the validation set to adjust the model's parameters**. Evaluate with the test set. Debug: **adjust the model's parameters according to the evaluation**."
# - Article B's pipeline trains, evaluates and tunes on the validation set, and then goes into use. A test set is not part of it.
#
# What is wrong with each? Write down your answer; then write a protocol that is right. Once it is a function, the spies in the tests will check it.

# %% [markdown] lang="zh"
# ## 7 · 一套诚实的规程
#
# 本课程源于两篇文章，它们这样描述同一件工作：
#
# - 文章 A：“使用训练集训练模型，同时**使用验证集调整模型参数**。使用测试集评估模型性能。调试模型：**根据评估结果调整模型参数**。”
# - 文章 B 的流程在验证集上评估和调优，然后就投入使用，其中没有测试集。
#
# 各错在哪里？先写下你的回答，再写出一套正确的规程。写成函数之后，测试里的“密探”会检查你的规程。

# %% [markdown] lang="en"
# ### Exercise 7 · `honest_evaluation` (3 points)
#
# ```python
# def honest_evaluation(tools: dict[str, Callable], X: np.ndarray, y: np.ndarray, candidates: list[float],
#                       rng: np.random.Generator) -> dict
# ```
#
# Write the protocol once and for all, for any model. `tools` holds four functions:
#
# | | |
# |---|---|
# | `tools["fit_scaler"](X)` | learns how to scale; returns a handle, an int |
# | `tools["transform"](handle, X)` | returns the rows scaled; learns nothing, and may see any row at any time |
# | `tools["fit_model"](X, y, candidate)` | trains a model on scaled rows; returns a handle |
# | `tools["score"](handle, X, y)` | a float, higher is better, possibly negative |
#
# - Split the rows 60/20/20 at random with `rng`, to within 2 rows (per class, if you stratify). No row is lost.
# - Until the winner is chosen, scalers and models are fitted on exactly the training rows.
# - The winner is the candidate with the highest validation score. No two validation scores are equal.
# - Then `score` is called **once** on the test rows, with the winner's model. Before that, you may train the winner anew on training and validation rows together, with the old scaler or with one refitted on these rows. To refit the scaler without training the model anew is wrong: a model needs the scaling that it was trained with.
#
# Return `{"best": …, "val_score": …, "test_score": …}`: the winning candidate, the score that decided, and the test score. Leave `X`, `y` and `candidates` as they are.
#
# <details><summary>What hidden tests also use</summary>
#
# The tools are spies: they note which rows they see, and with which scaling. Two classes of like size, so that a stratified split may be 4 rows off in all; their labels are not 0 and 1. Other numbers of rows, 60 % of which need not be whole; other numbers of candidates, at least three; scores close to each other; handles that do not count up by 1, the first of them 0; negative scores; candidates that would win on the training rows or on the test rows; whether `rng`, and nothing else, decides which rows validate and test.
#
# </details>
#
# <details><summary>Hint 1 · what to look at</summary>
#
# Your `split_indices` gives the three lists of rows. Which of the four tools may see which of them?
#
# <details><summary>Hint 2 · which step</summary>
#
# One scaler, fitted on the training rows; all three parts transformed with it. One model and one validation score for each candidate. `np.argmax` of the scores names the winner, and only its model meets the test rows.
#
# <details><summary>Hint 3 · the step with a gap</summary>
#
# ```python
# handle = tools["fit_scaler"](X[___])
# ```
#
# </details></details></details>

# %% [markdown] lang="zh"
# ### 练习 7 · `honest_evaluation`（3 分）
#
# ```python
# def honest_evaluation(tools: dict[str, Callable], X: np.ndarray, y: np.ndarray, candidates: list[float],
#                       rng: np.random.Generator) -> dict
# ```
#
# 把这套规程写成一个函数，以后不管什么模型都能用。`tools` 里有四个函数：
#
# | | |
# |---|---|
# | `tools["fit_scaler"](X)` | 学会怎样缩放，返回一个句柄（整数） |
# | `tools["transform"](handle, X)` | 返回缩放后的样本；它什么也不学，任何时候看任何样本都可以 |
# | `tools["fit_model"](X, y, candidate)` | 在缩放后的样本上训练一个模型，返回句柄 |
# | `tools["score"](handle, X, y)` | 一个浮点数，越高越好，可能为负 |
#
# - 用 `rng` 把样本随机划分为 60/20/20，误差不超过 2 行（若分层，则每个类别不超过 2 行），一行也不能丢。
# - 选出优胜者之前，缩放器和模型只用训练集的行来拟合，不多也不少。
# - 优胜者是验证得分最高的候选值，不会有两个相等。
# - 然后用优胜者的模型在测试集上调用 `score`，**只调用一次**。找到优胜者之后、打开测试集之前，可以把训练集和验证集合起来重新训练优胜的模型；缩放器要么沿用原来的，要么也在合起来的行上重新拟合。不能只重新拟合缩放器而不重新训练模型：模型要配它训练时的那种缩放。
#
# 返回 `{"best": …, "val_score": …, "test_score": …}`：胜出的候选值、起决定作用的那个得分、测试得分。不得改动 `X`、`y` 和 `candidates`。
#
# <details><summary>隐藏测试还会用到</summary>
#
# 这些工具都是“密探”：记下自己看见了哪些行，缩放是哪一种。两个类别的行数相近，所以分层划分的总误差可达 4 行；标签不是 0 和 1。别的样本数，其 60% 不一定是整数；别的候选个数，至少三个；彼此接近的得分；不逐一递增的句柄，第一个可能是 0；负的得分；在训练集或测试集上会胜出的别的候选值；哪些行作验证和测试，是否只由 `rng` 决定。
#
# </details>
#
# <details><summary>提示 1 · 看哪里</summary>
#
# 你的 `split_indices` 给出三份行号。四个工具中，哪个可以看哪一份？
#
# <details><summary>提示 2 · 哪一步</summary>
#
# 一个缩放器，在训练集上拟合，三份都用它变换。每个候选值训练一个模型，得到一个验证得分。得分的 `np.argmax` 指出优胜者，只有它的模型可以见到测试集。
#
# <details><summary>提示 3 · 填空</summary>
#
# ```python
# handle = tools["fit_scaler"](X[___])
# ```
#
# </details></details></details>

# %% solution="honest-evaluation"
def honest_evaluation(tools, X, y, candidates, rng):
    """Return {"best", "val_score", "test_score"}: choose the candidate by its validation score, then test the winner once.

    tools: fit_scaler(X) -> int, transform(handle, X) -> X, fit_model(X, y, candidate) -> int, score(handle, X, y) -> float.
    X: (n, d). y: (n,) integer labels. The rows are split 60/20/20 at random with rng.
    """
    ### BEGIN SOLUTION
    train, validation, test = split_indices(y, (0.6, 0.2, 0.2), rng)
    scaler = tools["fit_scaler"](X[train])
    seen, held, kept = (tools["transform"](scaler, X[rows]) for rows in (train, validation, test))
    models = [tools["fit_model"](seen, y[train], candidate) for candidate in candidates]
    scores = [tools["score"](model, held, y[validation]) for model in models]
    best = int(np.argmax(scores))
    return {
        "best": candidates[best],
        "val_score": scores[best],
        "test_score": tools["score"](models[best], kept, y[test]),
    }
    ### END SOLUTION

# %% setup
class SpiedTools:
    """A tool box whose tools note the rows that they see. Column 0 of X numbers the rows, column 2 holds the scaling.

    The scores are planted: on the first rows that are scored and not trained on, the candidate at ``winner`` is best, on
    other such rows the one before it, on training rows the one after it.
    """

    def __init__(self, n, candidates, winner, low=0.5, seed=0):
        rng = np.random.default_rng(seed)
        self.n, self.candidates = n, candidates
        self.X = np.column_stack([np.arange(n), rng.normal(size=n), np.full(n, -1.0)])
        self.y = 3 + 5 * rng.permutation(np.arange(n) % 2)
        self.winner, count = winner, len(candidates)
        noise = 0.1 * rng.random((3, count))
        for row, place in enumerate((winner, winner - 1, (winner + 1) % count)):
            noise[row, place] = noise[row].max() + 0.01
        self.planted = dict(zip(("validation", "test", "train"), low + noise, strict=True))
        self.scalers, self.models, self.fitted, self.scored, self.faults = {}, {}, [], [], []
        self.tools = {"fit_scaler": self.fit_scaler, "transform": self.transform, "fit_model": self.fit_model, "score": self.score}

    def rows(self, X, y=None):
        """The row numbers of X; notes labels that belong to other rows."""
        tags = np.asarray(X, dtype=float)[:, 0].astype(int)
        if y is not None and not np.array_equal(np.asarray(y), self.y[tags]):
            self.faults.append("labels")
        return frozenset(tags.tolist())

    def scaling(self, X):
        """The training rows of the scaler that made X; notes rows that are not scaled, or scaled in several ways."""
        handles = {int(mark) for mark in np.asarray(X, dtype=float)[:, 2]}
        if len(handles) != 1 or -1 in handles:
            self.faults.append("scaling")
            return frozenset()
        return self.scalers[handles.pop()]

    def fit_scaler(self, X):
        handle, rows = len(self.scalers) + 10, self.rows(X)
        self.scalers[handle] = rows
        self.fitted.append((rows, len(self.scored)))
        return handle

    def transform(self, handle, X):
        made = np.array(X, dtype=float)
        made[:, 2] = handle
        return made

    def fit_model(self, X, y, candidate):
        handle, rows = 37 * len(self.models), self.rows(X, y)
        self.models[handle] = (candidate, rows, self.scaling(X))
        self.fitted.append((rows, len(self.scored)))
        return handle

    def score(self, handle, X, y):
        candidate, trained, _ = self.models[handle]
        rows, place = self.rows(X, y), self.candidates.index(candidate)
        first = next((seen for _, seen, _, kind, _ in self.scored if kind == "validation"), None)
        kind = "train" if rows & trained else "validation" if first is None or rows == first else "test"
        value = float(self.planted[kind][place])
        self.scored.append((handle, rows, self.scaling(X), kind, value))
        return value


def evaluated(result, spy):
    """Return best, val_score and test_score of the result, once they are numbers, and the spy's notes are of one piece."""
    assert isinstance(result, dict) and set(result) == {"best", "val_score", "test_score"}, (
        "[ch08-KEYS] 请返回字典，键为 best、val_score、test_score / return a dict with the keys best, val_score, test_score")
    for name in ("best", "val_score", "test_score"):
        assert isinstance(result[name], (float, np.floating)), f"[ch08-TYPE] `{name}` 应为一个数 / `{name}` must be one number"
    assert "labels" not in spy.faults, "[ch08-LABELS] 样本与标签对不上号 / rows and labels do not belong together"
    assert "scaling" not in spy.faults, "[ch08-SCALED] 模型只看变换过的样本 / models see transformed rows only"
    return float(result["best"]), float(result["val_score"]), float(result["test_score"])


def check_choice(result, spy):
    """Whether training rows alone were fitted, and validation rows chose."""
    best, val_score, _ = evaluated(result, spy)
    held = {rows for _, rows, _, kind, _ in spy.scored if kind == "validation"}
    assert len(held) == 1 and abs(len(min(held)) - 0.2 * spy.n) <= 4, (
        "[ch08-SIZES] 验证集占样本的 20 % / the validation set has 20 % of the rows")
    held = held.pop()
    assert min(held) < 0.6 * spy.n and max(held) >= 0.4 * spy.n, (
        "[ch08-TAIL] 先打乱：验证集既不在文件开头，也不在末尾 / shuffle first: the validation rows are neither the head nor the tail of the file")
    first = [(handle, scaled) for handle, rows, scaled, kind, _ in spy.scored if kind == "validation"]
    assert {spy.models[handle][0] for handle, _ in first} == set(spy.candidates), (
        "[ch08-CANDIDATES] 每个候选值都要有一个验证得分 / every candidate needs a validation score")
    for handle, scaled in first:
        _, trained, scaling = spy.models[handle]
        assert not trained & held, "[ch08-OVERLAP] 训练集与验证集相交 / the training rows and the validation rows overlap"
        assert abs(len(trained) - 0.6 * spy.n) <= 4, "[ch08-SIZES] 选择时，模型在 60 % 的样本上训练 / while you choose, models are trained on 60 % of the rows"
        assert scaling == trained and scaled == trained, (
            "[ch08-SCALER] 缩放器只用训练集来拟合 / fit the scaler on the training rows only")
    chosen = max(at for at, (_, _, _, kind, _) in enumerate(spy.scored) if kind == "validation")
    assert all(rows == trained for rows, scores in spy.fitted if scores <= chosen), (
        "[ch08-EARLY] 选出优胜者之前，缩放器和模型只用训练集来拟合 / until the winner is chosen, fit scalers and models on the training rows only")
    place = spy.winner
    assert val_score != spy.planted["train"].max() and best != spy.candidates[(place + 1) % len(spy.candidates)], (
        "[ch08-CHOICE] 不能按训练得分来选 / do not choose by the training score")
    assert best != spy.candidates[place - 1], "[ch08-TEST-CHOICE] 不能按测试得分来选 / do not choose by the test score"
    assert best == spy.candidates[place], "[ch08-CHOICE] 选验证得分最高的候选值 / choose the candidate with the highest validation score"
    assert val_score == spy.planted["validation"][place], "[ch08-VAL-SCORE] `val_score` 是起决定作用的那个得分 / `val_score` is the score that decided"


def check_test(result, spy):
    """Whether the test rows stayed closed until the end, and were scored once, by the winner."""
    _, _, test_score = evaluated(result, spy)
    opened = [at for at, (_, _, _, kind, _) in enumerate(spy.scored) if kind == "test"]
    assert opened, "[ch08-NO-TEST] 最后要在测试集上评分 / score the test rows at the end"
    assert len(opened) == 1, "[ch08-ONCE] 测试集只能评分一次，而且只用优胜者 / score the test rows once, with the winner alone"
    assert opened[0] == len(spy.scored) - 1, "[ch08-LAST] 测试集最后才打开 / the test set is opened last"
    handle, test, scaled, _, value = spy.scored[-1]
    assert abs(len(test) - 0.2 * spy.n) <= 4, "[ch08-SIZES] 测试集占样本的 20 % / the test set has 20 % of the rows"
    assert not any(rows & test for rows, _ in spy.fitted), (
        "[ch08-LEAK] 测试集里的行被拿去拟合了：数据泄漏 / rows of the test set were fitted: data leakage")
    held = next((rows for _, rows, _, kind, _ in spy.scored if kind == "validation"), frozenset())
    first = spy.models[spy.scored[0][0]][1]
    assert not held & test and len(first | held | test) == spy.n, "[ch08-COMPLETE] 三份不得相交，也不能丢掉行 / the parts must not overlap, and no row may be lost"
    candidate, trained, scaling = spy.models[handle]
    assert candidate == spy.candidates[spy.winner], "[ch08-WINNER] 在测试集上评分的应是优胜者 / it is the winner that meets the test rows"
    assert trained in (first, first | held), "[ch08-REFIT] 重新拟合要用训练集加验证集的全部行 / refit on all training and validation rows"
    assert scaled == scaling, "[ch08-SCALER] 测试样本的缩放要与模型训练时的相同 / scale the test rows as those that the model was trained on"
    assert test_score == value, "[ch08-TEST-SCORE] `test_score` 是测试集上的得分 / `test_score` is the score on the test rows"

# %% test="evaluation-chooses-by-validation" points=2
def _example():
    spy = SpiedTools(100, [0.01, 0.1, 1.0, 10.0], winner=1, seed=1)
    X, y, candidates = spy.X.copy(), spy.y.copy(), list(spy.candidates)
    check_choice(honest_evaluation(spy.tools, X, y, candidates, np.random.default_rng(1)), spy)
    assert np.array_equal(X, spy.X) and np.array_equal(y, spy.y) and candidates == spy.candidates, (
        "[ch08-INPUT] 不要改动 `X`、`y` 和 `candidates` / leave `X`, `y` and `candidates` as they are")


_example()
### BEGIN HIDDEN TESTS
def _check():
    for n, candidates, winner, low in ((60, [3.0, 1.0, 2.0, 0.5, 4.0], 0, 0.5), (203, [0.5, 0.25, 4.0, 8.0, 0.125], 3, -7.0), (94, [1.0, 2.0, 5.0, 7.0], 2, -0.2)):
        spy = SpiedTools(n, candidates, winner, low, seed=80700 + n)
        X, y, given = spy.X.copy(), spy.y.copy(), list(candidates)
        check_choice(honest_evaluation(spy.tools, X, y, given, np.random.default_rng(n)), spy)
        assert np.array_equal(X, spy.X) and np.array_equal(y, spy.y) and given == candidates, (
            "[ch08-INPUT] 不要改动 `X`、`y` 和 `candidates` / leave `X`, `y` and `candidates` as they are")


_check()
### END HIDDEN TESTS

# %% test="evaluation-opens-the-test-once" points=1
def _run(n, candidates, winner, low, seed):
    spy = SpiedTools(n, candidates, winner, low, seed=n)  # the same rows for every seed of the split
    check_test(honest_evaluation(spy.tools, spy.X.copy(), spy.y.copy(), list(candidates), np.random.default_rng(seed)), spy)
    return spy.scored[-1][1]


def _example():
    tested = [_run(100, [0.01, 0.1, 1.0, 10.0], 2, 0.5, seed) for seed in (1, 2)]
    assert tested[0] != tested[1], "[ch08-RANDOM] 由 `rng` 决定哪些行作测试 / `rng` decides which rows are the test set"
    assert max(min(rows) for rows in tested) < 60, "[ch08-TAIL] 先打乱：测试集不是最后的 20 % 行 / shuffle first: the test set is not the last 20 % of the rows"


_example()
### BEGIN HIDDEN TESTS
def _check():
    for n, candidates, winner, low in ((60, [3.0, 1.0, 2.0], 1, 0.5), (203, [0.5, 0.25, 4.0, 8.0, 0.125], 4, -7.0), (94, [1.0, 2.0, 5.0, 7.0], 0, -0.2)):
        first, other, again = (_run(n, candidates, winner, low, seed) for seed in (80711 + n, 80712 + n, 80711 + n))
        assert first == again and first != other, "[ch08-RANDOM] 由 `rng` 决定哪些行作测试 / `rng` decides which rows are the test set"


_check()
### END HIDDEN TESTS

# %% [markdown] lang="en"
# Now with a real tool box: networks with two hidden layers on digits, and the learning rate to be chosen. Below the numbers you see the errors of the winner on the test rows. Would you have read them? If the winner is at the edge of the list, what would you try next? And if the test score lies above the validation score, that is chance.

# %% [markdown] lang="zh"
# 现在换上真正的工具：在手写数字上训练带两个隐藏层的网络，要选的是学习率。输出的最后是优胜者在测试集上读错的图。换成你，读得对吗？如果优胜者在列表的一端，下一步该试什么？如果测试得分高于验证得分，那只是碰巧。

# %% demo
from course.clinic import case, fresh, gradients, layers, learn_by_heart, train
from course.figures.own_errors import fig_own_errors

models, scalers, scored = [], [], []


def fit_scaler(X):
    scalers.append(X.mean(axis=0))
    return len(scalers) - 1


def fit_model(X, y, rate):
    generator = np.random.default_rng(0)
    params = fresh(generator)
    for _ in range(8):
        params = train(params, X, y, generator, rate)
    models.append(params)
    return len(models) - 1


def score(handle, X, y):
    read = layers(models[handle], X)[-1].argmax(axis=1)
    scored.append((X, y, read))
    return float(np.mean(read == y))


with when_solved("split_indices", "prf", "wilson_ci", "honest_evaluation"):
    tools = {"fit_scaler": fit_scaler, "transform": lambda handle, X: X - scalers[handle], "fit_model": fit_model, "score": score}
    outcome = honest_evaluation(tools, digits_X, digits_y, [0.003, 0.01, 0.03, 0.1], np.random.default_rng(0))
    X, y, read = scored[-1]
    low, high = wilson_ci(int(np.sum(read == y)), len(y))
    print(say(en="chosen rate {rate}, validation {v:.3f}, test {t:.3f}, between {low:.3f} and {high:.3f}", zh="选中的学习率 {rate}，验证 {v:.3f}，测试 {t:.3f}，在 {low:.3f} 与 {high:.3f} 之间", rate=outcome["best"], v=outcome["val_score"], t=outcome["test_score"], low=low, high=high))
    print("macro F1", round(prf(y, read, 10)["f1"], 3))
    rows = X + scalers[-1]
    show(fig_own_errors(rows, y, read), alt=say(en="Digits that the winner misreads.", zh="优胜者读错的数字。"))

# %% [markdown] lang="en"
# ## 8 · The clinic
#
# A program with an error usually trains without a message. Before you look at code, look at instruments. The first is the pair of curves. **Overfitting**: the training loss falls, the validation loss rises. **Underfitting**: even the training loss stays high. Six networks, one healthy; the dotted line is $\ln 10$, the loss of someone who knows nothing.

# %% [markdown] lang="zh"
# ## 8 · 门诊
#
# 有错误的程序通常照样训练，什么也不报。看代码之前，先看仪器。第一件仪器是一对曲线。**过拟合**：训练损失下降，验证损失上升。**欠拟合**：连训练损失也一直很高。六个网络，只有一个健康；虚线是 $\ln 10$，即胡乱猜测时的损失。

# %%
from course.figures.learning_curves import fig_learning_curves

explore(
    fig_learning_curves,
    predict=Prediction(
        say(en="Which network would have been clearly better, had its training stopped half-way?", zh="哪个网络如果训练到一半就停下，会明显更好？"),
        options=("B", "C", "F"),
        answer=1,
        because=(
            say(en="B underfits: its rate is a hundredth of A's. It needs more training, not less.", zh="B 欠拟合：学习率只有 A 的百分之一。它要的是更多训练，而不是更少。"),
            say(en="C has only 80 rows, 30 of them with random labels, and learns more and more of them by heart. From the red point on its validation loss rises, from 1.54 to 2.22, while the training loss falls: overfitting. A is healthy, D has a dead layer, E too high a rate.", zh="C 只有 80 行，其中 30 行的标签是随机的，它却一行行地背。从红点起，验证损失从 1.54 升到 2.22，训练损失却在下降：过拟合。A 健康，D 有一层死了，E 的学习率太高。"),
            say(en="F was given shuffled labels. It learns some by heart, but was never better than chance: no stopping helps.", zh="F 的标签是打乱的。它背下了一些，却从来没有比碰运气更好：早点停也没用。"),
        ),
    ),
    alt=say(en="Six pairs of curves, A to F: training and validation loss against the epoch.", zh="六对曲线 A 到 F：训练损失和验证损失随轮次的变化。"),
)

# %% [markdown] lang="en"
# Now four patients. Each is the same kind of network on digits, trained for 12 epochs, and each has **one** planted fault: in the data, the labels, the split or the network. These are the instruments; three are your own:
#
# | reading | healthy |
# |---|---|
# | loss before training | about $\ln 10 = 2.303$, a little more with random scores |
# | loss on ten rows after 300 steps on just these | close to 0: the network can learn by heart |
# | norm of the first layer's gradient at the start | not 0 |
# | share of units that are 0 on every row, by layer | 0, or little |
# | rows per class in training and test | alike |
# | your `confusion_matrix` of the test | a diagonal |
# | your `roc_auc` of one pixel alone, the larger of AUC and 1 − AUC | below 1: no single pixel knows the class |
#
# Examine them one after the other: set `number` to 1, 2, 3 and 4, and to 0 for a healthy network to compare with. Write down a diagnosis for each before you answer the questions below. Two patients may have the same fault.

# %% [markdown] lang="zh"
# 现在来了四位病人。它们都是同一种数字网络，训练了 12 轮，每一位都被埋下了**一个**毛病：在数据里，在标签里，在划分里，或者在网络里。仪器如下，其中三件是你自己造的：
#
# | 读数 | 健康时 |
# |---|---|
# | 训练前的损失 | 约为 $\ln 10 = 2.303$，得分随机时略高 |
# | 只用十行训练 300 步后，这十行的损失 | 接近 0：网络背得下来 |
# | 开始时第一层梯度的范数 | 不为 0 |
# | 各层中对所有行都输出 0 的单元的比例 | 0，或很少 |
# | 训练集和测试集中各类别的行数 | 相近 |
# | 用你的 `confusion_matrix` 看测试集 | 一条对角线 |
# | 用你的 `roc_auc` 看单个像素，取 AUC 与 1 − AUC 中较大者 | 小于 1：没有哪个像素单独就知道类别 |
#
# 请逐一检查：把 `number` 依次改成 1、2、3、4；改成 0 则是一个健康的网络，可供对照。先给每一位写下诊断，再回答下面的问题。两位病人也可能得同一种病。

# %% demo
number = 1  # of the patient; 0 is a healthy network

with when_solved("confusion_matrix", "roc_auc"):
    patient = case(number)
    X, y, fit, test = patient.X, patient.y, patient.train, patient.test
    read = layers(patient.params, X[test])[-1].argmax(axis=1)
    silent = [float(np.mean(out.max(axis=0) == 0)) for out in layers(patient.params, X[fit])[:2]]
    few, half = fit[::140], fit[::2]  # ten rows, and every second one
    ends = y[half].min(), y[half].max()  # the first and the last class that occur
    areas = {(pixel, digit): roc_auc(y[half] == digit, X[half, pixel]) for pixel in range(64) for digit in ends}
    pixel, digit = max(areas, key=lambda key: abs(areas[key] - 0.5))
    area = areas[pixel, digit]
    print(say(en="accuracy in training {a:.3f}, in the test {b:.3f}", zh="准确率：训练 {a:.3f}，测试 {b:.3f}", a=patient.log[-1, 2], b=patient.log[-1, 3]))
    print(say(en="loss before training {v:.3f}", zh="训练前的损失 {v:.3f}", v=patient.log[0, 0]))
    print(say(en="ten rows by heart: loss {v:.3f}", zh="背十行：损失 {v:.3f}", v=learn_by_heart(patient.start, X[few], y[few])))
    print(say(en="first gradient: norm {v:.3f}", zh="第一层梯度的范数 {v:.3f}", v=np.linalg.norm(gradients(patient.start, X[fit], y[fit])[0])))
    print(say(en="silent units: layer 1 {a:.0%}, layer 2 {b:.0%}", zh="沉默的单元：第 1 层 {a:.0%}，第 2 层 {b:.0%}", a=silent[0], b=silent[1]))
    print(say(en="rows per class, training:", zh="各类别行数，训练："), np.bincount(y[fit], minlength=10))
    print(say(en="rows per class, test:    ", zh="各类别行数，测试："), np.bincount(y[test], minlength=10))
    print(say(en="most telling pixel: number {p}, counted from 0; for class {c} the larger of AUC and 1 − AUC is {v:.3f}", zh="最能说明问题的像素：{p} 号（从 0 数起），对类别 {c}，AUC 与 1 − AUC 中较大者为 {v:.3f}", p=pixel, v=max(area, 1 - area), c=digit))
    print(confusion_matrix(y[test], read, 10))

# %%
from course.figures.case_sheet import fig_case
from course.interact.rounds import Round, explore_in_turn

AILMENTS = (
    say(en="a dead layer", zh="有一层死了"),
    say(en="a wrong split", zh="划分错了"),
    say(en="a leak: a pixel knows the answer", zh="泄漏：有个像素知道答案"),
    say(en="labels shifted by one class", zh="标签错开了一类"),
)

explore_in_turn(
    fig_case,
    Round(
        Prediction(
            say(en="What ails patient 1?", zh="1 号病人得了什么病？"),
            options=AILMENTS,
            answer=2,
            because=(
                say(en="No: it learns ten rows by heart, and hardly a unit is silent.", zh="不是：它背得下十行，也几乎没有沉默的单元。"),
                say(en="No: all classes are in both parts, in like numbers.", zh="不是：两份里各类别都有，行数相近。"),
                say(en="Pixel 32 lies in a column that is always empty. Here its AUC is exactly 1 for class 9, and exactly 0 for class 0: the scanner wrote the label into it. Blank it, and the test accuracy falls from 0.987 to 0.82.", zh="32 号像素所在的一列本来总是空的，这里它的 AUC 对类别 9 恰好是 1，对类别 0 恰好是 0：扫描仪把标签写了进去。把它抹掉，测试准确率就从 0.987 降到 0.82。"),
                say(en="No: the confusion matrix is a clean diagonal.", zh="不是：混淆矩阵是一条干净的对角线。"),
            ),
        ),
        {"number": 1},
    ),
    Round(
        Prediction(
            say(en="What ails patient 2?", zh="2 号病人得了什么病？"),
            options=AILMENTS,
            answer=0,
            because=(
                say(en="The loss starts at exactly ln 10, which looks healthy; but ten rows cannot be learned by heart, all units of layer 2 are silent, and the gradient of layer 1 is 0. Only the last bias still learns.", zh="损失从恰好 ln 10 开始，看似健康；但十行也背不下来，第 2 层的单元全都沉默，第 1 层的梯度为 0。还在学的只有最后一个偏置。"),
                say(en="No: both parts have all classes.", zh="不是：两份里各类别都有。"),
                say(en="No: no pixel is conspicuous, and a leak would raise the accuracy.", zh="不是：没有哪个像素异常，而且泄漏会抬高准确率。"),
                say(en="No: wrong test labels cannot stop the training, and here it stands still.", zh="不是：测试标签错了不会让训练停住，而这里训练停住了。"),
            ),
        ),
        {"number": 2},
    ),
    Round(
        Prediction(
            say(en="What ails patient 3?", zh="3 号病人得了什么病？"),
            options=AILMENTS,
            answer=3,
            because=(
                say(en="No: the training accuracy is 0.97.", zh="不是：训练准确率有 0.97。"),
                say(en="No: all classes are in both parts.", zh="不是：两份里各类别都有。"),
                say(en="No: a leak raises the accuracy; here it is below chance.", zh="不是：泄漏会抬高准确率，这里却低于碰运气。"),
                say(en="Below chance is knowledge, wrongly numbered. The confusion matrix has a clean line beside the diagonal: the test file counts its classes from 1.", zh="低于碰运气，说明它知道答案，只是编号错了。混淆矩阵在对角线旁边有一条整齐的线：测试文件的类别是从 1 开始编号的。"),
            ),
        ),
        {"number": 3},
    ),
    Round(
        Prediction(
            say(en="What ails patient 4?", zh="4 号病人得了什么病？"),
            options=AILMENTS,
            answer=1,
            because=(
                say(en="No: it learns ten rows by heart and 0.99 of its training rows.", zh="不是：它背得下十行，训练集也答对 0.99。"),
                say(en="It looks like overfitting but is not: the file was sorted, its tail became the test set, and classes 8 and 9 were never trained.", zh="看上去像过拟合，其实不是：文件是排好序的，末尾成了测试集，8 和 9 从来没有训练过。"),
                say(en="No: a leak raises the accuracy.", zh="不是：泄漏会抬高准确率。"),
                say(en="No: the errors spread over many columns, and classes 8 and 9 are never answered.", zh="不是：错误散布在许多列里，而且从不回答 8 和 9。"),
            ),
        ),
        {"number": 4},
    ),
    alt=say(en="Accuracy of one of the four patients by epoch, and after the guess one instrument.", zh="四位病人之一的准确率随轮次的变化，猜过之后还有一件仪器的读数。"),
)

# %% [markdown] lang="en"
# One symptom may have several causes, but often one decisive reading settles the case. A very good number deserves as much suspicion as a bad one.
#
# A word about words: in the literature **label shift** also means something else, classes that are more or less frequent in use than in training. Then accuracy and precision change although nobody made a mistake.

# %% [markdown] lang="zh"
# 同一种症状可能有几种原因，但往往一个关键读数就能定案。好得出奇的数字，和难看的数字一样值得怀疑。
#
# 关于用语：文献中的**标签偏移**（label shift）还有另一个意思，指类别的比例在使用时与训练时不同。那样即使谁都没有犯错，准确率和精确率也会变。

# %% [markdown] lang="en"
# ## 9 · Find and fix: five lines of the articles
#
# Five passages about evaluation from the two articles, translated or as printed. What is wrong with each, if anything? Decide, run the cell, then open the verdicts.
#
# 1. Article A: `model.fit(x_train, y_train, epochs=5, batch_size=64, validation_split=0.1)`, with not a word about the order of the rows.
# 2. Article A: "The usual metrics are accuracy, recall and F1."
# 3. Article A: "The accuracy on the test data is 99.00 %, which shows that the model performs well." One run, no seed.
# 4. Article B's log, five epochs: `val_accuracy` is 0.9880 in each, `val_loss` falls from 0.0794 to 0.0650. The program calls `model.fit(x_train, y_train, epochs=5)`.
# 5. Article B: `print('\nTest accuracy:', test_acc)` prints `Test accuracy: 0.9880`.

# %% [markdown] lang="zh"
# ## 9 · 找错改正：文章里的五行
#
# 下面是两篇文章里关于评估的五处原文。每一处有什么问题？也可能没有问题。先判断，再运行单元格，然后展开结论。
#
# 1. 文章 A：`model.fit(x_train, y_train, epochs=5, batch_size=64, validation_split=0.1)`，对行的顺序只字未提。
# 2. 文章 A：“常用的指标包括准确率、召回率、F1 值。”
# 3. 文章 A：“模型在测试数据上的准确率为 99.00%，表明模型具有良好的性能。”只运行了一次，没有设种子。
# 4. 文章 B 的日志，五个轮次：`val_accuracy` 每次都是 0.9880，`val_loss` 从 0.0794 降到 0.0650。程序里写的是 `model.fit(x_train, y_train, epochs=5)`。
# 5. 文章 B：`print('\nTest accuracy:', test_acc)` 印出 `Test accuracy: 0.9880`。

# %% demo
with when_solved("prf", "wilson_ci"):
    # 2: equal accuracy, different errors
    truth = np.repeat([1, 0], [10, 90])
    for found, alarms in ((8, 10), (6, 8)):
        answer = np.concatenate([np.arange(10) < found, np.arange(90) < alarms]).astype(int)
        print({key: round(value, 2) for key, value in prf(truth, answer, 2, "binary").items()}, say(en="accuracy", zh="准确率"), np.mean(answer == truth))
    # 3: which accuracies fit 9,900 of 10,000?
    print(say(en="99.00 % in one test: {ends}", zh="一次测试 99.00%：{ends}", ends=[round(end, 4) for end in wilson_ci(9900, 10_000)]))
    # 4: how often do five independent tests agree in four digits?
    epochs = np.random.default_rng(0).binomial(10_000, 0.988, (20_000, 5))
    print(say(en="five equal accuracies in 20,000 tries: {n}", zh="20,000 次尝试中五个准确率全相同：{n} 次", n=int(np.sum(np.ptp(epochs, axis=1) == 0))))
    # 5: what does print show of a number near 0.9880?
    print("Test accuracy:", float(np.float32(0.988)))

# %% [markdown] lang="en"
# <details><summary>1 · `validation_split=0.1`</summary>
#
# It holds for MNIST and for any file in random order. The argument takes the last rows without shuffling; section 2 shows what that does to a sorted file. Split yourself.
#
# </details>
# <details><summary>2 · accuracy, recall, F1</summary>
#
# Precision is not named, although F1 is half made of it. And accuracy, 0.88 for both answers of the cell, hides that one finds 8 of the 10 and the other 6. Article B names accuracy alone.
#
# </details>
# <details><summary>3 · "99.00 %"</summary>
#
# One run says 0.9879 to 0.9918, and two digits of the percentage are noise. Eight runs of both programs lie between 0.9871 and 0.9906. Name the interval and the seeds.
#
# </details>
# <details><summary>4 · five times 0.9880</summary>
#
# It cannot come from this program: without validation data Keras reports no `val_…` numbers. That alone is proof. The five equal values are merely suspicious: a loss that falls so far usually moves the accuracy, and five independent tests did not agree once in 20,000 tries. But these epochs share their images, so they are not independent.
#
# </details>
# <details><summary>5 · `print`</summary>
#
# Keras returns a Python float made from a float32, and `print` shows it as 0.9879999756813049. The printed line needs a format, `:.4f`, as in article A.
#
# </details>

# %% [markdown] lang="zh"
# <details><summary>1 · `validation_split=0.1`</summary>
#
# 对 MNIST 和任何行序随机的文件，站得住脚。这个参数取最后的行，不打乱；第 2 节展示了它对排好序的文件做了什么。请自己划分。
#
# </details>
# <details><summary>2 · 准确率、召回率、F1</summary>
#
# 没有提到精确率，而 F1 有一半由它决定。单元格里两种回答的准确率同为 0.88，看不出一个找到了 10 例中的 8 例，另一个只找到 6 例。文章 B 只提到准确率。
#
# </details>
# <details><summary>3 · “99.00%”</summary>
#
# 一次运行只能说明在 0.9879 到 0.9918 之间，百分数的两位小数是噪声。两个程序的八次运行落在 0.9871 与 0.9906 之间。要写明区间和种子。
#
# </details>
# <details><summary>4 · 五个 0.9880</summary>
#
# 这个程序给不出这样的日志：没有验证数据，Keras 就不会报告 `val_…`。单凭这一点就够了。五个值全同只是可疑：损失降了这么多，准确率一般也会动；五次独立的测试，20,000 次尝试中没有一次全同。不过这些轮次用的是同样的图像，并不独立。
#
# </details>
# <details><summary>5 · `print`</summary>
#
# Keras 返回的是由 float32 转成的 Python 浮点数，`print` 会显示 0.9879999756813049。要印成那样，需要像文章 A 那样写格式 `:.4f`。
#
# </details>

# %% [markdown] lang="en"
# ## 10 · Check yourself
#
# Four reports. What is behind each? Decide, then open.
#
# **1. Training 0.99, validation 0.98, in use 0.71. The validation rows were drawn at random; each patient has about ten pictures.**
#
# <details><summary>Overfitting to the training rows</summary>No: then the validation would be low, too.</details>
# <details><summary>Pictures of one patient are in both parts</summary>Yes: the validation asks for patients whom the network knows. Split by groups.</details>
# <details><summary>The threshold is wrong</summary>Hardly: a threshold acts alike in the validation and in use.</details>
#
# **2. The loss starts at 2.303, as it should for ten classes, and is 2.302 after ten epochs. Ten rows cannot be learned by heart.**
#
# <details><summary>The data are too difficult</summary>No: ten rows are never too difficult.</details>
# <details><summary>No gradient reaches the weights</summary>Yes: look for silent units and for gradients that are exactly 0.</details>
# <details><summary>The test labels are wrong</summary>No: the training does not see them.</details>
#
# **3. A test for a rare disease: accuracy 0.995, AUC 0.5.**
#
# <details><summary>An excellent test</summary>No: an AUC of ½ is a coin.</details>
# <details><summary>It calls nearly everybody healthy</summary>Yes: if 5 in 1,000 are ill, this gives 0.995 without any knowledge. Its recall is close to 0.</details>
# <details><summary>The scores are inverted</summary>No: that would give an AUC near 0.</details>
#
# **4. Fifty settings were tried. The best has 0.942 on 200 validation rows, and 0.905 on the test rows.**
#
# <details><summary>The test rows are harder</summary>Possible, but there is no need for it.</details>
# <details><summary>A choice among fifty flatters the winner</summary>Yes: with 200 rows one deviation is about 0.02, and the best of fifty equal ones lies about two deviations too high. The test score is the honest one.</details>
# <details><summary>Tune on until the test score is 0.942</summary>No: then the test set would be a validation set, and nothing would be left to measure with.</details>

# %% [markdown] lang="zh"
# ## 10 · 自测
#
# 四份报告，背后各是什么原因？先判断，再展开。
#
# **1. 训练 0.99，验证 0.98，使用中只有 0.71。验证集是随机抽的行，每位患者约有十张图。**
#
# <details><summary>对训练集过拟合</summary>不是。那样验证也会很低。</details>
# <details><summary>同一位患者的图两边都有</summary>对。验证时问的是网络已经认识的患者。要按组划分。</details>
# <details><summary>阈值不对</summary>不太可能。阈值在验证和使用中的作用是一样的。</details>
#
# **2. 损失从 2.303 开始，十个类别正该如此；十轮之后是 2.302。十行也背不下来。**
#
# <details><summary>数据太难</summary>不是。十行从来不会太难。</details>
# <details><summary>梯度到不了权重</summary>对。去找沉默的单元，和恰好为 0 的梯度。</details>
# <details><summary>测试标签错了</summary>不是。训练看不到它们。</details>
#
# **3. 一种罕见病的检查：准确率 0.995，AUC 0.5。**
#
# <details><summary>非常好的检查</summary>不是。AUC 为 ½ 就是抛硬币。</details>
# <details><summary>它几乎说所有人都健康</summary>对。1,000 人中有 5 人得病时，什么都不懂也有 0.995。它的召回率接近 0。</details>
# <details><summary>得分反了</summary>不是。那样 AUC 会接近 0。</details>
#
# **4. 试了五十种设置。最好的在 200 行验证集上是 0.942，在测试集上是 0.905。**
#
# <details><summary>测试集更难</summary>有可能，但不必如此。</details>
# <details><summary>五十里挑一，优胜者被抬高了</summary>对。200 行时一个标准差约为 0.02，五十个同样好的设置里，最好的大约偏高两个标准差。测试得分才是诚实的。</details>
# <details><summary>继续调，直到测试得分达到 0.942</summary>不对。那样测试集就成了验证集，再没有东西可以用来衡量。</details>

# %% [markdown] lang="en"
# ## 11 · What to keep
#
# - Training rows fit, validation rows choose, test rows measure, once. Whatever is learned from all rows is a leak.
# - Look at the errors, by class and as pictures, before you change anything.
# - Choose the metric by the price of the errors; the threshold is part of the choice.
# - A share without an interval is half a number. The best of many is too high.
# - Debug with instruments: loss at the start, ten rows by heart, silent units, rows per class, the confusion matrix.
#
# ## References
#
# - E. B. Wilson (1927), *Probable Inference, the Law of Succession, and Statistical Inference*, Journal of the American Statistical Association 22, 209–212.
# - C. Ambroise and G. J. McLachlan (2002), *Selection bias in gene extraction on the basis of microarray gene-expression data*, PNAS 99, 6562–6566 (the coin flips of section 1, with real genes).
# - T. Hastie, R. Tibshirani and J. Friedman (2009), *The Elements of Statistical Learning*, 2nd edition, section 7.10.
# - T. Fawcett (2006), *An introduction to ROC analysis*, Pattern Recognition Letters 27, 861–874.
# - A. Karpathy (2019), [*A Recipe for Training Neural Networks*](https://karpathy.github.io/2019/04/25/recipe/).

# %% [markdown] lang="zh"
# ## 11 · 要点
#
# - 训练集用来拟合，验证集用来选择，测试集用来衡量，只用一次。凡是从全部样本学来的，都是泄漏。
# - 先看错误，按类别看，当作图像看，再动手改。
# - 按错误的代价选指标，阈值也是选择的一部分。
# - 没有区间的比例只是半个数。许多里面最好的那个总是偏高。
# - 用仪器调试：开始时的损失、背下十行、沉默的单元、各类别的行数、混淆矩阵。
#
# ## 参考文献
#
# - E. B. Wilson (1927), *Probable Inference, the Law of Succession, and Statistical Inference*, Journal of the American Statistical Association 22, 209–212.
# - C. Ambroise and G. J. McLachlan (2002), *Selection bias in gene extraction on the basis of microarray gene-expression data*, PNAS 99, 6562–6566 （第 1 节的抛硬币，换成真实的基因）.
# - T. Hastie, R. Tibshirani and J. Friedman (2009), *The Elements of Statistical Learning*, 2nd edition, section 7.10.
# - T. Fawcett (2006), *An introduction to ROC analysis*, Pattern Recognition Letters 27, 861–874.
# - A. Karpathy (2019), [*A Recipe for Training Neural Networks*](https://karpathy.github.io/2019/04/25/recipe/).
