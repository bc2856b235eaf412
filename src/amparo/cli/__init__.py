"""The `amparo` command: one small module for each word. `amparo --help` lists them."""

import argparse
import importlib
import os
import sys

from amparo.home import BadSettings

# word → (module, what it does). Modules are imported only when their word is said: most need a configured home.
COMMANDS = {
    "init": ("amparo.cli.init", "make a home: keys, database, first two staff, a connector"),
    "up": ("amparo.cli.up", "run every process of a home and keep them running"),
    "door": ("amparo.cli.serve", "serve the door and the private page"),
    "console": ("amparo.cli.serve", "serve the staff's console"),
    "api": ("amparo.cli.serve", "answer programs: upload hooks, and clients of HMA"),
    "key": ("amparo.cli.key", "make, list and revoke the keys with which programs ask the API"),
    "notices": ("amparo.cli.notices", "take in a list of a hotline or trusted flagger, with a result for each link"),
    "webhook": ("amparo.cli.webhook", "say where programs are told what became of their notices, and send it again"),
    "clock": ("amparo.cli.clock", "move the time of a practice home on, so that a deadline passes in a test"),
    "bank": ("amparo.cli.bank", "make and change banks; confirm, as a second person, what was entered by hand"),
    "worker": ("amparo.cli.worker", "carry out effects and run the clocks"),
    "vault": ("amparo.cli.vault", "open sealed words and evidence for those who may see them"),
    "database": ("amparo.cli.database", "run the embedded PostgreSQL of a home"),
    "doctor": ("amparo.cli.doctor", "say what is wrong; prove a connector on a canary post"),
    "hash": ("amparo.cli.hash", "look through what is online already, so that copies are found"),
    "backup": ("amparo.cli.backup", "write everything of a home into a folder, while it runs"),
    "restore": ("amparo.cli.restore", "make a home from a backup, and look whether it is whole"),
    "export": ("amparo.cli.export", "write everything down in open forms, to read it elsewhere"),
    "demo": ("amparo.cli.demo", "run everything beside Plaza, a practice site; --check proves it"),
    "bench": ("amparo.cli.bench", "measure this machine's figures (in a checkout); without a name, list what there is"),
    "verify": ("amparo.cli.verify", "say whether a certificate is as it was signed"),
    "replay": ("amparo.cli.replay", "live the founding case again, on a virtual clock, beside its history"),
    "test": ("amparo.cli.test", "run the test suite (in a checkout); --long for the long programmes"),
}


def main() -> None:
    """Run the command named by the arguments; exit with 2 and a sentence where the installation cannot run."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "amparo.settings")
    parser = argparse.ArgumentParser(prog="amparo", description="Takes reports of abuse imagery to verified gone.")
    words = parser.add_subparsers(dest="word", required=True, metavar="command")
    word = next((each for each in sys.argv[1:] if not each.startswith("-")), "")
    for name, (module, does) in COMMANDS.items():
        sub = words.add_parser(name, help=does, description=does)
        if name == word:
            importlib.import_module(module).add_arguments(sub)
    arguments = parser.parse_args()
    try:
        sys.exit(importlib.import_module(COMMANDS[arguments.word][0]).run(arguments))
    except BadSettings as error:
        print(f"amparo: {error}", file=sys.stderr)
        sys.exit(2)
    except KeyboardInterrupt:
        sys.exit(130)
