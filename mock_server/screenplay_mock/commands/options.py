"""
Options that may also stand in the environment and in a settings file: flags beat environment beats file.

Click does the reading and the order. What is added is that an error names where the bad value came from.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from screenplay_mock.settings_file import SettingsFile

PREFIX = "SCREENPLAY_MOCK_"
DEFAULT_FILE = Path("screenplay-mock.toml")
_FILE = "screenplay_mock.settings_file"  # where the context keeps it


class Setting(click.Option):
    """
    `--journal-max`, which is also SCREENPLAY_MOCK_JOURNAL_MAX, and `journal-max` in the settings file.

    Its text is given to *reader*, whose ValueError or LookupError becomes the message.
    """

    def __init__(
        self, declarations: Sequence[str], *, reader: Callable[[Any], Any] | None = None, **attributes: Any
    ) -> None:
        self.reader = reader
        self.key = declarations[0].partition("/")[0].removeprefix("--")
        attributes.setdefault("envvar", PREFIX + self.key.replace("-", "_").upper())
        attributes.setdefault("show_default", True)
        attributes.setdefault("callback", self._read)
        if not attributes.get("is_flag"):
            attributes.setdefault("type", str)
        super().__init__(declarations, show_envvar=True, **attributes)

    def _read(self, ctx: click.Context, _: click.Parameter, text: Any) -> Any:
        if self.reader is None or text is None:
            return text
        try:
            return self.reader(text)
        except (ValueError, LookupError) as error:
            message = str(error)
            raise click.BadParameter(f"\n{message}" if "\n" in message else message, ctx, self) from None

    def get_error_hint(self, ctx: click.Context | None) -> str:
        source = None if ctx is None else ctx.get_parameter_source(self.name)
        if ctx is not None and source is ParameterSource.DEFAULT_MAP:
            file: SettingsFile = ctx.meta[_FILE]
            return f"{self.key!r} at {file.place(self.key)}"
        if source is ParameterSource.ENVIRONMENT:
            return f"the environment variable {self.envvar}"
        return f"'--{self.key}'"


def use_settings_file(ctx: click.Context, _: click.Parameter, value: str | None) -> None:
    """The callback of the eager `--config`: what the file says is the default of the other options."""
    from screenplay_mock.settings_file import SettingsFileError, read

    settings = {one.key: one for one in ctx.command.params if isinstance(one, Setting) and one.expose_value}
    path = DEFAULT_FILE if value is None else Path(value)
    try:
        file = read(path, {key: setting.multiple for key, setting in settings.items()})
    except FileNotFoundError:
        if value is None:
            return
        raise click.BadParameter(f"there is no file {value!r}") from None
    except SettingsFileError as error:
        raise click.UsageError(str(error), ctx) from None
    ctx.meta[_FILE] = file
    ctx.default_map = {
        settings[key].name: [text] if settings[key].multiple and isinstance(text, str) else text
        for key, text in file.values.items()
    }
