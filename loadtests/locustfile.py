"""What `locust` opens: `locust -f loadtests/locustfile.py --target FILE --scenario NAME [--headless]`."""

from locust import LoadTestShape, User, events

from loadtests.session import Session, workers_of

session = Session()
session.listen(events)


class OpenArrivals(User):
    """One a process: it starts every request of its share when it is due."""

    tasks = [session.drive]  # noqa: RUF012  # locust's own way to name tasks


class UntilTheEnd(LoadTestShape):
    """As many users as there are processes to drive, until the last arrival was answered."""

    def tick(self) -> tuple[int, float] | None:
        users = max(1, len(workers_of(self.runner)))
        if self.runner is not None and self.runner.user_count >= users:
            session.wait()
            return None
        return users, 100.0
