"""AAA ("AI Align AI"): several language models teach, judge and improve each other; the result is training data."""

__version__ = "0.1.0"
