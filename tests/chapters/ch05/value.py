"""value: what learners write, right and wrong."""

# %%
import math

import numpy as np


class Sound:
    """A right answer, from which the others differ in the methods that they write anew."""

    def __init__(self, data, parents=()):
        self.data = float(data)
        self.grad = 0.0
        self.parents = parents  # pairs (Value, local slope): how fast this number changes with that one

    def __add__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        return Value(self.data + other.data, ((self, 1.0), (other, 1.0)))

    def __mul__(self, other):
        """self * other, where other is a Value or a number."""
        other = other if isinstance(other, Value) else Value(other)
        return Value(self.data * other.data, ((self, other.data), (other, self.data)))

    def __pow__(self, exponent):
        """self ** exponent, where exponent is a number."""
        slope = exponent * self.data ** (exponent - 1) if exponent else 0.0
        return Value(self.data**exponent, ((self, slope),))

    def relu(self):
        """max(0, self)."""
        return Value(max(0.0, self.data), ((self, 1.0 if self.data > 0 else 0.0),))

    def tanh(self):
        """The hyperbolic tangent of self."""
        t = math.tanh(self.data)
        return Value(t, ((self, 1 - t * t),))

    def __neg__(self):
        """-self."""
        return Value(-self.data, ((self, -1.0),))

    def __sub__(self, other):
        """self - other."""
        return self + -other

    def __rsub__(self, other):
        """other - self, where other is a number."""
        return -self + other

    def __truediv__(self, other):
        """self / other."""
        other = other if isinstance(other, Value) else Value(other)
        return self * other**-1

    def __rtruediv__(self, other):
        """other / self, where other is a number."""
        return self**-1 * other

    def backward(self):
        """Set grad of this Value to 1, and of every Value below it to the derivative of this one with respect to it."""
        order, seen, stack = [], set(), [(self, False)]
        while stack:  # depth first without recursion: a node enters the order after all its parents
            node, is_done = stack.pop()
            if is_done:
                order.append(node)
            elif id(node) not in seen:
                seen.add(id(node))
                stack.append((node, True))
                stack.extend((parent, False) for parent, _ in node.parents)
        for node in order:
            node.grad = 0.0
        self.grad = 1.0
        for node in reversed(order):
            for parent, slope in node.parents:
                parent.grad += slope * node.grad

    __radd__ = __add__
    __rmul__ = __mul__


# %% wrong="overwrites-the-gradient"
# `=` instead of `+=`: the last path wins.
class Value(Sound):
    def backward(self):
        """Set grad of this Value to 1, and of every Value below it to the derivative of this one with respect to it."""
        order, seen, stack = [], set(), [(self, False)]
        while stack:  # depth first without recursion: a node enters the order after all its parents
            node, is_done = stack.pop()
            if is_done:
                order.append(node)
            elif id(node) not in seen:
                seen.add(id(node))
                stack.append((node, True))
                stack.extend((parent, False) for parent, _ in node.parents)
        for node in order:
            node.grad = 0.0
        self.grad = 1.0
        for node in reversed(order):
            for parent, slope in node.parents:
                parent.grad = slope * node.grad


# %% wrong="order-of-discovery"
# Nodes are processed breadth first, before all their parts have arrived.
class Value(Sound):
    def backward(self):
        """Set grad of this Value to 1, and of every Value below it to the derivative of this one with respect to it."""
        order, seen = [self], {id(self)}
        for node in order:
            for parent, _ in node.parents:
                if id(parent) not in seen:
                    seen.add(id(parent))
                    order.append(parent)
        for node in order:
            node.grad = 0.0
        self.grad = 1.0
        for node in order:
            for parent, slope in node.parents:
                parent.grad += slope * node.grad


# %% wrong="result-without-seed"
# The gradient of the result itself is never set to 1.
class Value(Sound):
    def backward(self):
        """Set grad of this Value to 1, and of every Value below it to the derivative of this one with respect to it."""
        order, seen, stack = [], set(), [(self, False)]
        while stack:  # depth first without recursion: a node enters the order after all its parents
            node, is_done = stack.pop()
            if is_done:
                order.append(node)
            elif id(node) not in seen:
                seen.add(id(node))
                stack.append((node, True))
                stack.extend((parent, False) for parent, _ in node.parents)
        for node in order:
            node.grad = 0.0
        for node in reversed(order):
            for parent, slope in node.parents:
                parent.grad += slope * node.grad


