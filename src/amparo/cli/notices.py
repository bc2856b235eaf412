"""`amparo notices import`: takes in a list that somebody brought as a file, with a result for each link."""

import argparse
import csv
import hashlib
import sys
from contextlib import ExitStack
from pathlib import Path

from amparo.cli.running import running_database
from amparo.home import BadSettings, home


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the file, and in whose name it comes."""
    parser.add_argument("act", choices=["import"], help="take in a list")
    parser.add_argument("file", type=Path, help="a CSV file in UTF-8 whose first line names the columns")
    parser.add_argument("--of", metavar="SENDER", required=True, help="in whose name the notices are sent")
    parser.add_argument("--results", type=Path, metavar="FILE", help="where the table of results goes")


def run(arguments: argparse.Namespace) -> int:
    """Take it in; return 1 where anything of it was not taken."""
    here = home()
    here.read()
    with running_database(here):
        import django

        django.setup()
        from django.db import connection

        from amparo import plugins
        from amparo.api.errors import ApiError
        from amparo.cases.refused import Refused

        try:
            plugins.check_books()
            return _import(arguments)
        except ApiError as refused:
            raise BadSettings(refused.sentence) from None
        except Refused as refused:
            raise BadSettings(refused.sentence) from None
        except OSError as error:
            raise BadSettings(f"{error.filename}: {error.strerror}.") from None
        finally:
            connection.close()


def _import(arguments: argparse.Namespace) -> int:
    from amparo.api.callers import Caller
    from amparo.api.notices import bulk, table
    from amparo.api.notices.names import notice_name
    from amparo.records import api_keys

    api_keys.must_be_name(arguments.of)
    scopes = {api_keys.Scope.BULK}
    if api_keys.may(arguments.of, api_keys.Scope.TRUSTED_FLAGGER):
        scopes.add(api_keys.Scope.TRUSTED_FLAGGER)
    caller = Caller("import", frozenset(scopes), arguments.of)
    is_whole = True
    with ExitStack() as open_files:
        file = open_files.enter_context(arguments.file.open("rb"))
        # The same file again is the same list: what was taken of it is not taken twice.
        key = f"file:{hashlib.file_digest(file, 'sha256').hexdigest()}"
        file.seek(0)
        rows = table.rows_in(table.pieces_of(file), None)
        out = sys.stdout
        if arguments.results is not None:
            out = open_files.enter_context(arguments.results.open("x", newline="", encoding="utf-8"))
        writer = csv.writer(out)
        writer.writerow(table.RESULT_COLUMNS)
        for result in bulk.take(rows, caller, key):
            is_whole = is_whole and result.wrong is None
            writer.writerows(table.cells_of(result, "" if result.notice is None else notice_name(result.notice)))
    return 0 if is_whole else 1
