"""Several people at the same moment: real threads, each with a database connection of its own."""

import threading
from concurrent.futures import ThreadPoolExecutor

from django.db import connections


def together(works) -> list:
    """Run the functions at the same moment; what each returned, or the exception it raised, in their order."""
    gate = threading.Barrier(len(works))

    def run(work):
        try:
            gate.wait(30)
            return work()
        except Exception as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def at_once(*works) -> list[Exception]:
    """Run the functions at the same moment; the exceptions they raised, if any."""
    return [result for result in together(works) if isinstance(result, Exception)]
