"""The province's own list of days: it wins, and its mistakes are named by line."""

import datetime as dt

import pytest

from schemas.calendar import CalendarSettings, WorkingCalendar
from schemas.calendar.days_file import read_days_file
from schemas.errors import ReferenceDataError

DAY = '[[day]]\ndate = 2026-10-01\nkind = "off"\nreason = "Ngày hội"\n'


def write(tmp_path, name, text):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def test_both_formats_say_the_same(tmp_path):
    toml = write(
        tmp_path,
        "days.toml",
        "# own days\n" + DAY + '\n[[day]]\nkind = "working"\ndate = "2026-10-03"\n'
        'reason = "Làm bù"\nreason_en = "Make-up"\n',
    )
    table = write(
        tmp_path,
        "days.csv",
        "\ufeffdate,kind,reason,reason_en\n2026-10-01,off,Ngày hội,\n"
        "2026-10-03,working,Làm bù,Make-up\n",
    )
    expected = [
        (dt.date(2026, 10, 1), False, "Ngày hội", "Ngày hội"),
        (dt.date(2026, 10, 3), True, "Làm bù", "Make-up"),
    ]
    assert [day[:4] for day in read_days_file(toml).values()] == expected
    assert [day[:4] for day in read_days_file(table).values()] == expected


def test_own_list_wins_over_holidays_and_shipped_list(tmp_path, day):
    path = write(
        tmp_path,
        "days.csv",
        "date,kind,reason\n"
        "2026-11-24,working,Trực giải quyết hồ sơ\n"  # a public holiday
        "2026-08-31,working,Không hoán đổi\n"  # off in the shipped list
        "2026-08-22,off,Không hoán đổi\n"  # working in the shipped list
        "2026-10-01,off,Ngày hội\n",  # an ordinary Thursday
    )
    calendar = WorkingCalendar(
        CalendarSettings(_env_file=None, first_year=2026, last_year=2026, days_file=path)
    )
    working = {
        text: calendar.is_working_day(day(text))
        for text in ("2026-11-24", "2026-08-31", "2026-08-22", "2026-10-01", "2026-01-10")
    }
    assert working == {
        "2026-11-24": True,
        "2026-08-31": True,
        "2026-08-22": False,
        "2026-10-01": False,
        "2026-01-10": True,  # untouched entries of the shipped list stay
    }
    reasons = {row.date: row.reason_vi for row in calendar.day_rows()}
    assert reasons[dt.date(2026, 11, 24)] == "Trực giải quyết hồ sơ"


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        (DAY + DAY, 6, "listed twice, first on line 1"),
        ("\n" + DAY.replace("2026-10-01", "2026-10-01T07:00:00"), 3, "date is"),
        (DAY.replace("2026-10-01", '"1/10/2026"'), 2, '"1/10/2026"; a date like'),
        (DAY.replace('"off"', '"closed"'), 3, "allowed are off and working"),
        (DAY.replace('"off"', "[1]"), 3, "allowed are off and working"),
        (DAY.replace('"Ngày hội"', '" "'), 4, "not empty"),
        (DAY + "reason_en = 3\n", 5, "reason_en must be"),
        (DAY + "raeson = 'x'\n", 5, '"raeson" is unknown'),
        (DAY + '[[day]]\ndate = 2026-10-02\nkind = "off"\n', 5, "field reason is missing"),
        (DAY + "date = 2026-10-02\n", 5, "is not TOML"),
        (DAY + "[[dya]]\n", 5, '"dya" is unknown'),
        ("day = 5\n", 1, "one [[day]] per day"),
        ("\nday = [{date = 2026-10-01}]\n", 1, "field kind is missing"),
    ],
)
def test_mistakes_in_toml_point_to_their_line(tmp_path, text, line, message):
    path = write(tmp_path, "days.toml", text)
    with pytest.raises(ReferenceDataError) as caught:
        read_days_file(path)
    assert caught.value.line == line
    assert message in str(caught.value)
    assert str(path) in str(caught.value)


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("date,reason\n", 1, "column kind is missing"),
        ("", 1, "column date is missing"),
        ("date,kind,reason\n2026-10-01,off,x\n\n2026-13-01,off,x\n", 4, '"2026-13-01"'),
        ("date,kind,reason\n2026-10-01,,x\n", 2, "field kind is missing"),
        ("date,kind,reason\n2026-10-01,off,x,y\n", 2, "(extra column)"),
        ("date,kind,reason\n2026-10-01,off,x\n2026-10-01,working,y\n", 3, "twice, first on line 2"),
        ('date,kind,reason\n2026-10-01,off,"x\n', 2, "is not CSV"),
    ],
)
def test_mistakes_in_csv_point_to_their_line(tmp_path, text, line, message):
    path = write(tmp_path, "days.csv", text)
    with pytest.raises(ReferenceDataError) as caught:
        read_days_file(path)
    assert caught.value.line == line
    assert message in str(caught.value)


def test_a_day_outside_the_covered_years_is_a_mistake(tmp_path):
    """A mistyped year must not be ignored in silence."""
    path = write(tmp_path, "days.csv", "date,kind,reason\n2072-08-31,off,x\n")
    with pytest.raises(ReferenceDataError, match="2072-08-31 lies outside") as caught:
        WorkingCalendar(CalendarSettings(_env_file=None, days_file=path))
    assert caught.value.line == 2


def test_missing_file_wrong_suffix_and_wrong_encoding(tmp_path):
    with pytest.raises(ReferenceDataError, match="cannot be read"):
        read_days_file(tmp_path / "none.toml")
    with pytest.raises(ReferenceDataError, match=r"allowed are \.toml and \.csv"):
        read_days_file(write(tmp_path, "days.txt", ""))
    latin = tmp_path / "days.csv"
    latin.write_bytes("date,kind,reason\n2026-10-01,off,Té\n".encode("latin-1"))
    with pytest.raises(ReferenceDataError, match="cannot be read"):
        read_days_file(latin)
