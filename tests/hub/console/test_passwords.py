"""Passwords: kept as hashes, checked however they are typed, whether or not the name exists."""

import asyncio

import pytest

from hub.console.passwords import LONGEST, Passwords


def test_a_password_matches_its_hash_and_no_other() -> None:
    async def check() -> None:
        passwords = Passwords()
        kept = await passwords.hash("rain on tin roofs")
        assert kept.startswith("$argon2id$")
        assert await passwords.matches(kept, "rain on tin roofs")
        assert not await passwords.matches(kept, "rain on tin roof")
        assert kept != await passwords.hash("rain on tin roofs")

    asyncio.run(check())


def test_a_name_that_does_not_exist_has_no_password() -> None:
    async def check() -> None:
        passwords = Passwords()
        assert not await passwords.matches(None, "")
        assert not await passwords.matches(None, "the password of a name that does not exist")

    asyncio.run(check())


@pytest.mark.parametrize(("typed", "typed_elsewhere"), [("āčē pļavā ir", "a\u0304c\u030ce\u0304 pl\u0327ava\u0304 ir")])
def test_what_keyboards_write_differently_is_the_same(typed: str, typed_elsewhere: str) -> None:
    async def check() -> None:
        passwords = Passwords()
        assert await passwords.matches(await passwords.hash(typed), typed_elsewhere)

    asyncio.run(check())


def test_a_broken_hash_matches_nothing() -> None:
    async def check() -> None:
        assert not await Passwords().matches("not a hash", "x" * 10 * LONGEST)

    asyncio.run(check())