# %% wrong="no-reset"
# A second pass adds to the first.
class Value(Sound):
    def backward(self):
        """Set grad of this Value to 1, and of every Value below it to the derivative of this one with respect to it."""
        order, seen, stack = [], set(), [(self, False)]
        while stack:  # depth first without recursion: a node enters the order after all its parents
            node, is_done = stack.pop()
            if is_done:
                order.append(node)
            elif id(node) not in seen:
                seen.add(id(node))
                stack.append((node, True))
                stack.extend((parent, False) for parent, _ in node.parents)
        self.grad = 1.0
        for node in reversed(order):
            for parent, slope in node.parents:
                parent.grad += slope * node.grad


# %% wrong="power-keeps-its-exponent"
# n·xⁿ instead of n·xⁿ⁻¹.
class Value(Sound):
    def __pow__(self, exponent):
        """self ** exponent, where exponent is a number."""
        slope = exponent * self.data**exponent if exponent else 0.0
        return Value(self.data**exponent, ((self, slope),))


# %% wrong="tanh-slope-of-the-input"
# 1 − x² instead of 1 − tanh²x.
class Value(Sound):
    def tanh(self):
        """The hyperbolic tangent of self."""
        t = math.tanh(self.data)
        return Value(t, ((self, 1 - self.data**2),))


# %% wrong="left-minus-turned-round"
# c − x computed as x − c.
class Value(Sound):
    def __rsub__(self, other):
        """other - self, where other is a number."""
        return self - other


# %% wrong="left-divide-turned-round"
# c / x computed as x / c.
class Value(Sound):
    def __rtruediv__(self, other):
        """other / self, where other is a number."""
        return self * (1 / other)


# %% wrong="quotient-with-plus"
# The slope of a quotient with the wrong sign.
class Value(Sound):
    def __truediv__(self, other):
        """self / other."""
        other = other if isinstance(other, Value) else Value(other)
        return Value(self.data / other.data, ((self, 1 / other.data), (other, self.data / other.data**2)))


# %% wrong="recursive"
# A chain of a thousand operations exceeds the depth of recursion.
class Value(Sound):
    def backward(self):
        """Set grad of this Value to 1, and of every Value below it to the derivative of this one with respect to it."""
        def visit(node):
            if id(node) not in seen:
                seen.add(id(node))
                for parent, _ in node.parents:
                    visit(parent)
                order.append(node)

        order, seen = [], set()
        visit(self)
        for node in order:
            node.grad = 0.0
        self.grad = 1.0
        for node in reversed(order):
            for parent, slope in node.parents:
                parent.grad += slope * node.grad


# %% wrong="relu-passes-everything"
# The slope of ReLU is 1 everywhere.
class Value(Sound):
    def relu(self):
        """max(0, self)."""
        return Value(max(0.0, self.data), ((self, 1.0),))


# %% wrong="product-slopes-exchanged"
# d(xy)/dx taken as x.
class Value(Sound):
    def __mul__(self, other):
        """self * other, where other is a Value or a number."""
        other = other if isinstance(other, Value) else Value(other)
        return Value(self.data * other.data, ((self, self.data), (other, other.data)))

    __rmul__ = __mul__


# %% wrong="negation-in-place"
# -x turns the sign of x itself.
class Value(Sound):
    def __neg__(self):
        """-self."""
        self.data = -self.data
        return Value(self.data, ((self, -1.0),))

    def __sub__(self, other):
        """self - other."""
        return self + other * -1

    def __rsub__(self, other):
        """other - self, where other is a number."""
        return self * -1 + other


# %% wrong="tanh-overflows"
# tanh from an exponential, which is too large for a float beyond 355.
class Value(Sound):
    def tanh(self):
        """The hyperbolic tangent of self."""
        e = math.exp(2 * self.data)
        t = (e - 1) / (e + 1)
        return Value(t, ((self, 1 - t * t),))


# %% wrong="limit-barely-raised"
# Recursion to 2,200 levels: too few where a subtraction takes two.
class Value(Sound):
    def backward(self):
        """Set grad of this Value to 1, and of every Value below it to the derivative of this one with respect to it."""
        import sys

        def visit(node):
            seen.add(id(node))
            for parent, _ in node.parents:
                if id(parent) not in seen:
                    visit(parent)
            order.append(node)

        order, seen = [], set()
        sys.setrecursionlimit(2200)
        visit(self)
        for node in order:
            node.grad = 0.0
        self.grad = 1.0
        for node in reversed(order):
            for parent, slope in node.parents:
                parent.grad += slope * node.grad


