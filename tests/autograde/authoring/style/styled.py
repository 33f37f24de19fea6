"""A chapter that keeps the house style, for the tests to break."""

CHAPTER = '''\
# %% [markdown] lang="en"
# # Chapter 91 · Squares
#
# A square of $3$ costs 60,000 cents, in 2024 and with seed `12345`.
# %% [markdown] lang="zh"
# # 第 91 章 · 平方
#
# $3$ 的平方要 60,000 分钱，2024 年也一样，种子是 `12345`。它叫“平方”，**不是**立方。
# %% [markdown] lang="en"
# ## 1 · The first section
#
# ### Exercise 1 · `square` (2 points)
#
# `square(x)` returns the square of `x`.
#
# <details><summary>What hidden tests also use</summary>
#
# Negative numbers.
#
# </details>
#
# <details><summary>Hint 1 · what to look at</summary>
#
# The name of the function.
#
# <details><summary>Hint 2 · which step</summary>
#
# Multiply, then return.
#
# <details><summary>Hint 3 · the step with a gap</summary>
#
# ```python
# answer = x * ___
# ```
#
# </details></details></details>
# %% [markdown] lang="zh"
# ## 1 · 第一节
#
# ### 练习 1 · `square`（2 分）
#
# `square(x)` 返回 `x` 的平方。
#
# <details><summary>隐藏测试还会用到</summary>
#
# 负数。
#
# </details>
#
# <details><summary>提示 1 · 看哪里</summary>
#
# 看函数名。
#
# <details><summary>提示 2 · 哪一步</summary>
#
# 先相乘，再返回。
#
# <details><summary>提示 3 · 填空</summary>
#
# ```python
# answer = x * ___
# ```
#
# </details></details></details>
# %% solution="square"
def square(x):
    """Return x squared."""
    ### BEGIN SOLUTION
    answer = x * x
    return answer
    ### END SOLUTION
# %% test="square-of-two" points=2
assert square(2) == 4, "[ch91-SQUARE] 再看看 `square` / look again at `square`"
# %% [markdown] lang="en"
# ## 2 · Depth (optional)
# %% [markdown] lang="zh"
# ## 2 · 深入（选读）
# %%
from course.language import say

print(say(en="done: {n}", zh="完成：{n}", n=1))
# %% [markdown] lang="en"
# ## 3 · Check yourself
# %% [markdown] lang="zh"
# ## 3 · 自测
# %% [markdown] lang="en"
# ## References
#
# - A. Author, *A Title*, 1986, [arXiv:1412.6980](https://arxiv.org/abs/1412.6980), page 10000.
# %% [markdown] lang="zh"
# ## 参考文献
#
# - A. Author, *A Title*, 1986, [arXiv:1412.6980](https://arxiv.org/abs/1412.6980), page 10000。
'''
