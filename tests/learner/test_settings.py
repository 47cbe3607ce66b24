"""The learner's settings: what they mean, and that a slip in the file is named by its line."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from grader.base.errors import WorkspaceError
from grader.learner.settings import Settings

BERLIN = Settings(time_zone="Europe/Berlin")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where the settings would lie."""
    return tmp_path / "settings.toml"


def utc(text: str) -> datetime:
    """A moment in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_no_file_means_the_defaults(file: Path) -> None:
    """A learner who sets nothing has a day that begins at four."""
    assert Settings.read(file) == Settings()
    assert Settings().day_begins == 4


def test_an_empty_file_means_the_defaults(file: Path) -> None:
    """A file with comments alone changes nothing."""
    file.write_text("# nothing yet\n")
    assert Settings.read(file) == Settings()


def test_every_setting_is_read(file: Path) -> None:
    """Each key of the file reaches the field of its name, a byte order mark or not."""
    file.write_text(
        'name = "Ada"\naddress = "https://ada.example/llm"\ntime_zone = "Asia/Kolkata"\n'
        'profile = "https://github.com/ada"\nrepository = "https://github.com/ada/llm"\n'
        'day_begins = 0\ndays_off = ["2026-12-24 to 2027-01-02", 2026-11-22, "2026-11-30"]\n'
        "hours_a_week = 7\nshow_code = true\n",
        "utf-8-sig",
    )
    assert Settings.read(file) == Settings(
        name="Ada",
        address="https://ada.example/llm",
        profile="https://github.com/ada",
        repository="https://github.com/ada/llm",
        time_zone="Asia/Kolkata",
        day_begins=0,
        days_off=(
            (date(2026, 12, 24), date(2027, 1, 2)),
            (date(2026, 11, 22), date(2026, 11, 22)),
            (date(2026, 11, 30), date(2026, 11, 30)),
        ),
        hours_a_week=7.0,
        show_code=True,
    )


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2026-11-22T02:59:59", date(2026, 11, 21)),
        ("2026-11-22T03:00:00", date(2026, 11, 22)),
        ("2026-11-22T23:30:00", date(2026, 11, 22)),
        ("2026-03-29T01:59:59", date(2026, 3, 28)),
        ("2026-03-29T02:00:00", date(2026, 3, 29)),
        ("2026-10-25T02:59:59", date(2026, 10, 24)),
        ("2026-10-25T03:00:00", date(2026, 10, 25)),
    ],
    ids=["before-4", "at-4", "late", "spring-before", "spring-at-4", "autumn-before", "autumn-4"],
)
def test_a_day_begins_at_four_by_the_wall_clock(moment: str, day: date) -> None:
    """In Berlin four o'clock is 3:00 UTC in winter and 2:00 in summer, on the changes' days too."""
    assert BERLIN.find_day(utc(moment)) == day


def test_the_hour_at_which_a_day_begins_can_be_set() -> None:
    """With 0 a day begins at midnight, with 12 at noon."""
    moment = utc("2026-11-22T10:30:00")
    assert Settings(time_zone="UTC", day_begins=0).find_day(moment) == date(2026, 11, 22)
    assert Settings(time_zone="UTC", day_begins=12).find_day(moment) == date(2026, 11, 21)


def test_a_time_zone_moves_the_day() -> None:
    """At one moment it is already tomorrow in Auckland and still yesterday in Honolulu."""
    moment = utc("2026-11-22T17:00:00")
    assert Settings(time_zone="Pacific/Auckland").find_day(moment) == date(2026, 11, 23)
    assert Settings(time_zone="Pacific/Honolulu").find_day(utc("2026-11-22T12:00:00")) == date(
        2026, 11, 21
    )


def test_days_off_hold_both_their_ends() -> None:
    """The first and the last day of a stretch are off, the days beside it are not."""
    off = Settings(days_off=((date(2026, 12, 24), date(2026, 12, 26)),))
    days = [date(2026, 12, day) for day in range(23, 28)]
    assert [off.is_off(day) for day in days] == [False, True, True, True, False]


WRONG = {
    "name = 3": "name is 3; expected a text in quotes",
    'address = "me.github.io"': "address is 'me.github.io'; expected the address",
    'address = "javascript:alert(1)"': "address is 'javascript:alert(1)'; expected the address",
    'address = "https://a b"': "address is 'https://a b'; expected the address",
    "profile = 3": "profile is 3; expected the address of a page in quotes, with https://",
    'profile = "ada"': "profile is 'ada'; expected the address",
    'profile = "mailto:ada@example.org"': "profile is 'mailto:ada@example.org'; expected",
    'repository = "git@github.com:ada/llm"': "repository is 'git@github.com:ada/llm'; expected",
    'repository = "https://ada:p@w@github.com/ada/llm"': (
        "repository is 'https://…@github.com/ada/llm'; expected the address of a page in quotes, "
        "with https:// and without a user name"
    ),
    'time_zone = "Berlin"': "time_zone is 'Berlin'; expected a time zone such as \"Europe/Berlin\"",
    'time_zone = "../../etc/passwd"': "time_zone is '../../etc/passwd'; expected a time zone",
    'time_zone = "Europe"': "time_zone is 'Europe'; expected a time zone",
    "time_zone = 1": "time_zone is 1; expected a time zone",
    "day_begins = 13": "day_begins is 13; expected a full hour from 0 to 12",
    "day_begins = -1": "day_begins is -1; expected a full hour",
    "day_begins = 4.5": "day_begins is 4.5; expected a full hour",
    "day_begins = true": "day_begins is True; expected a full hour",
    'day_begins = "4"': "day_begins is '4'; expected a full hour",
    'days_off = "2026-11-22"': "days_off is '2026-11-22'; expected a list such as",
    'days_off = ["22.11.2026"]': "days_off contains '22.11.2026'; expected a list such as",
    'days_off = ["2026-02-30"]': "days_off contains '2026-02-30'; expected a list such as",
    'days_off = ["2026-11-23 to 2026-11-22"]': "days_off contains '2026-11-23 to 2026-11-22'",
    "days_off = [2026-11-22T10:00:00]": "days_off contains '2026-11-22 10:00:00'; expected a list",
    "hours_a_week = 0": "hours_a_week is 0; expected a number of hours above 0",
    "hours_a_week = 101": "hours_a_week is 101; expected a number of hours above 0",
    "hours_a_week = nan": "hours_a_week is nan; expected a number of hours above 0",
    "hours_a_week = true": "hours_a_week is True; expected a number of hours above 0",
    'show_code = "yes"': "show_code is 'yes'; expected true or false",
    "show_code = 1": "show_code is 1; expected true or false",
    "hours = 5": "hours: unknown setting; the settings are address, day_begins",
    "[name]": "name is {}; expected a text in quotes",
}


@pytest.mark.parametrize("line", WRONG)
def test_a_wrong_value_is_named_with_its_line(file: Path, line: str) -> None:
    """Path, line, setting, its value and what is expected; the line above it plays no part."""
    file.write_text(f"# my settings\n\n{line}\n")
    with pytest.raises(WorkspaceError) as caught:
        Settings.read(file)
    assert str(caught.value).startswith(f"{file}:3: {WRONG[line]}")
    assert caught.value.exit_code == 2


def test_a_wrong_item_of_a_list_is_named_with_its_own_line(file: Path) -> None:
    """Of several days off the line of the wrong one is told."""
    file.write_text('days_off = [\n  "2026-11-22",\n  "soon",\n]\n')
    with pytest.raises(WorkspaceError, match=r"settings\.toml:3: days_off"):
        Settings.read(file)


def test_a_setting_whose_name_begins_another_is_found(file: Path) -> None:
    """``name`` is not sought in the line of ``name_of_mine``."""
    file.write_text('name_of_mine = "x"\nname = 1\n')
    faults = Settings.read_leniently(file)[1]
    assert [fault.partition(": ")[0] for fault in faults] == [f"{file}:1", f"{file}:2"]


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b'name = "Ada"\nday_begins = \n', ":2: not TOML"),
        (b'name = "a"\nname = "b"\n', ":2: not TOML"),
        (b'days_off = ["2026-11-22"', ":1: not TOML"),
        (b"\xff\xfe\x00", ":1: not UTF-8"),
    ],
)
def test_a_file_that_is_no_toml_is_named_with_its_line(file: Path, data: bytes, told: str) -> None:
    """A slip of the pen, a key given twice, an open bracket, another encoding."""
    file.write_bytes(data)
    with pytest.raises(WorkspaceError) as caught:
        Settings.read(file)
    assert str(caught.value).startswith(f"{file}{told}")


def test_a_folder_in_its_place_is_named(file: Path) -> None:
    """What is no file cannot be read, and that is said without a traceback."""
    file.mkdir()
    with pytest.raises(WorkspaceError, match=r"settings\.toml: cannot be read"):
        Settings.read(file)


def test_what_can_be_read_counts_beside_a_fault(file: Path) -> None:
    """Leniently, one wrong line costs that line alone, and each fault is told."""
    file.write_text('time_zone = "Asia/Tokyo"\nday_begins = 99\nhours_a_week = "x"\n')
    settings, faults = Settings.read_leniently(file)
    assert settings == Settings(time_zone="Asia/Tokyo")
    assert [fault.removeprefix(str(file))[:3] for fault in faults] == [":2:", ":3:"]


def test_an_address_from_elsewhere_is_only_a_default() -> None:
    """What the workflow knows counts where the settings name no address, and only if it is one."""
    known = "https://ada.github.io/llm/"
    assert Settings().default_address(known).address == known
    assert Settings(address="https://example.org").default_address(known).address != known
    assert Settings().default_address("").address == ""
    assert Settings().default_address("ada/llm").address == ""
