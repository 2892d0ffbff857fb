"""Hashes are mosquitto's own, and no two are alike."""

import base64
import hashlib

import pytest

from hub.adapters.mosquitto.passwords import hashed, is_hashed

MADE_BY_MOSQUITTO_PASSWD = (
    "$7$101$7krkcgZVkHpU7jQe$1IM5HZyCmb01Vh+qMmkInwurZAqVFPQAHIFbub/gEkG9iNy0z1Dta9JZFEe7NHx/medA0b0rUHxIxrUXx/5V1A=="
)


def test_the_form_is_that_of_mosquittos_program() -> None:
    _, kind, iterations, salt, digest = MADE_BY_MOSQUITTO_PASSWD.split("$")
    assert (kind, iterations) == ("7", "101")
    computed = hashlib.pbkdf2_hmac("sha512", b"secret", base64.b64decode(salt), int(iterations))
    assert base64.b64encode(computed).decode() == digest
    _, own_kind, own_iterations, own_salt, own_digest = hashed("secret").split("$")
    assert (own_kind, own_iterations, len(own_salt), len(own_digest)) == (kind, iterations, len(salt), len(digest))


def test_no_two_hashes_are_alike() -> None:
    assert hashed("secret") != hashed("secret")


@pytest.mark.parametrize("text", [MADE_BY_MOSQUITTO_PASSWD, hashed("x")])
def test_a_hash_is_known_as_one(text: str) -> None:
    assert is_hashed(text)


@pytest.mark.parametrize("text", ["", "secret", "$7$", "$7$101$a$b\nroot:x", "$6$abc$def", "$7$0$a$b", "$7$101$a:b$c"])
def test_what_only_looks_like_a_hash_is_a_password(text: str) -> None:
    assert not is_hashed(text)
