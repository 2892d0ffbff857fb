"""Who may sign in: adding and changing operators, and what their names and passwords may be."""

import asyncio
import unicodedata
from dataclasses import replace
from enum import StrEnum
from typing import Annotated, NamedTuple

from pydantic import AfterValidator, BeforeValidator, Field
from starlette.concurrency import run_in_threadpool

from hub.console.core_line import CoreLine
from hub.console.languages import Language
from hub.console.passwords import LONGEST, SHORTEST, Passwords
from hub.console.register import FormIn, Line, TakenError, UnknownRecordError
from hub.console.wording import N_
from hub.core.effects import Reply
from hub.core.records import Operator
from hub.ports import StoreReader


class Role(StrEnum):
    """What an operator may do; finer ones will come."""

    OPERATOR = "operator"
    ADMINISTRATOR = "administrator"


ROLE_WORDS: dict[Role, str] = {Role.OPERATOR: N_("Operator"), Role.ADMINISTRATOR: N_("Administrator")}


def _one_form(value: object) -> object:
    return unicodedata.normalize("NFC", value) if isinstance(value, str) else value


def _not_too_simple(password: str) -> str:
    if len(set(password)) < SHORTEST // 2:
        raise ValueError(N_("Use more different characters."))
    return password


Name = Annotated[Line, BeforeValidator(_one_form)]
Password = Annotated[str, Field(min_length=SHORTEST, max_length=LONGEST), AfterValidator(_not_too_simple)]


class OperatorIn(FormIn):
    """A new operator."""

    name: Name = Field(min_length=2, max_length=40)
    password: Password
    role: Role = Role.OPERATOR
    language: Language = Language.EN


class Telephone(NamedTuple):
    """What rings along with an operator's console. `is_sure`: nobody else answers there."""

    number: str
    is_sure: bool


class LastAdministratorError(Exception):
    """Nobody would be left who can add operators."""


class Operators:
    """Keeps operators."""

    def __init__(self, reader: StoreReader, line: CoreLine, passwords: Passwords) -> None:
        """Take what is read, the line to the core, and the hashing."""
        self._reader = reader
        self._line = line
        self._passwords = passwords
        self._turn = asyncio.Lock()

    async def find(self, name: str) -> Operator | None:
        """Return the operator of this name, however it is cased."""
        wanted = unicodedata.normalize("NFC", name.strip()).casefold()
        everybody = await run_in_threadpool(self._reader.operators)
        return next((one for one in everybody if one.name.casefold() == wanted), None)

    async def add(self, form: OperatorIn) -> Reply:
        """Add an operator. Raises TakenError."""
        password_hash = await self._passwords.hash(form.password)
        async with self._turn:
            if await self.find(form.name) is not None:
                raise TakenError(form.name)
            return await self._line.edit(Operator(form.name, password_hash, form.role, form.language))

    async def change(
        self,
        name: str,
        role: Role | None = None,
        language: Language | None = None,
        is_active: bool | None = None,
        telephone: Telephone | None = None,
    ) -> Reply:
        """Change what is given. Raises UnknownRecordError, LastAdministratorError."""
        async with self._turn:
            known = await self._known(name)
            phone = telephone or Telephone(known.phone, known.phone_is_sure)
            changed = replace(
                known,
                role=str(role or known.role),
                language=str(language or known.language),
                is_active=known.is_active if is_active is None else is_active,
                phone=phone.number,
                phone_is_sure=phone.is_sure,
            )
            if _leads(known) and not _leads(changed) and not await self._another_leads(name):
                raise LastAdministratorError
            return await self._line.edit(changed)

    async def set_password(self, name: str, password: str) -> Reply:
        """Give an operator a new password. Raises UnknownRecordError."""
        password_hash = await self._passwords.hash(password)
        async with self._turn:
            return await self._line.edit(replace(await self._known(name), password_hash=password_hash))

    async def _known(self, name: str) -> Operator:
        known = await run_in_threadpool(self._reader.operator, name)
        if known is None:
            raise UnknownRecordError(name)
        return known

    async def _another_leads(self, name: str) -> bool:
        everybody = await run_in_threadpool(self._reader.operators)
        return any(_leads(one) and one.name != name for one in everybody)


def _leads(operator: Operator) -> bool:
    return operator.is_active and operator.role == Role.ADMINISTRATOR