# %% right="creation-order"
# Nodes are numbered as they are made; backward replays the numbers from the highest.
class Value(Sound):
    made = 0

    def __init__(self, data, parents=()):
        self.data = float(data)
        self.grad = 0.0
        Value.made += 1
        self.number = Value.made
        self.parents = parents  # pairs (Value, local slope): how fast this number changes with that one

    def backward(self):
        """Set grad of this Value to 1, and of every Value below it to the derivative of this one with respect to it."""
        below, stack = {}, [self]
        while stack:
            node = stack.pop()
            if node.number not in below:
                below[node.number] = node
                stack.extend(parent for parent, _ in node.parents)
        for node in below.values():
            node.grad = 0.0
        self.grad = 1.0
        for number in sorted(below, reverse=True):
            for parent, slope in below[number].parents:
                parent.grad += slope * below[number].grad


# %% right="counted-children"
# Kahn's algorithm: a node is passed on when all who use it have reported.
class Value(Sound):
    def backward(self):
        """Set grad of this Value to 1, and of every Value below it to the derivative of this one with respect to it."""
        users, stack, seen = {id(self): 0}, [self], {id(self): self}
        while stack:
            for parent, _ in stack.pop().parents:
                users[id(parent)] = users.get(id(parent), 0) + 1
                if id(parent) not in seen:
                    seen[id(parent)] = parent
                    stack.append(parent)
        for node in seen.values():
            node.grad = 0.0
        self.grad = 1.0
        ready = [self]
        while ready:
            node = ready.pop()
            for parent, slope in node.parents:
                parent.grad += slope * node.grad
                users[id(parent)] -= 1
                if users[id(parent)] == 0:
                    ready.append(parent)


# %% right="a-closure-per-node"
# Each operation leaves a function that hands its gradient to its parents; recursion with a raised limit.
import sys


class Value:
    def __init__(self, data, parents=(), op=""):
        self.data, self.grad = float(data), 0.0
        self.parents, self.op = tuple(parents), op
        self.hand_on = lambda: None

    @staticmethod
    def of(x):
        return x if isinstance(x, Value) else Value(x)

    def __add__(self, other):
        other = Value.of(other)
        out = Value(self.data + other.data, (self, other), "+")

        def hand_on():
            self.grad += out.grad
            other.grad += out.grad

        out.hand_on = hand_on
        return out

    def __mul__(self, other):
        other = Value.of(other)
        out = Value(self.data * other.data, (self, other), "*")

        def hand_on():
            self.grad += other.data * out.grad
            other.grad += self.data * out.grad

        out.hand_on = hand_on
        return out

    def _map(self, value, slope, op):
        out = Value(value, (self,), op)

        def hand_on():
            self.grad += slope * out.grad

        out.hand_on = hand_on
        return out

    def __pow__(self, n):
        return self._map(self.data**n, n * self.data ** (n - 1), "**")

    def relu(self):
        return self._map(max(0.0, self.data), float(self.data > 0), "relu")

    def tanh(self):
        t = math.tanh(self.data)
        return self._map(t, 1 - t**2, "tanh")

    def __neg__(self):
        return self * -1

    def __sub__(self, other):
        return self + (-Value.of(other))

    def __rsub__(self, other):
        return Value.of(other) - self

    def __truediv__(self, other):
        return self * Value.of(other) ** -1

    def __rtruediv__(self, other):
        return Value.of(other) / self

    __radd__ = __add__
    __rmul__ = __mul__

    def backward(self):
        sys.setrecursionlimit(max(sys.getrecursionlimit(), 20000))
        order, seen = [], set()

        def visit(node):
            if node not in seen:
                seen.add(node)
                for parent in node.parents:
                    visit(parent)
                order.append(node)

        visit(self)
        for node in order:
            node.grad = 0.0
        self.grad = 1.0
        for node in reversed(order):
            node.hand_on()


# %% right="numbers-get-no-node"
# Direct slopes, x * x as one parent, numbers without a node; the slope of relu at 0 is 1.
class Value(Sound):
    def __add__(self, other):
        if isinstance(other, Value):
            return Value(self.data + other.data, [(self, 1.0), (other, 1.0)])
        return Value(self.data + other, [(self, 1.0)])

    def __mul__(self, other):
        """self * other, where other is a Value or a number."""
        if not isinstance(other, Value):
            return Value(self.data * other, [(self, float(other))])
        if other is self:
            return Value(self.data**2, [(self, 2 * self.data)])
        return Value(self.data * other.data, [(self, other.data), (other, self.data)])

    def relu(self):
        """max(0, self)."""
        return Value(np.where(self.data >= 0, self.data, 0.0), [(self, float(self.data >= 0))])

    def tanh(self):
        """The hyperbolic tangent of self."""
        return Value(np.tanh(self.data), [(self, float(1 - np.tanh(self.data) ** 2))])

    __radd__ = __add__
    __rmul__ = __mul__


