"""Programs of reading exercises run as in Python; everything else is refused quickly and without harm."""

import contextlib
import io

import pytest

from aaa.sim import solve

PROGRAMS = [
    "print(2 + 3 * 4 - 7 // 2 % 3)",
    "x = 5\nx -= 2\nx **= 3\nprint(x, -x, not x)",
    "for i, c in enumerate('abc'):\n    print(i, c)",
    "a = [5, 2, 9]\na.append(1)\na.sort(reverse=True)\nprint(a, sum(a), max(a), min(a), len(a))",
    "d = {}\nfor c in 'hello':\n    d[c] = d.get(c, 0) + 1\nprint(d)",
    "def fib(n):\n    if n < 2:\n        return n\n    return fib(n - 1) + fib(n - 2)\nprint(fib(8))",
    "i = 0\nwhile i < 10:\n    i += 1\n    if i == 3:\n        continue\n    if i == 6:\n        break\nprint(i)",
    "for i in range(2):\n    pass\nelse:\n    print('end', i)",
    "print([c.upper() for c in 'abcabc' if c != 'b'])",
    "m = [[1, 2], [3, 4]]\nm[1][0] = 7\nprint(m, m[0][-1])",
    "print('a,b,c'.split(','), 'x'.join(['1', '2']), 'abc'[::-1], 'b' in 'abc')",
    "n = 3\nprint(f'{n} and {n * 2}')",
    "x = 4\nprint('even' if x % 2 == 0 else 'odd')\nprint(1 < x <= 4, x > 5 or x == 4)",
    "for a, b in zip([1, 2], [3, 4]):\n    print(a * b, sep='')",
    "t = (1, 2)\na, b = t\nprint(b - a, round(2.5), int('7') + 1, str(3) + '4', 7 / 2)",
]


@pytest.mark.parametrize("program", PROGRAMS)
def test_it_prints_what_python_prints(program: str) -> None:
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(program, {})
    found = solve(f"What does this print?\n```python\n{program}\n```")
    assert found is not None
    assert found.skill == "code_reading"
    assert found.answer == out.getvalue().rstrip("\n")
    assert found.answer not in {slip.answer for slip in found.slips}


@pytest.mark.parametrize(
    "program",
    [
        "while True:\n    pass",
        "import os\nprint(os.getcwd())",
        "print(open('x').read())",
        "print(__import__('os'))",
        "print(().__class__)",
        "print(''.__class__.__mro__)",
        "print(9 ** 9 ** 9)",
        "print('a' * 10 ** 9)",
        "x = 'a'\nfor i in range(99):\n    x = x + x\nprint(len(x))",
        "x = [1]\nfor i in range(99):\n    x.extend(x)\nprint(len(x))",
        "x = [1]\nfor i in range(99):\n    x = [x, x]\nprint(x)",
        "a = [0, 0]\nfor i in range(60):\n    b = [0, 0]\n    b[0] = a\n    b[1] = a\n    a = b\nprint(a)",
        "x = 'ab' * 4000\nprint(x.replace('', x))",
        "x = 2\nfor i in range(99):\n    x = x * x\nprint(x)",
        "print('%99999999d' % 3)",
        "print(f'{3:>99999999}')",
        "def f(n):\n    return f(n + 1)\nprint(f(1))",
        "print(list(range(10 ** 9)))",
        "print(max([]))",
        "print(undefined)",
        "print({1, 2})",
        "break",
        "return 3",
        "print(",
        "x = 1",
    ],
)
def test_it_refuses_the_rest(program: str) -> None:
    assert solve(f"What does this print?\n```python\n{program}\n```") is None
