"""The bytes that clickhouse-go must find, written down by hand from its block reader."""

from ioc.embedded.clickhouse.hello import hello_block, is_hello

QUESTION = b"SELECT displayName(), version(), revision(), timezone()"


def test_the_answer_is_a_block_of_revision_54460() -> None:
    assert hello_block(version="26.9.2.1", timezone="UTC") == (
        b"\x01\x00\x02\xff\xff\xff\xff\x00"  # block info
        b"\x04\x01"  # four columns, one row
        b"\x0ddisplayName()\x06String\x00\x03ioc"
        b"\x09version()\x06String\x00\x0826.9.2.1"
        b"\x0arevision()\x06UInt32\x00\x00\x00\x00\x00"
        b"\x0atimezone()\x06String\x00\x03UTC"
    )


def test_only_that_driver_gets_it() -> None:
    assert is_hello(QUESTION, "54460", "Native")
    assert not is_hello(QUESTION, "", "Native")
    assert not is_hello(QUESTION, "54405", "Native")
    assert not is_hello(QUESTION, "54460", "TabSeparated")
    assert not is_hello(b"SELECT 1", "54460", "Native")