# %% right="reader-zh"
# iterative depth-first order with a stack, subtraction and division by +, * and ** -1
class Value:
    """A number that remembers how it was computed: ``data``, and after ``backward()`` its gradient ``grad``."""

    def __init__(self, data, parents=()):
        self.data = float(data)
        self.grad = 0.0
        self.parents = parents  # pairs (Value, local slope): how fast this number changes with that one

    def __add__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        return Value(self.data + other.data, ((self, 1.0), (other, 1.0)))

    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        return Value(self.data * other.data, ((self, other.data), (other, self.data)))

    def __pow__(self, exponent):
        slope = 0.0 if exponent == 0 else exponent * self.data ** (exponent - 1)
        return Value(self.data**exponent, ((self, slope),))

    def relu(self):
        return Value(max(0.0, self.data), ((self, 1.0 if self.data > 0 else 0.0),))

    def tanh(self):
        t = math.tanh(self.data)
        return Value(t, ((self, 1 - t * t),))

    def __neg__(self):
        return self * -1.0

    def __sub__(self, other):
        return self + (-other)

    def __rsub__(self, other):
        return -self + other

    def __truediv__(self, other):
        return self * (other**-1 if isinstance(other, Value) else 1 / other)

    def __rtruediv__(self, other):
        return self**-1 * other

    def backward(self):
        order, seen, stack = [], set(), [(self, False)]
        while stack:
            node, ready = stack.pop()
            if ready:
                order.append(node)
                continue
            if id(node) in seen:
                continue
            seen.add(id(node))
            stack.append((node, True))
            stack.extend((parent, False) for parent, _ in node.parents if id(parent) not in seen)
        for node in order:
            node.grad = 0.0
        self.grad = 1.0
        for node in reversed(order):
            for parent, slope in node.parents:
                parent.grad += slope * node.grad

    __radd__ = __add__
    __rmul__ = __mul__


# %% right="reader-en"
# loop with a stack for the topological order, - and / from + * and ** -1
class Value:
    """A number that remembers how it was computed: ``data``, and after ``backward()`` its gradient ``grad``."""

    def __init__(self, data, parents=()):
        self.data = float(data)
        self.grad = 0.0
        self.parents = parents  # pairs (Value, local slope): how fast this number changes with that one

    def __add__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        return Value(self.data + other.data, ((self, 1.0), (other, 1.0)))

    def __mul__(self, other):
        """self * other, where other is a Value or a number."""
        other = other if isinstance(other, Value) else Value(other)
        return Value(self.data * other.data, ((self, other.data), (other, self.data)))

    def __pow__(self, exponent):
        """self ** exponent, where exponent is a number."""
        slope = 0.0 if exponent == 0 else exponent * self.data ** (exponent - 1)
        return Value(self.data**exponent, ((self, slope),))

    def relu(self):
        """max(0, self)."""
        return Value(max(0.0, self.data), ((self, 1.0 if self.data > 0 else 0.0),))

    def tanh(self):
        """The hyperbolic tangent of self."""
        t = math.tanh(self.data)
        return Value(t, ((self, 1 - t * t),))

    def __neg__(self):
        """-self."""
        return self * -1.0

    def __sub__(self, other):
        """self - other."""
        return self + (-other)

    def __rsub__(self, other):
        """other - self, where other is a number."""
        return (-self) + other

    def __truediv__(self, other):
        """self / other."""
        other = other if isinstance(other, Value) else Value(other)
        return self * other**-1

    def __rtruediv__(self, other):
        """other / self, where other is a number."""
        return self**-1 * other

    def backward(self):
        """Set grad of this Value to 1, and of every Value below it to the derivative of this one with respect to it."""
        order, seen, stack = [], set(), [(self, False)]
        while stack:
            node, parents_done = stack.pop()
            if parents_done:
                order.append(node)
            elif id(node) not in seen:
                seen.add(id(node))
                stack.append((node, True))
                for parent, _ in node.parents:
                    if id(parent) not in seen:
                        stack.append((parent, False))
        for node in order:
            node.grad = 0.0
        self.grad = 1.0
        for node in reversed(order):
            for parent, slope in node.parents:
                parent.grad += slope * node.grad

    __radd__ = __add__
    __rmul__ = __mul__
