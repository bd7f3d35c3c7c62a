"""`screenplay-mock openapi` and `screenplay-mock schema`: the contract as data."""

from __future__ import annotations

import json
from itertools import islice
from typing import IO, TYPE_CHECKING, Any, NoReturn

import click

if TYPE_CHECKING:
    from collections.abc import Callable

MOST_ERRORS = 100  # printed for one file
MOST_MESSAGE = 300  # characters of one error, which may repeat the whole value


@click.command(
    epilog="""\b
    Examples:
      screenplay-mock openapi
      screenplay-mock openapi --output openapi.json"""
)
@click.option("--output", type=click.Path(dir_okay=False, writable=True), help="Write to this file instead of stdout.")
def openapi(output: str | None) -> None:
    """Print the OpenAPI document of the API, in JSON."""
    from screenplay_schemas import bundle

    text = _as_json(bundle())
    if output is None:
        click.echo(text)
        return
    try:
        with open(output, "w", encoding="utf-8") as file:  # noqa: PTH123 - click gives a string
            file.write(text + "\n")
    except OSError as error:
        raise click.BadParameter(f"{output!r} cannot be written: {error.strerror}", param_hint="'--output'") from None


@click.group(
    epilog="""\b
    Examples:
      screenplay-mock schema list
      screenplay-mock schema show callback
      screenplay-mock schema validate submit-request body.json"""
)
def schema() -> None:
    """The JSON Schemas of what crosses the wire."""


@schema.command(
    "list",
    epilog="""\b
    Example:
      screenplay-mock schema list""",
)
def list_() -> None:
    """List the schemas, a line each."""
    from screenplay_schemas import load, names

    width = max(map(len, names()), default=0)
    for name in names():
        click.echo(f"{name:{width}}  {load(name).get('title', '')}".rstrip())


@schema.command(
    epilog="""\b
    Example:
      screenplay-mock schema show callback"""
)
@click.argument("name")
def show(name: str) -> None:
    """Print the JSON Schema NAME."""
    from screenplay_schemas import load

    click.echo(_as_json(_known(load, name)))


@schema.command(
    epilog="""\b
    Examples:
      screenplay-mock schema validate submit-request body.json
      curl -s URL | screenplay-mock schema validate status-response -

    Exit codes: 0 valid, 1 not valid, 2 unknown schema, or a file that cannot be read or is no JSON."""
)
@click.argument("name")
@click.argument("file", type=click.File("rb"))
@click.pass_context
def validate(ctx: click.Context, name: str, file: IO[bytes]) -> None:
    """Check the JSON in FILE (- for stdin) against the schema NAME; print every error with its JSON path."""
    from screenplay_schemas import validator

    judge = _known(validator, name)
    source = getattr(file, "name", "<stdin>")  # a stdin that is no file has no name
    value = _json(file, source)
    errors = list(islice(judge.iter_errors(value), MOST_ERRORS + 1))
    for error in errors[:MOST_ERRORS]:
        message = error.message if len(error.message) <= MOST_MESSAGE else f"{error.message[:MOST_MESSAGE]}…"
        click.echo(f"{error.json_path}: {message}")
    if len(errors) > MOST_ERRORS:
        click.echo(f"and more: only the first {MOST_ERRORS} errors are printed")
    if not errors:
        click.echo(f"{source}: valid {name}")
    ctx.exit(1 if errors else 0)


def _known(find: Callable[[str], Any], name: str) -> Any:
    from screenplay_schemas import UnknownSchema

    try:
        return find(name)
    except UnknownSchema as error:
        raise click.BadParameter(str(error), param_hint="NAME") from None


def _json(file: IO[bytes], source: str) -> Any:
    try:
        return json.loads(file.read().decode("utf-8-sig"), parse_constant=_refuse)
    except json.JSONDecodeError as error:
        raise click.UsageError(f"{source}:{error.lineno}:{error.colno}: not JSON: {error.msg}") from None
    except ValueError as error:
        raise click.UsageError(f"{source}: not JSON: {error}") from None
    except RecursionError:
        raise click.UsageError(f"{source}: not JSON that can be read: nested too deeply") from None
    except OSError as error:
        raise click.UsageError(f"{source} cannot be read: {error.strerror}") from None


def _refuse(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number in JSON")


def _as_json(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)
