"""What a service counts, in the text format of Prometheus."""

from __future__ import annotations

import threading
from collections import Counter

# Upper bounds in seconds.
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Metrics:
    """Counts requests, rows and seconds; may be used by several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._requests: Counter[int] = Counter()
        self._rows: Counter[str] = Counter()
        self._buckets: Counter[float] = Counter()
        self._seconds = 0.0
        self._waiting = 0

    def begin(self) -> None:
        """A request has come."""
        with self._lock:
            self._waiting += 1

    def end(self, status: int, seconds: float, *, good: int = 0, bad: int = 0) -> None:
        """It is answered.  good, bad: rows."""
        with self._lock:
            self._waiting -= 1
            self._requests[status] += 1
            self._rows["good"] += good
            self._rows["bad"] += bad
            self._seconds += seconds
            for bound in BUCKETS:
                if seconds <= bound:
                    self._buckets[bound] += 1

    def text(self) -> str:
        """All of it."""
        with self._lock:
            count = sum(self._requests.values())
            lines = [
                "# HELP peephole_requests_total Requests answered, by status.",
                "# TYPE peephole_requests_total counter",
                *(f'peephole_requests_total{{status="{s}"}} {n}' for s, n in sorted(self._requests.items())),
                "# HELP peephole_rows_total Rows received.",
                "# TYPE peephole_rows_total counter",
                *(f'peephole_rows_total{{quality="{q}"}} {self._rows[q]}' for q in ("good", "bad")),
                "# HELP peephole_requests_in_progress Requests being worked on.",
                "# TYPE peephole_requests_in_progress gauge",
                f"peephole_requests_in_progress {self._waiting}",
                "# HELP peephole_request_seconds How long requests take.",
                "# TYPE peephole_request_seconds histogram",
                *(f'peephole_request_seconds_bucket{{le="{b:g}"}} {self._buckets[b]}' for b in BUCKETS),
                f'peephole_request_seconds_bucket{{le="+Inf"}} {count}',
                f"peephole_request_seconds_sum {self._seconds:.6f}",
                f"peephole_request_seconds_count {count}",
            ]
        return "\n".join(lines) + "\n"
