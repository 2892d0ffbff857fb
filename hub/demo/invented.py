"""The people of the demo. All of it is invented, and looks it; the numbers belong to nobody and are no emergency's."""

from collections.abc import Iterator

from hub.core.records import Client, Premises, Record, Unit

_PEOPLE = (
    ("Anna Izdomāta", "Izdomu iela 1, dzīvoklis 1, Pasakas", "lv", "Glass of water helps. Hears badly on the left."),
    ("Eino Keksitty", "Satukatu 2 B, Taruala", "fi", "Walks with a frame."),
    ("Astrid Påhittad", "Sagovägen 3, Diktby", "sv", "Has a friendly dog called Fabel."),
    ("Вера Вымышленная", "Сказочная ул. 4, кв. 4, Небылицы", "ru", "Speaks slowly after a stroke."),
    ("Aino Väljamõeldud", "Muinasjutu 5-5, Luulevere", "et", "Diabetes; sweets in the kitchen drawer."),
    ("Edith Imaginary", "6 Make-Believe Lane, Fableton", "en", "Prefers to be called Edie."),
)


def unit_id(number: int) -> str:
    """Return the id of the n-th virtual home, from 1."""
    return f"demo-home-{number}"


def homes(count: int) -> Iterator[Record]:
    """Return the register of that many homes."""
    for number in range(1, count + 1):
        name, address, language, notes = _PEOPLE[(number - 1) % len(_PEOPLE)]
        again = (number - 1) // len(_PEOPLE)
        suffix = f" {again + 1}" if again else ""
        yield Premises(number, f"{address}{suffix}", key_location="Invented neighbour, door 0", notes="A demo home.")
        yield Client(number, number, f"{name}{suffix}", f"+371 2000 {number:04d}", language, notes)
        yield Unit(unit_id(number), f"Demo home {number}", number)
