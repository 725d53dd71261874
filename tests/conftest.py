"""What holds for all tests."""

from hypothesis import settings

settings.register_profile("aaa", deadline=None)
settings.load_profile("aaa")  # how fast a test runs is a matter of the machine: benchmarks measure, tests do not
