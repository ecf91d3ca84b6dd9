from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns.column_types import JSONB, Timestamptz
from piccolo.columns.indexes import IndexMethod

ID = "2026-11-26T13:36:05:248515"
VERSION = "1.38.0"
DESCRIPTION = "Notes beside attributes, and since when keys work"


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="rollcall", description=DESCRIPTION)

    manager.add_column(
        table_class_name="Organization",
        tablename="organization",
        column_name="attribute_notes",
        db_column_name="attribute_notes",
        column_class_name="JSONB",
        column_class=JSONB,
        params={
            "default": "{}",
            "null": False,
            "primary_key": False,
            "unique": False,
            "index": False,
            "index_method": IndexMethod.btree,
            "choices": None,
            "db_column_name": None,
            "secret": False,
        },
        schema=None,
    )

    manager.add_column(
        table_class_name="DirectoryKey",
        tablename="directory_key",
        column_name="first_used_at",
        db_column_name="first_used_at",
        column_class_name="Timestamptz",
        column_class=Timestamptz,
        params={
            "default": None,
            "null": True,
            "primary_key": False,
            "unique": False,
            "index": False,
            "index_method": IndexMethod.btree,
            "choices": None,
            "db_column_name": None,
            "secret": False,
        },
        schema=None,
    )

    return manager
