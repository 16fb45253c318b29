"""People who answer by their page: each tries until the web server has taken the answer."""

from __future__ import annotations

import http.client
import os
import signal
import threading
import time
from collections.abc import Mapping
from urllib.parse import urlsplit

from chaos.ground import Scene, ask, wait_for
from denrei.project.demo.actors import Actor, acting, free_port

#: Seconds until an answer is tried again, for a try, and until somebody gives up.
_PAUSE, _TIMEOUT, _PATIENCE = 0.2, 5.0, 120.0
_FORM: Mapping[str, str] = {"Content-Type": "application/x-www-form-urlencoded"}


class Web:
    """`denrei serve`, which may be killed and started again at the same address."""

    def __init__(self, scene: Scene) -> None:
        self._scene, self.port = scene, free_port()
        self._count = 0
        self._actor = self._started()

    def kill(self) -> None:
        """Kill all of its processes with -9, and start it again."""
        os.killpg(self._actor.process.pid, signal.SIGKILL)
        self._actor.process.wait()
        self._actor = self._started()

    def ready(self, page: str) -> float:
        """Wait until it shows a page; return the seconds."""
        return wait_for(lambda: self.shows(page), "a page is shown")

    def shows(self, page: str) -> bool:
        """Tell whether a page is shown now."""
        return self._status("GET", page) == http.client.OK

    def answer(self, page: str) -> bool:
        """Answer by a page; tell whether the server said that it took it."""
        return self._status("POST", page) == http.client.SEE_OTHER

    def _status(self, method: str, page: str) -> int:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=_TIMEOUT)
        try:
            connection.request(method, page, "choice=1" if method == "POST" else None, _FORM)
            return connection.getresponse().status
        except (OSError, http.client.HTTPException):
            return 0
        finally:
            connection.close()

    def _started(self) -> Actor:
        self._count += 1
        listen = {"DENREI_LISTEN": f"127.0.0.1:{self.port}"}
        name, words = f"web-{self._count}", ["denrei.project", "serve"]
        return self._scene.stack.enter_context(
            acting(name, words, self._scene.ground.folder, listen)
        )


class Crowd(threading.Thread):
    """Answers one after the other, through whatever happens to the server."""

    def __init__(self, scene: Scene, web: Web, broadcast: int, count: int) -> None:
        super().__init__(daemon=True)
        self._web = web
        rows = ask(
            "SELECT id FROM delivery WHERE broadcast_id = %s ORDER BY id DESC LIMIT %s",
            (broadcast, count),
        )
        self._pages = {
            delivery: page_of(scene.ground.organization.pk, delivery) for (delivery,) in rows
        }
        self._ended = threading.Event()
        scene.stack.callback(self.end)
        #: Deliveries whose answer was taken, in order.
        self.taken: list[int] = []
        self.repeats = 0

    def run(self) -> None:
        """Answer for everybody."""
        for delivery, page in self._pages.items():
            deadline = time.monotonic() + _PATIENCE
            while not self._web.answer(page):
                if time.monotonic() > deadline or self._ended.is_set():
                    return
                self.repeats += 1
                time.sleep(_PAUSE)
            self.taken.append(delivery)

    def end(self) -> None:
        """Let whoever still tries give up."""
        self._ended.set()
        if self.is_alive():
            self.join()

    def forgotten(self) -> int:
        """Return how many answers were taken and are not kept."""
        return int(
            ask(
                "SELECT count(*) FROM delivery d WHERE d.id = ANY(%s) AND NOT EXISTS (SELECT FROM response r"
                " WHERE r.broadcast_id = d.broadcast_id AND r.recipient_id = d.recipient_id)",
                (self.taken,),
            )[0][0]
        )


def page_of(organization: int, delivery: int) -> str:
    """Return the path of a delivery's own page."""
    from denrei.deliveries import links

    return urlsplit(links.answer_url(organization, delivery)).path
