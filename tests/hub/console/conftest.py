"""What the console's tests share: a running centre for each module, and browsers that are signed in."""

from collections.abc import Callable, Iterator
from itertools import count

import pytest

from tests.console_centre import Centre, running
from tests.console_client import Client

Browse = Callable[..., Client]
SignIn = Callable[..., Client]


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Centre]:
    with running(tmp_path_factory.mktemp("centre"), ping_s=0.1, alive_within_s=0.5) as centre:
        centre.add_operator("Elza", role="administrator")
        centre.add_operator("Juris")
        yield centre


@pytest.fixture
def browse() -> Iterator[Browse]:
    """Return what opens a browser at an address."""
    clients: list[Client] = []

    def open_client(url: str, session: str = "") -> Client:
        clients.append(Client(url, session))
        return clients[-1]

    yield open_client
    for client in clients:
        client.close()


@pytest.fixture
def signed_in(centre: Centre, browse: Browse) -> SignIn:
    """Return what opens a browser that an operator has signed in with."""

    def sign_in(name: str = "Elza") -> Client:
        return browse(centre.url, centre.session_of(name))

    return sign_in


@pytest.fixture
def elza(signed_in: SignIn) -> Client:
    return signed_in("Elza")


@pytest.fixture
def juris(signed_in: SignIn) -> Client:
    return signed_in("Juris")


@pytest.fixture
def stranger(centre: Centre, browse: Browse) -> Client:
    """Return a browser of somebody who is not signed in."""
    return browse(centre.url)


_numbers = count(1)


@pytest.fixture
def home(centre: Centre) -> str:
    """Return the unit of a home of this test alone."""
    number = next(_numbers)
    return centre.add_home(number, f"Anna Paraudziņa {number}", f"Izdomu iela {number}, Paraugpils")
