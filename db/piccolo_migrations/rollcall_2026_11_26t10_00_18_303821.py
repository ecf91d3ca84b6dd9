from enum import Enum

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns.column_types import Text

ID = "2026-11-26T10:00:18:303821"
VERSION = "1.38.0"
DESCRIPTION = "Mails about break-glass"


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="rollcall", description=DESCRIPTION)

    manager.alter_column(
        table_class_name="MailMessage",
        tablename="mail_message",
        column_name="kind",
        db_column_name="kind",
        params={
            "choices": Enum(
                "MailKind",
                {
                    "SIGN_IN_CODE": "SIGN_IN_CODE",
                    "PASSWORD_SET": "PASSWORD_SET",
                    "PASSWORD_RESET": "PASSWORD_RESET",
                    "PORTAL_LINK": "PORTAL_LINK",
                    "INVITATION": "INVITATION",
                    "PURCHASE_SUMMARY": "PURCHASE_SUMMARY",
                    "PURCHASE_FAILED": "PURCHASE_FAILED",
                    "CAP_REACHED": "CAP_REACHED",
                    "SEAT_THRESHOLD": "SEAT_THRESHOLD",
                    "KEY_EXPIRING": "KEY_EXPIRING",
                    "DIRECTORY_STALE": "DIRECTORY_STALE",
                    "DIRECTORY_FAILING": "DIRECTORY_FAILING",
                    "DIRECTORY_RECOVERED": "DIRECTORY_RECOVERED",
                    "REMOVALS_HELD": "REMOVALS_HELD",
                    "REMOVALS_REMINDER": "REMOVALS_REMINDER",
                    "LAST_ADMIN_REFUSED": "LAST_ADMIN_REFUSED",
                    "BREAK_GLASS_USED": "BREAK_GLASS_USED",
                    "WEBHOOK_DISABLED": "WEBHOOK_DISABLED",
                    "DOMAIN_WARNING": "DOMAIN_WARNING",
                    "DOMAIN_LAPSED": "DOMAIN_LAPSED",
                    "DOMAIN_CLAIMED": "DOMAIN_CLAIMED",
                    "DIGEST": "DIGEST",
                    "HELP_REQUEST": "HELP_REQUEST",
                    "TEST": "TEST",
                },
            )
        },
        old_params={
            "choices": Enum(
                "MailKind",
                {
                    "SIGN_IN_CODE": "SIGN_IN_CODE",
                    "PASSWORD_SET": "PASSWORD_SET",
                    "PASSWORD_RESET": "PASSWORD_RESET",
                    "PORTAL_LINK": "PORTAL_LINK",
                    "INVITATION": "INVITATION",
                    "PURCHASE_SUMMARY": "PURCHASE_SUMMARY",
                    "PURCHASE_FAILED": "PURCHASE_FAILED",
                    "CAP_REACHED": "CAP_REACHED",
                    "SEAT_THRESHOLD": "SEAT_THRESHOLD",
                    "KEY_EXPIRING": "KEY_EXPIRING",
                    "DIRECTORY_STALE": "DIRECTORY_STALE",
                    "DIRECTORY_FAILING": "DIRECTORY_FAILING",
                    "DIRECTORY_RECOVERED": "DIRECTORY_RECOVERED",
                    "REMOVALS_HELD": "REMOVALS_HELD",
                    "REMOVALS_REMINDER": "REMOVALS_REMINDER",
                    "LAST_ADMIN_REFUSED": "LAST_ADMIN_REFUSED",
                    "WEBHOOK_DISABLED": "WEBHOOK_DISABLED",
                    "DOMAIN_WARNING": "DOMAIN_WARNING",
                    "DOMAIN_LAPSED": "DOMAIN_LAPSED",
                    "DOMAIN_CLAIMED": "DOMAIN_CLAIMED",
                    "DIGEST": "DIGEST",
                    "HELP_REQUEST": "HELP_REQUEST",
                    "TEST": "TEST",
                },
            )
        },
        column_class=Text,
        old_column_class=Text,
        schema=None,
    )

    return manager
