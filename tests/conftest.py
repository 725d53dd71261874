"""What holds for all tests."""

import gc

from hypothesis import settings

# How fast a test runs is a matter of the machine: benchmarks measure, tests do not. Each run draws other examples, so
# fewer of them (half of Hypothesis's own number) find the same faults over some days; `--hypothesis-profile=thorough`
# draws many at once.
settings.register_profile("aaa", deadline=None, max_examples=50)
settings.register_profile("thorough", deadline=None, max_examples=1000)
settings.load_profile("aaa")
gc.set_threshold(20_000, 10, 10)  # as the command line works; at Python's own numbers it takes 5 % of the tests
