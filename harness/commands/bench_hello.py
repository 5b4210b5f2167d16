"""A bare Falcon application on the reference's server: what the machine and the framework cost alone."""

import sys

import falcon
from granian.constants import Interfaces
from granian.server.mp import MPServer


class Hello:
    def on_get(self, _: falcon.Request, response: falcon.Response) -> None:
        response.media = {"hello": "world"}


def application() -> falcon.App[falcon.Request, falcon.Response]:
    app: falcon.App[falcon.Request, falcon.Response] = falcon.App()
    app.add_route("/", Hello())
    return app


def serve(port: int, processes: int) -> None:
    """Serve it until SIGTERM, with as many processes as the reference has."""
    server = MPServer(
        "hello",
        address="127.0.0.1",
        port=port,
        interface=Interfaces.WSGI,
        workers=processes,
        websockets=False,
    )
    server.serve(target_loader=application, wrap_loader=False)


if __name__ == "__main__":
    serve(int(sys.argv[1]), int(sys.argv[2]))
