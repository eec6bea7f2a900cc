"""What the tests of views share: listening to messages."""

from __future__ import annotations

import pytest

from peephole.core.progress import reporting_to


class Listener:
    """Keeps what a node says."""

    def __init__(self):
        self.text = ""

    def progress(self, *_):
        pass

    def metric(self, *_):
        pass

    def earlier(self, *_):
        pass

    def message(self, _level, text):
        self.text += text + "\n"

    def cancelled(self):
        return False


@pytest.fixture
def heard():
    listener = Listener()
    with reporting_to(listener):
        yield listener
