"""The README is true: its commands print what it shows, and both languages show the same commands."""

from tests.readme import READMES, commands, outputs


def test_every_command_of_the_readme_prints_what_the_readme_shows() -> None:
    text = READMES[0].read_text(encoding="utf-8")
    assert dict(commands(text)) == outputs(text)


def test_the_chinese_readme_shows_the_same_commands_and_outputs() -> None:
    english, chinese = (dict(commands(readme.read_text(encoding="utf-8"))) for readme in READMES)
    assert english == chinese
