"""Starts local-bigquery on a DuckDB that has its extensions from packages, and adds last_modified_time to PARTITIONS."""

import sys

import duckdb

connect_as_is = duckdb.connect


def connect(*args, **options):
    config = dict(options.pop("config", {}) or {})
    zone = config.pop("TimeZone", None)
    connection = connect_as_is(*args, config=config, **options)
    if zone:
        connection.execute(f"SET GLOBAL TimeZone = '{zone}'")
    connection.execute("LOAD ducklake")
    return connection


duckdb.connect = connect
from local_bigquery.sql.rules import information_schema as views  # noqa: E402


def partitions(project, dataset):
    columns = [*views.IDENTITY, "partition_id", "total_rows INT64", "storage_tier", "last_modified_time TIMESTAMP"]
    rows = [
        views._identity(table) + [partition, count, "ACTIVE", views._timestamp(table.lastModifiedTime)]
        for table in views._tables(project, dataset)
        for partition, count in views._partitions(table)
    ]
    return columns, rows


views.VIEWS["PARTITIONS"] = partitions
from local_bigquery.cli import main  # noqa: E402

sys.exit(main())
